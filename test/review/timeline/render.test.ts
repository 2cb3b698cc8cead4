import { createHash } from 'node:crypto';
import { type HTMLElement, parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import type { Timeline } from '#base/timeline.ts';
import { timelineAssets } from '#review/timeline/assets.ts';
import { timelinePage } from '#review/timeline/page.ts';
import { renderTimeline } from '#review/timeline/render.ts';
import { sampleTimeline } from './sample.ts';

const HOSTILE = `"'></script></title></style><img src=x onerror=alert(1)><!--`;

/** A timeline in which every text is hostile. */
function hostile(): Timeline {
  const sample = sampleTimeline(['c0 n64 W0 S A0', 'c0 n64 S A0'], undefined, HOSTILE);
  return {
    ...sample,
    title: HOSTILE,
    operations: [{ text: HOSTILE, isPromise: true }],
    words: sample.words.map((word, index) =>
      index === 0 ? { ...word, place: HOSTILE } : { ...word, name: HOSTILE },
    ),
    frames: [{ file: HOSTILE, line: 1, function: HOSTILE }],
    notes: [HOSTILE],
    sides: sample.sides.map((side) => ({
      ...side,
      name: HOSTILE,
      results: [HOSTILE],
      instructions: side.instructions.map((one) => ({
        ...one,
        text: `${one.text}${HOSTILE}`,
        name: HOSTILE,
        stack: [0],
      })),
    })),
  };
}

const attributesOf = (element: HTMLElement): string[] =>
  element.querySelectorAll('*').flatMap(({ attributes }) => Object.keys(attributes));

describe('a page with a timeline', () => {
  it('should run nothing that its texts bring along', () => {
    const text = timelinePage(HOSTILE, [
      { title: HOSTILE, lead: [HOSTILE], text: HOSTILE, command: HOSTILE, timeline: hostile() },
    ]);
    const page = parse(text);
    expect(page.querySelectorAll('img, iframe, object, embed, link')).toEqual([]);
    expect(page.querySelectorAll('script')).toHaveLength(2);
    expect(attributesOf(page).filter((name) => name.startsWith('on'))).toEqual([]);
    expect(text).not.toContain('<img');
  });

  it('should allow no script but its own, by its hash', () => {
    const page = parse(timelinePage('x', []));
    const policy = page.querySelector('meta[http-equiv]')?.getAttribute('content');
    const hash = createHash('sha256')
      .update(page.querySelector('script')?.rawText ?? '')
      .digest('base64');
    expect(policy).toBe(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`);
    expect(timelineAssets().script).not.toContain('</script');
  });

  it('should say the same for eyes that do not see: a slider with words, and a table', () => {
    const page = parse(renderTimeline(sampleTimeline(['c0 W0 S A0', 'c0 S A0']), 'one').text);
    const slider = page.querySelector('[role=slider]');
    // The first return at which the sides may leave differently many images: one after sfence, two without the write-back.
    expect(slider?.getAttribute('aria-valuetext')).toBe(
      "Power fails once 'it' has returned: 1 image side 0, 2 images side 1",
    );
    expect(slider?.getAttribute('aria-valuemax')).toBe('4');
    const cells = page.querySelectorAll('.tl-table tbody td').map(({ text }) => text.trim());
    expect(cells).toEqual(['4', '1 image', 'nothing', '2 images', 'pmem0 0x0000–0x0007']);
  });

  it('should begin every id with the prefix it was given, so that many fit one page', () => {
    const page = parse(renderTimeline(sampleTimeline(['c0 W0 S A0']), 'mine').text);
    for (const { id } of page.querySelectorAll('[id]')) expect(id).toMatch(/^mine\b/);
  });

  it('should draw no more than a window of a long run', () => {
    const long = sampleTimeline([`n0:8*3000 S A0`]);
    const page = parse(renderTimeline(long, 'long').text);
    expect(page.querySelectorAll('rect').length).toBeLessThan(3000);
    expect(page.querySelectorAll('.tl-trace tbody tr').length).toBeLessThan(250);
  });
});
