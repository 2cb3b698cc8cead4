/** The review book in a real browser: by keys, by links, on paper, on a phone, without scripts, without a place to keep things. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fileAddress } from '#review/book/anchors.ts';
import { bookHtml } from '#review/book/book.ts';
import { diffOf } from '#review/diff.ts';
import type { ShownTimeline } from '#review/timelines.ts';
import { project } from '../support/project.ts';
import { calmReview, sampleBook } from '../review/book/sample-book.ts';
import { sampleReview } from '../review/sample-review.ts';
import {
  accessibilityFindings,
  hasBrowser,
  openBrowser,
  openHtml,
  type OpenedPage,
  overflowPixels,
  type View,
} from './support/browser.ts';
import { difference, keptLooks, looksOf } from './support/looks.ts';
import { missingFrom, printedLetters } from './support/printed.ts';

/** Text that would run, break a layout or end an attribute, where nothing is done about it. */
const HOSTILE = `<img src=x onerror="document.title='ran'">'"&</script><script>document.title='ran'</script>`;

const book = bookHtml(
  sampleBook([
    calmReview({ step: 1, subject: 'first' }),
    sampleReview({ step: 2, subject: 'second' }),
    sampleReview({
      step: 3,
      subject: HOSTILE,
      message: HOSTILE.repeat(4),
      diff: [
        ...sampleReview().diff,
        {
          file: HOSTILE,
          status: 'added',
          hunks: [
            { header: `@@ -0,0 +1 @@ ${HOSTILE}`, lines: [{ kind: '+', text: HOSTILE, moved: false }] },
          ],
        },
      ],
    }),
    calmReview({ step: 4, subject: 'fourth' }),
  ]),
);

const shownPage = (page: Page): Promise<string | null> => page.getAttribute('.page.on', 'id');

/** What follows `#`, asked of the page itself: what the driver knows of it comes a moment later. */
const addressOf = (page: Page): Promise<string> =>
  page.evaluate('decodeURIComponent(location.hash.slice(1))');

