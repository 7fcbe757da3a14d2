import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenForScans } from '../../src/design/wedge';

const scan = vi.fn<(code: string) => void>();
const text = vi.fn<(characters: string) => void>();
let stop: () => void;
let time = 10_000;

beforeEach(() => {
  vi.useFakeTimers();
  scan.mockReset();
  text.mockReset();
  document.body.innerHTML = '';
  stop = listenForScans(window, { scan, text });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** One key as a browser sends it; an unprevented character ends up in the field. */
function press(key: string, pause: number, target: HTMLElement = document.body): KeyboardEvent {
  time += pause;
  vi.advanceTimersByTime(pause);
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  Object.defineProperty(event, 'timeStamp', { value: time });
  target.dispatchEvent(event);
  if (!event.defaultPrevented && key.length === 1 && target instanceof HTMLInputElement) {
    target.value += key;
  }
  return event;
}

function type(characters: string, pause: number, target?: HTMLElement): void {
  for (const character of characters) press(character, pause, target);
}

function field(value = '', attributes: Record<string, string> = {}): HTMLInputElement {
  const input = document.createElement('input');
  input.value = value;
  for (const [name, set] of Object.entries(attributes)) input.setAttribute(name, set);
  document.body.append(input);
  return input;
}

describe('a scanner at work', () => {
  it('is heard although nothing has the focus', () => {
    type('4006381333931', 5);
    const enter = press('Enter', 5);
    expect(scan).toHaveBeenCalledExactlyOnceWith('4006381333931');
    expect(enter.defaultPrevented).toBe(true);
    expect(text).not.toHaveBeenCalled();
  });

  it('ends with Tab as well', () => {
    type('20012345', 5);
    press('Tab', 5);
    expect(scan).toHaveBeenCalledExactlyOnceWith('20012345');
  });

  it('leaves no trace in the search field', () => {
    const search = field('van', { 'data-scan': 'join' });
    const heard = vi.fn();
    search.addEventListener('input', heard);
    type('4006381333931', 5, search);
    press('Enter', 5, search);
    expect(scan).toHaveBeenCalledExactlyOnceWith('4006381333931');
    expect(search.value).toBe('van');
    expect(heard).toHaveBeenCalled();
  });

  it('does not press the biggest button with its second Enter', () => {
    type('4006381333931', 5);
    press('Enter', 5);
    expect(press('Enter', 20).defaultPrevented).toBe(true);
    expect(press('Enter', 500).defaultPrevented).toBe(false);
    expect(scan).toHaveBeenCalledTimes(1);
  });

  it('is whole although the machine stuttered, without a field', () => {
    type('4006381', 5);
    type('333931', 80);
    const enter = press('Enter', 80);
    expect(scan).toHaveBeenCalledExactlyOnceWith('4006381333931');
    expect(enter.defaultPrevented).toBe(true);
  });

  it('is whole although the machine stuttered, in the search field', () => {
    const search = field('', { 'data-scan': 'join' });
    type('400638', 5, search);
    press('1', 90, search);
    type('333931', 5, search);
    press('Enter', 5, search);
    expect(scan).toHaveBeenCalledExactlyOnceWith('4006381333931');
    expect(search.value).toBe('');
  });

  it('keeps away from secrets', () => {
    const secret = field('', { 'data-scan': 'off' });
    type('123456', 5, secret);
    const enter = press('Enter', 5, secret);
    expect(scan).not.toHaveBeenCalled();
    expect(enter.defaultPrevented).toBe(false);
    expect(secret.value).toBe('123456');
  });
});

describe('a person who types', () => {
  it('finds the words in the search after a moment', () => {
    press('b', 0);
    expect(text).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(text).toHaveBeenCalledExactlyOnceWith('b');
  });

  it('searches with Enter and does not pay with it', () => {
    type('eggs', 90);
    const enter = press('Enter', 90);
    expect(scan).not.toHaveBeenCalled();
    expect(text).toHaveBeenCalledExactlyOnceWith('eggs');
    expect(enter.defaultPrevented).toBe(true);
  });

  it('keeps plain Enter', () => {
    expect(press('Enter', 1000).defaultPrevented).toBe(false);
  });

  it('keeps what was typed into a field', () => {
    const quantity = field();
    type('12', 150, quantity);
    press('Enter', 150, quantity);
    expect(quantity.value).toBe('12');
    expect(scan).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(text).not.toHaveBeenCalled();
  });
});
