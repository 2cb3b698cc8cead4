/** Chance that can be repeated. */
import { describe, expect, it } from 'vitest';
import { Random } from '#engine/fuzz/random.ts';

const draws = (seed: number, number: number): number[] => {
  const random = new Random(seed, number);
  return Array.from({ length: 20 }, () => random.below(1000));
};

describe('chance', () => {
  it('should repeat itself for the same seed and number, and for nothing else', () => {
    expect(draws(7, 3)).toEqual(draws(7, 3));
    const all = [0, 1, 2, 2 ** 40].flatMap((seed) => [0, 1, 2].map((number) => draws(seed, number).join()));
    expect(new Set(all).size).toBe(all.length);
  });

  it('should draw every number of a range and none beyond it', () => {
    const random = new Random(1, 1);
    const seen = new Set(Array.from({ length: 500 }, () => random.between(3, 7)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6, 7]);
  });

  it('should weigh what it picks', () => {
    const random = new Random(1, 2);
    const heavy = Array.from({ length: 1000 }, () =>
      random.pickWeighted([
        ['heavy', 9],
        ['light', 1],
      ]),
    ).filter((item) => item === 'heavy');
    // Nine out of ten, give or take four standard deviations (sqrt(1000 * 0.9 * 0.1) = 9.5).
    expect(Math.abs(heavy.length - 900)).toBeLessThan(38);
  });

  it('should pick different ones when it picks several', () => {
    const items = ['a', 'b', 'c', 'd'].map((item) => [item, 1] as const);
    const drawn = new Random(1, 3).several(items, 3);
    expect(new Set(drawn).size).toBe(3);
    expect(new Random(1, 3).several(items, 9).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('should refuse to pick from nothing', () => {
    expect(() => new Random(1, 1).pick([])).toThrow(RangeError);
    expect(() => new Random(1, 1).pickWeighted([])).toThrow(RangeError);
  });
});
