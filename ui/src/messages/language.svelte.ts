import {
  getLocale,
  getTextDirection,
  isLocale,
  locales,
  overwriteGetLocale,
  setLocale,
} from '../paraglide/runtime';

type Locale = (typeof locales)[number];

/**
 * The language of the window. Every message asks for it as it is read, so a template that shows one
 * follows a change at once.
 */
class Language {
  current = $state<Locale>(getLocale());

  constructor() {
    overwriteGetLocale(() => this.current);
  }

  /** Every language there are messages for, by its own name. */
  get choices(): { value: Locale; name: string }[] {
    return locales.map((value) => ({ value, name: ownName(value) }));
  }

  /** `ltr` or `rtl`. */
  get direction(): 'ltr' | 'rtl' {
    return getTextDirection(this.current);
  }

  /** Speaks another language from now on, also after a restart. */
  choose(value: string): void {
    if (!isLocale(value)) return;
    void setLocale(value, { reload: false });
    this.current = value;
  }
}

function ownName(locale: string): string {
  return new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
}

/** The one language the window speaks. */
export const language = new Language();
