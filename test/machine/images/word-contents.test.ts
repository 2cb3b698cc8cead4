/** One word of an image set, held against the list of all images, and small cases by hand. */
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashHistory, type ImageSet, persistencySetting } from '#machine/images/crash-images.ts';
import { differingWords, WordContents } from '#machine/images/word-contents.ts';
import { anyProgram, anySetting } from '../oracle/programs.ts';
import { BASE, listImages, machineAfter } from '../oracle/sets.ts';

const ADR = persistencySetting('adr');

function anywhere(trace: string, setting = ADR): ImageSet {
  return crashHistory(machineAfter(trace, setting.domain), setting).anywhere();
}

function acked(trace: string): ImageSet {
  return crashHistory(machineAfter(trace, 'adr'), ADR).acked(0);
}

const hex = (set: ImageSet, address: number): string[] =>
  new WordContents(set)
    .at(address)
    .map(({ bytes }) => Buffer.from(bytes).toString('hex'))
    .sort();

describe('the contents of one word', () => {
  it('are those that it has in some image, for any program under any setting', () => {
    const agrees = property(anyProgram(5, 'repeating'), anySetting, (trace, setting) => {
      const set = anywhere(trace, setting);
      for (const word of set.touchedWords()) {
        const address = set.view.order.pieces.addressOfWord(word);
        const listed = [...listImages(set, [address])].sort();
        expect(hex(set, address)).toHaveLength(listed.length);
      }
    });
    assert(agrees, { seed: 20_170_617, numRuns: 500 });
  });

  it('are two before a fence completes the write-back, and one after it', () => {
    expect(hex(acked('c0:8=11 W0 A0'), BASE)).toEqual(['0000000000000000', '1111111111111111']);
    expect(hex(acked('c0:8=11 W0 S A0'), BASE)).toEqual(['1111111111111111']);
  });

  it('are what was there before in words that nobody stored to', () => {
    expect(hex(acked('c0:8=11 A0'), BASE + 8)).toEqual(['0000000000000000']);
  });
});

describe('words that tell two sets apart', () => {
  it('are those of the store that only one side has written back', () => {
    expect(differingWords(acked('c0:8=11 c64:8=22 W0 W64 S A0'), acked('c0:8=11 c64:8=22 W0 S A0'))).toEqual([
      BASE + 64,
    ]);
  });

  it('are none where only the order differs', () => {
    // Left: either may persist without the other; right: 64 only after 0. Each word holds old or new in both.
    const left = anywhere('n0:8=11 n64:8=22');
    const right = anywhere('n0:8=11 S n64:8=22');
    expect(differingWords(left, right)).toEqual([]);
  });
});
