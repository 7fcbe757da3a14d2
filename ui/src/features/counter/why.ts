import type { CartLineView, CouponView, PriceWhyView } from '../../backend';
import { dayText, m } from '../../messages';

/** How amounts of the shop's currency are written where a sentence holds one. */
export interface Currency {
  symbol: string;
  decimals: number;
}

/** Whether a line's discount was given by hand: where one was, promotions leave the line alone. */
export function discountedByHand(line: CartLineView): boolean {
  return line.discount.minor !== 0 && line.savings.length === 0;
}

/** The few words a cart line says about its price; empty where the price is the usual one. */
export function shortReason(line: CartLineView): string {
  if (line.price_set) return m.why_short_set();
  const why = line.price_why;
  if (!why) return '';
  const parts: string[] = [];
  const theirs = why.origin === 'customer' || why.origin === 'customer_group';
  if (why.for_customer) parts.push(m.why_short_customer());
  else if (theirs) parts.push(why.list);
  if (why.from_quantity !== undefined) {
    parts.push(m.why_short_from({ quantity: why.from_quantity, unit: line.unit }));
  }
  if (why.until !== undefined) parts.push(m.why_short_until({ day: dayText(why.until) }));
  return parts.join(', ');
}

/** The whole story of a line's price, a sentence each. */
export function priceStory(line: CartLineView): string[] {
  const why = line.price_why;
  const story = why ? listStory(why, line.unit) : [m.why_usual()];
  return line.price_set
    ? [m.why_set({ price: line.price.text, list_price: line.list_price.text }), ...story]
    : story;
}

function listStory(why: PriceWhyView, unit: string): string[] {
  const story = [listSentence(why)];
  if (why.for_customer) story.push(m.why_for_customer());
  if (why.from_quantity !== undefined) {
    story.push(m.why_from({ quantity: why.from_quantity, unit }));
  }
  const since = why.since === undefined ? undefined : dayText(why.since);
  const until = why.until === undefined ? undefined : dayText(why.until);
  if (since !== undefined && until !== undefined) story.push(m.why_between({ since, until }));
  else if (since !== undefined) story.push(m.why_since({ day: since }));
  else if (until !== undefined) story.push(m.why_until({ day: until }));
  return story;
}

function listSentence({ list, origin }: PriceWhyView): string {
  switch (origin) {
    case 'customer':
      return m.why_list_customer({ list });
    case 'customer_group':
      return m.why_list_group({ list });
    case 'till':
      return m.why_list_till({ list });
    case 'shop':
      return m.why_list_shop({ list });
  }
}

/** Whether a coupon took something off, and why it did not, in words. */
export function couponState(coupon: CouponView, currency: Currency): string {
  if (coupon.used) return m.coupon_used();
  const missing = coupon.why_not?.missing ?? '';
  switch (coupon.why_not?.code) {
    case 'not_now':
      return m.coupon_not_now();
    case 'not_here':
      return m.coupon_not_here();
    case 'other_customers':
      return m.coupon_other_customers();
    case 'needs_loyalty':
      return m.coupon_needs_loyalty();
    case 'needs_coupon':
      return m.coupon_needs_coupon();
    case 'coupon_used_up':
      return m.coupon_used_up();
    case 'coupon_used_by_customer':
      return m.coupon_used_by_customer();
    case 'coupon_needs_customer':
      return m.coupon_needs_customer();
    case 'more_units':
      return m.coupon_more_units({ missing });
    case 'more_spent':
      return m.coupon_more_spent({
        amount: `${currency.symbol}\u00a0${missing}`,
      });
    case 'beaten':
      return m.coupon_beaten();
    default:
      return m.coupon_unused();
  }
}
