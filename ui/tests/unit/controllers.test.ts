import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandName } from '../../src/backend';
import { CheckoutController } from '../../src/features/counter/checkout.svelte';
import { LineEdit } from '../../src/features/counter/line.svelte';
import { SellController } from '../../src/features/counter/sell.svelte';
import { SignInController } from '../../src/features/people/session.svelte';
import { Preferences } from '../../src/features/admin/preferences.svelte';
import { SyncController } from '../../src/features/sync/sync.svelte';
import { pill } from '../../src/features/sync/words';
import { TillController } from '../../src/features/till/till.svelte';
import { language } from '../../src/messages';
import { codeOf } from '../till/goods';
import { PIN } from '../till/shop';
import { sell as sellOne, type Scene } from '../till/scene';
import { openShell, type Shell } from './shell';

// Each controller over a real till in the state of its scene.

const APPLES = codeOf('i01');
const BREAD = codeOf('i10');

/** Only a broken promise waits this long. */
const PATIENCE = { timeout: 10_000 };

let shell: Shell;

async function open(scene: Partial<Scene> = {}): Promise<void> {
  shell = await openShell(scene);
}

const called = (name: CommandName): unknown[] => shell.asked(name);

beforeEach(() => language.choose('en'));

describe('sell', () => {
  beforeEach(() => open());

  it('puts scans on the cart in the order they came', async () => {
    const sell = new SellController();
    await Promise.all([sell.scan(APPLES), sell.scan(BREAD), sell.scan(APPLES)]);
    expect(sell.cart?.lines.map((line) => [line.name, line.quantity])).toEqual([
      ['Apples, Gala', '2'],
      ['Bread, rye 750 g', '1'],
    ]);
    expect(sell.flash).toEqual({ line: 1, tick: 3 });
  });

  it('keeps the cart and says why when a barcode is unknown, until the next scan', async () => {
    const sell = new SellController();
    await sell.scan(APPLES);
    const before = sell.cart;
    await sell.scan('4006381333931');
    expect(sell.cart).toBe(before);
    expect(sell.fault).toMatchObject({
      code: 'barcode_unknown',
      params: { code: '4006381333931' },
    });
    await sell.scan(APPLES);
    expect(sell.fault).toBeNull();
  });

  it('scans a barcode that was typed into the search', async () => {
    const sell = new SellController();
    sell.catalogue.type(APPLES);
    await sell.submitSearch();
    expect(called('sell.scan')).toEqual([{ code: APPLES }]);
    expect(sell.catalogue.text).toBe('');
  });

  it('adds the marked tile on Enter, found with the whole text', async () => {
    const sell = new SellController();
    sell.catalogue.type('p');
    sell.catalogue.type('pi');
    sell.catalogue.type('pizza');
    await sell.submitSearch();
    expect(sell.cart?.lines.map((line) => line.name)).toEqual(['Pizza Margherita stone baked']);
  });

  it('shows the answer to the last question only', async () => {
    const { catalogue } = new SellController();
    const arrives = shell.hold('catalogue.search');
    catalogue.text = 'bread';
    const first = catalogue.search();
    const heldNoMore = shell.hold('catalogue.search');
    heldNoMore();
    catalogue.text = 'milk';
    await catalogue.search();
    arrives();
    await first;
    expect(catalogue.items.map((item) => item.name)).toEqual(['Milk, whole 1 l']);
  });

  it('leaves the tiles under the finger where they are', async () => {
    const sell = new SellController();
    sell.catalogue.type('milk');
    await sell.catalogue.search();
    await sell.add('i20');
    expect([sell.catalogue.text, sell.catalogue.spent, sell.catalogue.items.length]).toEqual([
      'milk',
      true,
      1,
    ]);
    sell.startNextSale();
    expect([sell.catalogue.text, sell.catalogue.spent]).toEqual(['', false]);
  });

  it('asks for 200 rows at most', async () => {
    await new SellController().catalogue.search();
    expect(called('catalogue.search')).toEqual([{ text: '', limit: 200 }]);
  });

  it('an edit with a refused part changes nothing and stays open', async () => {
    await open({ lines: 2 });
    const sell = new SellController();
    await sell.refresh();
    sell.openPanel({ kind: 'line', line: 1 });
    const done = await sell.edit(1, {
      quantity: '0',
      discount: { kind: 'percent', value: '10' },
    });
    expect(done).toBe(false);
    expect(sell.fault?.code).toBe('quantity_zero');
    expect(sell.panel).toEqual({ kind: 'line', line: 1 });
    expect(sell.cart?.lines[0]?.discount.minor).toBe(0);
  });

  it('closes the editor of a line that is gone', async () => {
    await open({ lines: 2 });
    const sell = new SellController();
    await sell.refresh();
    sell.openPanel({ kind: 'line', line: 2 });
    await sell.remove(2);
    expect(sell.panel).toBeNull();
  });
});

