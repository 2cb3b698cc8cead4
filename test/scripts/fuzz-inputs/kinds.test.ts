/** Kinds of input: whole ones are taken, and a number says which damaged one is meant. */
import { describe, expect, it } from 'vitest';
import { Random } from '#engine/fuzz/random.ts';
import { type Kind, KINDS, inputOf } from '../../../scripts/fuzz-inputs/kinds.ts';
import { damaged } from '../../../scripts/fuzz-inputs/mutate-text.ts';
import { isThorough } from '../../support/thorough.ts';

const COUNT = isThorough ? 40 : 12;

const draw = (kind: Kind, seed: number): string[] =>
  Array.from({ length: COUNT }, (_, number) => inputOf(kind, new Random(seed, number)));

describe.each(KINDS)('inputs of the kind $name', (kind) => {
  it('should be the same for the same seed and number, and mostly others for another', () => {
    expect(draw(kind, 1)).toEqual(draw(kind, 1));
    const [one, other] = [draw(kind, 1), new Set(draw(kind, 2))];
    expect(one.filter((text) => other.has(text)).length).toBeLessThan(COUNT / 2);
  });

  it('should begin from whole ones', () => {
    expect(kind.whole().length).toBeGreaterThan(0);
  });
});

describe('damage', () => {
  it('should change nearly every text, and never take long', () => {
    const text = 'dax write pmem0:/f @64 iov 4,12\nfsync pmem0:/f\n';
    const changed = Array.from({ length: 1000 }, (_, number) => damaged(new Random(3, number), text, [text]));
    expect(changed.filter((one) => one === text).length).toBeLessThan(100);
    // Up to 2,048 copies of a piece, four times over.
    expect(Math.max(...changed.map(({ length }) => length))).toBeLessThan(text.length * 2 ** 13);
  });
});
