/** How the window looks on this machine. Nothing here changes what is sold or owed. */
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';
export type Hand = 'right' | 'left';

interface Saved {
  theme: Theme | null;
  density: Density;
  hand: Hand;
}

const KEY = 'evertill.look';

/** The look of the window, kept on the machine and shown through attributes of the root. */
export class Preferences {
  /** What the person chose; nothing as long as the till's own hint holds. */
  theme = $state<Theme | null>(null);
  density = $state<Density>('comfortable');
  hand = $state<Hand>('right');
  /** What the till was started with. */
  hint = $state<Theme>('system');
  #systemDark = $state(false);
  readonly #storage: Storage | undefined;

  constructor(storage: Storage | undefined, dark: MediaQueryList | undefined) {
    this.#storage = storage;
    const saved = read(storage);
    this.theme = saved.theme ?? null;
    this.density = saved.density ?? 'comfortable';
    this.hand = saved.hand ?? 'right';
    this.#systemDark = dark?.matches ?? false;
    dark?.addEventListener('change', (event) => (this.#systemDark = event.matches));
  }

  /** The theme that is shown. */
  get shown(): 'light' | 'dark' {
    const wanted = this.theme ?? this.hint;
    if (wanted !== 'system') return wanted;
    return this.#systemDark ? 'dark' : 'light';
  }

  /** Changes between light and dark. */
  toggleTheme(): void {
    this.change({ theme: this.shown === 'dark' ? 'light' : 'dark' });
  }

  /** Takes a choice and keeps it. */
  change(choice: Partial<Saved>): void {
    if (choice.theme !== undefined) this.theme = choice.theme;
    if (choice.density !== undefined) this.density = choice.density;
    if (choice.hand !== undefined) this.hand = choice.hand;
    const saved: Saved = { theme: this.theme, density: this.density, hand: this.hand };
    try {
      this.#storage?.setItem(KEY, JSON.stringify(saved));
    } catch {
      // A full or forbidden storage loses the look after a restart, and nothing else.
    }
  }

  /** Shows the choices on the root element. */
  apply(root: HTMLElement, direction: 'ltr' | 'rtl', locale: string): void {
    root.dataset['theme'] = this.shown;
    root.dataset['density'] = this.density;
    root.dataset['hand'] = this.hand;
    root.dir = direction;
    root.lang = locale;
  }
}

function read(storage: Storage | undefined): Partial<Saved> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Partial<Saved>) : {};
  } catch {
    return {};
  }
}
