import type { CommandName, Event } from '../../src/backend';
import type { DoubleTill } from './till';

type Callback = (payload: unknown) => void;

/** Puts a double where the shell of the window would be, so that `src/backend` itself runs. */
export function installShell(target: Window, till: DoubleTill, delay = 0): void {
  const callbacks = new Map<number, Callback>();
  const listeners = new Map<number, number>();
  let next = 1;

  till.emit = (event: Event) => {
    for (const handler of listeners.values()) {
      callbacks.get(handler)?.({ event: 'till', id: handler, payload: event });
    }
  };

  const invoke = async (command: string, request: Record<string, unknown>): Promise<unknown> => {
    if (command === 'plugin:event|listen') {
      const id = next++;
      listeners.set(id, request['handler'] as number);
      return id;
    }
    if (command === 'plugin:event|unlisten') {
      listeners.delete(request['eventId'] as number);
      return null;
    }
    if (command !== 'call') throw new Error(`the shell knows no ${command}`);
    if (delay > 0) await new Promise((done) => setTimeout(done, delay));
    // As in the real shell, a request crosses as JSON and a refusal arrives as a plain object.
    const copy = JSON.parse(JSON.stringify(request['request'])) as never;
    return JSON.parse(JSON.stringify(till.call(request['name'] as CommandName, copy)));
  };

  Object.assign(target, {
    __TAURI_INTERNALS__: {
      invoke,
      transformCallback: (callback: Callback) => {
        const id = next++;
        callbacks.set(id, callback);
        return id;
      },
      unregisterCallback: (id: number) => callbacks.delete(id),
    },
    __TAURI_EVENT_PLUGIN_INTERNALS__: {
      unregisterListener: (_event: string, id: number) => listeners.delete(id),
    },
  });
}
