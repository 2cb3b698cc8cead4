import { array, assert, constantFrom, pre, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashHistory, materialise, persistencySetting } from '#machine/images/crash-images.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { explore, type Rule } from '../oracle/enumerate.ts';
import { LETTERS } from '../oracle/program-tree.ts';
import { anyProgram, anySetting, mismatchOf } from '../oracle/programs.ts';
import { BASE, listImages, machineAfter, sameSet } from '../oracle/sets.ts';
import { runs } from '../../support/thorough.ts';

const ADR = persistencySetting('adr');
const WRITE_BACK = persistencySetting('adr', { nonTemporalInDirtyLine: 'write-back' });
const EADR = persistencySetting('eadr');

function history(trace: string, setting = ADR): ReturnType<typeof crashHistory> {
  return crashHistory(machineAfter(trace, setting.domain), setting);
}

/** Images of a run under the independent and the write-back setting. */
function dirtyLineCounts(trace: string): bigint[] {
  return [ADR, WRITE_BACK].map((setting) => history(trace, setting).anywhere().count());
}

describe('the sets of images equal those of the machine, step by step', () => {
  for (const values of ['unique', 'repeating'] as const) {
    it(`for longer programs with everything, ${values} values, under any setting`, () => {
      const agrees = property(anyProgram(5, values), anySetting, (trace, setting) => {
        expect(mismatchOf(trace, setting)).toBeUndefined();
      });
      assert(agrees, { seed: 20_170_617, numRuns: runs(1500) });
    });
  }

  it('for longer programs of the same letters, locked instructions and strings', () => {
    const letters = [
      ...LETTERS.map(({ text }) => text),
      'L0:8',
      'L64:8',
      's0:16',
      'A0',
      'H0',
      'X0',
      'S',
      'n0:4',
      'c4:4',
    ];
    const anyLetters = array(constantFrom(...letters), { minLength: 5, maxLength: 7 });
    const agrees = property(anyLetters, anySetting, (program, setting) => {
      pre(setting.domain !== 'none' || program.length < 7);
      expect(mismatchOf([...program, 'A0'].join(' '), setting)).toBeUndefined();
    });
    assert(agrees, { seed: 8, numRuns: runs(2000) });
  });

  const dropped: [Rule, string][] = [
    ['line order', 'c0 c8 A0'],
    ['fence completes write-backs', 'c0 W0 S c64 A0'],
    ['locked is a barrier', 'c0 W0 L128:8 c64 A0'],
    ['word order', 'n0 c0 c64 A0'],
  ];
  for (const [rule, trace] of dropped) {
    it(`not when the machine loses the rule "${rule}"`, () => {
      expect(mismatchOf(trace, ADR)).toBeUndefined();
      expect(mismatchOf(trace, ADR, rule)).toContain(trace);
    });
  }
});

