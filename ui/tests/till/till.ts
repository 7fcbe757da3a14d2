import type { CommandName, Commands, Event } from '../../src/backend';
import type { ShopPlan } from './shop';

/** What can happen to a till; `crates/testkit/src/many.rs` says what each of it means. */
export type Happening =
  | 'network_goes'
  | 'network_comes'
  | 'paper_ends'
  | 'paper_comes'
  | 'printer_off'
  | 'printer_on'
  | 'stops'
  | 'starts'
  | 'loses_power'
  | 'keyring_locked'
  | 'keyring_unlocked'
  | 'store_newer'
  | 'store_halved'
  | 'enrol_code'
  | { what: 'time_passes'; seconds: number }
  | { what: 'documents_forged'; from: string; to: string }
  | { what: 'published'; records: { kind: string }[] };

/** A real till of a shop of its own, behind `evertill-bridge --tests`. */
export class Till {
  /** Where it finds the hub. */
  readonly hub: string;
  /** Its number on the bridge. */
  readonly id: string;
  readonly #address: string;

  private constructor(bridge: string, id: string, hub: string) {
    this.id = id;
    this.hub = hub;
    this.#address = `${bridge}/tills/${id}`;
  }

  /** Opens a till: `now` is the time in the shop. */
  static async open(bridge: string, shop: ShopPlan, now: string, enrolled: boolean): Promise<Till> {
    const opened = await post(`${bridge}/tills`, { shop, now, enrolled });
    if (!opened.ok) throw new Error(`no till: ${await opened.text()}`);
    const { id, hub } = (await opened.json()) as { id: string; hub: string };
    return new Till(bridge, id, hub);
  }

  /** Gives a command as the window does; fails with the fault it is refused with. */
  async call<Name extends CommandName>(
    name: Name,
    request: Commands[Name]['request'],
  ): Promise<Commands[Name]['response']> {
    const answer = await post(`${this.#address}/call`, { name, request });
    if (answer.status === 422) throw await answer.json();
    if (!answer.ok) throw new Error(`the bridge answered ${answer.status}`);
    return (await answer.json()) as Commands[Name]['response'];
  }

  /** Makes something happen to it. */
  async happen(what: Happening): Promise<unknown> {
    const body = typeof what === 'string' ? { what } : what;
    const done = await post(`${this.#address}/happen`, body);
    if (!done.ok) throw new Error(`${JSON.stringify(body)}: ${await done.text()}`);
    return done.json();
  }

  /** Hears what it tells, from when this answers until what this answers is called. */
  async hear(handle: (event: Event) => void): Promise<() => void> {
    const { body } = await fetch(`${this.#address}/events`);
    if (!body) throw new Error('the bridge tells nothing');
    const reader = body.getReader();
    void follow(reader, handle);
    return () => void reader.cancel().catch(() => undefined);
  }

  /** Asks until the answer is as wanted. */
  async until<Name extends CommandName>(
    name: Name,
    request: Commands[Name]['request'],
    wanted: (answer: Commands[Name]['response']) => boolean,
  ): Promise<Commands[Name]['response']> {
    const begun = Date.now();
    for (;;) {
      const answer = await this.call(name, request);
      if (wanted(answer)) return answer;
      if (Date.now() - begun > 15_000) throw new Error(`never: ${JSON.stringify(answer)}`);
      await new Promise((again) => setTimeout(again, 10));
    }
  }

  /** Ends it. */
  async close(): Promise<void> {
    await fetch(this.#address, { method: 'DELETE' });
  }
}

function post(url: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Reads server-sent events: of each, the lines that begin with `data:`. */
async function follow(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  handle: (event: Event) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = event.split('\n').filter((line) => line.startsWith('data:'));
        if (data.length > 0) handle(JSON.parse(data.map((line) => line.slice(5)).join('\n')));
      }
    }
  } catch {
    // The till is gone, and with it whoever wanted to hear of it.
  }
}
