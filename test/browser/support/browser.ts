/**
 * A real browser for tests of pages: Chromium from the system, driven by playwright-core. Where there is none, tests skip
 * themselves (`describe.skipIf(!hasBrowser)`), and CI says so. A page lives in a file and may ask for nothing else.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Where Chromium may be: what the environment names first. */
const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const executable = PLACES.find((place) => place !== '' && existsSync(place));

/** Whether there is a browser to drive here. */
export const hasBrowser: boolean = executable !== undefined;

/** Starts the browser; as root it runs without its own sandbox, which it could not set up. The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error('no Chromium here: skip tests that need it by hasBrowser');
  return chromium.launch({ executablePath: executable, chromiumSandbox: process.getuid?.() !== 0 });
}

/** How a page is looked at. */
export interface View {
  /** Pixels; 1280 x 800 unless told otherwise. */
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  /** Scripts of the page do not run. */
  readonly hasNoScript?: boolean;
  /** What follows `#` in the address. */
  readonly fragment?: string;
}

/** An opened page and what it did. */
export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses that it asked for, itself aside. */
  readonly requests: readonly string[];
  /** Errors of scripts, and what its content policy refused. */
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens HTML from a file of its own, as a reader does. The caller closes what comes back. */
export async function openHtml(browser: Browser, html: string, view: View = {}): Promise<OpenedPage> {
  const folder = mkdtempSync(join(tmpdir(), 'conform-page-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  const opened = await openAddress(browser, pathToFileURL(file).href, view);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Opens an address. The caller closes what comes back. */
export async function openAddress(browser: Browser, address: string, view: View = {}): Promise<OpenedPage> {
  const { width = 1280, height = 800, isDark = false, hasNoScript = false, fragment = '' } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: isDark ? 'dark' : 'light',
    javaScriptEnabled: !hasNoScript,
    reducedMotion: 'reduce',
  });
  // Only for what never comes: a busy machine is no failure.
  context.setDefaultTimeout(600_000);
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) requests.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(fragment === '' ? address : `${address}#${fragment}`);
  return { page, context, requests, errors, close: () => context.close() };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds against WCAG 2.2 A and AA and its best practices: a line a finding, with the element. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axeSource);
  return page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => id + ': ' + help + ' at ' + target.join(' ') + ' ' + failureSummary)))`);
}

/** By how many pixels the page is wider than its window. */
export async function overflowPixels(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>;
}
