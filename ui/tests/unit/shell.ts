import { inject } from 'vitest';
import type { CommandName } from '../../src/backend';
import { openTill, type Scene } from '../till/scene';
import type { Till } from '../till/till';

type Callback = (payload: unknown) => void;

/** The shell of the window, as far as `src/backend` sees it: it hands on and decides nothing. */
export class Shell {
  readonly till: Till;
  /** Every command the window gave, in order. */
  readonly calls: { name: CommandName; request: unknown }[] = [];
  readonly #callbacks = new Map<number, Callback>();
  readonly #listeners = new Map<number, () => void>();
  readonly #held = new Map<string, Promise<void>>();
  #next = 1;

  /** Puts the till behind the window. */
  constructor(till: Till) {
    this.till = till;
    Object.assign(window, {
      __TAURI_INTERNALS__: {
        invoke: (command: string, request: Record<string, unknown>) =>
          this.#invoke(command, request),
        transformCallback: (callback: Callback) => {
          const id = this.#next++;
          this.#callbacks.set(id, callback);
          return id;
        },
        unregisterCallback: (id: number) => this.#callbacks.delete(id),
      },
      __TAURI_EVENT_PLUGIN_INTERNALS__: {
        unregisterListener: (_event: string, id: number) => this.#deafen(id),
      },
    });
  }

  /** What the window asked of a command. */
  asked(name: CommandName): unknown[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.request);
  }

  /** Keeps the answers to a command on their way until what this answers is called. */
  hold(name: CommandName): () => void {
    let release = (): void => undefined;
    this.#held.set(name, new Promise((done) => (release = done)));
    return () => {
      this.#held.delete(name);
      release();
    };
  }

  /** Ends the till. */
  async close(): Promise<void> {
    for (const id of this.#listeners.keys()) this.#deafen(id);
    await this.till.close();
  }

  #deafen(id: number): void {
    this.#listeners.get(id)?.();
    this.#listeners.delete(id);
  }

  async #invoke(command: string, request: Record<string, unknown>): Promise<unknown> {
    if (command === 'plugin:event|listen') {
      const id = this.#next++;
      const handler = request['handler'] as number;
      const stop = await this.till.hear((payload) =>
        this.#callbacks.get(handler)?.({ event: 'till', id, payload }),
      );
      this.#listeners.set(id, stop);
      return id;
    }
    if (command === 'plugin:event|unlisten') return this.#deafen(request['eventId'] as number);
    if (command !== 'call') throw new Error(`the shell knows no ${command}`);
    const name = request['name'] as CommandName;
    this.calls.push({ name, request: request['request'] });
    const held = this.#held.get(name);
    try {
      return await this.till.call(name, request['request'] as never);
    } finally {
      await held;
    }
  }
}

let open: Shell[] = [];

/** Opens a till as the scene says and puts it behind the window. */
export async function openShell(scene: Partial<Scene> = {}): Promise<Shell> {
  const shell = new Shell(await openTill(inject('bridge'), scene));
  open.push(shell);
  return shell;
}

/** Ends every till that was opened since the last time. */
export async function closeShells(): Promise<void> {
  const shells = open;
  open = [];
  await Promise.all(shells.map((shell) => shell.close()));
}
