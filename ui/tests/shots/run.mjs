import axe from 'axe-core';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { scenes, variants } from './scenes.mjs';
import { serve } from './serve.mjs';

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
const arguments_ = process.argv.slice(2);
const quick = arguments_.includes('--quick');
const wanted = arguments_.filter((argument) => !argument.startsWith('--'));
const problems = [];

function matches(name) {
  return wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix));
}

async function open(browser, address, { scene, theme, size, look = {}, dir, locale = 'en' }) {
  const context = await browser.newContext({ viewport: size, locale });
  await context.addInitScript(
    ([saved, language]) => {
      localStorage.setItem('evertill.look', saved);
      localStorage.setItem('PARAGLIDE_LOCALE', language);
    },
    [JSON.stringify({ theme, density: 'comfortable', hand: 'right', ...look }), locale],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const said = [];
  page.on(
    'console',
    (line) => ['error', 'warning'].includes(line.type()) && said.push(line.text()),
  );
  page.on('pageerror', (error) => said.push(error.message));
  const query = new URLSearchParams({ scene: JSON.stringify(scene), ...(dir ? { dir } : {}) });
  await page.goto(`${address}?${query}`);
  await page.waitForSelector('#till > *');
  await page.evaluate(() => document.fonts.ready);
  return { context, page, said };
}

async function judge(page, name, said) {
  for (const text of said) problems.push(`${name}: the console says ${text}`);
  const size = await page.evaluate(() => {
    const element = document.documentElement;
    const wide = element.scrollWidth > element.clientWidth;
    const high = document.body.scrollHeight > element.clientHeight;
    const cut = [...document.querySelectorAll('button')]
      .filter((button) => button.checkVisibility() && button.scrollWidth > button.clientWidth + 1)
      .map((button) => button.dataset.testid ?? button.textContent);
    const small = [...document.querySelectorAll('button, input')]
      .filter((control) => control.checkVisibility() && !control.disabled)
      .map((control) => [control, control.getBoundingClientRect()])
      .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
      .map(([control, box]) => `${control.dataset.testid} ${box.width}×${box.height}`);
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

async function accessible(page, name) {
  // Injected through the debugger, so that the page's own policy stays in force.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  );
  for (const violation of violations) {
    const where = violation.nodes.map((node) => node.target.join(' ')).join('; ');
    problems.push(`${name}: ${violation.id} (${violation.help}) at ${where}`);
  }
}

async function shoot(browser, address, scene, options, suffix = '') {
  const size = `${options.size.width}x${options.size.height}`;
  const name = [scene.name, suffix, options.theme, size].filter(Boolean).join('--');
  const { context, page, said } = await open(browser, address, { scene: scene.scene, ...options });
  try {
    await scene.act?.(page);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(scene.name.startsWith('sell') ? 1000 : 250);
    await page.screenshot({ path: join(shots, `${name}.png`) });
    await judge(page, name, said);
    await accessible(page, name);
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
    await page.screenshot({ path: join(shots, `${name}--broken.png`) });
  } finally {
    await context.close();
  }
}

async function main() {
  await build({
    configFile: fileURLToPath(new URL('../double/vite.config.ts', import.meta.url)),
    logLevel: 'warn',
  });
  if (wanted.length === 0) rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  const { url, stop } = await serve(join(root, 'target', 'ui-double'));
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--force-color-profile=srgb'],
  });
  let taken = 0;
  for (const scene of scenes.filter(({ name }) => matches(name))) {
    for (const theme of quick ? ['light'] : ['light', 'dark']) {
      for (const size of quick ? SIZES.slice(1, 2) : SIZES) {
        await shoot(browser, url, scene, { theme, size });
        taken += 1;
      }
    }
  }
  for (const { of, suffix, ...options } of variants.filter(({ of }) => matches(of))) {
    const scene = scenes.find(({ name }) => name === of);
    await shoot(browser, url, scene, { theme: 'light', size: SIZES[1], ...options }, suffix);
    taken += 1;
  }
  await browser.close();
  stop();
  console.log(`${taken} pictures in target/ui-shots, ${problems.length} problems`);
  for (const problem of problems) console.log(`  ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

await main();
