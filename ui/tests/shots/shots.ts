import axe from 'axe-core';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { build } from 'vite';
import { startBridge } from '../till/process';
import { openTill } from '../till/scene';
import { scenes, variants, type Shot } from './scenes';
import { serve } from './serve';

// Takes a picture of every screen in both themes and three sizes, and fails when a screen breaks
// an accessibility rule, the content security policy, or scrolls as a page.
// `npm run shots -- sell pay` takes only the scenes whose names begin so.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const shots = join(root, 'target', 'ui-shots');
const SIZES = [
  { width: 1024, height: 768 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const problems: string[] = [];

/** How a scene is looked at. */
interface View {
  theme: 'light' | 'dark';
  size: { width: number; height: number };
  look?: Record<string, string>;
  dir?: 'rtl';
  locale?: string;
}

/** Where the pictures come from. */
interface Studio {
  browser: Browser;
  bridge: string;
  windowOf: (till: string) => string;
}

/** A window that is open, and what its console said. */
interface Opened {
  context: BrowserContext;
  page: Page;
  said: string[];
}

async function open(browser: Browser, address: string, view: View): Promise<Opened> {
  const { theme, size, look = {}, dir, locale = 'en' } = view;
  const context = await browser.newContext({ viewport: size, locale });
  await context.addInitScript(
    ([saved, language]) => {
      localStorage.setItem('evertill.look', saved ?? '');
      localStorage.setItem('PARAGLIDE_LOCALE', language ?? '');
    },
    [JSON.stringify({ theme, density: 'comfortable', hand: 'right', ...look }), locale],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const said: string[] = [];
  page.on('console', (line) => {
    const loud = ['error', 'warning'].includes(line.type());
    // A refusal of the till is an answer, which over the bridge has this status.
    if (loud && !line.text().includes('status of 422')) said.push(line.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(address);
  await page.waitForSelector('#till > *');
  if (dir) await page.evaluate((way) => (document.documentElement.dir = way), dir);
  await page.evaluate(() => document.fonts.ready);
  return { context, page, said };
}

async function judge(page: Page, name: string, said: string[]): Promise<void> {
  for (const text of said) problems.push(`${name}: the console says ${text}`);
  const size = await page.evaluate(() => {
    const element = document.documentElement;
    const wide = element.scrollWidth > element.clientWidth;
    const high = document.body.scrollHeight > element.clientHeight;
    const cut = [...document.querySelectorAll('button')]
      .filter((button) => button.checkVisibility() && button.scrollWidth > button.clientWidth + 1)
      .map((button) => button.dataset.testid ?? button.textContent);
    const small = [...document.querySelectorAll<HTMLButtonElement>('button, input')]
      .filter((control) => control.checkVisibility() && !control.disabled)
      .map((control) => ({ control, box: control.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 47.5 || box.width < 47.5)
      .map(({ control, box }) => `${control.dataset.testid} ${box.width}×${box.height}`);
    const spills = [...document.querySelectorAll('#till :is(div, section, header, footer, main)')]
      .filter((box) => box.checkVisibility() && getComputedStyle(box).overflowX === 'visible')
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => box.className || box.tagName);
    return { wide, high, cut, small, spills };
  });
  if (size.wide || size.high) problems.push(`${name}: the page scrolls`);
  for (const cut of size.cut) problems.push(`${name}: “${cut}” is cut off`);
  for (const spill of size.spills) problems.push(`${name}: “${spill}” spills over its edge`);
  for (const small of size.small) problems.push(`${name}: ${small} is too small to touch`);
}

async function accessible(page: Page, name: string): Promise<void> {
  // Injected through the debugger, so that the page's own policy stays in force.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    }),
  );
  for (const violation of violations) {
    const where = violation.nodes.map((node) => node.target.join(' ')).join('; ');
    problems.push(`${name}: ${violation.id} (${violation.help}) at ${where}`);
  }
}

async function shoot(studio: Studio, shot: Shot, view: View, suffix = ''): Promise<void> {
  const size = `${view.size.width}x${view.size.height}`;
  const name = [shot.name, suffix, view.theme, size].filter(Boolean).join('--');
  const till = await openTill(studio.bridge, shot.scene);
  await shot.before?.(till);
  const { context, page, said } = await open(studio.browser, studio.windowOf(till.id), view);
  try {
    await shot.act?.(page, till);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(shot.name.startsWith('sell') ? 1000 : 250);
    await page.screenshot({ path: join(shots, `${name}.png`) });
    await judge(page, name, said);
    await accessible(page, name);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    await page.screenshot({ path: join(shots, `${name}--broken.png`) });
  } finally {
    await context.close();
    await till.close();
  }
}

/** Builds the window as a browser can open it, over the bridge instead of the shell. */
async function buildWindow(folder: string): Promise<void> {
  // It is built beside the product, never into it; in the product there is no bridge.
  process.env['NODE_ENV'] = 'development';
  await build({
    root: join(root, 'ui'),
    configFile: join(root, 'ui', 'vite.config.ts'),
    mode: 'development',
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  });
}

function* views(quick: boolean): Generator<View> {
  for (const theme of quick ? (['light'] as const) : (['light', 'dark'] as const)) {
    for (const size of quick ? SIZES.slice(1, 2) : SIZES) yield { theme, size };
  }
}

async function takeWanted(studio: Studio, quick: boolean, wanted: string[]): Promise<number> {
  const matches = (name: string): boolean =>
    wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix));
  let taken = 0;
  for (const shot of scenes.filter(({ name }) => matches(name))) {
    for (const view of views(quick)) {
      await shoot(studio, shot, view);
      taken += 1;
    }
  }
  const [, size = { width: 1280, height: 800 }] = SIZES;
  for (const { of, suffix, ...view } of variants.filter(({ of }) => matches(of))) {
    const shot = scenes.find(({ name }) => name === of);
    if (!shot) throw new Error(`there is no scene ${of}`);
    await shoot(studio, shot, { theme: 'light', size, ...view }, suffix);
    taken += 1;
  }
  return taken;
}

/** Takes the pictures; answers the code to end with. */
export async function takeAll(words: string[]): Promise<number> {
  const wanted = words.filter((word) => !word.startsWith('--'));
  const folder = join(root, 'target', 'ui-shots-window');
  await buildWindow(folder);
  if (wanted.length === 0) rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  const bridge = await startBridge();
  const { windowOf, stop } = await serve(folder, bridge.address);
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--force-color-profile=srgb'],
  });
  const studio = { browser, bridge: bridge.address, windowOf };
  const taken = await takeWanted(studio, words.includes('--quick'), wanted);
  await browser.close();
  stop();
  bridge.end();
  console.log(`${taken} pictures in target/ui-shots, ${problems.length} problems`);
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length === 0 ? 0 : 1;
}
