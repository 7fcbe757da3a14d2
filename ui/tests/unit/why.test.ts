import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { CartLineView, ListOrigin } from '../../src/backend';
import { couponState, priceStory } from '../../src/features/counter/why';
import { dayText, language } from '../../src/messages';
import { openTill } from '../till/scene';

const euro = { symbol: '€', decimals: 2 };

beforeEach(() => language.choose('en'));

// Every reason that `WhyNotView` names.
const REASONS: [string, string, string | undefined][] = [
  ['not_now', 'Not valid at this time', undefined],
  ['not_here', 'Not valid at this till', undefined],
  ['other_customers', 'For other customers', undefined],
  ['needs_loyalty', 'Needs a loyalty card', undefined],
  ['needs_coupon', 'Needs another coupon', undefined],
  ['coupon_used_up', 'Used up', undefined],
  ['coupon_used_by_customer', 'This customer has used it already', undefined],
  ['coupon_needs_customer', 'Choose the customer first', undefined],
  ['more_units', '2 more needed', '2'],
  ['more_spent', '€\u00a03.50 more to spend', '3.50'],
  ['beaten', 'Another promotion is better', undefined],
  ['something_new', 'Nothing here it applies to yet', undefined],
];

describe('a coupon that did nothing', () => {
  it.each(REASONS)('%s is “%s”', (code, said, missing) => {
    const why_not = missing === undefined ? { code } : { code, missing };
    const coupon = { code: 'X', name: 'X', used: false, why_not };
    expect(couponState(coupon, euro)).toBe(said);
    language.choose('de');
    expect(couponState(coupon, euro)).not.toBe(said);
  });

  it('without a reason waits for its goods', () => {
    expect(couponState({ code: 'X', name: 'X', used: false }, euro)).toBe(
      'Nothing here it applies to yet',
    );
  });
});

describe('the price list by name', () => {
  let first: CartLineView | undefined;
  beforeAll(async () => {
    const till = await openTill(inject('bridge'), { lines: 1 });
    [first] = (await till.call('sell.cart', {})).lines;
    await till.close();
  });

  function line(origin: ListOrigin): CartLineView {
    if (!first) throw new Error('no line');
    return { ...first, price_why: { list: 'Trade', origin, for_customer: false } };
  }
  const ORIGINS: [ListOrigin, string][] = [
    ['customer', 'From the price list “Trade”, which is this customer’s.'],
    ['customer_group', 'From the price list “Trade” of this customer’s group.'],
    ['till', 'From the price list “Trade” of this till.'],
    ['shop', 'From the shop’s price list “Trade”.'],
  ];
  it.each(ORIGINS)('of the %s', (origin, said) => {
    expect(priceStory(line(origin))).toEqual([said]);
  });

  it('comes after the hand that set another price', () => {
    expect(priceStory({ ...line('shop'), price_set: true })[0]).toMatch(/^Set by hand to 1\.29/);
  });
});

describe('a day', () => {
  it('is written as the language does, and does not move with the time zone', () => {
    expect(dayText('2026-11-01')).toBe('Nov 1, 2026');
    language.choose('de');
    expect(dayText('2026-11-01')).toBe('01.11.2026');
  });

  it('that is none stays as it is', () => {
    expect(dayText('soon')).toBe('soon');
    expect(dayText('2026-13-40')).toBe('2026-13-40');
  });
});
