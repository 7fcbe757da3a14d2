import type {
  CartLineView,
  CartView,
  Commands,
  CommandName,
  DiscountInput,
  DocumentView,
  DoneView,
  Event,
  Fault,
  MoneyView,
  Permission,
  PrintView,
  ReceiptView,
  Role,
  SyncView,
  TillState,
} from '../../src/backend';
import { categories, goods, vault, type Good } from './goods';
import * as promotions from './promotions';
import { customers, documents, fault, minorOf, money, people, sales } from './records';

export { fault };

type Request<Name extends CommandName> = Commands[Name]['request'];

/** How the double starts; every field has a quiet default. */
export interface Scene {
  phase: TillState['phase'];
  role: Role;
  sync: SyncView;
  lines: number;
  million: boolean;
  startFault: string;
  documents: number;
  loading: boolean;
  /** The coin that cash is rounded to, in minor units; 1 for none. */
  coin: number;
  /** Coupons that lie on the counter. */
  coupons: string[];
}

interface Line {
  id: number;
  good: Good;
  thousandths: number;
  /** The price that was set by hand. */
  set?: number;
  discount: DiscountInput;
}

const CASHIER: Permission[] = ['sell', 'discount_line', 'discount_invoice', 'reprint'];
const SUPERVISOR: Permission[] = [...CASHIER, 'override_price', 'view_sync'];
const PERMISSIONS: Record<Role, Permission[]> = {
  cashier: CASHIER,
  supervisor: SUPERVISOR,
  manager: [...SUPERVISOR, 'retry_sync'],
  administrator: [...SUPERVISOR, 'retry_sync', 'manage_till'],
};

/** A till that lives in memory and speaks the same commands, for pictures and unit tests only. */
export class DoubleTill {
  /** Every command that was called, in order. */
  readonly calls: { name: CommandName; request: unknown }[] = [];
  emit: (event: Event) => void = () => undefined;
  /** Codes that the next call of a command is refused with. */
  readonly refuse = new Map<CommandName, Fault>();
  scene: Scene;
  #lines: Line[] = [];
  #discount: DiscountInput = { kind: 'none', value: '' };
  #customer: CartView['customer'];
  #coupons: string[] = [];
  #next = 1;
  #cart = 1;
  #sales: ReceiptView[] = [];
  #person = 'ana';

  constructor(scene: Partial<Scene> = {}) {
    this.scene = {
      phase: 'signed_in',
      role: 'manager',
      sync: { state: 'synced', waiting: 0, attention: 0, last_synced_text: '14:06' },
      lines: 0,
      million: false,
      startFault: '',
      documents: 24,
      loading: false,
      coin: 1,
      coupons: [],
      ...scene,
    };
    for (let index = 0; index < this.scene.lines; index += 1) {
      const good = goods[index % goods.length];
      if (good) this.#add(good, index % 5 === 1 ? 3000 : 1000);
    }
    const second = this.#lines[1];
    if (second) second.discount = { kind: 'percent', value: '10' };
    const fourth = this.#lines[3];
    if (fourth) fourth.discount = { kind: 'amount', value: '0.20' };
    if (this.scene.million) this.#add(vault, 1000);
    this.#coupons = [...this.scene.coupons];
    this.#sales = sales();
  }

  /** Runs a command. */
  call<Name extends CommandName>(name: Name, request: Request<Name>): Commands[Name]['response'] {
    this.calls.push({ name, request });
    const refusal = this.refuse.get(name);
    if (refusal) {
      this.refuse.delete(name);
      throw refusal;
    }
    const handler = this.#handlers[name];
    return handler(request as never) as Commands[Name]['response'];
  }

