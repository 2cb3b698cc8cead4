/** The review book in a browser: our own series, a timeline of 10,000 instructions over 2,000 words, a series of 60 commits with a large one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, openAddress, openBrowser } from '../test/browser/support/browser.ts';
import { answerText, movesText, Stopwatch } from './in-browser.ts';
import { LARGE, makeLargeSeries } from './large-series.ts';
import { median } from './report.ts';

const CONFORM = join(import.meta.dirname, '..', 'bin', 'conform.mjs');
const ROUNDS = 5;
const MOVES = 150;

export async function benchBook(): Promise<string[]> {
  if (!hasBrowser) return ['skipped: no Chromium here (CHROMIUM=/path/to/it names one)'];
  const folder = mkdtempSync(join(tmpdir(), 'conform-bench-'));
  const browser = await openBrowser();
  try {
    return [
      ...(await ownSeries(browser, folder)),
      ...(await longTimeline(browser, folder)),
      ...(await largeSeries(browser, folder)),
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the page that a command prints to a file of `folder`, and returns its address. */
function made(folder: string, name: string, words: readonly string[], cwd = process.cwd()): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CONFORM, ...words, '--format', 'html'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  // 1: both sides do not agree, which is what is shown.
  if (status !== 0 && status !== 1) throw new Error(`conform ${words.join(' ')}: ${stderr}`);
  const file = join(folder, name);
  writeFileSync(file, stdout);
  return pathToFileURL(file).href;
}

const sizeText = (address: string): string => `${(statSync(new URL(address)).size / 1e6).toFixed(2)} MB`;

/** In the page itself: presses `j` as soon as the page has been read, and waits until the step is on the screen. */
const ANSWERED = `addEventListener('DOMContentLoaded', () => {
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (document.querySelector('#step-1.on') !== null) globalThis.answeredMs = performance.now();
  }));
})`;

/** How long a page takes from the beginning of its loading until a key has changed what is seen. */
async function startText(browser: Browser, address: string): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { page, context, close } = await openAddress(browser, 'about:blank');
    await context.addInitScript(ANSWERED);
    await page.goto(address);
    times.push(Number(await (await page.waitForFunction('globalThis.answeredMs')).jsonValue()));
    await close();
  }
  return `${sizeText(address)}, the first key answered after ${median(times).toFixed(0)} ms (target: under 1 s)`;
}

async function ownSeries(browser: Browser, folder: string): Promise<string[]> {
  const address = made(folder, 'own.html', ['review']);
  return [`our own series: ${await startText(browser, address)}`];
}

async function longTimeline(browser: Browser, folder: string): Promise<string[]> {
  const workload = `${'dax write pmem0:/f @0 iov 16K / '.repeat(5)}fsync pmem0:/f`;
  const address = made(folder, 'timeline.html', ['replay', workload]);
  const { page, close } = await openAddress(browser, address);
  const watch = await Stopwatch.of(page);
  const size = await page.evaluate<string>(TIMELINE_SIZE);
  const lines = [
    `timeline of ${size}, ${sizeText(address)} (target: no task over ${(1000 / 60).toFixed(1)} ms)`,
  ];
  const measure = async (name: string, act: (index: number) => Promise<void>): Promise<void> => {
    lines.push(`  ${name.padEnd(28)}${movesText(await watch.move(MOVES, act))}`);
  };
  const { x, y } = await middleOf(page, '.tl-scroll');
  await page.mouse.move(x, y);
  await page.evaluate("document.querySelector('.tl-scroll').scrollTo(0, 0)");
  await measure('scrolling sideways', () => page.mouse.wheel(90, 0));
  // What follows a turn of the wheel at once is taken for a part of it.
  await page.waitForTimeout(1000);
  await measure('scrolling down', () => page.mouse.wheel(0, 90));
  const scrolled = await page.$eval('.tl-scroll', ({ scrollLeft, scrollTop }) =>
    Math.min(scrollLeft, scrollTop),
  );
  if (scrolled < 50 * MOVES) throw new Error('the timeline was not scrolled');
  await page.mouse.down();
  await measure('dragging', (index) => page.mouse.move(x - 300 + 4 * index, y));
  await page.mouse.up();
  await measure('by keys', () => page.keyboard.press(']'));
  await close();
  return lines;
}

const TIMELINE_SIZE = `document.querySelector('.tl-thumb').getAttribute('aria-valuemax') + ' columns, ' +
  JSON.parse(document.querySelector('[data-packed]').textContent).words.reduce((sum, [, offsets]) => sum + offsets.length, 0) + ' words'`;

/** The middle of what can be seen of an element. */
async function middleOf(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const element = page.locator(selector).first();
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  if (box === null) throw new Error(`no ${selector}`);
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height, 600) / 2 };
}

/** Keys that are pressed in turn on the large step, and what they do. */
const KEYS: readonly (readonly [key: string, does: string])[] = [
  ['e', 'open all files (e)'],
  ['s', 'side by side (s)'],
  ['s', 'in one column (s)'],
  ['h', 'fold mechanical lines (h)'],
  ['h', 'and show them (h)'],
  ['d', 'to the diff (d)'],
];

async function largeSeries(browser: Browser, folder: string): Promise<string[]> {
  const address = made(folder, 'large.html', ['review'], makeLargeSeries(join(folder, 'large')));
  const lines = [
    `${LARGE.commits} commits, one of ${LARGE.lines} lines in ${LARGE.files} files: ${await startText(browser, address)}`,
  ];
  const { page, close } = await openAddress(browser, address, { fragment: `step-${LARGE.step}` });
  const watch = await Stopwatch.of(page);
  const press = async (key: string, does: string): Promise<void> => {
    lines.push(`  ${does.padEnd(28)}${answerText(await watch.press(key))}`);
  };
  for (const [key, does] of KEYS) await press(key, does);
  const { x, y } = await middleOf(page, '.page.on .file');
  await page.mouse.move(x, y);
  lines.push(
    `  ${'scrolling by 800 pixels'.padEnd(28)}${movesText(await watch.move(60, () => page.mouse.wheel(0, 800)))}`,
  );
  await press('/', 'to the search (/)');
  await press('v', 'the first letter there');
  await close();
  return lines;
}