describe('worked examples of persistency.md', () => {
  it('P42: a write-back of the first line only leaves four images, of both lines one', () => {
    expect(history('c61:1*3 c64:1*3 W0 S A0').acked(0).count()).toBe(4n);
    expect(history('c61:1*3 c64:1*3 W0 W64 S A0').acked(0).count()).toBe(1n);
    expect(history('c61:1*3 c64:1*3 W0 S A0').anywhere().count()).toBe(16n);
    expect(history('c61:1*3 c64:1*3 W0 W64 S A0').anywhere().count()).toBe(16n);
  });

  it('K2: eleven bytes with an unflushed tail end as four files', () => {
    const set = history('n0=48656c6c6f576f72 c8:1=6c c9:1=64 c10:1=21 S A0').acked(0);
    const texts = [...listImages(set, [BASE, BASE + 8])].map((text) => text.slice(0, 11)).sort();
    expect(texts).toEqual(['HelloWor\0\0\0', 'HelloWorl\0\0', 'HelloWorld\0', 'HelloWorld!']);
    expect(history('n0 c8:1*3 W8 S A0').acked(0).count()).toBe(1n);
  });

  it('a 64-byte copy: 9 images with cached stores, 256 with non-temporal ones, one once acknowledged', () => {
    for (const [trace, images] of [
      ['c0:8*8 W0 S A0', 9n],
      ['n0:8*8 S A0', 256n],
    ] as const) {
      expect(history(trace).inFlight(0).count()).toBe(images);
      expect(history(trace).acked(0).count()).toBe(1n);
    }
  });

  it('4 KiB: 9^64 with cached stores, 2^512 with non-temporal ones; 64 KiB: 2^8192', () => {
    expect(history('c0:8*512 W0*64 S A0').inFlight(0).count()).toBe(9n ** 64n);
    expect(history('n0:8*512 S A0').inFlight(0).count()).toBe(2n ** 512n);
    const large = history('n0:8*8192 S A0').inFlight(0);
    expect(large.count()).toBe(2n ** 8192n);
    expect(large.log2Count()).toBe(8192);
  });

  it('WC=0: a store that is only fenced is lost under ADR and kept under eADR', () => {
    expect(history('c0 S A0').acked(0).count()).toBe(2n);
    expect(history('c0 S A0', EADR).acked(0).count()).toBe(1n);
  });

  it('P08: a locked instruction makes 5 images of 8', () => {
    expect(history('c0 W0 L128:8 c64').anywhere().count()).toBe(5n);
    expect(history('c0 W0 c128 c64').anywhere().count()).toBe(8n);
  });

  it('N31, N32, N33, N37: what a non-temporal store does to its dirty line', () => {
    expect(dirtyLineCounts('c0 S n8 S A0')).toEqual([4n, 3n]);
    expect(dirtyLineCounts('c0 n8 S A0')).toEqual([4n, 4n]);
    expect(dirtyLineCounts('c0 W0 n8 S A0')).toEqual([4n, 4n]);
    expect(dirtyLineCounts('c8 c0 n0 S A0')).toEqual([5n, 4n]);
  });

  it('a non-temporal store after a fence does not wait for a clflush in between', () => {
    expect(mismatchOf('c0 n8 S X0 n64 A0', ADR)).toBeUndefined();
    expect(history('c0 n8 S X0 n64 A0').anywhere().count()).toBe(6n);
  });

  it('a flush hint and a fence make data certain without ADR, the fence alone does not', () => {
    const none = persistencySetting('none');
    expect(history('n0 S A0', none).acked(0).count()).toBe(2n);
    expect(history('n0 S H0 A0', none).acked(0).count()).toBe(2n);
    expect(history('n0 S H0 S A0', none).acked(0).count()).toBe(1n);
    expect(history('n0 H0 S A0', none).acked(0).count()).toBe(2n);
  });

  it('a range on two modules is certain once hints have drained both', () => {
    const none = persistencySetting('none');
    const second = 1 << 20;
    expect(history(`n${second} S H0 S A0`, none).acked(0).count()).toBe(2n);
    expect(history(`n${second} S H8 H0 S A0`, none).acked(0).count()).toBe(1n);
  });
});

