import { describe, expect, it } from 'vitest';
import { looksLikeCode, ScanDetector } from '../../src/design/scan';

/** Types a text with a pause before each character and one before Enter. */
function typed(text: string, pause: number, beforeEnter = pause): string | null {
  const detector = new ScanDetector();
  let time = 1000;
  for (const character of text) {
    time += pause;
    detector.character(character, time);
  }
  return detector.end(time + beforeEnter);
}

describe('a scan is told from typing', () => {
  it.each([
    ['a fast scanner', '4006381333931', 2, 2, '4006381333931'],
    ['a slow scanner', '4006381333931', 45, 45, '4006381333931'],
    ['a scanner that rests before Enter', '4006381333931', 5, 95, '4006381333931'],
    ['a Code 128 label with letters', 'ABC-12345', 10, 10, 'ABC-12345'],
    ['a person who types digits', '4006381333931', 120, 120, null],
    ['a person who types a word', 'cola', 90, 200, null],
    ['a burst that is too short', '123', 5, 5, null],
    ['a burst that Enter follows much later', '4006381333931', 5, 400, null],
  ])('%s', (_, text, pause, beforeEnter, code) => {
    expect(typed(text, pause, beforeEnter)).toBe(code);
  });

  it('forgets what was typed before a pause', () => {
    const detector = new ScanDetector();
    detector.character('x', 0);
    for (const [index, character] of [...'20012345'].entries()) {
      detector.character(character, 500 + index * 5);
    }
    expect(detector.end(545)).toBe('20012345');
  });

  it('begins again after a scan', () => {
    const detector = new ScanDetector();
    for (const [index, character] of [...'20012345'].entries())
      detector.character(character, index);
    expect(detector.end(10)).toBe('20012345');
    expect(detector.end(12)).toBeNull();
  });
});

it.each([
  ['20012345', true],
  [' 4006381333931 ', true],
  ['12345', false],
  ['123456789012345', false],
  ['cola', false],
  ['20012345x', false],
])('%s looks like a code: %s', (text, answer) => {
  expect(looksLikeCode(text)).toBe(answer);
});
