import type { Event } from './generated/types';

/**
 * Where whoever serves the page passes requests on to the till's development bridge, beside the
 * page: Vite (see `vite.config.ts`) or the pictures of `tests/shots`.
 */
const BRIDGE = './till';

/** Runs a command over the bridge; fails with the fault that the till answered. */
export async function callBridge(name: string, request: unknown): Promise<unknown> {
  const response = await fetch(`${BRIDGE}/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, request }),
  });
  if (response.status !== 200 && response.status !== 422) {
    throw new Error(`the development bridge answered ${response.status}`);
  }
  const answer: unknown = await response.json();
  if (response.status === 422) throw answer;
  return answer;
}

/** Listens to the till's events over the bridge. */
export function listenToBridge(onEvent: (event: Event) => void): () => void {
  const source = new EventSource(`${BRIDGE}/events`);
  source.onmessage = (message: MessageEvent<string>) => onEvent(JSON.parse(message.data) as Event);
  return () => source.close();
}
