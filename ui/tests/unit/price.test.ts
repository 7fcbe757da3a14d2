import { cleanup, screen, waitFor } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { language } from '../../src/messages';
import { codeOf } from '../till/goods';
import type { Scene } from '../till/scene';
import type { Shell } from './shell';
import { find, get, gone, scan, stage, words } from './stage';

// "Why does it cost that?", coupons, offers, coins and customers who pay no tax.

const COLA = codeOf('i30');
const ROLLS = codeOf('i11');
const BREAD = codeOf('i10');
const MILK = codeOf('i20');
const LETTUCE = codeOf('i03');
const APPLES = codeOf('i01');

let shell: Shell;
let user: UserEvent;

async function open(scene: Partial<Scene> = {}): Promise<void> {
  shell = await stage(scene);
  await find('cart');
}

async function choose(customer: string): Promise<void> {
  await user.keyboard('{F4}');
  await user.click(await find(`customer-${customer}`));
  await gone('customer-panel');
}

async function edit(line: number): Promise<string> {
  await user.click(await find(`line-${line}`));
  await find('edit-why');
  return words('edit-why');
}

/** As a person does: a scanner would not rest before Enter. */
async function typed(text: string): Promise<void> {
  await user.type(await find('search'), text);
  await new Promise((rested) => setTimeout(rested, 150));
  await user.keyboard('{Enter}');
}

beforeEach(() => {
  language.choose('en');
  user = userEvent.setup();
});
afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
});

describe('a line in the cart', () => {
  it('names each promotion with what it saved, and what the line cost before', async () => {
    await open();
    scan(COLA, COLA, COLA);
    await find('line-1-saving-0');
    expect(words('line-1-saving-0')).toBe('3 for 2 on cola');
    expect(get('line-1-saving-0').dataset['minor']).toBe('199');
    expect(words('line-1')).toContain('−1.99');
    expect(get('line-1-gross').dataset['minor']).toBe('597');
    expect(get('line-1-gross').tagName).toBe('S');
    expect(get('line-1-amount').dataset['minor']).toBe('398');
    // The price of one unit stays what it is.
    expect(words('line-1')).toContain('1.99 · 19 %');
    // A promotion is not said a second time as a discount.
    expect(words('line-1')).not.toContain('Discount');
  });

  it('says a discount by hand with the amount before it', async () => {
    await open({ lines: 2 });
    await find('line-2');
    expect(words('line-2')).toContain('Discount 10 %');
    expect(get('line-2-gross').dataset['minor']).toBe('897');
    expect(screen.queryByTestId('line-1-gross')).toBeNull();
  });

  it('says nothing about a usual price', async () => {
    await open();
    scan(APPLES);
    await find('line-1');
    expect(screen.queryByTestId('line-1-why')).toBeNull();
    expect(screen.queryByTestId('line-1-saving-0')).toBeNull();
  });

  it('says in short why its price is another: list, quantity, day, hand', async () => {
    await open();
    scan(BREAD, MILK, LETTUCE, COLA);
    await find('line-4');
    expect(words('line-2-why')).toBe('until Nov 30, 2026');
    for (let more = 0; more < 5; more += 1) scan(LETTUCE);
    await waitFor(() => expect(words('line-3-why')).toBe('from 6 pc'));
    await choose('c2');
    expect(words('line-1-why')).toBe('Wholesale');
    await choose('c4');
    expect(words('line-4-why')).toBe('customer’s own price');
    await user.click(get('line-4'));
    await user.clear(await find('edit-price'));
    await user.type(get('edit-price'), '1.20');
    await user.click(get('edit-apply'));
    await gone('line-edit');
    expect(words('line-4-why')).toBe('set by hand');
  });

  it('writes the day as its language does', async () => {
    language.choose('de');
    await open();
    scan(MILK);
    await find('line-1-why');
    expect(words('line-1-why')).toBe('bis 30.11.2026');
  });
});

