import { looksLikeCode, ScanDetector } from './scan';

/** What the window does with the scanner and with typing that no field asked for. */
export interface WedgeHandlers {
  /** A code was scanned. */
  scan: (code: string) => void;
  /** Characters came while no field had the focus, and they were no scan. */
  text: (characters: string) => void;
}

/** How long unfocused characters may wait for a closing Enter before they count as typing. */
const SETTLE_MS = 120;
/** Scanners that end with CR LF send a second Enter; it must not press the biggest button. */
const ECHO_MS = 150;

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Listens to the whole window for a keyboard-wedge scanner; answers how to stop. */
export function listenForScans(target: Window, handlers: WedgeHandlers): () => void {
  const wedge = new Wedge(target, handlers);
  const listener = (event: KeyboardEvent): void => wedge.key(event);
  target.addEventListener('keydown', listener, { capture: true });
  return () => {
    wedge.stop();
    target.removeEventListener('keydown', listener, { capture: true });
  };
}

class Wedge {
  readonly #detector = new ScanDetector();
  readonly #target: Window;
  readonly #handlers: WedgeHandlers;
  #before: { field: Field; value: string } | null = null;
  #loose = '';
  #timer: number | undefined;
  #scannedAt = Number.NEGATIVE_INFINITY;

  constructor(target: Window, handlers: WedgeHandlers) {
    this.#target = target;
    this.#handlers = handlers;
  }

  stop(): void {
    this.#target.clearTimeout(this.#timer);
  }

  key(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = fieldOf(event);
    // Secrets and codes that a field wants for itself are not the scanner's business.
    if (field?.dataset['scan'] === 'off') return;
    if (event.key === 'Enter' || event.key === 'Tab') this.#end(event, field);
    else if (event.key.length === 1) this.#character(event, field);
  }

  #character(event: KeyboardEvent, field: Field | null): void {
    // A space on a button presses it, and no code begins with one.
    if (event.key === ' ' && !field && this.#detector.pending === '') return;
    const begins = this.#detector.character(event.key, event.timeStamp);
    if (begins) this.#before = field ? { field, value: field.value } : null;
    if (field) return;
    this.#loose += event.key;
    this.#target.clearTimeout(this.#timer);
    this.#timer = this.#target.setTimeout(() => this.#settle(), SETTLE_MS);
  }

  /** Nothing followed: a person is typing, so the search field shall have it. */
  #settle(): void {
    const characters = this.#loose;
    this.#loose = '';
    if (characters !== '') this.#handlers.text(characters);
  }

  #end(event: KeyboardEvent, field: Field | null): void {
    const burst = this.#detector.end(event.timeStamp);
    const loose = this.#loose;
    this.#loose = '';
    this.#target.clearTimeout(this.#timer);
    const code = field ? this.#joined(burst, field) : unfocused(burst, loose);
    if (code !== null) {
      consume(event);
      this.#scannedAt = event.timeStamp;
      if (field) this.#restore(field, code);
      this.#before = null;
      this.#handlers.scan(code);
    } else if (loose !== '') {
      // The Enter closed what was typed; it must not press the biggest button as well.
      consume(event);
      this.#handlers.text(loose);
    } else if (event.key === 'Enter' && event.timeStamp - this.#scannedAt < ECHO_MS) {
      consume(event);
    }
  }

  /** A busy machine can tear a scan apart; in the search field the digits before belong to it. */
  #joined(burst: string | null, field: Field): string | null {
    if (burst === null || field.dataset['scan'] !== 'join') return burst;
    const whole = field.value.trim();
    return whole.endsWith(burst) && looksLikeCode(whole) ? whole : burst;
  }

  /** Takes the scanned characters out of the field again. */
  #restore(field: Field, code: string): void {
    const before = this.#before?.field === field ? this.#before.value : null;
    const stripped = field.value.endsWith(code) ? field.value.slice(0, -code.length) : '';
    field.value = before !== null && !code.startsWith(before) ? before : stripped;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** Without a field, all that was typed since the last pause is one code or one search. */
function unfocused(burst: string | null, loose: string): string | null {
  if (burst !== null && burst === loose) return burst;
  return looksLikeCode(loose) ? loose : null;
}

function consume(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function fieldOf(event: KeyboardEvent): Field | null {
  const target = event.target;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
    ? target
    : null;
}
