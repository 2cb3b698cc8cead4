// The comparison with a baseline, with a clock that the tasks move themselves.
import { describe, expect, it } from 'vitest';
import { ALLOWED, ratiosOf, regressions } from '../../bench/check.ts';

describe('ratios', () => {
  it('should be medians in units of the plain work, whatever one round had to wait for', () => {
    let ms = 0;
    let runs = 0;
    const slow = (): void => void (ms += ++runs === 3 ? 1000 : 6);
    const ratios = ratiosOf(
      { slow },
      () => void (ms += 2),
      5,
      () => ms,
    );
    expect(ratios).toEqual({ slow: 3 });
  });
});

describe('a regression', () => {
  it('should be what is slower than the baseline by more than noise', () => {
    expect(regressions({ a: 3 * ALLOWED, b: 1 }, { a: 3, b: 1 })).toEqual([]);
    expect(regressions({ a: 6, b: 1 }, { a: 3, b: 1 })).toEqual(['a: 2.00 times as slow as it was']);
  });

  it('should not hide behind a task that is new, or gone', () => {
    expect(regressions({ a: 1 }, { b: 1 })).toEqual([
      'a: not in the baseline',
      'b: in the baseline, and no longer measured',
    ]);
  });
});