describe('why this price', () => {
  it('names the list of the till and its days', async () => {
    await open();
    scan(MILK);
    const said = await edit(1);
    expect(said).toContain('From the price list “Weekly offers” of this till.');
    expect(said).toContain('It holds from Nov 16, 2026 to Nov 30, 2026.');
    expect(said).toContain('No promotion lowers this line.');
  });

  it('names the customer’s list, and the price that is theirs alone', async () => {
    await open();
    scan(BREAD, COLA);
    await find('line-2');
    await choose('c2');
    expect(await edit(1)).toContain('“Wholesale”, which is this customer’s.');
    await user.keyboard('{Escape}');
    await choose('c4');
    const said = await edit(2);
    expect(said).toContain('A price for this customer alone.');
    expect(said).toContain('It holds since Nov 1, 2026.');
  });

  it('tells the promotion in full, and that a hand takes its place', async () => {
    await open();
    scan(ROLLS, ROLLS);
    await find('line-1-saving-0');
    const said = await edit(1);
    expect(said).toContain('From the shop’s price list “Standard selling”.');
    expect(words('edit-why-saving-0')).toContain('every second pack at half price');
    expect(words('edit-why-saving-0')).toContain('buy 1, get 1 50 % off · for 2 pc');
    expect(get('edit-why-saving-0').dataset['minor']).toBe('125');
    expect(said).toContain('takes the place of these promotions');
  });

  it('does not take a promotion for a discount somebody gave', async () => {
    await open();
    scan(COLA, COLA, COLA);
    await find('line-1-saving-0');
    await edit(1);
    expect((get('edit-discount-amount') as HTMLInputElement).value).toBe('');
    await user.click(get('edit-apply'));
    await gone('line-edit');
    expect(shell.asked('sell.edit_line')).toEqual([]);
    expect(get('line-1-amount').dataset['minor']).toBe('398');
  });

  it('says why promotions leave a line alone', async () => {
    await open();
    scan(COLA, COLA, COLA);
    await find('line-1-saving-0');
    await edit(1);
    expect(screen.queryByTestId('edit-why-by-hand')).toBeNull();
    await user.type(get('edit-discount-percent'), '5');
    await user.click(get('edit-apply'));
    await gone('line-1-saving-0');
    await edit(1);
    expect(words('edit-why-by-hand')).toContain('set by hand');
  });
});

describe('a coupon', () => {
  it('is scanned like goods, says what is missing, and then that it is used', async () => {
    await open();
    scan(APPLES, 'AUTUMN5');
    const chip = await find('coupon-AUTUMN5');
    expect(chip.dataset['used']).toBe('false');
    expect(chip.dataset['why']).toBe('more_spent');
    expect(words('coupon-AUTUMN5-state')).toBe('€ 7.01 more to spend');
    expect(words('coupon-shown')).toBe('Coupon Autumn thank-you: € 7.01 more to spend');
    expect(screen.queryByTestId('ticket-saving-0')).toBeNull();
    for (let more = 0; more < 3; more += 1) scan(APPLES);
    await waitFor(() => expect(get('coupon-AUTUMN5').dataset['used']).toBe('true'));
    expect(words('coupon-AUTUMN5-state')).toBe('Used');
    // The goods are the last thing now.
    expect(screen.queryByTestId('coupon-shown')).toBeNull();
  });

  it('takes its part of the discount, by name, besides the one by hand', async () => {
    await open();
    scan(APPLES, APPLES, APPLES, APPLES, 'AUTUMN5');
    await find('ticket-saving-0');
    expect(words('ticket-saving-0')).toContain('of which Autumn thank-you −1.50');
    expect(get('ticket-saving-0').dataset['minor']).toBe('150');
    expect(get('total').dataset['minor']).toBe('1046');
    // What promotions took off is not offered as if somebody had typed it.
    await user.keyboard('{F7}');
    expect((await find('discount-value')) as HTMLInputElement).toHaveProperty('value', '');
    await user.click(get('discount-amount'));
    await user.type(get('discount-value'), '2');
    await user.click(get('discount-apply'));
    await gone('discount-panel');
    expect(get('discount').dataset['minor']).toBe('350');
    expect(get('ticket-saving-0').dataset['minor']).toBe('150');
    await user.keyboard('{F7}');
    expect((await find('discount-value')) as HTMLInputElement).toHaveProperty('value', '2.00');
  });

  it('goes back at one touch, by its code', async () => {
    await open({ lines: 1, coupons: ['AUTUMN5', 'VOID99'] });
    await user.click(await find('coupon-AUTUMN5-remove'));
    await gone('coupon-AUTUMN5');
    expect(shell.asked('sell.remove_coupon')).toEqual([{ code: 'AUTUMN5' }]);
    expect(words('coupon-VOID99-state')).toBe('Used up');
    expect(get('coupon-VOID99-remove').getAttribute('aria-label')).toBe(
      'Hand back the coupon Opening day',
    );
  });

  it('is there when the till starts with it, and was not shown just now', async () => {
    await open({ lines: 1, coupons: ['VOID99'] });
    await find('coupon-VOID99');
    expect(screen.queryByTestId('coupon-shown')).toBeNull();
  });

  it('is refused a second time, in words', async () => {
    await open({ lines: 1 });
    scan('VOID99', 'VOID99');
    const error = await find('error');
    expect(error.dataset['code']).toBe('coupon_already_added');
    expect(error.textContent).toContain('VOID99 is on this sale already');
  });

  it('can be typed where no item has such a name, and a word stays a search', async () => {
    await open({ lines: 1 });
    await typed('LOYAL-2026-11');
    await find('coupon-LOYAL-2026-11');
    expect(words('coupon-LOYAL-2026-11-state')).toBe('Choose the customer first');
    expect((get('search') as HTMLInputElement).value).toBe('');
    await typed('quinoa');
    await waitFor(() => expect(shell.asked('sell.scan')).toHaveLength(2));
    expect(screen.queryByTestId('error')).toBeNull();
    expect((get('search') as HTMLInputElement).value).toBe('quinoa');
  });

  it('is gone with the sale', async () => {
    await open({ lines: 1, coupons: ['VOID99'] });
    await user.click(await find('pay'));
    await user.click(await find('pay-confirm'));
    await user.click(await find('next-sale'));
    await find('cart');
    await gone('coupon-VOID99');
  });
});

