import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

// WCAG 2.2: 4.5 for text, 3 for what a control is recognised by.
const css = readFileSync(join(import.meta.dirname, '../../src/design/tokens.css'), 'utf8');

function tokens(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]+)\\}`).exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

function luminance(colour: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['ground', 'surface', 'raised', 'pressed'];
const TEXT: [string, string][] = [
  ...['text', 'text-soft'].flatMap((text) =>
    [...GROUNDS, 'accent-soft', 'flash'].map((ground): [string, string] => [text, ground]),
  ),
  ...['ground', 'surface', 'raised', 'accent-soft'].map((ground): [string, string] => [
    'accent',
    ground,
  ]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-pressed'],
  ['on-accent-soft', 'accent-soft'],
  ['caution', 'surface'],
  ['caution', 'ground'],
  ['caution', 'caution-soft'],
  ['caution', 'accent-soft'],
  ['on-caution-soft', 'caution-soft'],
  ['danger', 'surface'],
  ['danger', 'raised'],
  ['danger', 'pressed'],
  ['on-danger-soft', 'danger-soft'],
];
const SHAPES: [string, string][] = [
  ...['ground', 'surface', 'raised'].flatMap((ground): [string, string][] => [
    ['border-strong', ground],
    ['focus', ground],
    ['accent', ground],
  ]),
  ['danger', 'surface'],
];

describe.each(['light', 'dark'])('the %s theme', (theme) => {
  const colours = tokens(theme);
  const colour = (name: string): string => {
    const value = colours.get(name);
    if (value === undefined) throw new Error(`no token ${name}`);
    return value;
  };

  it.each(TEXT)('reads %s on %s', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPES)('shows %s on %s', (shape, ground) => {
    expect(contrast(colour(shape), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});

it('both themes have the same tokens', () => {
  expect([...tokens('dark').keys()]).toEqual([...tokens('light').keys()]);
  expect(tokens('light').size).toBeGreaterThan(15);
});

it('computes contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
