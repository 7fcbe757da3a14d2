import '@testing-library/svelte/vitest';
import { configure } from '@testing-library/svelte';
import { afterEach, beforeEach } from 'vitest';
import { closeShells } from './shell';

// The till is a program of its own; only a broken promise waits this long.
configure({ asyncUtilTimeout: 10_000 });

// Node brings a half-finished localStorage of its own in some versions; tests need a plain one.
const kept = new Map<string, string>();
Object.defineProperty(window, 'localStorage', {
  configurable: true,
  value: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
  } satisfies Storage,
});

beforeEach(() => {
  kept.clear();
  document.documentElement.removeAttribute('dir');
});

afterEach(closeShells);
