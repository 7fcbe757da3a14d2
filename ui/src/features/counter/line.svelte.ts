import type { CartLineView, DiscountInput } from '../../backend';
import { Entry, type KeypadKey } from '../../design/entry.svelte';
import type { LineChange } from './sell.svelte';
import { discountedByHand } from './why';

/** The fields of the line editor. */
export type LineField = 'quantity' | 'price' | 'percent' | 'amount';

/** What is typed into the line editor until it is applied. */
export class LineEdit {
  active = $state<LineField>('quantity');
  readonly entries: Record<LineField, Entry>;
  readonly #start: Record<LineField, string>;

  constructor(line: CartLineView, decimals: number) {
    const money = { decimals, digits: 10 };
    this.entries = {
      quantity: new Entry({ decimals: line.whole_units ? 0 : 3, digits: 6 }),
      price: new Entry(money),
      percent: new Entry({ decimals: 3, digits: 3 }),
      amount: new Entry(money),
    };
    this.entries.quantity.offer(line.quantity);
    this.entries.price.offer(line.price.text);
    if (line.discount_text !== undefined) {
      this.entries.percent.offer(line.discount_text.replace(/[^\d.]/g, ''));
    } else if (discountedByHand(line)) {
      this.entries.amount.offer(line.discount.text);
    }
    this.#start = {
      quantity: this.entries.quantity.text,
      price: this.entries.price.text,
      percent: this.entries.percent.text,
      amount: this.entries.amount.text,
    };
  }

  /** A key of the keypad goes to the field that is being typed into. */
  press(key: KeypadKey): void {
    this.entries[this.active].press(key);
    this.typed(this.active);
  }

  /** A line has one discount: typing one kind takes the other away. */
  typed(field: LineField): void {
    if (field === 'percent') this.entries.amount.offer('');
    if (field === 'amount') this.entries.percent.offer('');
  }

  /** One more or one less; the least is one. */
  step(by: 1 | -1): void {
    const entry = this.entries.quantity;
    const [whole = '0', fraction] = entry.text.split('.');
    const next = Math.max(fraction === undefined ? 1 : 0, Number.parseInt(whole || '0', 10) + by);
    entry.offer(fraction === undefined ? `${next}` : `${next}.${fraction}`);
    this.active = 'quantity';
  }

  /** What differs from the line as it was. */
  get change(): LineChange {
    const change: LineChange = {};
    if (this.#changed('quantity')) change.quantity = this.entries.quantity.text || '0';
    if (this.#changed('price')) change.price = this.entries.price.text || '0';
    const discount = this.#discount();
    if (discount) change.discount = discount;
    return change;
  }

  #discount(): DiscountInput | undefined {
    const { percent, amount } = this.entries;
    if (!this.#changed('percent') && !this.#changed('amount')) return undefined;
    if (percent.text !== '') return { kind: 'percent', value: percent.text };
    if (amount.text !== '') return { kind: 'amount', value: amount.text };
    return { kind: 'none', value: '' };
  }

  #changed(field: LineField): boolean {
    return this.entries[field].text !== this.#start[field];
  }
}
