import { cleanup, screen, waitFor } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandName } from '../../src/backend';
import { language } from '../../src/messages';
import { codeOf } from '../till/goods';
import { passwordOf, PIN } from '../till/shop';
import type { Scene } from '../till/scene';
import { openShell, type Shell } from './shell';
import { find, get, gone, scan, show, shows, stage } from './stage';

// The whole window over a real till: every story goes through the real `src/backend`.

const APPLES = codeOf('i01');
const BREAD = codeOf('i10');
const UNKNOWN = '4006381333931';

let shell: Shell;
let user: UserEvent;

async function open(scene: Partial<Scene> = {}): Promise<void> {
  shell = await stage(scene);
}

const called = (name: CommandName): unknown[] => shell.asked(name);

beforeEach(() => {
  language.choose('en');
  user = userEvent.setup();
});
afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
});

describe('selling', () => {
  it('rings up, pays in cash with change and starts the next sale, by keyboard alone', async () => {
    await open();
    await find('cart');
    scan(APPLES);
    scan(BREAD);
    const line = await find('line-2');
    expect(line.dataset['item']).toBe('i10');
    expect(get('line-2-amount').textContent).toContain('3.20');
    expect(get('total').dataset['minor']).toBe('619');
    await user.keyboard('{F12}');
    await find('pay-view');
    await shows('due', 'minor', '619');
    await user.keyboard('10');
    await shows('change', 'minor', '381');
    await user.keyboard('{Enter}');
    await find('done-view');
    expect(get('done-change').dataset['minor']).toBe('381');
    expect(get('done-number').textContent).toBe('01-000001');
    await shows('print-state', 'state', 'printed');
    await user.keyboard('{Enter}');
    await find('cart');
    await shows('total', 'minor', '0');
    expect(called('checkout.pay')).toHaveLength(1);
  });

  it('does the same by touch', async () => {
    await open();
    await user.click(await find('tile-i10'));
    await find('line-1');
    await user.click(get('pay'));
    await user.click(await find('quick-500'));
    await user.click(get('pay-confirm'));
    await find('done-view');
    expect(get('done-change').dataset['minor']).toBe('180');
    await user.click(get('next-sale'));
    await find('cart');
  });

  it('says in place that a barcode is unknown, until the next scan', async () => {
    await open({ lines: 1 });
    await find('line-1');
    scan(UNKNOWN);
    const error = await find('error');
    expect(error.dataset['code']).toBe('barcode_unknown');
    expect(error.textContent).toContain(UNKNOWN);
    scan(APPLES);
    await gone('error');
  });

  it('scans from any screen and back to the cart', async () => {
    await open();
    await user.click(await find('nav-history'));
    await find('history');
    scan(APPLES);
    await find('line-1');
  });

  it('holds a scan back while part of the money is taken', async () => {
    await open({ lines: 1 });
    await user.click(await find('pay'));
    await user.clear(await find('cash-amount'));
    await user.type(get('cash-amount'), '1');
    await user.click(get('tender-split'));
    await find('taken-0-remove');
    scan(APPLES);
    expect((await find('error')).dataset['code']).toBe('scan_during_payment');
    expect(called('sell.scan')).toEqual([]);
  });

  it('searches what is typed without the focus and adds with Enter', async () => {
    await open();
    await find('tile-i00');
    await user.keyboard('pi');
    await waitFor(() => expect(get('search')).toBe(document.activeElement));
    await user.keyboard('zza');
    await find('tile-i41');
    await user.keyboard('{Enter}');
    expect((await find('line-1')).dataset['item']).toBe('i41');
    await waitFor(() => expect((get('search') as HTMLInputElement).value).toBe(''));
  });

  it('replaces a search that has done its work', async () => {
    await open();
    await user.type(await find('search'), 'pizza');
    await user.click(await find('tile-i41'));
    await find('line-1');
    expect(get('tile-i41')).toBeTruthy();
    await user.type(get('search'), 'milk');
    expect((get('search') as HTMLInputElement).value).toBe('milk');
    await find('tile-i20');
  });

  it('does not run through the sale when Enter is held down', async () => {
    await open({ lines: 1 });
    await find('line-1');
    await user.keyboard('{Enter>5/}');
    await find('pay-view');
    expect(called('checkout.pay')).toEqual([]);
  });

  it('shows a category', async () => {
    await open();
    await user.click(await find('category-bakery'));
    await gone('tile-i00');
    await find('tile-i10');
    await user.click(get('category-all'));
    await find('tile-i00');
  });
});

