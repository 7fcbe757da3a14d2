import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CheckoutController } from '../../src/features/counter/checkout.svelte';
import { EnrolmentController } from '../../src/features/admin/enrolment.svelte';
import { LineEdit } from '../../src/features/counter/line.svelte';
import { SellController } from '../../src/features/counter/sell.svelte';
import { SignInController } from '../../src/features/people/session.svelte';
import { Preferences } from '../../src/features/admin/preferences.svelte';
import { SyncController } from '../../src/features/sync/sync.svelte';
import { pill } from '../../src/features/sync/words';
import { TillController } from '../../src/features/till/till.svelte';
import { language } from '../../src/messages';
import { fault, DoubleTill, type Scene } from '../double/till';
import { installShell } from '../double/shell';

let till: DoubleTill;

function open(scene: Partial<Scene> = {}): DoubleTill {
  till = new DoubleTill(scene);
  installShell(window, till);
  return till;
}

function called(name: string): unknown[] {
  return till.calls.filter((call) => call.name === name).map((call) => call.request);
}

beforeEach(() => {
  language.choose('en');
  open();
});

describe('sell', () => {
  it('puts scans on the cart in the order they came', async () => {
    const sell = new SellController();
    await Promise.all([
      sell.scan('2000000000010'),
      sell.scan('2000000100000'),
      sell.scan('2000000000010'),
    ]);
    expect(sell.cart?.lines.map((line) => [line.name, line.quantity])).toEqual([
      ['Apples, Gala', '2'],
      ['Bread, rye 750 g', '1'],
    ]);
    expect(sell.flash).toEqual({ line: 1, tick: 3 });
  });

  it('keeps the cart and says why when a barcode is unknown, until the next scan', async () => {
    const sell = new SellController();
    await sell.scan('2000000000010');
    const before = sell.cart;
    await sell.scan('4006381333931');
    expect(sell.cart).toBe(before);
    expect(sell.fault).toMatchObject({
      code: 'barcode_unknown',
      params: { code: '4006381333931' },
    });
    await sell.scan('2000000000010');
    expect(sell.fault).toBeNull();
  });

  it('scans a barcode that was typed into the search', async () => {
    const sell = new SellController();
    sell.catalogue.type('2000000000010');
    await sell.submitSearch();
    expect(called('sell.scan')).toEqual([{ code: '2000000000010' }]);
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
    const sell = new SellController();
    sell.catalogue.type('milk');
    const last = sell.catalogue.search();
    await last;
    expect(sell.catalogue.items.map((item) => item.name)).toEqual(['Milk, whole 1 l']);
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
    sell.startAnew();
    expect([sell.catalogue.text, sell.catalogue.spent]).toEqual(['', false]);
  });

  it('asks for 200 rows at most', async () => {
    await new SellController().catalogue.search();
    expect(called('catalogue.search')).toEqual([{ text: '', limit: 200 }]);
  });

  it('stops at the first refusal of an edit and stays open', async () => {
    open({ lines: 2 });
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
    expect(called('sell.set_line_discount')).toEqual([]);
  });

  it('closes the editor of a line that is gone', async () => {
    open({ lines: 2 });
    const sell = new SellController();
    await sell.refresh();
    sell.openPanel({ kind: 'line', line: 2 });
    await sell.remove(2);
    expect(sell.panel).toBeNull();
  });
});

describe('the line editor', () => {
  async function edit(line = 1): Promise<LineEdit> {
    open({ lines: 4 });
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
    open(scene);
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
    await checkout.pay(cart);
    checkout.printed('another', { state: 'failed' });
    expect(checkout.done?.print.state).toBe('printing');
    checkout.printed(checkout.done?.invoice_id ?? '', { state: 'printed' });
    expect(checkout.done?.print.state).toBe('printed');
  });

  it('hears it also when the printer was quicker than the answer', async () => {
    const { checkout, cart } = await prepared();
    const paid = checkout.pay(cart);
    checkout.printed('invoice-2', { state: 'printed' });
    await paid;
    expect(checkout.done?.invoice_id).toBe('invoice-2');
    expect(checkout.done?.print.state).toBe('printed');
  });
});

