/** What is said of changes that no scenario notices: the gravest word on a line, a sentence below the diff. */
import { describe, expect, it } from 'vitest';
import type { Unnoticed } from '#engine/subject.ts';
import { linesOf, remarkOn, seenOneWay, whatCameOf, withoutEffect } from '#review/unnoticed.ts';

const tried = (change: Unnoticed['change'], count: number): Unnoticed => ({
  file: 'a.ts',
  line: 3,
  code: 'a > 1',
  change,
  reached: count,
  tried: count,
});

describe('what is said of a line', () => {
  it.each([
    ['no effect', [tried('left out', 2)]],
    ['no effect', [tried('true', 2), tried('false', 1)]],
    ['no effect if true', [tried('true', 2)]],
    ['no effect if false', [tried('true', 0), tried('false', 2)]],
    // To be forced to be false, a condition must have been true somewhere.
    ['never true', [tried('false', 0)]],
    ['never false', [tried('true', 0)]],
    ['never in full', [tried('left out', 0)]],
    ['', []],
  ] as const)('should be "%s"', (remark, changes) => {
    expect(remarkOn(changes)).toBe(remark);
  });

  it('should be a sentence with what was tried', () => {
    expect(whatCameOf(tried('left out', 1))).toBe('left out: all the same in 1 scenario that gets there');
    expect(whatCameOf({ ...tried('true', 90), tried: 64 })).toBe(
      'forced to be true: all the same in 64 tried of 90 scenarios that get there',
    );
    expect(whatCameOf(tried('false', 0))).toBe('is never true');
  });

  it('should tell what was tried from what no scenario gets to', () => {
    const review = { unnoticed: { changes: [tried('true', 0), tried('left out', 2)], untried: [] } };
    expect(withoutEffect(review).map(({ change }) => change)).toEqual(['left out']);
    expect(seenOneWay(review).map(({ change }) => change)).toEqual(['true']);
    expect(linesOf(review.unnoticed.changes)).toBe(1);
    expect(withoutEffect({})).toEqual([]);
  });
});
