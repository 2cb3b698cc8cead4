/** A diff of thousands of lines in a real browser: laid out and made side by side where it is looked at, and whole for search, links, quotes and paper. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookHtml } from '#review/book/book.ts';
import type { DiffLine } from '#review/model.ts';
import { calmReview, sampleBook } from '../review/book/sample-book.ts';
import { hasBrowser, openBrowser, openHtml, type View } from './support/browser.ts';
import { missingFrom, printedLetters } from './support/printed.ts';

const COUNT = 900;

/** Lines `0` to `COUNT` of one side, all of which the step replaces. */
const sideOf = (kind: '+' | '-', name: string): DiffLine[] =>
  Array.from({ length: COUNT }, (_, at) => ({ kind, text: `${name} line ${at} of it`, moved: false }));
const lines: DiffLine[] = [
  { kind: ' ', text: 'the same above', moved: false },
  ...sideOf('-', 'old'),
  ...sideOf('+', 'new'),
  { kind: '+', text: '// a remark', moved: false },
  { kind: '+', text: '// and another', moved: false },
];
const hunk = (start: number, own: readonly DiffLine[]): { header: string; lines: readonly DiffLine[] } => ({
  header: `@@ -${start},${COUNT + 1} +${start},${COUNT + 3} @@`,
  lines: own,
});
const html = bookHtml(
  sampleBook([
    calmReview({
      step: 1,
      diff: [
        { file: 'long.ts', status: 'changed', hunks: [hunk(1, lines), hunk(2001, lines.slice(0, 3))] },
        { file: 'short.ts', status: 'changed', hunks: [hunk(1, lines.slice(0, 1))] },
      ],
    }),
    calmReview({ step: 2, subject: 'another' }),
  ]),
);

const isInWindow = (page: Page, selector: string): Promise<boolean> =>
  page.$eval(selector, (element) => {
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && top >= 0 && bottom <= 800;
  });

describe.skipIf(!hasBrowser)('a long diff', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  const withPage = async (view: View, act: (page: Page) => Promise<void>): Promise<void> => {
    const opened = await openHtml(browser, html, view);
    await act(opened.page);
    expect(opened.errors).toEqual([]);
    await opened.close();
  };

  it('should be folded, open by a key, and stand side by side with old and new of one line in one row, far apart as they are', () =>
    withPage({ fragment: 'step-1' }, async (page) => {
      expect(await page.locator('.page.on .diff:visible').count()).toBe(0);
      await page.keyboard.press('s');
      await page.keyboard.press('e');
      // All of it is there as soon as the browser has nothing else to do: below the window too.
      const row = page.locator('.pairs tr', { hasText: `old line ${COUNT - 1} of it` });
      await row.waitFor({ state: 'attached' });
      expect(await row.locator('td').allTextContents()).toEqual([
        String(COUNT + 1),
        '−',
        `old line ${COUNT - 1} of it`,
        String(COUNT + 1),
        '+',
        `new line ${COUNT - 1} of it`,
      ]);
      await expect
        .poll(() => page.locator('.pairs tr:not(.h, .fold):has(td:not(.none))').count())
        .toBe(COUNT + 7);
    }));

  it('should lead to its lines by links, search and quotes, in one column and side by side', async () => {
    for (const isSides of [false, true])
      await withPage({ fragment: 'step-2' }, async (page) => {
        if (isSides) await page.keyboard.press('s');
        await page.goto(`${page.url().split('#')[0]}#step-1-line-long.ts:700`);
        const here = isSides ? '.pairs tr.here' : '.lines:not(.pairs) tr.here';
        await page.waitForSelector(here);
        expect(await page.locator(here).textContent()).toContain('new line 698 of it');
        // Parts above it may still be made; the browser holds what it shows in its place.
        await expect.poll(() => isInWindow(page, here)).toBe(true);
        await page.keyboard.press('/');
        await page.keyboard.type('old line 444');
        await page.keyboard.press('Enter');
        await page.waitForSelector(`${here}:has-text("old line 444 of it")`);
        await expect.poll(() => isInWindow(page, here)).toBe(true);
        await page.locator('.h [data-quote$="@1"]:visible').first().click();
        const mail = (await page.locator('#step-1 .mail').textContent()) ?? '';
        expect(
          mail.split('\n').filter((line) => /^> [ +-]/.test(line) && !/^> (?:\+\+\+|---)/.test(line)),
        ).toEqual(lines.map(({ kind, text }) => `> ${kind}${text}`));
      });
  });

  it('should fold its mechanical lines in both forms', () =>
    withPage({ fragment: 'step-1-file-long.ts' }, async (page) => {
      await page.keyboard.press('h');
      for (const form of ['.lines:not(.pairs)', '.pairs']) {
        const fold = page.locator(`${form} .fold`, { hasText: '2 mechanical lines' });
        await fold.waitFor({ state: 'attached' });
        expect(await page.locator(`${form} tr`, { hasText: 'and another' }).isVisible(), form).toBe(false);
        await page.keyboard.press('s');
      }
    }));

  it('should be printed whole, in one column, whatever is shown', () =>
    withPage({ fragment: 'step-1' }, async (page) => {
      await page.keyboard.press('s');
      await page.keyboard.press('h');
      const texts = [...lines, ...lines.slice(0, 3), ...lines.slice(0, 1)].map(({ text }) => text);
      const letters = await printedLetters(page);
      expect(missingFrom(letters, texts)).toEqual([]);
      expect(letters.split('oldline44ofit').length).toBe(2);
    }));
});