describe('the line editor', () => {
  async function edit(line = 1): Promise<LineEdit> {
    await open({ lines: 4 });
    const sell = new SellController();
    await sell.refresh();
    const view = sell.cart?.lines.find((candidate) => candidate.line === line);
    if (!view) throw new Error('no line');
    return new LineEdit(view, 2);
  }

  it('changes nothing that was not touched', async () => {
    expect((await edit()).change).toEqual({});
    expect((await edit(2)).change).toEqual({});
  });

  it('types a quantity over the old one', async () => {
    const line = await edit();
    line.press('1');
    line.press('2');
    expect(line.change).toEqual({ quantity: '12' });
  });

  it('counts up and down, never below one', async () => {
    const line = await edit();
    line.step(1);
    line.step(1);
    expect(line.change).toEqual({ quantity: '3' });
    line.step(-1);
    line.step(-1);
    line.step(-1);
    expect(line.entries.quantity.text).toBe('1');
  });

  it('knows one discount at a time', async () => {
    const line = await edit(2);
    expect(line.entries.percent.text).toBe('10');
    line.active = 'amount';
    line.press('2');
    expect(line.entries.percent.text).toBe('');
    expect(line.change).toEqual({ discount: { kind: 'amount', value: '2' } });
  });

  it('takes a discount away when its field is emptied', async () => {
    const line = await edit(2);
    line.active = 'percent';
    line.press('clear');
    expect(line.change).toEqual({ discount: { kind: 'none', value: '' } });
  });
});

describe('checkout', () => {
  async function prepared(scene: Partial<Scene> = { lines: 4 }) {
    await open(scene);
    const sell = new SellController();
    await sell.refresh();
    const checkout = new CheckoutController(() => 2);
    await checkout.prepare();
    if (!sell.cart) throw new Error('no cart');
    return { checkout, cart: sell.cart };
  }

  it('offers the exact amount in cash', async () => {
    const { checkout } = await prepared();
    expect(checkout.mode?.kind).toBe('cash');
    expect(checkout.amount.text).toBe('13.84');
    expect(checkout.quote?.enough).toBe(true);
  });

  it('pays with change that Rust computed', async () => {
    const { checkout, cart } = await prepared();
    checkout.amount.press('2');
    checkout.amount.press('0');
    await checkout.requote();
    expect(checkout.quote?.change).toEqual({ minor: 616, text: '6.16' });
    expect(await checkout.pay(cart)).toBe(true);
    expect(called('checkout.pay')).toEqual([
      {
        cart_id: cart.id,
        expected_total_minor: 1384,
        tenders: [{ mode: 'cash', amount: '20' }],
      },
    ]);
    expect(checkout.done?.change.text).toBe('6.16');
  });

  it('says that cash is short and stays', async () => {
    const { checkout, cart } = await prepared();
    checkout.amount.offer('5');
    expect(await checkout.pay(cart)).toBe(false);
    expect(checkout.fault?.code).toBe('cash_short');
    expect(checkout.done).toBeNull();
  });

  it('splits a payment and gives a part back', async () => {
    const { checkout, cart } = await prepared();
    checkout.amount.offer('5');
    await checkout.split();
    expect(checkout.taken.map((part) => part.text)).toEqual(['5.00']);
    expect(checkout.amount.text).toBe('8.84');
    const card = checkout.charge?.modes.find((mode) => mode.kind === 'card');
    if (!card) throw new Error('no card');
    await checkout.choose(card);
    await checkout.untake(0);
    expect(checkout.amount.text).toBe('13.84');
    await checkout.pay(cart);
    expect(called('checkout.pay')).toMatchObject([
      { tenders: [{ mode: 'card', amount: '13.84' }] },
    ]);
  });

  it('makes one sale of two touches', async () => {
    const { checkout, cart } = await prepared();
    await Promise.all([checkout.pay(cart), checkout.pay(cart)]);
    expect(called('checkout.pay')).toHaveLength(1);
  });

  it('hears when its own receipt came out', async () => {
    const { checkout, cart } = await prepared();
    await shell.till.happen('paper_ends');
    const controller = new TillController();
    await controller.start();
    controller.onPrint((invoice, print) => checkout.printed(invoice, print));
    await checkout.pay(cart);
    await vi.waitFor(() => expect(checkout.done?.print.code).toBe('printer_paper_out'), PATIENCE);
    checkout.printed('another', { state: 'failed' });
    expect(checkout.done?.print.state).toBe('waiting');
    await shell.till.happen('paper_comes');
    await vi.waitFor(() => expect(checkout.done?.print.state).toBe('printed'), PATIENCE);
    controller.stop();
  });

  it('hears it also when the printer was quicker than the answer', async () => {
    const { checkout, cart } = await prepared();
    const controller = new TillController();
    await controller.start();
    const printed = new Promise<string>((out) => {
      controller.onPrint((invoice, print) => {
        checkout.printed(invoice, print);
        if (print.state === 'printed') out(invoice);
      });
    });
    const answer = shell.hold('checkout.pay');
    const paid = checkout.pay(cart);
    const invoice = await printed;
    expect(checkout.done).toBeNull();
    answer();
    await paid;
    expect(checkout.done?.invoice_id).toBe(invoice);
    expect(checkout.done?.print.state).toBe('printed');
    controller.stop();
  });
});

