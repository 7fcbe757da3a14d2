import {
  call,
  faultOf,
  SEARCH_LIMIT,
  type CategoryView,
  type Fault,
  type ItemTile,
} from '../../backend';

/** What can be sold, as the tiles show it: by category, and as somebody types. */
export class CatalogueController {
  items = $state.raw<ItemTile[]>([]);
  more = $state(false);
  searched = $state(false);
  categories = $state.raw<CategoryView[]>([]);
  category = $state<string | null>(null);
  /** The category the tiles in sight are of; behind `category` while its answer is on the way. */
  tilesOf = $state<string | null>(null);
  text = $state('');
  /** Whether the text has done its work: it stays, and its tiles too, until the next letter. */
  spent = $state(false);
  /** Which tile Enter in the search field takes. */
  cursor = $state(0);
  #search = 0;
  readonly #refused: (fault: Fault) => void;

  /** `refused` hears why the till did not answer. */
  constructor(refused: (fault: Fault) => void) {
    this.#refused = refused;
  }

  /** Loads categories and tiles. */
  async open(): Promise<void> {
    await Promise.all([this.loadCategories(), this.search()]);
  }

  /** Reads the categories. */
  async loadCategories(): Promise<void> {
    try {
      this.categories = (await call('catalogue.categories', {})).categories;
    } catch (cause) {
      this.#refused(faultOf(cause));
    }
  }

  /** Shows what the text and the category ask for; only the last question is answered. */
  async search(): Promise<void> {
    const asked = ++this.#search;
    const category = this.category ?? undefined;
    try {
      const found = await call('catalogue.search', {
        text: this.text,
        ...(category === undefined ? {} : { category }),
        limit: SEARCH_LIMIT,
      });
      if (asked !== this.#search) return;
      this.items = found.items;
      this.tilesOf = category ?? null;
      this.more = found.more;
      this.searched = true;
      this.cursor = 0;
    } catch (cause) {
      if (asked === this.#search) this.#refused(faultOf(cause));
    }
  }

  /** Searches while somebody types. */
  type(text: string): void {
    this.text = text;
    this.spent = false;
    void this.search();
  }

  /** Shows a category, or all. A search that has found its item does not narrow it any more. */
  show(category: string | null): void {
    this.category = category;
    if (this.spent) {
      this.text = '';
      this.spent = false;
    }
    void this.search();
  }

  /** Moves the mark that Enter in the search field takes. */
  move(step: number): void {
    const last = this.items.length - 1;
    this.cursor = Math.max(0, Math.min(last, this.cursor + step));
  }

  /** The tile that Enter in the search field takes. */
  get marked(): ItemTile | undefined {
    return this.items[this.cursor];
  }
}
