import type { Role } from '../../src/backend';
import { categories, goods, vault, type Good } from './goods';

/** A shop as `evertill-bridge --tests` sets it up: records of the hub's feed, and people. */
export interface ShopPlan {
  records: { kind: string }[];
  people: Worker[];
}

/** Somebody who works there; `known` have signed in at the till before. */
interface Worker {
  id: string;
  name: string;
  role: Role;
  password: string;
  pin?: string;
  known: boolean;
}

/** The PIN of everybody who has one. */
export const PIN = '1234';

const worker = (id: string, name: string, role: Role, known = true): Worker => ({
  id,
  name,
  role,
  password: passwordOf(id),
  ...(known ? { pin: PIN } : {}),
  known,
});

const people = [
  worker('ana', 'Ana Keller', 'cashier'),
  worker('ben', 'Ben Okafor', 'cashier'),
  worker('chloe', 'Chloe Martin', 'supervisor'),
  worker('dario', 'Dario Rossi', 'manager'),
  worker('emi', 'Emi Tanaka', 'cashier', false),
  worker('farid', 'Farid Haddad-Schneider', 'administrator', false),
];

/** The password of a person. */
export function passwordOf(id: string): string {
  return `password of ${id}`;
}

/** Who has that role. */
export function personOf(role: Role): Worker {
  const found = people.find((person) => person.role === role);
  if (!found) throw new Error(`the shop has no ${role}`);
  return found;
}

const COLA = 'i30';
const ROLLS = 'i11';
const MILK = 'i20';
const LETTUCE = 'i03';

const plain = (list: string, item: string, amount: number) => ({
  kind: 'price',
  id: `${list}/${item}`,
  price_list: list,
  item,
  amount,
});

/** Prices of which the window says why they are other than usual. */
const prices = [
  ...goods
    .filter((good) => good.category === 'bakery')
    .map((good) => plain('wholesale', good.id, Math.round(good.price * 0.9))),
  { ...plain('standard', COLA, 150), id: 'dilan-cola', customer: 'c4', from: '2026-11-01' },
  { ...plain('standard', LETTUCE, 99), id: 'lettuce-from-6', min_qty: '6' },
  { ...plain('weekly', MILK, 149), id: 'weekly-milk', from: '2026-11-16', to: '2026-11-30' },
];

const buyGet = (item: string, units: number, benefit: object) => ({
  kind: 'buy_get',
  buy: { items: [item] },
  buy_units: units,
  get: { items: [item] },
  get_units: 1,
  benefit,
});

const off = (from: string, value: string) => ({
  kind: 'ticket',
  of: { everything: true },
  from,
  benefit: { kind: 'amount', value },
});

const promotions = [
  { id: 'cola', name: '3 for 2 on cola', effect: buyGet(COLA, 2, { kind: 'free' }) },
  {
    id: 'rolls',
    name: 'Breakfast rolls in the neighbourhood week, every second pack at half price',
    effect: buyGet(ROLLS, 1, { kind: 'percent', value: '50' }),
  },
  {
    id: 'autumn',
    name: 'Autumn thank-you',
    coupon: { code: 'AUTUMN5' },
    effect: off('10.00', '1.50'),
  },
  {
    id: 'loyal',
    name: 'Loyalty week',
    coupon: { code: 'LOYAL-2026-11', uses_per_customer: 1 },
    effect: off('0', '1.00'),
  },
  // A coupon that is used up.
  {
    id: 'opening',
    name: 'Opening day',
    coupon: { code: 'VOID99', uses: 0 },
    effect: off('0', '9.99'),
  },
];

const customer = (id: string, name: string, phone: string, more: object = {}) => ({
  kind: 'customer',
  id,
  name,
  phone,
  email: '',
  tax_id: '',
  ...more,
});

const customers = [
  customer('c1', 'Amira Suleiman', '030 555 0142'),
  customer('c2', 'Bakery Lindner GmbH & Co. KG, canteen and catering', '030 555 0188', {
    price_list: 'wholesale',
  }),
  customer('c3', 'Carl Jensen', ''),
  customer('c4', 'Dilan Yilmaz', '030 555 0117'),
  customer('c5', 'School kitchen of the Eastside district', '030 555 0164', {
    exemption: 'Public school, certificate 2026/114 of the city treasury',
  }),
];

const modes = [
  { id: 'cash', name: 'Cash', payment_kind: 'cash' },
  { id: 'card', name: 'Card', payment_kind: 'card' },
  { id: 'voucher', name: 'Voucher', payment_kind: 'other' },
];

const item = (good: Good, place: number) => ({
  kind: 'item',
  id: good.id,
  name: good.name,
  category: good.category,
  unit: good.unit,
  whole_units: good.unit === 'pc',
  tax_rule: `vat-${good.tax}`,
  barcodes: [good.barcode],
  popularity: 1000 - place,
  disabled: false,
});

/** What a new shop may not have yet. */
export type Piece = 'people' | 'items' | 'prices' | 'payment_modes';

const KIND: Record<Exclude<Piece, 'people'>, string> = {
  items: 'item',
  prices: 'price',
  payment_modes: 'payment_mode',
};

/** The shop of the tests; cash is rounded to `coin` minor units where it is more than one. */
export function shop(coin: number, missing: Piece[] = []): ShopPlan {
  const all = [...goods, vault];
  const records = [
    {
      kind: 'shop',
      name: 'Corner Shop',
      address_lines: ['1 Short Street'],
      tax_id: 'DE000000000',
      currency: { code: 'EUR', symbol: '€', decimals: 2 },
      time_zone: 'Europe/Berlin',
      price_list: 'standard',
      receipt_footer: 'See you soon',
      totals_policy: coin > 1 ? { cash_rounding: { increment: coin, applies_to: 'cash' } } : {},
      till_price_lists: { '01': 'weekly' },
    },
    { kind: 'price_list', id: 'standard', name: 'Standard selling' },
    { kind: 'price_list', id: 'wholesale', name: 'Wholesale' },
    { kind: 'price_list', id: 'weekly', name: 'Weekly offers' },
    ...[7, 19].map((rate) => ({
      kind: 'tax_rule',
      id: `vat-${rate}`,
      name: `VAT ${rate} %`,
      rate: `${rate}`,
      inclusive: true,
    })),
    ...categories.map((category, position) => ({ kind: 'category', ...category, position })),
    ...modes.map((mode, position) => ({ kind: 'payment_mode', ...mode, position })),
    ...customers,
    ...promotions.map((promotion) => ({ kind: 'promotion', ...promotion })),
    ...all.map(item),
    ...all.map((good) => plain('standard', good.id, good.price)),
    ...prices,
  ];
  const left = missing.flatMap((piece) => (piece === 'people' ? [] : [KIND[piece]]));
  return {
    records: records.filter((record) => !left.includes(record.kind)),
    people: missing.includes('people') ? [] : people,
  };
}
