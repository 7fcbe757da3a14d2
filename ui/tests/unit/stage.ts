import { render, screen, waitFor } from '@testing-library/svelte';
import { expect } from 'vitest';
import App from '../../src/views/App.svelte';
import { DoubleTill, type Scene } from '../double/till';
import { installShell } from '../double/shell';

/** Puts the whole window over a double; every story goes through the real `src/backend`. */
export async function stage(scene: Partial<Scene> = {}): Promise<DoubleTill> {
  const till = new DoubleTill(scene);
  installShell(window, till);
  const target = document.createElement('div');
  target.id = 'till';
  document.body.append(target);
  render(App, { target });
  await waitFor(() => expect(target.childElementCount).toBeGreaterThan(0));
  return till;
}

/** What the window asked of a command. */
export function asked(till: DoubleTill, name: string): unknown[] {
  return till.calls.filter((call) => call.name === name).map((call) => call.request);
}

/** As a scanner does: the keys follow one another without a pause. */
export function scan(...codes: string[]): void {
  const target = document.activeElement ?? document.body;
  for (const key of codes.flatMap((code) => [...code, 'Enter'])) {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }
}

export const get = (id: string): HTMLElement => screen.getByTestId(id);
export const find = (id: string): Promise<HTMLElement> => screen.findByTestId(id);
export const gone = (id: string): Promise<void> =>
  waitFor(() => expect(screen.queryByTestId(id)).toBeNull());

/** The words of an element as they are read, without the spaces of the layout. */
export const words = (id: string): string =>
  (get(id).textContent ?? '').replace(/\s+/g, ' ').trim();