describe('an offer', () => {
  it('is told when one more unit reaches it, two at most', async () => {
    await open();
    scan(COLA, COLA);
    await find('offer-0');
    await waitFor(() => expect(words('offer-0')).toBe('1 more for 3 for 2 on cola'));
    scan(ROLLS);
    await find('offer-1');
    scan(COLA);
    scan(ROLLS);
    await waitFor(() => expect(get('line-2-quantity').textContent).toBe('2'));
    expect(screen.queryByTestId('offer-2')).toBeNull();
    await gone('offers');
  });
});

describe('coins', () => {
  it('say what cash and what everything else costs, and the chosen one is the biggest', async () => {
    await open({ lines: 4, coin: 5 });
    await user.click(await find('pay'));
    await find('due-coins');
    expect(words('due-coins')).toBe('Without cash €13.84 · Cash €13.85, rounded to coins');
    expect(get('due').dataset['minor']).toBe('1385');
    expect((get('cash-amount') as HTMLInputElement).value).toBe('13.85');
    expect(words('quick-1385')).toContain('Exact');
    await user.click(get('tender-card'));
    await waitFor(() => expect(get('due').dataset['minor']).toBe('1384'));
    expect((get('cash-amount') as HTMLInputElement).value).toBe('13.84');
    await waitFor(() => expect(get('remaining').dataset['minor']).toBe('0'));
    await user.click(get('pay-confirm'));
    await find('done-view');
    expect(get('done-change').dataset['minor']).toBe('0');
  });

  it('close the sale by the amount in coins', async () => {
    await open({ lines: 4, coin: 5 });
    await user.click(await find('pay'));
    await user.click(await find('quick-2000'));
    await waitFor(() => expect(get('change').dataset['minor']).toBe('615'));
    await user.click(get('pay-confirm'));
    await find('done-view');
    expect(get('done-change').dataset['minor']).toBe('615');
  });

  it('ask for the rest in coins after a part by card', async () => {
    await open({ lines: 4, coin: 5 });
    await user.click(await find('pay'));
    await user.click(await find('tender-card'));
    await user.clear(get('cash-amount'));
    await user.type(get('cash-amount'), '5');
    await user.click(get('tender-split'));
    await find('taken-0-remove');
    expect((get('cash-amount') as HTMLInputElement).value).toBe('8.84');
    await user.click(get('tender-cash'));
    expect((get('cash-amount') as HTMLInputElement).value).toBe('8.85');
    await waitFor(() => expect(get('remaining').dataset['minor']).toBe('0'));
    await user.clear(get('cash-amount'));
    await waitFor(() => expect(get('remaining').dataset['minor']).toBe('885'));
    expect(get('due').dataset['minor']).toBe('1385');
  });

  it('are not spoken of where nothing is rounded', async () => {
    await open({ lines: 4 });
    await user.click(await find('pay'));
    await find('due');
    expect(screen.queryByTestId('due-coins')).toBeNull();
  });
});

describe('a customer who pays no tax', () => {
  it('is told beside their name, with the reason', async () => {
    await open({ lines: 2 });
    await find('line-2');
    expect(screen.queryByTestId('customer-exempt')).toBeNull();
    await choose('c5');
    expect(words('customer-exempt')).toBe(
      'No tax: Public school, certificate 2026/114 of the city treasury',
    );
    expect(get('tax').dataset['minor']).toBe('0');
    await user.keyboard('{F4}');
    await find('customer-panel-exempt');
    expect(words('customer-panel-exempt')).toContain('School kitchen of the Eastside district');
  });
});
