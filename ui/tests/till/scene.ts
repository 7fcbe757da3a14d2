import type { Phase, Role } from '../../src/backend';
import { codeOf, goods, vault } from './goods';
import { passwordOf, personOf, PIN, shop, type Piece } from './shop';
import { Till } from './till';

/** The state of a till when a test or a picture begins; every field has a quiet default. */
export interface Scene {
  phase: Phase;
  /** Who is signed in. */
  role: Role;
  /** Lines of the open cart: the second with 10 % discount, the fourth with 0.20. */
  lines: number;
  /** One more line, of more than a million. */
  million: boolean;
  /** Coupons on the counter. */
  coupons: string[];
  /** The coin that cash is rounded to, in minor units; 1 for none. */
  coin: number;
  /** Sales the hub has. */
  sold: number;
  /** Sales it has otherwise than the till. */
  attention: number;
  /** Sales it does not have, because it cannot be reached. */
  waiting: number;
  /** Whether the hub cannot be reached. */
  offline: boolean;
  /** What the shop does not have yet. */
  missing: Piece[];
  /** The time in the shop. */
  now: string;
}

const QUIET: Scene = {
  phase: 'signed_in',
  role: 'manager',
  lines: 0,
  million: false,
  coupons: [],
  coin: 1,
  sold: 0,
  attention: 0,
  waiting: 0,
  offline: false,
  missing: [],
  now: '2026-11-23T14:05:00+01:00',
};

/** Opens a till and brings it to where the scene begins. */
export async function openTill(bridge: string, partial: Partial<Scene> = {}): Promise<Till> {
  const scene = { ...QUIET, ...partial };
  const now = new Date(scene.now).toISOString();
  const enrolled = scene.phase !== 'needs_enrolment';
  const till = await Till.open(bridge, shop(scene.coin, scene.missing), now, enrolled);
  if (!enrolled) return till;
  const sells = scene.sold + scene.attention + scene.waiting > 0;
  if (scene.phase === 'signed_in' || sells) await signIn(till, scene.role);
  if (sells) await sales(till, scene);
  if (scene.offline) {
    await till.happen('network_goes');
    await till.until('sync.status', {}, (pill) => pill.offline_since !== undefined);
  }
  if (scene.phase === 'signed_out' && sells) await till.call('session.sign_out', {});
  if (scene.phase === 'signed_in') await ring(till, scene);
  return till;
}

/** Signs in who has that role. */
export async function signIn(till: Till, role: Role): Promise<void> {
  const { id, known } = personOf(role);
  const kind = known ? 'pin' : 'password';
  const secret = known ? PIN : passwordOf(id);
  await till.call('session.sign_in', { user_id: id, secret, kind });
}

/** Sells a good for the exact cash. */
export async function sell(till: Till, item: string): Promise<void> {
  const cart = await till.call('sell.add_item', { item_id: item });
  await till.call('checkout.pay', {
    cart_id: cart.id,
    expected_total_minor: cart.total.minor,
    tenders: [{ mode: 'cash', amount: cart.total.text.replaceAll(',', '') }],
  });
}

async function sales(till: Till, scene: Scene): Promise<void> {
  let next = 0;
  const some = async (count: number) => {
    for (let sold = 0; sold < count; sold += 1) {
      await sell(till, goods[next % goods.length]?.id ?? '');
      next += 1;
    }
  };
  await some(scene.sold);
  await till.until('sync.status', {}, (pill) => pill.state === 'synced' && pill.waiting === 0);
  if (scene.attention > 0) {
    await till.happen('network_goes');
    await some(scene.attention);
    await till.happen({ what: 'documents_forged', from: personOf(scene.role).name, to: 'Eve Oda' });
    await till.happen('network_comes');
    await till.until('sync.status', {}, (pill) => pill.attention === scene.attention);
  }
  if (scene.waiting > 0) {
    await till.happen('network_goes');
    await some(scene.waiting);
  }
}

async function ring(till: Till, scene: Scene): Promise<void> {
  for (let index = 0; index < scene.lines; index += 1) {
    const item = goods[index % goods.length]?.id ?? '';
    const quantity = index % 5 === 1 ? '3' : '1';
    const { changed_line: line = 0 } = await till.call('sell.add_item', {
      item_id: item,
      quantity,
    });
    if (index === 1) await discount(till, line, 'percent', '10');
    if (index === 3) await discount(till, line, 'amount', '0.20');
  }
  if (scene.million) await till.call('sell.scan', { code: codeOf(vault.id) });
  for (const code of scene.coupons) await till.call('sell.scan', { code });
}

async function discount(
  till: Till,
  line: number,
  kind: 'percent' | 'amount',
  value: string,
): Promise<void> {
  await till.call('sell.edit_line', { line, discount: { kind, value } });
}
