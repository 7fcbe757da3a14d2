/**
 * Tells a barcode scanner from a person. A keyboard-wedge scanner types a whole code within a few
 * milliseconds a character and ends with Enter (or Tab); nobody types four characters that fast.
 * Times are handed in from the events, so a busy window does not change the verdict.
 */
export class ScanDetector {
  #code = '';
  #last = Number.NEGATIVE_INFINITY;
  readonly #gap: number;
  readonly #shortest: number;

  /**
   * @param gap longest pause between two characters of one scan, in milliseconds
   * @param shortest fewest characters of a scan
   */
  constructor(gap = 50, shortest = 4) {
    this.#gap = gap;
    this.#shortest = shortest;
  }

  /** Takes a character; answers whether it begins a new burst. */
  character(character: string, time: number): boolean {
    const begins = time - this.#last > this.#gap || this.#code === '';
    this.#code = begins ? character : this.#code + character;
    this.#last = time;
    return begins;
  }

  /** Takes the closing key; answers the code when the burst was a scan. */
  end(time: number): string | null {
    // Some scanners rest before they send the suffix, so it may lag a little longer.
    const inTime = time - this.#last <= this.#gap * 2;
    const code = inTime && this.#code.length >= this.#shortest ? this.#code : null;
    this.#code = '';
    this.#last = Number.NEGATIVE_INFINITY;
    return code;
  }

  /** What the burst holds so far. */
  get pending(): string {
    return this.#code;
  }
}

/** Whether typed text can only be a barcode, however slowly it came. */
export function looksLikeCode(text: string): boolean {
  return /^\d{6,14}$/.test(text.trim());
}
