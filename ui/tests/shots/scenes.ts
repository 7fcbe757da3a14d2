import type { Locator, Page } from 'playwright-core';
import { codeOf } from '../till/goods';
import type { Scene } from '../till/scene';
import type { Till } from '../till/till';

/** A picture: the state of the till, what happens to it, and what is done in the window. */
export interface Shot {
  name: string;
  scene: Partial<Scene>;
  before?: (till: Till) => Promise<void>;
  act?: (page: Page, till: Till) => Promise<void>;
}

const offline: Partial<Scene> = { waiting: 20, offline: true };
const attention: Partial<Scene> = { attention: 2, waiting: 3 };

/** Quits the till and starts it without a keyring. */
async function lockedOut(till: Till): Promise<void> {
  await till.happen('stops');
  await till.happen('keyring_locked');
  await till.happen('starts');
}

const id = (page: Page, name: string): Locator => page.getByTestId(name);
const touch = (page: Page, name: string): Promise<void> => id(page, name).click();

/** What a scanner types: without a pause, however busy the machine is. */
async function scan(page: Page, ...codes: string[]): Promise<void> {
  await page.evaluate((all) => {
    for (const key of all.flatMap((code) => [...code, 'Enter'])) {
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
  }, codes);
}

const COLA = codeOf('i30');
const ROLLS = codeOf('i11');
const MILK = codeOf('i20');
const LETTUCE = codeOf('i03');

/** A cart in which a little of everything happens to a price. */
async function promoted(page: Page): Promise<void> {
  await id(page, 'cart').waitFor();
  await scan(page, COLA, COLA, COLA, ROLLS, ROLLS, MILK);
  await id(page, 'line-3').waitFor();
}

/** Every picture. */
export const scenes: Shot[] = [
  { name: 'start-fault', scene: {}, before: lockedOut },
  { name: 'enrol-1', scene: { phase: 'needs_enrolment' } },
  {
    name: 'enrol-2-wrong-code',
    scene: { phase: 'needs_enrolment' },
    async act(page) {
      await touch(page, 'enrol-next');
      await id(page, 'enrol-code').fill('111111');
      await touch(page, 'enrol-next');
      await id(page, 'error').waitFor();
    },
  },
  {
    name: 'enrol-3',
    scene: { phase: 'needs_enrolment' },
    async act(page, till) {
      await touch(page, 'enrol-next');
      await id(page, 'enrol-code').fill((await till.happen('enrol_code')) as string);
      await touch(page, 'enrol-next');
    },
  },
  { name: 'missing-people', scene: { phase: 'signed_out', missing: ['people'] } },
  { name: 'missing-items', scene: { missing: ['items'] } },
  { name: 'missing-prices', scene: { missing: ['prices'] } },
  {
    name: 'missing-payment-modes',
    scene: { lines: 3, missing: ['payment_modes'] },
    async act(page) {
      await touch(page, 'pay');
      await id(page, 'error').waitFor();
    },
  },
  { name: 'people', scene: { phase: 'signed_out', ...offline } },
  {
    name: 'pin',
    scene: { phase: 'signed_out' },
    async act(page) {
      await touch(page, 'person-ana');
      await touch(page, 'pin-1');
      await touch(page, 'pin-2');
      await touch(page, 'signin-submit');
      await id(page, 'error').waitFor();
      await touch(page, 'pin-3');
    },
  },
  {
    name: 'password',
    scene: { phase: 'signed_out' },
    act: (page) => touch(page, 'person-emi'),
  },
  { name: 'sell-empty', scene: {} },
  {
    name: 'sell',
    scene: { lines: 4, waiting: 20 },
    act: (page) => touch(page, 'tile-i00'),
  },
  { name: 'sell-40', scene: { lines: 40, ...offline } },
  { name: 'sell-million', scene: { lines: 5, million: true, ...attention } },
  {
    name: 'sell-promotions',
    scene: {},
    async act(page) {
      await id(page, 'cart').waitFor();
      await scan(page, COLA, COLA, COLA, ROLLS, MILK, LETTUCE, 'AUTUMN5');
      await id(page, 'coupon-AUTUMN5').waitFor();
      await id(page, 'offers').waitFor();
    },
  },
  {
    name: 'sell-coupons',
    scene: { lines: 12 },
    async act(page) {
      await id(page, 'cart').waitFor();
      await scan(page, COLA, COLA, 'AUTUMN5', 'VOID99', 'LOYAL-2026-11');
      await id(page, 'coupon-LOYAL-2026-11').waitFor();
    },
  },
  {
    name: 'sell-coupon-waits',
    scene: { lines: 1 },
    async act(page) {
      await id(page, 'cart').waitFor();
      await scan(page, 'AUTUMN5');
      await id(page, 'coupon-AUTUMN5').waitFor();
    },
  },
  {
    name: 'sell-exempt',
    scene: { lines: 4 },
    async act(page) {
      await page.keyboard.press('F4');
      await touch(page, 'customer-c5');
      await id(page, 'customer-exempt').waitFor();
    },
  },
  {
    name: 'customer-exempt',
    scene: { lines: 4 },
    async act(page) {
      await page.keyboard.press('F4');
      await touch(page, 'customer-c5');
      await id(page, 'customer-exempt').waitFor();
      await page.keyboard.press('F4');
      await id(page, 'customer-panel-exempt').waitFor();
    },
  },
  {
    name: 'line-why',
    scene: {},
    async act(page) {
      await promoted(page);
      await touch(page, 'line-2');
      await id(page, 'edit-why').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'line-why-list',
    scene: {},
    async act(page) {
      await promoted(page);
      await touch(page, 'line-3');
      await id(page, 'edit-why').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'sell-unknown',
    scene: { lines: 3 },
    async act(page) {
      await page.keyboard.type('4006381333931');
      await page.keyboard.press('Enter');
      await id(page, 'error').waitFor();
    },
  },
  {
    name: 'sell-search',
    scene: { lines: 2 },
    async act(page) {
      await id(page, 'search').fill('van');
      await id(page, 'tile-i42').waitFor();
    },
  },
  {
    name: 'sell-search-nothing',
    scene: { lines: 2 },
    async act(page) {
      await id(page, 'search').fill('quinoa');
    },
  },
  {
    name: 'line-edit',
    scene: { lines: 5, role: 'cashier' },
    async act(page) {
      await touch(page, 'line-2');
      await id(page, 'edit-quantity').fill('0');
      await touch(page, 'edit-apply');
      await id(page, 'error').waitFor();
    },
  },
  {
    name: 'line-edit-manager',
    scene: { lines: 5 },
    act: (page) => touch(page, 'line-2'),
  },
  {
    name: 'discount',
    scene: { lines: 5 },
    async act(page) {
      await page.keyboard.press('F7');
      await touch(page, 'keypad-1');
      await touch(page, 'keypad-0');
    },
  },
  {
    name: 'customer',
    scene: { lines: 5 },
    async act(page) {
      await page.keyboard.press('F4');
      await id(page, 'customer-c2').waitFor();
    },
  },
  {
    name: 'clear',
    scene: { lines: 5 },
    act: (page) => touch(page, 'clear-open'),
  },
  {
    name: 'pay',
    scene: { lines: 4 },
    async act(page) {
      await page.keyboard.press('F12');
      await id(page, 'pay-view').waitFor();
      await touch(page, 'keypad-2');
      await touch(page, 'keypad-0');
    },
  },
  {
    name: 'pay-short',
    scene: { lines: 4 },
    async act(page) {
      await touch(page, 'pay');
      await id(page, 'cash-amount').fill('5');
      await touch(page, 'pay-confirm');
      await id(page, 'error').waitFor();
    },
  },
  {
    name: 'pay-split-card',
    scene: { lines: 4 },
    async act(page) {
      await touch(page, 'pay');
      await id(page, 'cash-amount').fill('5');
      await touch(page, 'tender-split');
      await id(page, 'taken-0-remove').waitFor();
      await touch(page, 'tender-card');
    },
  },
  {
    name: 'pay-coins',
    scene: { lines: 4, coin: 5 },
    async act(page) {
      await touch(page, 'pay');
      await id(page, 'due-coins').waitFor();
    },
  },
  {
    name: 'pay-coins-card',
    scene: { lines: 4, coin: 5 },
    async act(page) {
      await touch(page, 'pay');
      await touch(page, 'tender-card');
    },
  },
  {
    name: 'pay-million',
    scene: { lines: 1, million: true },
    async act(page) {
      await touch(page, 'pay');
      await id(page, 'pay-view').waitFor();
    },
  },
  {
    name: 'done',
    scene: { lines: 4, ...offline },
    async act(page) {
      await touch(page, 'pay');
      await page.locator('[data-testid^=quick-]').nth(2).click();
      await touch(page, 'pay-confirm');
      await page.locator('[data-testid=print-state][data-state=printed]').waitFor();
    },
  },
  {
    name: 'history',
    scene: { sold: 22, waiting: 2 },
    async act(page) {
      await touch(page, 'nav-history');
      await id(page, 'receipt-01-000024').waitFor();
    },
  },
  {
    name: 'sync',
    scene: { sold: 55, ...attention },
    async act(page) {
      await touch(page, 'sync-pill');
      await touch(page, 'sync-row-01-000057');
    },
  },
  {
    name: 'sync-offline',
    scene: { sold: 40, ...offline },
    async act(page) {
      await touch(page, 'nav-sync');
      await id(page, 'sync-row-01-000060').waitFor();
    },
  },
  {
    name: 'sync-explained',
    scene: { role: 'cashier', lines: 2, ...offline },
    async act(page) {
      await touch(page, 'sync-pill');
      await id(page, 'sync-explanation').waitFor();
    },
  },
  {
    name: 'settings',
    scene: { role: 'administrator', lines: 2 },
    async act(page) {
      await touch(page, 'nav-settings');
      await id(page, 'settings').waitFor();
    },
  },
];

/** Another look at a scene. */
interface Variant {
  of: string;
  suffix: string;
  look?: Record<string, string>;
  dir?: 'rtl';
  locale?: string;
}

/** The mirrored and the second-language screens need one picture each. */
export const variants: Variant[] = [
  { of: 'sell', suffix: 'left-handed', look: { hand: 'left' } },
  { of: 'sell', suffix: 'compact', look: { density: 'compact' } },
  { of: 'sell', suffix: 'rtl', dir: 'rtl' },
  { of: 'pay', suffix: 'rtl', dir: 'rtl' },
  { of: 'sell', suffix: 'german', locale: 'de' },
  { of: 'sell-promotions', suffix: 'german', locale: 'de' },
  { of: 'sell-promotions', suffix: 'rtl', dir: 'rtl' },
  { of: 'sell-promotions', suffix: 'compact', look: { density: 'compact' } },
  { of: 'line-why', suffix: 'german', locale: 'de' },
  { of: 'pay-coins', suffix: 'german', locale: 'de' },
  { of: 'sync', suffix: 'german', locale: 'de' },
  { of: 'people', suffix: 'german', locale: 'de' },
];
