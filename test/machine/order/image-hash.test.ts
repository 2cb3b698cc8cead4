import { array, assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { HashSum, pagePlace, wordPlace } from '#machine/order/image-hash.ts';
import { SETTINGS } from '../oracle/programs.ts';
import { machineAfter } from '../oracle/sets.ts';
import { runs } from '../../support/thorough.ts';

describe('a sum of word hashes', () => {
  it('is the same for words added one by one and together, and can be taken back', () => {
    const half = constantFrom(0, 1, -1, 0x1234_5678, 0x8000_0000 | 0);
    const agrees = property(
      array(half, { minLength: 16, maxLength: 16 }),
      integer({ min: 0, max: 7 }),
      (values, first) => {
        const halves = Int32Array.from(values);
        const page = pagePlace(77);
        const [together, single] = [new HashSum(), new HashSum()];
        together.addWords(page, halves, first, 8 - first, 1);
        for (let word = first; word < 8; word++)
          single.addWord(wordPlace(page, word), halves[word * 2]!, halves[word * 2 + 1]!, 0, 1);
        expect(together.toString()).toBe(single.toString());
        together.addWords(page, halves, first, 8 - first, -1);
        expect(together.toString()).toBe('0'.repeat(32));
      },
    );
    assert(agrees, { seed: 1, numRuns: runs(300) });
  });

  it('does not count zeroes, unless a version tells them from those before the run', () => {
    const sum = new HashSum();
    sum.addWord(wordPlace(pagePlace(3), 4), 0, 0, 0, 1);
    expect(sum.equals(new HashSum())).toBe(true);
    sum.addWord(wordPlace(pagePlace(3), 4), 0, 0, 1, 1);
    expect(sum.equals(new HashSum())).toBe(false);
  });
});

describe('digests', () => {
  // Each step as one range and as its single stores, with the same bytes.
  const steps: readonly (readonly [string, string])[] = [
    ['n0:8*3=01', 'n0=01 n8=01 n16=01'],
    ['n8:8*3=02', 'n8=02 n16=02 n24=02'],
    ['n4080:8*4=03', 'n4080=03 n4088=03 n4096=03 n4104=03'],
    ['n16:4*3=04', 'n16:4=04 n20:4=04 n24:4=04'],
    ['n0:8*2=00', 'n0=00 n8=00'],
    ['c8=05', 'c8=05'],
    ['W0', 'W0'],
    ['S', 'S'],
    ['A0', 'A0'],
    ['S A0', 'S A0'],
  ];
  for (const [name, setting] of SETTINGS) {
    it(`are the same for ranges and for their single stores: ${name}`, () => {
      const agrees = property(array(constantFrom(...steps), { maxLength: 9 }), (program) => {
        const digests = [0, 1].map((side) => {
          const trace = `${program.map((step) => step[side]!).join(' ')} A0`;
          const history = crashHistory(machineAfter(trace, setting.domain), setting);
          return [
            history.anywhere().digest,
            ...history.acknowledgements.map((_, index) => history.acked(index).digest),
          ];
        });
        expect(digests[0]).toEqual(digests[1]);
      });
      assert(agrees, { seed: 2, numRuns: runs(300) });
    });
  }

  it('differ when one store of a range does', () => {
    const ADR = persistencySetting('adr');
    const [one, other] = ['n0:8*3=01 S A0', 'n0:8*2=01 n16=02 S A0'].map((trace) =>
      crashHistory(machineAfter(trace), ADR).acked(0),
    );
    expect(one!.digest).not.toBe(other!.digest);
  });
});