describe('a line', () => {
  it('gets another quantity by keypad and another discount by keyboard', async () => {
    await open({ lines: 1 });
    await user.click(await find('line-1'));
    await find('line-edit');
    await user.click(get('keypad-4'));
    await user.type(get('edit-discount-percent'), '50');
    await user.click(get('edit-apply'));
    await gone('line-edit');
    expect(get('line-1-quantity').textContent).toBe('4');
    // Half of 1.29 is rounded for each unit.
    expect(get('total').dataset['minor']).toBe('256');
  });

  it('keeps the editor and the cart when the quantity is refused', async () => {
    await open({ lines: 1 });
    await user.click(await find('line-1'));
    await user.clear(await find('edit-quantity'));
    await user.type(get('edit-quantity'), '0');
    await user.keyboard('{Enter}');
    expect((await find('error')).dataset['code']).toBe('quantity_zero');
    expect(get('line-1-quantity').textContent).toBe('1');
  });

  it('says before it is touched that a price needs a supervisor', async () => {
    await open({ lines: 1, role: 'cashier' });
    await user.click(await find('line-1'));
    expect(await find('edit-price')).toHaveProperty('disabled', true);
    expect(get('line-edit').textContent).toContain('Needs a supervisor');
  });

  it('goes away at one touch', async () => {
    await open({ lines: 2 });
    await user.click(await find('line-2'));
    await user.click(await find('edit-remove'));
    await gone('line-2');
    await gone('line-edit');
    expect(get('line-1').dataset['item']).toBe('i00');
  });
});

describe('the whole sale', () => {
  it('gets a discount', async () => {
    await open({ lines: 1 });
    await find('line-1');
    await user.keyboard('{F7}');
    await user.click(await find('discount-percent'));
    await user.type(get('discount-value'), '10');
    await user.click(get('discount-apply'));
    await gone('discount-panel');
    expect(get('total').dataset['minor']).toBe('116');
    expect(get('discount').dataset['minor']).toBe('13');
  });

  it('is refused a discount over the total', async () => {
    await open({ lines: 1 });
    await user.click(await find('discount-open'));
    await user.click(await find('discount-amount'));
    await user.type(get('discount-value'), '99');
    await user.click(get('discount-apply'));
    expect((await find('error')).dataset['code']).toBe('discount_over_total');
  });

  it('names its customer', async () => {
    await open({ lines: 1 });
    await find('line-1');
    await user.keyboard('{F4}');
    await user.type(await find('customer-search'), 'dil');
    await user.click(await find('customer-c4'));
    await gone('customer-panel');
    expect(get('customer-open').textContent).toContain('Dilan Yilmaz');
  });

  it('is cleared only when asked twice, and a double touch keeps it', async () => {
    await open({ lines: 3 });
    await user.click(await find('clear-open'));
    expect(called('sell.clear')).toEqual([]);
    await user.click(await find('clear-keep'));
    await user.click(await find('clear-open'));
    expect(called('sell.clear')).toEqual([]);
    await user.click(await find('clear-confirm'));
    await gone('line-1');
  });
});

describe('Escape goes one step back', () => {
  it('from a panel, from the search, from the category, from the payment', async () => {
    await open({ lines: 1 });
    await user.click(await find('category-produce'));
    await user.type(get('search'), 'ban');
    await user.click(get('line-1'));
    await find('line-edit');
    await user.keyboard('{Escape}');
    await gone('line-edit');
    expect((get('search') as HTMLInputElement).value).toBe('ban');
    await user.keyboard('{Escape}');
    expect((get('search') as HTMLInputElement).value).toBe('');
    expect(get('category-produce').getAttribute('aria-pressed')).toBe('true');
    await user.keyboard('{Escape}');
    expect(get('category-all').getAttribute('aria-pressed')).toBe('true');
    await user.keyboard('{Enter}');
    await find('pay-view');
    await user.keyboard('{Escape}');
    await find('cart');
    expect(called('checkout.pay')).toEqual([]);
  });

  it('from a sheet before the screen beneath it', async () => {
    await open();
    await user.click(await find('nav-history'));
    await user.click(get('nav-settings'));
    await find('settings');
    await user.keyboard('{Escape}');
    await gone('settings');
    await find('history');
    await user.keyboard('{Escape}');
    await find('cart');
  });
});

