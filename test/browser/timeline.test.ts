/**
 * The persistence timeline in a real browser: what is drawn is what the images say, read back from the rectangles of the page;
 * crash point by pointer and keys; no request, no error, nothing for axe to find.
 */
import type { Browser, Page } from 'playwright-core';
import { once } from '#base/once.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { sourceOf } from '#machine/images/crash-images.ts';
import { unitRun } from '#machine/timeline/unit-record.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { judgePromise } from '#pmem/promise/promise.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { timelineOf, timelineTree } from '#pmem/timeline/timeline.ts';
import { timelinePage } from '#review/timeline/page.ts';
import type { Timeline } from '#base/timeline.ts';
import { prefixSet, uncertainBytes } from '../machine/timeline/prefixes.ts';
import { loadTree, treeFolder } from '../support/project.ts';
import {
  accessibilityFindings,
  hasBrowser,
  openBrowser,
  openHtml,
  overflowPixels,
} from './support/browser.ts';

const SEGMENTS = 'dax write pmem0:/f @0 iov 1,63 / fsync pmem0:/f';

async function timeline(text: string, before = 'step-2', after = 'step-3'): Promise<Timeline> {
  const trees = await Promise.all(
    [before, after].map((name) => timelineTree({ name, folder: treeFolder(name) })),
  );
  return timelineOf(trees, parseWorkload(text.replaceAll(' / ', '\n')));
}

/** The workload of most checks; working out its timeline takes longer than showing it. */
const segments = once(() => timeline(SEGMENTS));

const pageOf = (given: Timeline): string =>
  timelinePage('A workload', [{ title: 'It', lead: [], timeline: given }]);

/** A rectangle of the picture: its kind, its columns' edges in columns, its bytes. */
interface Drawn {
  readonly side: number;
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly word: number;
  readonly first: number;
  readonly last: number;
}

function drawnIn(page: Page): Promise<Drawn[]> {
  return page.evaluate(`[...document.querySelectorAll('[data-draw=body] rect[data-bytes]')].map((rect) => {
    const [word, first, last] = rect.dataset.bytes.split(' ').map(Number);
    const x = Number(rect.getAttribute('x')), width = Number(rect.getAttribute('width'));
    const side = Number(rect.closest('[data-draw]').dataset.side);
    return { side, kind: rect.getAttribute('class').slice(-1), from: x / 37, to: (x + width) / 37, word, first, last };
  })`);
}

/** What should be drawn of one side at each crash point: asked of the images of each prefix, not of the timeline. */
async function kindsByEngine(
  text: string,
  tree: string,
): Promise<(offset: number, instant: number) => string> {
  const workload = parseWorkload(text.replaceAll(' / ', '\n'));
  const run = runWorkload(await loadTree(tree), workload);
  const [life] = run.lives;
  if (life === undefined) throw new Error('a run without a life');
  const { setting, source } = life.history.order;
  const { units } = unitRun(sourceOf(life.subsystem.machine), 10_000);
  const start = life.subsystem.memory[0]?.start ?? 0;
  const broken: { entry: number; address: number }[] = [];
  judgePromise(workload, run, undefined, ({ index, address }) => {
    const { entries } = run.outcomes.find((outcome) => outcome.index === index) ?? { entries: { to: 0 } };
    broken.push({ entry: entries.to - 1, address });
  });
  const sets = Array.from({ length: units.length + 1 }, (_, count) => ({
    plain: prefixSet(source, units, count, setting),
    fenced: prefixSet(source, units, count, setting, true),
  }));
  return (offset, instant) => {
    const address = start + offset;
    const word = address - (address % 8);
    const bit = 1 << (address - word);
    const isStored = units
      .slice(0, instant)
      .some(
        (unit) =>
          source.record.dataOf(unit.entry).length > 0 &&
          address >= unit.address &&
          address < unit.address + unit.sizeBytes,
      );
    const { plain, fenced } = sets[instant] ?? {};
    if (plain === undefined || fenced === undefined) throw new Error(`no instant ${instant}`);
    if ((uncertainBytes(plain, word) & bit) === 0) return isStored ? 'p' : '.';
    const entry = units[instant - 1]?.entry ?? -1;
    if (broken.some((one) => one.address === address && one.entry <= entry)) return 'l';
    return (uncertainBytes(fenced, word) & bit) === 0 ? 'w' : 'c';
  };
}

