import type { CouponView, OfferView, PriceWhyView, SavingView } from '../../src/backend';
import type { Good } from './goods';
import { money } from './records';

/** What the double's shop has on offer: enough to see each kind once, worked out by hand. */

/** A line as promotions look at it. */
export interface Sold {
  good: Good;
  thousandths: number;
  price: number;
  /** Whether its price or discount was set by hand, which keeps promotions away. */
  byHand: boolean;
}

/** A price and the reason for it. */
export interface Priced {
  price: number;
  why?: PriceWhyView;
}

const COLA = 'Cola 0.33 l';
const THREE_FOR_TWO = '3 for 2 on cola';
const ROLLS = 'Rolls, wholemeal 6 pc';
const BREAKFAST = 'Breakfast rolls in the neighbourhood week, every second pack at half price';

/** The codes of the double's coupons: each stands for the name of its promotion. */
export const COUPONS: Record<string, string> = {
  AUTUMN5: 'Autumn thank-you',
  'LOYAL-2026-11': 'Loyalty week',
  VOID99: 'Opening day',
};

/** What somebody has to spend before `AUTUMN5` takes anything off, in minor units. */
const AUTUMN_FROM = 1000;
const AUTUMN_OFF = 150;

/** The price of a good for a customer and a quantity. */
export function priceOf(good: Good, customer: string | undefined, thousandths: number): Priced {
  const list = 'Standard selling';
  if (customer === 'c2' && good.category === 'bakery') {
    return {
      price: Math.round(good.price * 0.9),
      why: { list: 'Wholesale', origin: 'customer', for_customer: false },
    };
  }
  if (customer === 'c4' && good.name === COLA) {
    return { price: 150, why: { list, origin: 'shop', for_customer: true, since: '2026-11-01' } };
  }
  if (good.name === 'Iceberg lettuce' && thousandths >= 6000) {
    return {
      price: 99,
      why: { list, origin: 'shop', for_customer: false, from_quantity: '6' },
    };
  }
  if (good.name === 'Milk, whole 1 l') {
    const days = { since: '2026-11-16', until: '2026-11-30' };
    return {
      price: good.price,
      why: { list: 'Weekly offers', origin: 'till', for_customer: false, ...days },
    };
  }
  return { price: good.price };
}

/** What promotions take off a line. */
export function savingsOf(line: Sold): SavingView[] {
  const units = Math.floor(line.thousandths / 1000);
  if (line.byHand) return [];
  if (line.good.name === COLA && units >= 3) {
    const free = Math.floor(units / 3);
    return [
      {
        name: THREE_FOR_TWO,
        what: 'buy 2, get 1 free',
        quantity: `${free * 3}`,
        saved: money(free * line.price),
      },
    ];
  }
  if (line.good.name === ROLLS && units >= 2) {
    const pairs = Math.floor(units / 2);
    return [
      {
        name: BREAKFAST,
        what: 'buy 1, get 1 50 % off',
        quantity: `${pairs * 2}`,
        saved: money(pairs * Math.round(line.price / 2)),
      },
    ];
  }
  return [];
}

/** Promotions a line is nearly at. */
export function offersOf(lines: Sold[]): OfferView[] {
  return lines.flatMap((line) => {
    const units = Math.floor(line.thousandths / 1000);
    if (line.byHand) return [];
    if (line.good.name === COLA && units % 3 === 2) return [{ name: THREE_FOR_TWO, missing: '1' }];
    if (line.good.name === ROLLS && units % 2 === 1) return [{ name: BREAKFAST, missing: '1' }];
    return [];
  });
}

/** What the coupons on the counter take off the whole ticket. */
export function ticketSavings(codes: string[], subtotal: number): SavingView[] {
  if (!codes.includes('AUTUMN5') || subtotal < AUTUMN_FROM) return [];
  const what = '1.50 off from 10.00 on';
  return [{ name: COUPONS['AUTUMN5'] ?? '', what, saved: money(AUTUMN_OFF) }];
}

/** How a coupon stands. */
export function couponOf(code: string, subtotal: number): CouponView {
  const name = COUPONS[code] ?? code;
  if (code === 'AUTUMN5') {
    if (subtotal >= AUTUMN_FROM) return { code, name, used: true };
    // As Rust sends it: a number without trailing zeros.
    const missing = money(AUTUMN_FROM - subtotal).text;
    return { code, name, used: false, why_not: { code: 'more_spent', missing } };
  }
  if (code === 'VOID99') return { code, name, used: false, why_not: { code: 'coupon_used_up' } };
  return { code, name, used: false, why_not: { code: 'coupon_needs_customer' } };
}

/** What all of it comes to, in minor units. */
export function ticketSaved(coupons: string[], subtotal: number): number {
  return ticketSavings(coupons, subtotal).reduce((sum, one) => sum + one.saved.minor, 0);
}
