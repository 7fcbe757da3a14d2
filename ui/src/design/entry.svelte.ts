/** A key of the on-screen keypad. */
export type KeypadKey =
  '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | '.' | 'back' | 'clear';

/** What may be typed into an entry. */
export interface EntryRules {
  /** How many digits may follow the point; 0 refuses the point. */
  decimals: number;
  /** How many digits may stand before the point. */
  digits: number;
}

/**
 * Text of a number that is being typed. It never becomes a number here: Rust reads the text, so no
 * amount passes through a floating point value.
 */
export class Entry {
  text = $state('');
  /** Whether the next key replaces what is there, as in a field whose content is selected. */
  fresh = $state(true);
  readonly #rules: () => EntryRules;

  constructor(rules: EntryRules | (() => EntryRules)) {
    this.#rules = typeof rules === 'function' ? rules : () => rules;
  }

  /** Shows a value that the next key replaces. */
  offer(text: string): void {
    this.text = plain(text);
    this.fresh = true;
  }

  /** Takes a key of the keypad. */
  press(key: KeypadKey): void {
    if (key === 'clear') {
      this.text = '';
      this.fresh = true;
      return;
    }
    if (key === 'back') {
      this.text = this.fresh ? '' : this.text.slice(0, -1);
      this.fresh = false;
      return;
    }
    const start = this.fresh ? '' : this.text;
    this.#accept(start + key);
  }

  /** Takes what a field holds after the person typed into it; refuses what is no number. */
  type(text: string): void {
    this.#accept(text);
  }

  #accept(text: string): void {
    const next = tidy(text);
    if (allowed(next, this.#rules())) {
      this.text = next;
      this.fresh = false;
    }
  }
}

/** A formatted amount as plain digits and point: `1,234.56` is `1234.56`. */
export function plain(text: string): string {
  return text.replaceAll(',', '');
}

/** A comma is the point of many keyboards, and nobody types the zero before it. */
function tidy(text: string): string {
  const point = text.trim().replaceAll(',', '.');
  const zeroed = point.startsWith('.') ? `0${point}` : point;
  return zeroed.replace(/^0+(?=\d)/, '');
}

function allowed(text: string, rules: EntryRules): boolean {
  const match = /^(\d*)(?:(\.)(\d*))?$/.exec(text);
  if (!match) return false;
  const [, whole = '', point = '', fraction = ''] = match;
  if (whole.length > rules.digits) return false;
  if (point !== '' && rules.decimals === 0) return false;
  return fraction.length <= rules.decimals;
}