describe('signing in', () => {
  it('asks for the PIN where it is enough', async () => {
    await open({ phase: 'signed_out' });
    const signIn = new SignInController();
    await signIn.load();
    const [ana] = signIn.people;
    const emi = signIn.people.find((person) => person.id === 'emi');
    if (!ana || !emi) throw new Error('nobody');
    signIn.choose(emi);
    expect(signIn.kind).toBe('password');
    signIn.choose(ana);
    expect(signIn.kind).toBe('pin');
    for (const key of ['1', '2', 'back', ...PIN.slice(1)]) signIn.press(key);
    expect((await signIn.submit())?.phase).toBe('signed_in');
    expect(called('session.sign_in')).toEqual([{ user_id: 'ana', secret: PIN, kind: 'pin' }]);
  });

  it('keeps no secret after a refusal', async () => {
    await open({ phase: 'signed_out' });
    const signIn = new SignInController();
    await signIn.load();
    const [ana] = signIn.people;
    if (!ana) throw new Error('nobody');
    signIn.choose(ana);
    signIn.secret = '9999';
    expect(await signIn.submit()).toBeUndefined();
    expect(signIn.secret).toBe('');
    expect(signIn.fault?.code).toBe('sign_in_refused');
  });
});

describe('the sync status', () => {
  it('shows what the filter asks for and why', async () => {
    await open({ sold: 1, attention: 2, waiting: 3 });
    const sync = new SyncController();
    sync.show('attention');
    await sync.load();
    const { documents } = sync;
    expect(documents.map(({ number }) => number)).toEqual(['01-000003', '01-000002']);
    for (const document of documents) {
      expect([document.state, document.last_answer_code]).toEqual([
        'needs_attention',
        'key_reused',
      ]);
    }
    expect(sync.counts).toEqual({ waiting: 3, attention: 2, acknowledged: 1 });
  });

  it('retries one document or all', async () => {
    await open({ waiting: 2 });
    const sync = new SyncController();
    await sync.load();
    const key = sync.documents[0]?.key ?? '';
    await sync.retry(key);
    await sync.retry();
    expect(called('sync.retry_now')).toEqual([{ key }, {}]);
    expect(sync.fault).toBeNull();
    await shell.till.happen('network_comes');
    await sync.retry();
    await vi.waitFor(async () => {
      await sync.load();
      expect(sync.counts).toEqual({ waiting: 0, attention: 0, acknowledged: 2 });
    }, PATIENCE);
  });

  it.each([
    [{ state: 'synced', waiting: 0, attention: 0 }, 'full', 'Synced'],
    [{ state: 'waiting', waiting: 20, attention: 0 }, 'half', '20 waiting'],
    [{ state: 'syncing', waiting: 1, attention: 0 }, 'half', '1 waiting'],
    [{ state: 'syncing', waiting: 0, attention: 0 }, 'full', 'Synced'],
    [
      { state: 'offline', waiting: 20, attention: 0, offline_since_text: '14:05' },
      'ring',
      'Offline since 14:05, 20 waiting',
    ],
    [
      { state: 'offline', waiting: 0, attention: 0, offline_since_text: '14:05' },
      'ring',
      'Offline since 14:05',
    ],
    [{ state: 'offline', waiting: 0, attention: 0 }, 'ring', 'Offline'],
    [{ state: 'attention', waiting: 0, attention: 1 }, 'triangle', '1 needs attention'],
    [{ state: 'attention', waiting: 3, attention: 2 }, 'triangle', '2 need attention'],
    [{ state: 'attention', waiting: 3, attention: 0 }, 'triangle', 'Hub refuses this till'],
  ] as const)('the pill says %o as %s “%s”', (sync, shape, text) => {
    expect(pill(sync)).toMatchObject({ shape, text });
  });
});

