import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULT_CODES } from '../../src/backend';
import { language, sentence } from '../../src/messages';
import en from '../../messages/en.json';
import de from '../../messages/de.json';

const LANGUAGES = ['en', 'de'] as const;

describe.each(LANGUAGES)('every refusal has its sentence in %s', (locale) => {
  it.each(Object.entries(FAULT_CODES))('%s', (code, names) => {
    language.choose(locale);
    const params = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    const said = sentence({ code, params, message: 'FALLBACK' });
    expect(said).not.toBe('FALLBACK');
    expect(said).not.toContain('undefined');
    expect(said).toMatch(/[.)]$/);
  });
});

it('speaks with the sentence of Rust when the code is new', () => {
  const fault = { code: 'something_new', params: {}, message: 'Something new happened.' };
  expect(sentence(fault)).toBe('Something new happened.');
});

it('speaks with the sentence of Rust when a parameter did not arrive', () => {
  const fault = { code: 'barcode_unknown', params: {}, message: 'No such barcode.' };
  expect(sentence(fault)).toBe('No such barcode.');
});

it('follows the language', () => {
  const fault = { code: 'sign_in_required', params: {}, message: '' };
  language.choose('de');
  expect(sentence(fault)).toBe('Erst anmelden.');
  language.choose('en');
  expect(sentence(fault)).toBe('Sign in first.');
});

describe('the message files', () => {
  it('have the same keys and the same parameters in every language', () => {
    const parameters = (value: unknown): string[] =>
      [
        ...new Set(
          [...JSON.stringify(value).matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
        ),
      ].sort();
    const shape = (file: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(file)
          .filter(([key]) => key !== '$schema')
          .map(([key, value]) => [key, parameters(value)]),
      );
    expect(shape(de)).toEqual(shape(en));
  });

  it('have no message that nothing says', () => {
    const folder = join(import.meta.dirname, '../../src');
    const sources = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => /\.(ts|svelte)$/.test(name) && !name.startsWith('paraglide'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const silent = Object.keys(en).filter(
      (key) => key !== '$schema' && !key.startsWith('fault_') && !sources.includes(`m.${key}`),
    );
    expect(silent).toEqual([]);
  });
});