/** Bytes and instants at which the page shows something else than the engine says. */
async function wrongCells(
  drawn: readonly Drawn[],
  given: Timeline,
  text: string,
): Promise<{ cells: number; wrong: string[] }> {
  let cells = 0;
  const wrong: string[] = [];
  for (const [side, { name }] of given.sides.entries()) {
    const kindAt = await kindsByEngine(text, name);
    let instant = 0;
    for (const [column, { instructions }] of given.columns.entries()) {
      if ((instructions[side] ?? -1) >= 0) instant++;
      for (const [word, { offset }] of given.words.entries())
        for (let byte = 0; byte < 8; byte++) {
          const shown = drawn.filter(
            (one) =>
              one.side === side &&
              one.word === word &&
              byte >= one.first &&
              byte <= one.last &&
              one.from <= column + 1 &&
              one.to > column + 1 - 1e-9 &&
              one.from < column + 1,
          );
          const at = shown.filter((one) => one.to > column + 1 || column + 1 === given.columns.length);
          const seen = at.map(({ kind }) => kind).join('') || '.';
          const wanted = kindAt(offset + byte, instant);
          cells++;
          if (seen !== wanted)
            wrong.push(`${name} byte ${offset + byte} after column ${column}: ${seen}, not ${wanted}`);
        }
    }
  }
  return { cells, wrong };
}

const isAt = (page: Page, point: number): Promise<unknown> =>
  page.waitForSelector(`.tl-thumb[aria-valuenow="${point}"]`);

/** Waits for the frame in which what was asked for until now is drawn. */
const drawnFrame = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(done))');

const valueText = (page: Page): Promise<string | null> => page.getAttribute('.tl-thumb', 'aria-valuetext');