describe('the till', () => {
  it('follows what it hears', async () => {
    // The next minute is not far.
    await open({ now: '2026-11-23T14:07:58+01:00', offline: true });
    const controller = new TillController();
    await controller.start();
    const before = controller.syncVersion;
    await sellOne(shell.till, 'i10');
    await sellOne(shell.till, 'i01');
    await vi.waitFor(() => expect(controller.state?.sync.waiting).toBe(2), PATIENCE);
    await vi.waitFor(() => expect(controller.syncVersion).toBeGreaterThan(before), PATIENCE);
    await vi.waitFor(() => expect(controller.state?.now_text).toBe('14:08'), PATIENCE);
    controller.stop();
  });

  it('keeps news that overtook the answer of a command', async () => {
    await open({ offline: true });
    const controller = new TillController();
    await controller.start();
    const answer = controller.state!;
    // The till moved on while the answer was on its way.
    await sellOne(shell.till, 'i10');
    await vi.waitFor(() => expect(controller.state?.sync.waiting).toBe(1), PATIENCE);
    controller.take(answer);
    expect(controller.state?.sync.waiting).toBe(0);
    await vi.waitFor(() => expect(controller.state?.sync.waiting).toBe(1), PATIENCE);
    controller.stop();
  });

  it('explains why it cannot open, and opens when it can', async () => {
    await open();
    await shell.till.happen('stops');
    await shell.till.happen('keyring_locked');
    await shell.till.happen('starts');
    const controller = new TillController();
    await controller.start();
    expect(controller.startFault?.code).toBe('keyring_unavailable');
    await shell.till.happen('keyring_unlocked');
    await shell.till.happen('starts');
    await controller.start();
    expect(controller.startFault).toBeNull();
    expect(controller.state?.phase).toBe('signed_out');
    controller.stop();
  });

  it('gives every failure a code, also when the shell itself fails', async () => {
    await open();
    await shell.till.happen('stops');
    await shell.till.happen('store_halved');
    await shell.till.happen('starts');
    const controller = new TillController();
    await controller.start();
    expect(controller.startFault?.code).toBe('store_damaged');
    controller.stop();
    Object.assign(window, { __TAURI_INTERNALS__: {} });
    const lost = new TillController();
    await lost.start();
    expect(lost.startFault?.code).toBe('window_lost_till');
  });
});

describe('the look', () => {
  it('keeps what was chosen and follows the system otherwise', () => {
    const dark = { matches: true, addEventListener: vi.fn() } as unknown as MediaQueryList;
    const first = new Preferences(window.localStorage, dark);
    expect(first.shown).toBe('dark');
    first.hint = 'light';
    expect(first.shown).toBe('light');
    first.change({ theme: 'dark', hand: 'left' });
    const second = new Preferences(window.localStorage, dark);
    second.hint = 'light';
    expect([second.shown, second.hand, second.density]).toEqual(['dark', 'left', 'comfortable']);
  });

  it('survives a broken storage', () => {
    window.localStorage.setItem('evertill.look', '{broken');
    expect(new Preferences(window.localStorage, undefined).shown).toBe('light');
  });
});