describe('signing in', () => {
  it('asks for the PIN where it is enough', async () => {
    open({ phase: 'signed_out' });
    const signIn = new SignInController();
    await signIn.load();
    const [ana] = signIn.people;
    const emi = signIn.people.find((person) => person.id === 'emi');
    if (!ana || !emi) throw new Error('nobody');
    signIn.choose(emi);
    expect(signIn.kind).toBe('password');
    signIn.choose(ana);
    expect(signIn.kind).toBe('pin');
    for (const key of ['1', '2', 'back', '2', '3', '4']) signIn.press(key);
    expect((await signIn.submit())?.phase).toBe('signed_in');
    expect(called('session.sign_in')).toEqual([{ user_id: 'ana', secret: '1234', kind: 'pin' }]);
  });

  it('keeps no secret after a refusal', async () => {
    open({ phase: 'signed_out' });
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

describe('enrolment', () => {
  it('sends nothing before the last step and returns to the step that is wrong', async () => {
    open({ phase: 'needs_enrolment' });
    const enrolment = new EnrolmentController('http://127.0.0.1:8443 ');
    enrolment.next();
    enrolment.next();
    expect(enrolment.step).toBe('code');
    enrolment.code = ' 111111';
    enrolment.next();
    enrolment.tillName = 'Till 3';
    expect(till.calls).toEqual([]);
    expect(await enrolment.submit()).toBeUndefined();
    expect(enrolment.step).toBe('code');
    expect(enrolment.fault?.code).toBe('enrol_code_wrong');
    enrolment.code = '482913';
    enrolment.next();
    expect((await enrolment.submit())?.phase).toBe('signed_out');
    expect(called('enrolment.enrol')[1]).toEqual({
      hub_url: 'http://127.0.0.1:8443',
      code: '482913',
      till_name: 'Till 3',
    });
  });
});

describe('the sync status', () => {
  it('shows what the filter asks for and why', async () => {
    open({ sync: { state: 'attention', waiting: 3, attention: 2 } });
    const desk = new SyncController();
    desk.show('attention');
    await desk.load();
    expect(desk.documents.map((document) => document.state)).toEqual([
      'needs_attention',
      'needs_attention',
    ]);
    expect(desk.counts).toEqual({ waiting: 3, attention: 2, acknowledged: 19 });
  });

  it('retries one document or all', async () => {
    const desk = new SyncController();
    await desk.retry('some-key');
    await desk.retry();
    expect(called('sync.retry_now')).toEqual([{ key: 'some-key' }, {}]);
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
    vi.useFakeTimers();
    const controller = new TillController();
    await controller.start();
    till.emit({ type: 'clock', now_text: '14:08' });
    till.emit({ type: 'sync_changed', sync: { state: 'waiting', waiting: 1, attention: 0 } });
    till.emit({ type: 'sync_changed', sync: { state: 'waiting', waiting: 2, attention: 0 } });
    expect(controller.state?.now_text).toBe('14:08');
    expect(controller.state?.sync.waiting).toBe(2);
    vi.advanceTimersByTime(1000);
    expect(controller.syncVersion).toBe(1);
    controller.stop();
    vi.useRealTimers();
  });

  it('keeps news that overtook the answer of a command', async () => {
    const controller = new TillController();
    await controller.start();
    const answer = controller.state!;
    // The till moved on while the answer was on its way.
    till.scene.sync = { state: 'waiting', waiting: 7, attention: 0 };
    till.emit({ type: 'sync_changed', sync: till.scene.sync });
    controller.take(answer);
    await vi.waitFor(() => expect(controller.state?.sync.waiting).toBe(7));
    controller.stop();
  });

  it('explains why it cannot open, and opens when it can', async () => {
    open({ startFault: 'keyring_unavailable' });
    const controller = new TillController();
    await controller.start();
    expect(controller.startFault?.code).toBe('keyring_unavailable');
    till.scene.startFault = '';
    await controller.start();
    expect(controller.startFault).toBeNull();
    expect(controller.state?.phase).toBe('signed_in');
  });

  it('gives every failure a code, also when the shell itself fails', async () => {
    till.refuse.set('till.state', fault('store_damaged'));
    const controller = new TillController();
    await controller.start();
    expect(controller.startFault?.code).toBe('store_damaged');
    Object.assign(window, { __TAURI_INTERNALS__: {} });
    await controller.start();
    expect(controller.startFault?.code).toBe('window_lost_till');
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