describe.skipIf(!hasBrowser)('the persistence timeline in a page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('should draw what the images of every prefix say, byte by byte', async () => {
    for (const text of [
      SEGMENTS,
      'dax write pmem0:/f @5 iov 50,50 / fsync pmem0:/f',
      'boot adr clflushopt pmem0=2M / dax write pmem0:/f @61 iov 6 / dax write pmem0:/f @60 iov 8 / fsync pmem0:/f',
      'boot eadr clwb pmem0=2M / dax write pmem0:/f @3 iov 13 / fsync pmem0:/f',
    ]) {
      const given = await timeline(text);
      const opened = await openHtml(browser, pageOf(given));
      const { cells, wrong } = await wrongCells(await drawnIn(opened.page), given, text);
      expect(wrong.slice(0, 5)).toEqual([]);
      expect(cells).toBe(given.sides.length * given.columns.length * given.words.length * 8);
      await opened.close();
    }
  });

  it('should be caught when one rectangle is drawn wrong', async () => {
    const given = await segments();
    const opened = await openHtml(browser, pageOf(given));
    const drawn = await drawnIn(opened.page);
    const spoiled = drawn.map((one, index) =>
      index === 9 ? { ...one, kind: one.kind === 'p' ? 'w' : 'p' } : one,
    );
    expect((await wrongCells(spoiled, given, SEGMENTS)).wrong.length).toBeGreaterThan(0);
    const late = drawn.map((one, index) => (index === 3 ? { ...one, to: one.to - 1 } : one));
    expect((await wrongCells(late, given, SEGMENTS)).wrong.length).toBeGreaterThan(0);
    await opened.close();
  });

  it('should move the crash point by keys, and say where it is', async () => {
    const opened = await openHtml(browser, pageOf(await segments()), { fragment: 't1@18' });
    const { page } = opened;
    expect(await valueText(page)).toBe(
      'Power fails after sfence, in dax write pmem0:/f @0 iov 1,63: 9 images step-2, 8 images step-3',
    );
    await page.keyboard.press(']');
    await isAt(page, 19);
    expect(await valueText(page)).toContain('after clwb line 0x0000 (step-3 only)');
    await page.keyboard.press('}');
    await isAt(page, 20);
    expect(await valueText(page)).toContain("once 'dax write pmem0:/f @0 iov 1,63' has returned");
    await page.focus('.tl-thumb');
    for (const [key, value] of [
      ['Home', 0],
      ['ArrowRight', 1],
      ['End', 23],
      ['PageUp', 20],
      ['ArrowLeft', 19],
      ['PageDown', 20],
      ['{', 0],
    ] as const) {
      await page.keyboard.press(key);
      await isAt(page, value);
    }
    expect(await page.getAttribute('[data-permalink]', 'href')).toBe('#t1@0');
    expect(opened.errors).toEqual([]);
    expect(opened.requests).toEqual([]);
    await opened.close();
  });

  it('should move the crash point by dragging, and by a click on a row of the trace', async () => {
    const opened = await openHtml(browser, pageOf(await segments()));
    const { page } = opened;
    const box = await page.locator('[data-draw=body]').nth(1).boundingBox();
    if (box === null) throw new Error('no picture');
    await page.mouse.move(box.x + 5 * 37, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 10 * 37 + 3, box.y + 20, { steps: 5 });
    await page.mouse.up();
    await isAt(page, 10);
    await page.click('tr[data-point="3"]');
    await isAt(page, 3);
    expect(await page.textContent('.tl-moment')).toContain('3 of 23: power fails after clwb');
    await opened.close();
  });

  it('should let a reader choose what undecided words hold', async () => {
    const opened = await openHtml(browser, pageOf(await segments()), { fragment: 't1@18' });
    const { page } = opened;
    const held = (): Promise<string> =>
      page
        .locator('[data-card="0"] .tl-word dd')
        .first()
        .innerText()
        .then((text) => text.replace(/\s+/g, ' '));
    expect(await held()).toBe('holds 00 00 00 00 00 00 00 00');
    // Eight cached stores of one byte to one line persist in order: nine contents.
    await page.click('[data-card="0"] [data-pick]');
    expect(await held()).toBe('holds 26 00 00 00 00 00 00 00');
    await page.click('[data-card="0"] [data-pick]');
    expect(await held()).toBe('holds 26 27 00 00 00 00 00 00');
    await page.click('[data-card="0"] [data-wish=largest]');
    expect(await held()).toBe('holds 26 27 28 29 2a 2b 2c 2d');
    expect(await page.innerText('[data-card="0"]')).toContain(
      'copyFromUserInatomicNocache, uaccess_64.ts:29',
    );
    await opened.close();
  });

  it('should have nothing for axe to find, light, dark, narrow, and fit a phone', async () => {
    const html = pageOf(
      await timeline('dax write pmem0:/f @0 iov 1,63 / fsync pmem0:/f / crash / dax read pmem0:/f @0 iov 64'),
    );
    const opened = await openHtml(browser, html);
    const { page } = opened;
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [360, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 700 });
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFindings(page), `${width} ${colorScheme}`).toEqual([]);
      expect(await overflowPixels(page), `${width} ${colorScheme}`).toBe(0);
    }
    expect(opened.errors).toEqual([]);
    await opened.close();
  });

  it('should be readable without scripts', async () => {
    const opened = await openHtml(browser, pageOf(await segments()), { hasNoScript: true });
    const { page } = opened;
    expect(await page.innerText('.tl-moment')).toContain("power fails once 'fsync pmem0:/f' has returned");
    expect(await page.innerText('[data-card="0"]')).toContain('9 images possible');
    expect(await page.locator('.tl-thumb').isVisible()).toBe(false);
    await page.click('summary');
    expect(await page.innerText('.tl-table')).toContain('pmem0 0x0000–0x0007 (promised)');
    await opened.close();
  });

  it('should show the rows alone that the sides do not treat alike', async () => {
    const opened = await openHtml(browser, pageOf(await segments()));
    const { page } = opened;
    const labels = (): Promise<string[]> =>
      page
        .locator('[data-draw=labels] text')
        .evaluateAll((texts) => texts.map((text) => text.firstChild?.textContent ?? ''));
    const before = await labels();
    expect(before).toHaveLength(16);
    await page.click('[data-move=differing]');
    // Only the word with the segment of one byte is written back after step 3 and was not before it.
    expect(await labels()).toEqual(['0x0000', '0x0000']);
    expect(await page.getAttribute('[data-move=differing]', 'aria-pressed')).toBe('true');
    await page.click('[data-move=differing]');
    expect(await labels()).toEqual(before);
    await opened.close();
  });

  it('should have a row a cache line where the reader wants that, with the worst that holds for its bytes', async () => {
    const given = await timeline(
      'dax write pmem0:/f @0 iov 1,63 / dax write pmem0:/f @128 iov 8 / fsync pmem0:/f',
    );
    const opened = await openHtml(browser, pageOf(given));
    const { page } = opened;
    const labels = (): Promise<string[]> =>
      page
        .locator('[data-draw=labels] text')
        .evaluateAll((texts) => texts.map((text) => text.firstChild?.textContent ?? ''));
    await page.focus('[data-move=lines]');
    await page.keyboard.press('Enter');
    expect(await labels()).toEqual(['0x0000', '0x0080', '0x0000', '0x0080']);
    // Before step 3 the byte of the first segment is promised and may be lost, whatever else of its line is durable.
    const kinds = (await drawnIn(page)).filter(({ side, word }) => side === 0 && word === 0);
    expect(kinds.at(-1)!.kind).toBe('l');
    await page.click('[data-move=differing]');
    expect(await labels()).toEqual(['0x0000', '0x0000']);
    await page.click('[data-move=lines]');
    expect(await labels()).toEqual(['0x0000', '0x0000']);
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(opened.errors).toEqual([]);
    await opened.close();
  });

  it('should be drawn at its crash point when the page it lies on is shown later', async () => {
    const html = pageOf(
      await timeline('dax write pmem0:/f @0 iov 1K / fsync pmem0:/f', 'step-2', 'step-3'),
    ).replace('<main>', '<main style="display:none">');
    const opened = await openHtml(browser, html, { fragment: 't1@130', width: 700 });
    const { page } = opened;
    const scrolled = (): Promise<number> =>
      page.locator('.tl-scroll').evaluate((element) => element.scrollLeft);
    expect(await scrolled()).toBe(0);
    await page.locator('main').evaluate((element) => element.style.removeProperty('display'));
    await expect.poll(scrolled).toBeGreaterThan(500);
    await opened.close();
  });

  it('should print the picture, every instruction and the table, and no buttons', async () => {
    const opened = await openHtml(browser, pageOf(await segments()));
    const { page } = opened;
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.tl button:visible, .tl-thumb:visible').count()).toBe(0);
    expect(await page.locator('.tl-trace tr[data-point]:visible').count()).toBe(23);
    expect(await page.locator('.tl-table tbody tr:visible').count()).toBe(2);
    expect(await page.locator('.tl-trace').evaluate((trace) => trace.scrollHeight - trace.clientHeight)).toBe(
      0,
    );
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    await opened.close();
  });

  it('should stay quick with 10,000 instructions over 2,000 words', async () => {
    const bytes = 4 * PAGE_SIZE_BYTES;
    const many = Array.from({ length: 5 }, () => `dax write pmem0:/f @0 iov ${bytes}`).join(' / ');
    const given = await timeline(`${many} / fsync pmem0:/f`, 'before', 'after');
    expect(given.columns.length).toBeGreaterThan(10_000);
    expect(given.words.length).toBeGreaterThan(2000);
    const opened = await openHtml(browser, pageOf(given));
    const { page } = opened;
    // What is drawn is bounded by the window, not by the run.
    expect(await page.locator('[data-draw] rect').count()).toBeLessThan(20_000);
    await page.evaluate("document.querySelector('.tl-scroll').scrollTo(60000, 8000)");
    await page.waitForSelector('[data-draw=body] svg[viewBox^="59"]');
    expect(await page.locator('[data-draw=body] rect').count()).toBeGreaterThan(10);
    // Panels follow a drag in frames of their own, and end where it ended.
    await page.focus('.tl-thumb');
    for (const key of ['Home', 'ArrowRight', 'PageUp', 'PageDown', 'ArrowLeft', 'ArrowLeft'])
      await page.keyboard.press(key);
    await drawnFrame(page);
    const point = await page.getAttribute('.tl-thumb', 'aria-valuenow');
    expect(Number(point)).toBeGreaterThan(1000);
    await page.waitForSelector(`[data-permalink][href="#t1@${point}"]`);
    await page.waitForSelector(`.tl-now[data-point="${point}"]`);
    expect(opened.errors).toEqual([]);
    await opened.close();
  });
});