/** Leads an open page to another address in it, and waits until the page has followed. */
const lead = (page: Page, fragment: string): Promise<void> =>
  page.evaluate(`new Promise((resolve) => {
    if (location.hash === ${JSON.stringify(`#${fragment}`)}) return resolve();
    addEventListener('hashchange', () => setTimeout(resolve), { once: true });
    location.hash = ${JSON.stringify(fragment)};
  })`);

const isOpen = (page: Page, selector: string): Promise<boolean> =>
  page.$eval(selector, (element) => (element as unknown as { open: boolean }).open);

/** Mean difference of lightness that fonts and versions may make. */
const LOOKS_TOLERANCE = 3;

/** Timelines of two small workloads on steps 2 and 3. */
async function sampleTimelines(): Promise<ShownTimeline[]> {
  const { series, subject } = project;
  const [before, after] = [series.tree('step-2'), series.tree('step-3')];
  const texts = [
    'dax write pmem0:/f @0 iov 1,63\nfsync pmem0:/f',
    'dax write pmem0:/f @58 iov 7\nfsync pmem0:/f',
  ];
  return Promise.all(
    texts.map(async (workload) => ({
      title: workload.split('\n')[0]!,
      workload,
      replay: undefined,
      timeline: await subject.timeline!(before, after, workload),
    })),
  );
}

interface Focus {
  readonly name: string;
  /** It has an outline, lies in the window, and nothing lies over it. */
  readonly isSeen: boolean;
}

/** What has the focus, which is noted; `null` where Tab has left the page. */
const FOCUS = `(() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  (globalThis.reached ??= new Set()).add(element.type === 'radio' ? element.closest('fieldset') : element);
  const { x, y, width, height } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const top = document.elementFromPoint(Math.min(innerWidth - 1, x + width / 2), Math.min(innerHeight - 1, y + height / 2));
  const isCovered = top === null || !(element.contains(top) || top.contains(element));
  const isInWindow = width > 0 && y + Math.min(height, 20) <= innerHeight + 1;
  const isSeen = style.outlineStyle !== 'none' && style.opacity !== '0' && isInWindow && !isCovered;
  return { name: element.tagName + ' ' + (element.getAttribute('aria-label') ?? element.textContent), isSeen };
})()`;

/** Controls of the page that is shown and of its frame that had no focus; of the radio buttons of a group one is enough. */
const NOT_REACHED = `[...document.querySelectorAll('.top *, .rail *, .page.on *')]
  .filter((element) => element.matches('a[href], button, input, textarea, summary, [tabindex="0"]') && element.checkVisibility())
  .map((element) => (element.type === 'radio' ? element.closest('fieldset') : element))
  .filter((element) => !globalThis.reached.has(element))
  .map((element) => element.outerHTML.slice(0, 120))`;

describe.skipIf(!hasBrowser)('the book in a browser', () => {
  let browser: Browser;
  let opened: OpenedPage | undefined;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function open(view: View = {}): Promise<Page> {
    opened = await openHtml(browser, book, view);
    return opened.page;
  }

  it('should open on its cover, ask for nothing, and run nothing that is not its own', async () => {
    const page = await open();
    expect(await shownPage(page)).toBe('cover');
    for (const key of ['j', 'j', 'j', 'j', 's', 'h', 'e']) await page.keyboard.press(key);
    expect(opened!.requests).toEqual([]);
    expect(opened!.errors).toEqual([]);
    expect(await page.title()).not.toBe('ran');
    expect(await page.locator('img').count()).toBe(0);
  });

  it('should be walked by keys alone: steps, failures, parts', async () => {
    const page = await open();
    await page.keyboard.press('j');
    expect(await shownPage(page)).toBe('step-1');
    await page.keyboard.press('n');
    expect(await addressOf(page)).toBe('step-2-failure-1');
    await page.keyboard.press('n');
    expect(await addressOf(page)).toBe('step-2-failure-2');
    expect(await isOpen(page, '#step-2-failure-2')).toBe(true);
    await page.keyboard.press('p');
    expect(await addressOf(page)).toBe('step-2-failure-1');
    // They go on from where the reader is, past either end to the other.
    for (const [from, key, to] of [
      ['step-4', 'n', 'step-2-failure-1'],
      ['step-4', 'p', 'step-3-disagreement'],
      ['step-3', 'n', 'step-3-failure-1'],
      ['step-3-claims', 'p', 'step-3-disagreement'],
      ['step-3-failure-1', 'p', 'step-2-disagreement'],
      ['step-2-failure-1', 'p', 'step-3-disagreement'],
    ] as const) {
      await lead(page, from);
      await page.keyboard.press(key);
      expect(await addressOf(page), `${key} at ${from}`).toBe(to);
    }
    await lead(page, 'step-2-failure-1');
    for (const [key, part] of [
      ['c', 'claims'],
      ['d', 'diff'],
      ['f', 'failures'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await addressOf(page)).toBe(`step-2-${part}`);
    }
    await page.keyboard.press('k');
    expect(await shownPage(page)).toBe('step-1');
    await page.keyboard.press('g');
    expect(await shownPage(page)).toBe('cover');
    await page.keyboard.press('?');
    expect(await isOpen(page, '#help')).toBe(true);
    await page.keyboard.press('j');
    expect(await shownPage(page)).toBe('cover');
    await page.keyboard.press('Escape');
    expect(await isOpen(page, '#help')).toBe(false);
    await page.goBack();
    await expect.poll(() => shownPage(page)).toBe('step-1');
  });

  it('should open what an address names: a claim, a file, a line by its number', async () => {
    const page = await open({ fragment: 'step-2-line-fs/dax.ts:3' });
    expect(await page.locator('tr.here').textContent()).toContain('carried here');
    await page.evaluate(`for (const fold of document.querySelectorAll('details')) fold.open = false`);
    for (const [fragment, selector] of [
      ['step-2-claim-D3-edges-acked-stronger', '#step-2-claim-D3-edges-acked-stronger details'],
      ['step-3-failure-2', '#step-3-failure-2'],
      ['step-2-file-gone.ts', '[id="step-2-file-gone.ts"]'],
      [fileAddress(3, HOSTILE), '#step-3 .file:last-child'],
    ] as const) {
      await lead(page, fragment);
      expect(await isOpen(page, selector), fragment).toBe(true);
      expect(await page.locator(selector).first().isVisible()).toBe(true);
    }
    await lead(page, 'nowhere');
    expect(await shownPage(page)).toBe('cover');
  });

  it('should lead to every control by Tab, and show where the focus is', async () => {
    const page = await open();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      for (const fragment of ['cover', 'step-2']) {
        await lead(page, fragment);
        const unseen: string[] = [];
        // The focus begins in the page; the second round begins at the bar on top.
        for (let rounds = 0; rounds < 2;) {
          await page.keyboard.press('Tab');
          const focus = await page.evaluate<Focus | null>(FOCUS);
          if (focus === null) rounds++;
          else if (!focus.isSeen) unseen.push(focus.name);
        }
        expect(unseen, `${fragment} at ${width}`).toEqual([]);
        expect(await page.evaluate(NOT_REACHED), `${fragment} at ${width}`).toEqual([]);
      }
    }
  });

  it('should find steps, claims, files and lines, and go there by keys', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('carried line');
    expect(await page.locator('#found li').first().textContent()).toContain('carried here');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    expect(await shownPage(page)).toBe('step-1');
    expect(await page.locator('tr.here').textContent()).toContain('carried here');
    await page.keyboard.press('/');
    await page.keyboard.type('nothing has these words');
    expect(await page.locator('#found').textContent()).toBe('nothing found');
    await page.keyboard.press('Escape');
    expect(await page.locator('#found').isVisible()).toBe(false);
  });

  it('should keep marks and notes, and write the mail from them', async () => {
    const page = await open({ fragment: 'step-2' });
    await page.keyboard.press('x');
    expect(await page.locator('.progress').textContent()).toBe('1 of 4 reviewed');
    await page.keyboard.press('m');
    await page.keyboard.type('Why not in the driver?\njk');
    await page.locator('#step-2 [data-quote]').first().click();
    await page.locator('#step-2 input[value=NAK]').check();
    const mail = await page.locator('#step-2 .mail').textContent();
    for (const text of [
      '> +new',
      'Why not in the driver?\njk',
      'NAK, until',
      'no declaration covers a warning',
    ])
      expect(mail).toContain(text);
    await page.reload();
    expect(await page.locator('#step-2 textarea').inputValue()).toContain('Why not');
    expect(await page.locator('#step-2 .mail').textContent()).toBe(mail);
    expect(await page.locator('#step-2 [data-read]').isChecked()).toBe(true);
    const saving = page.waitForEvent('download');
    await page.locator('#step-2 [data-do=save-mail]').click();
    expect(readFileSync(await (await saving).path(), 'utf8')).toBe(mail);
  });

  it('should work where the browser refuses to keep anything', async () => {
    opened = await openHtml(browser, book);
    await opened.context.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused') } })`,
    );
    const { page } = opened;
    await page.reload();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    expect(await page.locator('.progress').textContent()).toBe('1 of 4 reviewed');
    expect(opened.errors).toEqual([]);
  });

  it('should copy a command', async () => {
    const page = await open({ fragment: 'step-2-failure-1' });
    await page.locator('#step-2-failure-1 [data-copy]').click();
    await page.keyboard.press('m');
    const note = page.locator('#step-2 textarea');
    // The browser takes its time with the clipboard: pasted again until it is there.
    await expect
      .poll(async () => {
        await note.fill('');
        await page.keyboard.press('Control+V');
        return note.inputValue();
      })
      .toBe("npx pmem-conform replay --trace 'fsync pmem0:/f'");
  });

  it('should show a diff side by side, fold what is mechanical, and fold files', async () => {
    const page = await open({ fragment: 'step-2' });
    const table = page.locator('#step-2 .diff').first();
    expect(await table.locator('tr').nth(1).locator('td').count()).toBe(5);
    await page.keyboard.press('s');
    // Old and new stand in one row: number, sign and text of each.
    const pairs = page.locator('#step-2 .diff:visible').first();
    const row = pairs.locator('tr', { hasText: 'old' });
    expect(await row.locator('td').allTextContents()).toEqual(['2', '−', 'old', '2', '+', 'new']);
    // The head of a part keeps its buttons, and a line that moved its way.
    expect(await page.locator('#step-2 .pairs [data-quote]:visible').count()).toBeGreaterThan(0);
    expect(await page.locator('#step-2 .pairs a:text("⇄")').count()).toBe(2);
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.keyboard.press('s');
    await page.keyboard.press('h');
    expect(await page.locator('#step-2 tr.q').first().isVisible()).toBe(false);
    expect(await page.locator('#step-2 tr.fold').first().textContent()).toContain('1 mechanical line');
    await page.keyboard.press('h');
    expect(await page.locator('#step-2 tr.q').first().isVisible()).toBe(true);
    await page.keyboard.press('e');
    expect(await table.isVisible()).toBe(false);
  });

  it('should have nothing that axe finds wrong, and fit, from a phone to a wall, light and dark', async () => {
    const page = await open();
    for (const { width, isDark } of [
      { width: 360, isDark: false },
      { width: 1280, isDark: true },
      { width: 1280, isDark: false },
      { width: 3840, isDark: true },
    ]) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
      for (const fragment of ['cover', 'step-2', 'step-3', 'step-4']) {
        await lead(page, fragment);
        await page.evaluate(
          `for (const fold of document.querySelectorAll('.page.on details')) fold.open = true`,
        );
        const where = `${fragment} at ${width}, dark: ${isDark}`;
        // What the browser does for an address hides nothing under the bar on top.
        await page.evaluate(`document.querySelector('.page.on').scrollIntoView()`);
        expect(await page.evaluate('scrollY'), where).toBe(0);
        expect(await accessibilityFindings(page), where).toEqual([]);
        expect(await overflowPixels(page), where).toBe(0);
      }
    }
  });

  it('should draw a timeline whose crash point is moved by keys, and show one workload at a time', async () => {
    const shown = await sampleTimelines();
    const tooLong = [{ title: 'long', replay: "npx pmem-conform replay --trace 'x'", columnCount: 900 }];
    const timelines = new Map([[2, { shown, tooLong, moreCount: 3 }]]);
    opened = await openHtml(browser, bookHtml(sampleBook(undefined, { timelines })), { fragment: 'step-2' });
    const { page } = opened;
    await page.keyboard.press('t');
    expect(await addressOf(page)).toBe('step-2-timeline');
    expect(await page.locator('#step-2-timeline .command').last().innerText()).toContain(
      "npx pmem-conform replay --format html 'x' > timeline.html",
    );
    expect(await page.locator('#step-2-timeline').innerText()).toContain(
      '3 more workloads of failures and claims have timelines that are not drawn here',
    );
    const thumb = page.locator('#step-2-t1 [role=slider]');
    const valueOf = (): Promise<number> => thumb.getAttribute('aria-valuenow').then(Number);
    const before = await valueOf();
    await page.keyboard.press('[');
    await expect.poll(valueOf).toBe(before - 1);
    const box = (await thumb.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x - 150, box.y + 4, { steps: 6 });
    await page.mouse.up();
    await expect.poll(valueOf).toBeLessThan(before - 2);
    expect(await page.locator('#step-2-workload-2').isVisible()).toBe(false);
    await page.keyboard.press('w');
    expect(await page.locator('#step-2-workload-2').isVisible()).toBe(true);
    expect(await page.locator('#step-2-workload-1').isVisible()).toBe(false);
    expect(await page.locator('#step-2-t2 rect').count()).toBeGreaterThan(3);
    await lead(page, 'step-2-t1@2');
    await expect.poll(valueOf).toBe(2);
    expect(await page.locator('#step-2-workload-1').isVisible()).toBe(true);
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(opened.errors).toEqual([]);
    expect(opened.requests).toEqual([]);
  });

  it('should look as it did, at three widths', async () => {
    const page = await open();
    for (const width of [360, 1280, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      for (const fragment of ['cover', 'step-2']) {
        await lead(page, fragment);
        const now = await looksOf(page);
        const kept = keptLooks(join(import.meta.dirname, 'book-looks.json'), `${fragment} ${width}`, now);
        expect(difference(now, kept), `${fragment} ${width}`).toBeLessThan(LOOKS_TOLERANCE);
        // The tolerance is not so wide that a page without its verdict would pass.
        await page.evaluate(`document.querySelector('.page.on .verdict').hidden = true`);
        expect(difference(await looksOf(page), kept), `${fragment} ${width} without verdict`).toBeGreaterThan(
          LOOKS_TOLERANCE,
        );
        await page.evaluate(`document.querySelector('.page.on .verdict').hidden = false`);
      }
    }
  });

  it('should be readable without scripts', async () => {
    const page = await open({ hasNoScript: true });
    for (const id of ['cover', 'step-1', 'step-4'])
      expect(await page.locator(`#${id} h2`).isVisible(), id).toBe(true);
    expect(await page.locator('button:visible').count()).toBe(0);
    expect(await page.locator('#step-2 .mail').textContent()).toContain('NAK');
  });

  it('should have every line of every diff in the text of what is printed, folded files too', async () => {
    const patches = project.series.patches().filter(({ step }) => [1, 3, 10].includes(step));
    const reviews = patches.map((patch) => calmReview({ step: patch.step, diff: diffOf(patch) }));
    opened = await openHtml(browser, bookHtml(sampleBook(reviews)));
    const { page } = opened;
    for (const fold of await page.locator('.file').all())
      await fold.evaluate((element) => element.removeAttribute('open'));
    const lines = reviews.flatMap(({ diff }) =>
      diff.flatMap(({ hunks }) =>
        hunks.flatMap(({ header, lines: own }) => [header, ...own.map(({ text }) => text)]),
      ),
    );
    expect(lines.length).toBeGreaterThan(500);
    expect(missingFrom(await printedLetters(page), lines)).toEqual([]);
    // A line that is gone is missed.
    const gone = await page.evaluate(`(() => {
      const row = [...document.querySelectorAll('#step-3 .diff .A')].find((own) => own.cells[3].textContent.includes('daxCopyFromIter('));
      row.remove();
      return row.cells[3].textContent;
    })()`);
    expect(missingFrom(await printedLetters(page), lines)).toEqual([gone]);
  });

  it.each([false, true])(
    'should print every page and every folded part (without scripts: %s)',
    async (hasNoScript) => {
      const page = await open({ hasNoScript, fragment: hasNoScript ? '' : 'step-2' });
      const folder = mkdtempSync(join(tmpdir(), 'conform-print-'));
      try {
        await page.emulateMedia({ media: 'print' });
        const heightOf = (selector: string): Promise<number> =>
          page
            .locator(selector)
            .first()
            .evaluate((element) => element.getBoundingClientRect().height);
        await page.pdf({ path: join(folder, 'book.pdf') });
        for (const step of [1, 2, 3, 4])
          for (const file of ['fs/dax.ts', 'gone.ts'])
            expect(
              await heightOf(`[id="step-${step}-file-${file}"] .diff`),
              `${step} ${file}`,
            ).toBeGreaterThan(10);
        expect(await heightOf('#step-3-failure-2 .body')).toBeGreaterThan(10);
        expect(await heightOf('[id="step-2-claim-D3-edges-acked-stronger"] .body')).toBeGreaterThan(10);
        const pdf = readFileSync(join(folder, 'book.pdf')).toString('latin1');
        expect(pdf.slice(0, 5)).toBe('%PDF-');
        // The cover and every step begin a sheet of their own.
        expect(pdf.match(/\/Type \/Page\b/g)!.length).toBeGreaterThanOrEqual(5);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
