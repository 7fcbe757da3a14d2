import {
  call,
  faultOf,
  type ChargeView,
  type CartView,
  type DoneView,
  type Fault,
  type ModeDueView,
  type MoneyView,
  type PaymentModeView,
  type PrintView,
  type QuoteView,
  type TenderInput,
} from '../../backend';
import { Entry, plain } from '../../design/entry.svelte';
import { play } from '../../design/sound';

/** A part of the payment that was already taken. */
export interface Taken {
  mode: PaymentModeView;
  /** As typed; this is what is sent. */
  amount: string;
  /** The same as Rust formats it. */
  text: string;
}

/** The pay and done screens. What is due, missing and given back is computed in Rust. */
export class CheckoutController {
  charge = $state.raw<ChargeView | null>(null);
  mode = $state.raw<PaymentModeView | null>(null);
  taken = $state.raw<Taken[]>([]);
  quote = $state.raw<QuoteView | null>(null);
  done = $state.raw<DoneView | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** Set while the sale is being committed, so that two touches make one sale. */
  paying = $state(false);
  readonly amount: Entry;
  /** What Rust makes of the parts that were taken, without the one that is being typed. */
  #rest = $state.raw<QuoteView | null>(null);
  #asked = 0;
  #lastPrint: { invoice: string; print: PrintView } | null = null;

  /** @param decimals how many decimals amounts of the shop's currency have */
  constructor(decimals: () => number) {
    this.amount = new Entry(() => ({ decimals: decimals(), digits: 10 }));
  }

  /** Asks what is due; answers whether the pay screen can be shown. */
  async prepare(): Promise<boolean> {
    try {
      const charge = await call('checkout.prepare', {});
      this.charge = charge;
      this.done = null;
      this.taken = [];
      this.fault = null;
      this.quote = null;
      this.mode = charge.modes.find((mode) => mode.kind === 'cash') ?? charge.modes[0] ?? null;
      this.#rest = await this.#askRest([]);
      this.amount.offer(this.open?.text ?? '');
      await this.requote();
      return true;
    } catch (cause) {
      this.fault = faultOf(cause);
      return false;
    }
  }

  /** What is due with the parts that were taken and the mode that is chosen. */
  get due(): MoneyView | undefined {
    return this.#left?.due;
  }

  /** What is still to pay without the amount that is being typed. */
  get open(): MoneyView | undefined {
    return this.#left?.remaining;
  }

  /** What is still to pay with the amount that is being typed. */
  get remaining(): MoneyView | undefined {
    return this.#typed ? this.quote?.remaining : this.open;
  }

  get #left(): ModeDueView | undefined {
    return this.#rest?.modes.find((one) => one.mode === this.mode?.id);
  }

  get #typed(): boolean {
    return /[1-9]/.test(this.amount.text);
  }

  /** Chooses how the next part is paid and offers what is left. */
  async choose(mode: PaymentModeView): Promise<void> {
    this.mode = mode;
    this.fault = null;
    const open = this.open;
    if (open) this.amount.offer(open.text);
    await this.requote();
  }

  /** A key with an amount on it was touched. */
  async quick(amount: MoneyView): Promise<void> {
    this.amount.offer(amount.text);
    await this.requote();
  }

  /** Asks Rust what the typed amount makes of the sale. */
  async requote(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const quote = await call('checkout.quote', { tenders: this.#tenders() });
      if (asked !== this.#asked) return;
      this.quote = quote;
      this.fault = null;
    } catch (cause) {
      if (asked === this.#asked) this.fault = faultOf(cause);
    }
  }

  /** Takes the typed amount as a part and asks for the rest. */
  async split(): Promise<void> {
    const mode = this.mode;
    if (!mode || !this.#typed) return;
    const part = { mode, amount: this.amount.text, text: this.amount.text };
    try {
      const alone = await call('checkout.quote', { tenders: [asTender(part)] });
      await this.#retake([...this.taken, { ...part, text: alone.paid.text }]);
    } catch (cause) {
      this.fault = faultOf(cause);
    }
  }

  /** Gives a part back. */
  async untake(index: number): Promise<void> {
    await this.#retake(this.taken.filter((_, at) => at !== index));
  }

  /** Asks Rust what is left after the parts that were taken. */
  #askRest(taken: Taken[]): Promise<QuoteView> {
    return call('checkout.quote', { tenders: taken.map(asTender) });
  }

  async #retake(taken: Taken[]): Promise<void> {
    try {
      this.#rest = await this.#askRest(taken);
      this.taken = taken;
      this.amount.offer(this.open?.text ?? '');
      this.fault = null;
      await this.requote();
    } catch (cause) {
      this.fault = faultOf(cause);
    }
  }

  /** Closes the sale. Rust refuses it when the money is short or the cart is another one. */
  async pay(cart: CartView): Promise<boolean> {
    if (this.paying) return false;
    this.paying = true;
    try {
      this.done = await call('checkout.pay', {
        cart_id: cart.id,
        expected_total_minor: cart.total.minor,
        tenders: this.#tenders(),
      });
      this.fault = null;
      // The printer can be quicker than the answer.
      if (this.#lastPrint) this.printed(this.#lastPrint.invoice, this.#lastPrint.print);
      play('done');
      return true;
    } catch (cause) {
      this.fault = faultOf(cause);
      play('refused');
      return false;
    } finally {
      this.paying = false;
    }
  }

  /** Takes news of the receipt that is on the screen. */
  printed(invoice: string, print: PrintView): void {
    this.#lastPrint = { invoice, print };
    if (this.done?.invoice_id === invoice) this.done = { ...this.done, print };
  }

  /** Prints the receipt once more; it says that it is a copy. */
  async printAgain(): Promise<void> {
    const done = this.done;
    if (!done) return;
    try {
      this.printed(
        done.invoice_id,
        await call('receipt.print_again', { invoice_id: done.invoice_id }),
      );
      this.fault = null;
    } catch (cause) {
      this.fault = faultOf(cause);
    }
  }

  /** Forgets the payment and the sale that is done. */
  close(): void {
    this.charge = null;
    this.done = null;
    this.fault = null;
    this.taken = [];
    this.#rest = null;
  }

  #tenders(): TenderInput[] {
    const taken = this.taken.map(asTender);
    const mode = this.mode;
    // A free sale is closed without a tender, and nobody hands over nothing.
    if (!mode || !this.#typed) return taken;
    return [...taken, { mode: mode.id, amount: this.amount.text }];
  }
}

function asTender(part: Taken): TenderInput {
  return { mode: part.mode.id, amount: plain(part.amount) };
}