describe('before selling', () => {
  it('enrols in three steps', async () => {
    await open({ phase: 'needs_enrolment' });
    expect(await find('enrol-hub')).toHaveProperty('value', shell.till.hub);
    await user.click(get('enrol-next'));
    const code = (await shell.till.happen('enrol_code')) as string;
    await user.type(await find('enrol-code'), code);
    await user.keyboard('{Enter}');
    await user.type(await find('enrol-name'), 'Till 3');
    await user.click(get('enrol-submit'));
    await find('person-ana');
  });

  it.each([
    ['people', 'signed_out', 'evertill-hub user'],
    ['items', 'signed_in', 'The hub has no items yet'],
    ['prices', 'signed_in', 'No item has a price yet'],
  ] as const)('says who mends a hub without %s', async (piece, phase, words) => {
    await open({ phase, missing: [piece] });
    await screen.findByText((text) => text.includes(words));
  });

  it('says on Pay that there are no payment modes, instead of dead keys', async () => {
    await open({ lines: 2, missing: ['payment_modes'] });
    await user.click(await find('pay'));
    expect((await find('error')).getAttribute('data-code')).toBe('payment_modes_missing');
    expect(screen.queryByTestId('pay-confirm')).toBeNull();
    await user.keyboard('{Enter}');
    expect(shell.calls.map((call) => call.name)).not.toContain('checkout.pay');
    await user.keyboard('{Escape}');
    await find('cart');
  });

  it('signs in with the PIN pad', async () => {
    await open({ phase: 'signed_out' });
    await user.click(await find('person-ana'));
    for (const digit of PIN) await user.click(get(`pin-${digit}`));
    await user.click(get('signin-submit'));
    await find('sell');
  });

  it('signs in with a password', async () => {
    await open({ phase: 'signed_out' });
    await user.click(await find('person-dario'));
    await user.click(get('kind-password'));
    await user.type(get('secret'), `${passwordOf('dario')}{Enter}`);
    await find('sell');
  });

  it('says who cannot sign in while the hub is away', async () => {
    await open({ phase: 'signed_out', offline: true });
    expect(await find('person-emi')).toHaveProperty('disabled', true);
    expect(get('person-emi').textContent).toContain('needs the hub');
    expect(get('person-ana')).toHaveProperty('disabled', false);
  });

  it('explains on the whole screen why the till cannot open', async () => {
    shell = await openShell();
    await shell.till.happen('stops');
    await shell.till.happen('store_newer');
    await shell.till.happen('starts');
    await show();
    const screen_ = await find('start-fault');
    expect(screen_.dataset['code']).toBe('store_newer');
    expect(screen_.textContent).toContain('newer version');
  });

  it('tries again when asked to', async () => {
    shell = await openShell();
    await shell.till.happen('stops');
    await shell.till.happen('keyring_locked');
    await shell.till.happen('starts');
    await show();
    expect((await find('start-fault')).dataset['code']).toBe('keyring_unavailable');
    await shell.till.happen('keyring_unlocked');
    await shell.till.happen('starts');
    await user.keyboard('{Enter}');
    await find('person-ana');
  });
});

describe('the sync', () => {
  it('opens its screen for those who may, with the reason beside each document', async () => {
    await open({ attention: 2, waiting: 3 });
    expect((await find('sync-pill')).dataset['state']).toBe('attention');
    await user.click(get('sync-pill'));
    await find('sync-status');
    const row = await find('sync-row-01-000002');
    expect(row.dataset['state']).toBe('needs_attention');
    await user.click(row);
    expect(get('sync-status').textContent).toContain('retry this document');
    await user.click(get('sync-filter-waiting'));
    await gone('sync-row-01-000002');
    await user.click(get('retry-now'));
    expect(called('sync.retry_now')).toEqual([{}]);
  });

  it('explains itself to a cashier', async () => {
    await open({ role: 'cashier', waiting: 20, offline: true });
    const pill = await find('sync-pill');
    expect(pill.textContent).toContain('Offline since 14:05, 20 waiting');
    expect(screen.queryByTestId('nav-sync')).toBeNull();
    await user.click(pill);
    expect((await find('sync-explanation')).textContent).toContain('Selling goes on');
  });

  it('turns to synced by itself', async () => {
    await open({ waiting: 20 });
    expect((await find('sync-pill')).textContent).toContain('20 waiting');
    await shell.till.happen('network_comes');
    await waitFor(() => expect(get('sync-pill').textContent).toContain('Synced'));
  });
});

describe('receipts and settings', () => {
  it('prints a receipt again', async () => {
    await open({ sold: 2 });
    await user.click(await find('nav-history'));
    await shows('receipt-01-000001', 'state', 'printed');
    await shell.till.happen('paper_ends');
    await user.click(get('receipt-01-000001-print'));
    await shows('receipt-01-000001', 'state', 'waiting');
    const { receipts } = await shell.till.call('receipt.recent', { limit: 2 });
    expect(called('receipt.print_again')).toEqual([{ invoice_id: receipts[1]?.invoice_id }]);
    await shell.till.happen('paper_comes');
    await shows('receipt-01-000001', 'state', 'printed');
  });

  it('changes theme, hand and language at once', async () => {
    await open({ role: 'administrator' });
    const root = document.documentElement;
    await user.click(await find('theme-toggle'));
    expect(root.dataset['theme']).toBe('dark');
    await user.click(get('nav-settings'));
    await user.click(await find('hand-left'));
    expect(root.dataset['hand']).toBe('left');
    await user.click(get('language-de'));
    await waitFor(() => expect(get('nav-sell').textContent).toContain('Verkauf'));
    expect(root.lang).toBe('de');
  });

  it('refuses a printer address in its place', async () => {
    await open({ role: 'administrator' });
    await user.click(await find('nav-settings'));
    await user.clear(await find('printer-address'));
    await user.type(get('printer-address'), 'till-printer:port');
    await user.click(get('printer-save'));
    expect((await find('error')).dataset['code']).toBe('printer_address_invalid');
  });
});
