import { describe, expect, it } from 'vitest';
import { InstructionRecord } from '#machine/hardware/record.ts';
import { at, StorePieces } from '#machine/order/store-pieces.ts';

const ROUNDS = 200;

/** Stores to words 0, 1 and 0 again in each round: of word 0 the pieces 3r and 3r + 2, of word 1 the pieces 3r + 1. */
function stored(): { readonly pieces: StorePieces; readonly store: () => void } {
  const pieces = new StorePieces(new InstructionRecord(), ROUNDS * 6);
  pieces.addPage({ pageIndex: 0, rangeIndex: 0 }, undefined);
  const page = pieces.pageOfWord(0);
  const store = (): void => {
    for (let round = 0; round < ROUNDS; round++)
      for (const word of [0, 1, 0]) pieces.add(page, 0, word, pieces.count, 0, 0);
  };
  store();
  return { pieces, store };
}

/** By hand, from the order of the stores above. */
function newestOfWord0(end: number): number {
  if (end === 0) return -1;
  return (end - 1) % 3 === 1 ? end - 2 : end - 1;
}

describe('the newest piece of a word before another', () => {
  it('is found at every moment of a long run, in any order of asking', () => {
    const { pieces } = stored();
    const moments = Array.from({ length: pieces.count + 1 }, (_, end) => end);
    for (const end of [...moments, ...moments.toReversed()]) {
      expect(pieces.newestBefore(0, end)).toBe(newestOfWord0(end));
      expect(pieces.newestBefore(2, end)).toBe(-1);
    }
  });

  it('is found when the run has gone on since somebody asked', () => {
    const { pieces, store } = stored();
    expect(pieces.newestBefore(1, 5)).toBe(4);
    store();
    expect(pieces.newestBefore(1, 5)).toBe(4);
    expect(pieces.newestBefore(1, 3 * ROUNDS + 2)).toBe(3 * ROUNDS + 1);
    expect(pieces.newestBefore(1, pieces.count)).toBe(pieces.count - 2);
  });

  it('does not walk through the whole run for each moment of it', () => {
    const { pieces } = stored();
    let reads = 0;
    pieces.previousInWord = new Proxy(pieces.previousInWord, {
      get: (column, key) => {
        reads++;
        return at(column, Number(key));
      },
    });
    for (let end = 0; end <= pieces.count; end++) pieces.newestBefore(0, end);
    // One walk to list the 400 pieces of word 0 and a few steps a moment; without lists it is 120,000.
    expect(reads).toBeLessThan(10 * pieces.count);
  });
});
