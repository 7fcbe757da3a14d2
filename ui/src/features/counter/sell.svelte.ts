import {
  call,
  faultOf,
  type CartLineView,
  type CartView,
  type DiscountInput,
  type Fault,
} from '../../backend';
import { looksLikeCode } from '../../design/scan';
import { play } from '../../design/sound';
import { CatalogueController } from '../catalogue/catalogue.svelte';

/** What lies over the tiles: nothing, the editor of a line, the discount or the customers. */
export type Panel =
  { kind: 'line'; line: number } | { kind: 'discount' } | { kind: 'customer' } | null;

/** The line a command changed; `tick` tells two changes of the same line apart. */
export interface Flash {
  line: number;
  tick: number;
}

/** The coupon that was shown last; `tick` tells two showings apart. */
export interface Shown {
  code: string;
  tick: number;
}

/** What an editor of a line changed; a left-out part stays as it is. */
export interface LineChange {
  price?: string;
  quantity?: string;
  discount?: DiscountInput;
}

/** The sell screen: sends what the cashier means and shows the cart Rust answers. */
export class SellController {
  cart = $state.raw<CartView | null>(null);
  /** What the tiles show and the search field says. */
  readonly catalogue = new CatalogueController((fault) => (this.fault = fault));
  panel = $state.raw<Panel>(null);
  /** The last refusal and, beside a scan, the code that caused it. */
  fault = $state.raw<Fault | null>(null);
  flash = $state.raw<Flash | null>(null);
  /** Set while the last thing that came on the counter was a coupon. */
  shown = $state.raw<Shown | null>(null);
  #tick = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** Loads what the screen starts with. */
  async open(): Promise<void> {
    await Promise.all([this.refresh(), this.catalogue.open()]);
  }

  /** Reads the cart as the store has it. */
  refresh(): Promise<boolean> {
    return this.#change(() => call('sell.cart', {}), 'none');
  }

  /**
   * Enter in the search field: a typed barcode is scanned, anything else takes the marked tile. What
   * no item is found for may be the code of a coupon.
   */
  async submitSearch(): Promise<void> {
    const text = this.catalogue.text.trim();
    if (text === '') return;
    if (looksLikeCode(text)) {
      this.catalogue.type('');
      await this.scan(text);
      return;
    }
    // The tiles may still show the answer to an earlier letter.
    await this.catalogue.search();
    const item = this.catalogue.marked;
    if (item) {
      if (await this.add(item.id)) this.catalogue.type('');
    } else if (this.catalogue.searched && !/\s/.test(text)) {
      await this.#tryCoupon(text);
    }
  }

  /** A word that is no coupon either has its answer already: nothing was found for it. */
  async #tryCoupon(code: string): Promise<void> {
    const taken = await this.#change(() => call('sell.scan', { code }), 'scan', 'barcode_unknown');
    if (taken) this.catalogue.type('');
  }

  /** A code came from the scanner. */
  async scan(code: string): Promise<void> {
    this.panel = null;
    this.catalogue.spent = true;
    await this.#change(() => call('sell.scan', { code }), 'scan');
  }

  /** A tile was touched. */
  add(item: string): Promise<boolean> {
    // The tiles stay where they are: the finger may be on its way to the same one again.
    this.catalogue.spent = true;
    return this.#change(() => call('sell.add_item', { item_id: item }), 'scan');
  }

  /** A new sale starts with all tiles of the category. */
  startNextSale(): void {
    this.flash = null;
    this.shown = null;
    this.fault = null;
    if (this.catalogue.text !== '') this.catalogue.type('');
  }

  /** Changes a line: all of it, or nothing when a part is refused. */
  edit(line: number, change: LineChange): Promise<boolean> {
    if (Object.keys(change).length === 0) return Promise.resolve(true);
    return this.#change(() => call('sell.edit_line', { line, ...change }));
  }

  /** Takes a line off the cart. */
  remove(line: number): Promise<boolean> {
    return this.#change(() => call('sell.remove_line', { line }));
  }

  /** Gives a discount on the whole sale. */
  setDiscount(discount: DiscountInput): Promise<boolean> {
    return this.#change(() => call('sell.set_discount', { discount }));
  }

  /** Hands a coupon back. */
  removeCoupon(code: string): Promise<boolean> {
    return this.#change(() => call('sell.remove_coupon', { code }));
  }

  /** Names the customer; without one the sale is a walk-in's. */
  setCustomer(customer?: string): Promise<boolean> {
    const request = customer === undefined ? {} : { customer_id: customer };
    return this.#change(() => call('sell.set_customer', request));
  }

  /** Takes everything off the cart. */
  clear(): Promise<boolean> {
    return this.#change(() => call('sell.clear', {}));
  }

  /** Opens a panel over the tiles. */
  openPanel(panel: Panel): void {
    this.panel = panel;
    this.fault = null;
  }

  /** Closes the panel; what it refused no longer matters. */
  closePanel(): void {
    this.panel = null;
    this.fault = null;
  }

  /** The line the editor is open for, as the cart has it now. */
  get edited(): CartLineView | undefined {
    const panel = this.panel;
    if (panel?.kind !== 'line') return undefined;
    return this.cart?.lines.find((line) => line.line === panel.line);
  }

  /**
   * Runs commands one after another, so that two quick scans answer in their order. A refusal
   * leaves the cart as it is and stays in sight until something succeeds, unless it is the one that
   * was `expected`.
   */
  #change(
    run: () => Promise<CartView>,
    sound: 'scan' | 'quiet' | 'none' = 'quiet',
    expected?: string,
  ): Promise<boolean> {
    const done = this.#queue.then(async () => {
      try {
        this.#take(await run());
        if (sound === 'scan') play('scan');
        if (sound !== 'none') this.fault = null;
        return true;
      } catch (cause) {
        const fault = faultOf(cause);
        if (fault.code === expected) return false;
        this.fault = fault;
        if (sound === 'scan') play('refused');
        return false;
      }
    });
    this.#queue = done;
    return done;
  }

  #take(cart: CartView): void {
    const before = this.cart?.coupons;
    const coupon = cart.coupons.find(({ code }) => !before?.some((known) => known.code === code));
    this.cart = cart;
    if (cart.changed_line !== undefined) {
      this.#tick += 1;
      this.flash = { line: cart.changed_line, tick: this.#tick };
      this.shown = null;
    } else if (coupon && before) {
      this.#tick += 1;
      this.shown = { code: coupon.code, tick: this.#tick };
    }
    if (this.panel?.kind === 'line' && !this.edited) this.panel = null;
  }
}
