import { describe, expect, it } from 'vitest';
import { Entry, plain, type KeypadKey } from '../../src/design/entry.svelte';

const money = { decimals: 2, digits: 10 };

function pressed(keys: string, rules = money, start = ''): string {
  const entry = new Entry(rules);
  if (start) entry.offer(start);
  for (const key of keys.split(' ')) entry.press(key as KeypadKey);
  return entry.text;
}

describe('the keypad', () => {
  it.each([
    ['digits and a point', '1 2 . 5 0', '12.50'],
    ['no third decimal', '1 . 2 5 9', '1.25'],
    ['a point without the zero before it', '. 5', '0.5'],
    ['one point only', '1 . 5 . 5', '1.55'],
    ['no zeros in front', '0 0 7', '7'],
    ['a double zero', '5 00', '500'],
    ['the last key back', '1 2 back', '1'],
    ['everything back', '1 2 clear 3', '3'],
  ])('%s', (_, keys, text) => {
    expect(pressed(keys)).toBe(text);
  });

  it('replaces what was offered with the first key', () => {
    expect(pressed('2 0', money, '1,234.56')).toBe('20');
  });

  it('takes the whole offer back with one key', () => {
    expect(pressed('back', money, '8.85')).toBe('');
  });

  it('knows units that cannot be parted', () => {
    expect(pressed('1 . 5', { decimals: 0, digits: 6 })).toBe('15');
  });

  it('stops at the most digits', () => {
    expect(pressed('1 2 3 4', { decimals: 0, digits: 3 })).toBe('123');
  });

  it('never turns an amount into a floating point number', () => {
    const entry = new Entry({ decimals: 3, digits: 20 });
    entry.type('9007199254740993.001');
    expect(entry.text).toBe('9007199254740993.001');
  });
});

describe('the keyboard', () => {
  it.each([
    ['12,5', '12.5'],
    ['abc', ''],
    ['-5', ''],
    ['1e9', ''],
    ['', ''],
  ])('%s becomes “%s”', (typed, text) => {
    const entry = new Entry(money);
    entry.type(typed);
    expect(entry.text).toBe(text);
  });
});

it('plain digits of a formatted amount', () => {
  expect(plain('1,234,567.89')).toBe('1234567.89');
});