  readonly #handlers: { [Name in CommandName]: (request: Request<Name>) => unknown } = {
    'till.state': () => this.#state(),
    'enrolment.enrol': ({ code }) => {
      if (code.trim() !== '482913') throw fault('enrol_code_wrong');
      this.scene.phase = 'signed_out';
      return this.#state();
    },
    'session.people': () => ({ people: people() }),
    'session.sign_in': ({ secret, user_id }) => {
      if (secret !== '1234') throw fault('sign_in_refused');
      this.#person = user_id;
      this.scene.phase = 'signed_in';
      return this.#state();
    },
    'session.sign_out': () => {
      this.scene.phase = 'signed_out';
      return this.#state();
    },
    'catalogue.categories': () => ({ categories }),
    'catalogue.search': ({ text, category }) => {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      const found = goods.filter(
        (good) =>
          (category === undefined || good.category === category) &&
          words.every((word) => good.name.toLowerCase().includes(word)),
      );
      return {
        items: found.map((good) => ({ ...good, price: money(good.price) })),
        more: false,
      };
    },
    'sell.cart': () => this.#view(),
    'sell.scan': ({ code }) => {
      const good = [...goods, vault].find((candidate) => candidate.barcode === code);
      if (!good && promotions.COUPONS[code] !== undefined) {
        if (this.#coupons.includes(code)) throw fault('coupon_already_added', { code });
        this.#coupons.push(code);
        return this.#view();
      }
      if (!good) throw fault('barcode_unknown', { code });
      return this.#view(this.#add(good, 1000));
    },
    'sell.add_item': ({ item_id }) => {
      const good = goods.find((candidate) => candidate.id === item_id);
      if (!good) throw fault('item_unknown', { item: item_id });
      return this.#view(this.#add(good, 1000));
    },
    'sell.set_quantity': ({ line, quantity }) => {
      const thousandths = Math.round(Number(quantity) * 1000);
      if (thousandths === 0) throw fault('quantity_zero');
      if (thousandths > 99_999_000) throw fault('quantity_too_large');
      this.#line(line).thousandths = thousandths;
      return this.#view(line);
    },
    'sell.remove_line': ({ line }) => {
      this.#lines = this.#lines.filter((candidate) => candidate.id !== line);
      return this.#view();
    },
    'sell.set_line_discount': ({ line, discount }) => {
      const target = this.#line(line);
      if (this.#reduction(discount, this.#gross(target)) > this.#gross(target)) {
        throw fault('discount_over_price');
      }
      target.discount = discount;
      return this.#view(line);
    },
    'sell.set_discount': ({ discount }) => {
      if (discount.kind === 'percent' && Number(discount.value) > 100) {
        throw fault('percent_out_of_range');
      }
      if (this.#reduction(discount, this.#subtotal()) > this.#subtotal()) {
        throw fault('discount_over_price');
      }
      this.#discount = discount;
      return this.#view();
    },
    'sell.set_price': ({ line, price }) => {
      this.#line(line).set = minorOf(price);
      return this.#view(line);
    },
    'sell.set_customer': ({ customer_id }) => {
      const found = customers().find((customer) => customer.id === customer_id);
      this.#customer = found && {
        id: found.id,
        name: found.name,
        ...(found.exemption === undefined ? {} : { exemption: found.exemption }),
      };
      return this.#view();
    },
    'sell.customers': ({ text }) => ({
      customers: customers().filter((customer) =>
        customer.name.toLowerCase().includes(text.toLowerCase()),
      ),
    }),
    'sell.remove_coupon': ({ code }) => {
      this.#coupons = this.#coupons.filter((shown) => shown !== code);
      return this.#view();
    },
    'sell.clear': () => {
      this.#empty();
      return this.#view();
    },
    'checkout.prepare': () => {
      if (this.#lines.length === 0) throw fault('cart_empty');
      const due = this.#total();
      const cash = this.#cashDue();
      const notes = [500, 1000, 2000, 5000, 10_000, 20_000].filter((note) => note > cash);
      return {
        due: money(due),
        cash_due: money(cash),
        quick_cash: [cash, ...notes.slice(0, 3)].map(money),
        modes: [
          { id: 'cash', name: 'Cash', kind: 'cash' },
          { id: 'card', name: 'Card', kind: 'card' },
          { id: 'voucher', name: 'Voucher', kind: 'other' },
        ],
      };
    },
    'checkout.quote': ({ tenders }) => this.#quote(tenders),
    'checkout.pay': ({ tenders, expected_total_minor }) => {
      const quote = this.#quote(tenders);
      if (expected_total_minor !== this.#total()) {
        throw fault('cart_changed', { total: money(this.#total()).text });
      }
      if (!quote.enough) throw fault('cash_short', { due: quote.remaining.text });
      return this.#commit(quote.due, quote.paid, quote.change, tenders);
    },
    'receipt.print_again': () => ({ state: 'printing' }) satisfies PrintView,
    'receipt.state': () => ({ state: 'printed' }) satisfies PrintView,
    'receipt.recent': () => ({ receipts: this.#sales }),
    'sync.status': () => this.scene.sync,
    'sync.documents': ({ filter }) => {
      const all = documents(this.scene.documents, this.scene.sync);
      const group = (document: DocumentView): string => {
        if (document.state === 'needs_attention') return 'attention';
        return document.state === 'acknowledged' ? 'acknowledged' : 'waiting';
      };
      const count = (name: string): number => all.filter((at) => group(at) === name).length;
      return {
        documents: all.filter((document) => filter === 'all' || group(document) === filter),
        counts: {
          waiting: count('waiting'),
          attention: count('attention'),
          acknowledged: count('acknowledged'),
        },
      };
    },
    'sync.retry_now': () => this.scene.sync,
    'settings.printer': ({ kind, address, paper }) => {
      if (kind === 'tcp' && !address.includes(':')) {
        throw fault('printer_address_invalid', { address });
      }
      return { kind, address, paper, state: kind === 'none' ? 'none' : 'unknown' };
    },
  };

  #state(): TillState {
    if (this.scene.startFault) throw fault(this.scene.startFault, { found: '9', known: '4' });
    const person = people().find((candidate) => candidate.id === this.#person);
    const enrolled = this.scene.phase !== 'needs_enrolment';
    return {
      phase: this.scene.phase,
      ...(enrolled
        ? {
            shop: {
              name: 'Corner Shop',
              till: '03',
              currency_code: 'EUR',
              currency_symbol: '€',
              currency_decimals: 2,
            },
            till_name: 'Till 3, entrance',
          }
        : {}),
      hub_url: 'http://127.0.0.1:8443',
      ...(this.scene.phase === 'signed_in'
        ? {
            session: {
              user_id: this.#person,
              name: person?.name ?? '',
              role: this.scene.role,
              permissions: PERMISSIONS[this.scene.role],
              since: '08:02',
            },
          }
        : {}),
      sync: this.scene.sync,
      printer: { kind: 'tcp', address: '127.0.0.1:9100', paper: '80', state: 'ready' },
      catalogue: {
        items: goods.length,
        ...(this.scene.loading ? { loading: { done: 1200, total: 2014 } } : {}),
      },
      now_text: '14:07',
      version: '0.1.0',
      theme_hint: 'light',
    };
  }

  #add(good: Good, thousandths: number): number {
    const same = this.#lines.find((line) => line.good.id === good.id && !this.#byHand(line));
    if (same) {
      same.thousandths += thousandths;
      return same.id;
    }
    const id = this.#next;
    this.#next += 1;
    const discount: DiscountInput = { kind: 'none', value: '' };
    this.#lines.push({ id, good, thousandths, discount });
    return id;
  }

  #line(id: number): Line {
    const line = this.#lines.find((candidate) => candidate.id === id);
    if (!line) throw fault('line_unknown');
    return line;
  }

  #byHand(line: Line): boolean {
    return line.set !== undefined || line.discount.kind !== 'none';
  }

  #listed(line: Line) {
    return promotions.priceOf(line.good, this.#customer?.id, line.thousandths);
  }

  #sold(line: Line) {
    const price = line.set ?? this.#listed(line).price;
    return { ...line, price, byHand: this.#byHand(line) };
  }

  #gross(line: Line): number {
    return Math.round((this.#sold(line).price * line.thousandths) / 1000);
  }

  #reduction(discount: DiscountInput, of: number): number {
    if (discount.kind === 'none') return 0;
    if (discount.kind === 'amount') return minorOf(discount.value);
    return Math.round((of * Number(discount.value)) / 100);
  }

  #off(line: Line): number {
    const saved = promotions
      .savingsOf(this.#sold(line))
      .reduce((sum, one) => sum + one.saved.minor, 0);
    return saved + this.#reduction(line.discount, this.#gross(line));
  }

  #amount(line: Line): number {
    return this.#gross(line) - this.#off(line);
  }

  #subtotal(): number {
    return this.#lines.reduce((sum, line) => sum + this.#amount(line), 0);
  }

