import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { callBridge, listenToBridge } from './bridge';
import type { CommandName, Commands } from './generated/commands';
import type { Event, Fault } from './generated/types';

/** A refusal of the till: a stable code, its parameters and a sentence to fall back on. */
export class Refusal extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'Refusal';
    this.fault = fault;
  }
}

/** A browser under `cargo xtask dev`: there is no shell, only the development bridge. */
const inBrowser = (): boolean => import.meta.env.DEV && !('__TAURI_INTERNALS__' in window);

/** Runs a command of the till. Fails with a `Refusal` and nothing else. */
export async function call<Name extends CommandName>(
  name: Name,
  request: Commands[Name]['request'],
): Promise<Commands[Name]['response']> {
  try {
    if (inBrowser()) return (await callBridge(name, request)) as Commands[Name]['response'];
    return await invoke<Commands[Name]['response']>('call', { name, request });
  } catch (cause) {
    throw new Refusal(asFault(cause));
  }
}

/** Listens to the till's events; answers how to stop listening. */
export async function onEvent(handle: (event: Event) => void): Promise<() => void> {
  if (inBrowser()) return listenToBridge(handle);
  return listen<Event>('till', (event) => handle(event.payload));
}

/** What went wrong, as a fault, whatever was thrown. */
export function faultOf(cause: unknown): Fault {
  return cause instanceof Refusal ? cause.fault : asFault(cause);
}

function asFault(cause: unknown): Fault {
  if (isFault(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: 'window_lost_till', params: {}, message };
}

function isFault(cause: unknown): cause is Fault {
  if (typeof cause !== 'object' || cause === null) return false;
  const candidate = cause as Partial<Fault>;
  return typeof candidate.code === 'string' && typeof candidate.message === 'string';
}