describe('an image set', () => {
  it('says which bytes are uncertain, in ranges that do not touch', () => {
    const ranges = (trace: string): number[][] =>
      [...history(trace).acked(0).uncertainRanges()].map(({ start, end }) => [start - BASE, end - BASE]);
    expect(ranges('c0:1=01 c1:1=02 c0:1=03 A0')).toEqual([[0, 2]]);
    // Words of several lines, stored in any order, and a byte that is stored to but keeps its 0.
    expect(ranges('n64 n56 n72 c4096:1=00 c4098:1=01 A0')).toEqual([
      [56, 80],
      [4098, 4099],
    ]);
    expect(ranges('n0 S A0')).toEqual([]);
    expect(history('n0 S A0').acked(0).isSingle()).toBe(true);
  });

  it('calls a byte uncertain when two of its images differ there', () => {
    const agrees = property(anyProgram(6, 'repeating'), anySetting, (trace, setting) => {
      const set = history(trace, setting).anywhere();
      const addresses = set.touchedWords().map((word) => set.view.order.pieces.addressOfWord(word));
      const images = [...listImages(set, addresses)];
      const differing = addresses.flatMap((address, word) =>
        Array.from({ length: 8 }, (_, byte) => byte)
          .filter((byte) => new Set(images.map((image) => image[word * 8 + byte])).size > 1)
          .map((byte) => address + byte),
      );
      const uncertain = [...set.uncertainRanges()].flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, index) => start + index),
      );
      expect(uncertain).toEqual(differing.sort((left, right) => left - right));
    });
    assert(agrees, { seed: 3, numRuns: runs(500) });
  });

  it('contains exactly its images', () => {
    const inSet = property(anyProgram(5, 'repeating'), anySetting, (trace, setting) => {
      const some = history(trace, setting);
      const explored = explore(some.order.source, setting);
      const images = [...explored.anywhere].map((text) => imageOf(text, explored.wordAddresses));
      for (const [index, acked] of explored.acked.entries())
        for (const [number, text] of [...explored.anywhere].entries())
          expect(some.acked(index).contains(images[number]!)).toBe(acked.has(text));
    });
    assert(inSet, { seed: 4, numRuns: runs(300) });
  });

  it('has its least and greatest image as members', () => {
    const set = history('c0 W0 S n64 c128').anywhere();
    expect(set.contains(set.minimalImage())).toBe(true);
    expect(set.contains(set.maximalImage())).toBe(true);
    expect(set.contains(new Map([[BASE + 4096, new Uint8Array(8).fill(9)]]))).toBe(false);
  });

  it('is one from which a machine can boot', () => {
    const page = new Uint8Array(4096).fill(0x55);
    const machine = machineAfter('n8=0102030405060708 S A0', 'adr', new Map([[BASE / 4096, page]]));
    const image = crashHistory(machine, ADR).acked(0).minimalImage();
    const media = materialise(machine.memory.initialMedia, image);
    const rebooted = powerOn({ ...machine.configuration, initialMedia: media });
    expect([...rebooted.cpu.load(BASE + 7, 3)]).toEqual([0x55, 1, 2]);
    expect(page[8]).toBe(0x55);
  });

  it('under eADR is never larger than under ADR, and under ADR never larger than without', () => {
    const nested = property(anyProgram(5), (trace) => {
      const sets = (['eadr', 'adr', 'none'] as const).map((domain) => {
        const some = history(trace, persistencySetting(domain));
        const words = explore(some.order.source, ADR).wordAddresses;
        return some.acknowledgements.map((_, index) => listImages(some.acked(index), words));
      });
      for (const [index, eadr] of sets[0]!.entries()) {
        const [adr, none] = [sets[1]![index]!, sets[2]![index]!];
        expect([...eadr].every((image) => adr.has(image))).toBe(true);
        expect([...adr].every((image) => none.has(image))).toBe(true);
      }
    });
    assert(nested, { seed: 5, numRuns: runs(300) });
  });

  it('names a crash point that does not exist', () => {
    expect(() => history('n0 A0').acked(1)).toThrow('acknowledgement 1 of a run that has 1');
  });

  it('gives up on a line with too many ways to persist, with advice', () => {
    const words = [0, 8, 16, 24, 32, 40, 48, 56];
    const mixed = words.flatMap((word) => [`c${word}`, `n${word}`, `n${word}`, `n${word}`, `n${word}`]);
    expect(() =>
      history([...mixed, 'A0'].join(' '))
        .acked(0)
        .count(),
    ).toThrow(/line at 0x10000 .* acknowledge or flush more often/);
  });

  it('gives up on a line that is stored to thousands of times before it is drawn', () => {
    const mixed = Array.from({ length: 4000 }, () => 'c0 n0').join(' ');
    expect(() => history(`${mixed} A0`).acked(0).count()).toThrow(/has too many ways to persist \d{4} mixed/);
  });
});

describe('the history of a run', () => {
  it('sees the same images whether stores are recorded as ranges or one by one', () => {
    const ranges = constantFrom(
      ['c0:8*4', 'c0 c8 c16 c24'],
      ['n0:4*3', 'n0:4 n4:4 n8:4'],
      ['W0*2', 'W0 W64'],
    );
    const samePairs = property(tuple(ranges, ranges, ranges), anySetting, (pairs, setting) => {
      const [one, other] = [0, 1].map((side) =>
        pairs.map((pair) => pair[side]!.replaceAll(/[cn]\S+/g, '$&=0101')).join(' '),
      ) as [string, string];
      const [left, right] = [history(`${one} A0`, setting), history(`${other} A0`, setting)];
      expect(left.acked(0).digest).toBe(right.acked(0).digest);
      expect(left.anywhere().digest).toBe(right.anywhere().digest);
    });
    assert(samePairs, { seed: 6, numRuns: runs(200) });
  });

  it('keeps many open stores across acknowledgements', () => {
    const open = Array.from({ length: 1500 }, (_, index) => `c${index * 64} A${index}`).join(' ');
    const some = history(`${open} n0 S A9`);
    expect(some.acked(1499).log2Count()).toBe(1500);
    expect(some.acked(3).log2Count()).toBe(4);
    expect(sameSet(listImages(some.acked(3), [BASE]), listImages(some.inFlight(3), [BASE]))).toBe(true);
  });
});

function imageOf(text: string, words: readonly number[]): Map<number, Uint8Array> {
  return new Map(
    words.map((address, index) => [
      address,
      Uint8Array.from(text.slice(index * 8, index * 8 + 8), (character) => character.charCodeAt(0)),
    ]),
  );
}
