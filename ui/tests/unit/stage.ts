import { render, screen, waitFor } from '@testing-library/svelte';
import { expect } from 'vitest';
import App from '../../src/views/App.svelte';
import type { Scene } from '../till/scene';
import { openShell, type Shell } from './shell';

/** Puts the whole window over a till in the state of the scene. */
export async function stage(scene: Partial<Scene> = {}): Promise<Shell> {
  const shell = await openShell(scene);
  await show();
  return shell;
}

/** Opens the window over the till that is there. */
export async function show(): Promise<void> {
  const target = document.createElement('div');
  target.id = 'till';
  document.body.append(target);
  render(App, { target });
  await waitFor(() => expect(target.childElementCount).toBeGreaterThan(0));
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

/** Waits until an element says this in its `data-` attribute of that name. */
export const shows = (id: string, name: string, value: string): Promise<void> =>
  waitFor(() => expect(get(id).dataset[name]).toBe(value));

/** The words of an element as they are read, without the spaces of the layout. */
export const words = (id: string): string =>
  (get(id).textContent ?? '').replace(/\s+/g, ' ').trim();
