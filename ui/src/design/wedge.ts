import { ScanDetector } from './scan';

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
    const code = this.#detector.end(event.timeStamp);
    if (code === null) {
      this.#target.clearTimeout(this.#timer);
      this.#settle();
      if (event.key === 'Enter' && event.timeStamp - this.#scannedAt < ECHO_MS) consume(event);
      return;
    }
    consume(event);
    this.#target.clearTimeout(this.#timer);
    this.#loose = '';
    this.#scannedAt = event.timeStamp;
    if (field) this.#restore(field, code);
    this.#before = null;
    this.#handlers.scan(code);
  }

  /** Takes the scanned characters out of the field again. */
  #restore(field: Field, code: string): void {
    const before = this.#before?.field === field ? this.#before.value : null;
    const stripped = field.value.endsWith(code) ? field.value.slice(0, -code.length) : '';
    field.value = before ?? stripped;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
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