  #invoiceDiscount(): number {
    return promotions.ticketSaved(this.#coupons, this.#subtotal()) + this.#given();
  }

  #given(): number {
    const left = this.#subtotal() - promotions.ticketSaved(this.#coupons, this.#subtotal());
    return this.#reduction(this.#discount, left);
  }

  #total(): number {
    return this.#subtotal() - this.#invoiceDiscount();
  }

  #cashDue(): number {
    return Math.round(this.#total() / this.scene.coin) * this.scene.coin;
  }

  #view(changed?: number): CartView {
    const subtotal = this.#subtotal();
    const lines = this.#lines.map((line) => this.#lineView(line));
    const tax = this.#lines.reduce((sum, line) => {
      if (this.#customer?.exemption) return 0;
      return sum + Math.round(this.#amount(line) - this.#amount(line) / (1 + line.good.tax / 100));
    }, 0);
    const pieces = this.#lines.reduce((sum, line) => sum + line.thousandths, 0) / 1000;
    return {
      id: `cart-${this.#cart}`,
      lines,
      ...(this.#customer ? { customer: this.#customer } : {}),
      discount: money(this.#invoiceDiscount()),
      ...(this.#discount.kind === 'percent' ? { discount_text: `${this.#discount.value} %` } : {}),
      discount_given: money(this.#given()),
      savings: promotions.ticketSavings(this.#coupons, subtotal),
      coupons: this.#coupons.map((code) => promotions.couponOf(code, subtotal)),
      offers: promotions.offersOf(this.#lines.map((line) => this.#sold(line))).slice(0, 3),
      subtotal: money(subtotal),
      line_discount: money(lines.reduce((sum, line) => sum + line.discount.minor, 0)),
      tax: money(tax),
      tax_included: true,
      total: money(this.#total()),
      item_count: `${pieces}`,
      ...(changed === undefined ? {} : { changed_line: changed }),
    };
  }

  #lineView(line: Line): CartLineView {
    const listed = this.#listed(line);
    return {
      line: line.id,
      item_id: line.good.id,
      name: line.good.name,
      quantity: `${line.thousandths / 1000}`,
      unit: line.good.unit,
      price: money(line.set ?? listed.price),
      list_price: money(listed.price),
      price_set: line.set !== undefined,
      ...(listed.why ? { price_why: listed.why } : {}),
      gross: money(this.#gross(line)),
      discount: money(this.#off(line)),
      ...(line.discount.kind === 'percent' ? { discount_text: `${line.discount.value} %` } : {}),
      savings: promotions.savingsOf(this.#sold(line)),
      amount: money(this.#amount(line)),
      tax_text: this.#customer?.exemption ? '0 %' : `${line.good.tax} %`,
      whole_units: line.good.unit === 'pc',
    };
  }

  #quote(tenders: { mode: string; amount: string }[]): Commands['checkout.quote']['response'] {
    const cash = tenders.some((tender) => tender.mode === 'cash');
    const due = cash ? this.#cashDue() : this.#total();
    const paid = tenders.reduce((sum, tender) => sum + minorOf(tender.amount), 0);
    return {
      due: money(due),
      paid: money(paid),
      remaining: money(Math.max(0, due - paid)),
      cash_remaining: money(Math.max(0, this.#cashDue() - paid)),
      change: money(Math.max(0, paid - due)),
      enough: paid >= due,
    };
  }

  #commit(
    total: MoneyView,
    paid: MoneyView,
    change: MoneyView,
    tenders: { mode: string; amount: string }[],
  ): DoneView {
    this.#empty();
    const offline = this.scene.sync.state === 'offline';
    const sync: SyncView = {
      ...this.scene.sync,
      state: offline ? 'offline' : 'waiting',
      waiting: this.scene.sync.waiting + 1,
    };
    const invoice = `invoice-${this.#cart}`;
    setTimeout(() => {
      this.emit({ type: 'sync_changed', sync });
      this.emit({ type: 'print_changed', invoice_id: invoice, print: { state: 'printed' } });
    }, 60);
    return {
      invoice_id: invoice,
      number: '03-000147',
      total,
      paid,
      change,
      tenders: tenders.map(({ mode, amount }) => ({
        mode,
        name: mode === 'cash' ? 'Cash' : 'Card',
        amount: money(minorOf(amount)),
      })),
      print: { state: 'printing' },
      sync,
    };
  }

  #empty(): void {
    this.#lines = [];
    this.#discount = { kind: 'none', value: '' };
    this.#customer = undefined;
    this.#coupons = [];
    this.#cart += 1;
  }
}
