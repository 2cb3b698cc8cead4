/**
 * The instants of a run, read in one go, against the images of every prefix of the run, each worked out alone. What is in flight
 * is held to its meaning: certain once a fence follows.
 */
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryKind } from '#machine/hardware/record.ts';
import { persistencySetting, type PersistencySetting, sourceOf } from '#machine/images/crash-images.ts';
import { instantsOf, type WordAtInstant } from '#machine/timeline/instants.ts';
import { unitRun } from '#machine/timeline/unit-record.ts';
import { anyProgram, anySetting } from '../oracle/programs.ts';
import { BASE, machineAfter } from '../oracle/sets.ts';
import { prefixSet, uncertainBytes } from './prefixes.ts';
import { runs } from '../../support/thorough.ts';

const ADR = persistencySetting('adr');

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Says where the instants of a trace are not those of its prefixes; `spoil` changes what an instant says. */
function mismatch(
  trace: string,
  setting: PersistencySetting,
  spoil: (word: WordAtInstant, instant: number) => WordAtInstant = (word) => word,
): string | undefined {
  const source = sourceOf(machineAfter(trace, setting.domain));
  const run = unitRun(source, 1000);
  const words = new Map<number, WordAtInstant>();
  let instant = 0;
  for (const { images, words: changed } of instantsOf(run, setting)) {
    for (const word of changed) words.set(word.address, spoil(word, instant));
    const set = prefixSet(source, run.units, instant, setting);
    const where = `${trace}: after ${instant}`;
    if (images !== undefined && images !== set.count())
      return `${where}: ${images} images, not ${set.count()}`;
    const largest = set.maximalImage();
    for (const [address, content] of set.minimalImage()) {
      const word = words.get(address);
      if (word === undefined) return `${where}: nothing about ${address - BASE}`;
      if (hex(word.smallest) !== hex(content)) return `${where}: smallest of ${address - BASE}`;
      if (hex(word.largest) !== hex(largest.get(address) ?? content))
        return `${where}: largest of ${address - BASE}`;
      if (word.uncertain !== uncertainBytes(set, address)) return `${where}: uncertain of ${address - BASE}`;
      if (setting.domain === 'none') continue;
      const fenced = uncertainBytes(prefixSet(source, run.units, instant, setting, true), address);
      if (word.inFlight !== (word.uncertain & ~fenced)) return `${where}: in flight of ${address - BASE}`;
    }
    instant++;
  }
  return instant === run.units.length + 1 ? undefined : `${trace}: ${instant} instants`;
}

describe('the instants of a run', () => {
  for (const values of ['unique', 'repeating'] as const)
    it(`should be those of its prefixes, under any setting, ${values} values`, () => {
      const agree = property(anyProgram(9, values), anySetting, (trace, setting) => {
        expect(mismatch(trace, setting)).toBeUndefined();
      });
      assert(agree, { seed: 17, numRuns: runs(600) });
    });

  it('should be found wrong when one is drawn wrong', () => {
    const trace = 'c0 n8 W0 S c0 A0';
    expect(mismatch(trace, ADR)).toBeUndefined();
    const spoilers: ((word: WordAtInstant) => WordAtInstant)[] = [
      (word) => ({ ...word, uncertain: word.uncertain ^ 1 }),
      (word) => ({ ...word, inFlight: 0 }),
      (word) => ({ ...word, smallest: word.largest }),
      (word) => ({ ...word, largest: word.smallest }),
    ];
    for (const spoil of spoilers) expect(mismatch(trace, ADR, spoil)).toMatch(/after/);
  });

  it('should tell who stored what', () => {
    // Units: 0 c0 (8 bytes), 1 n0 (first half of the word), 2 S, which completes what is non-temporal and nothing else.
    const run = unitRun(sourceOf(machineAfter('c0 n0:4 S')), 100);
    const last = [...instantsOf(run, ADR)].flatMap(({ words }) => words).at(-1);
    expect(last?.largestBy).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(last?.smallestBy).toEqual([1, 1, 1, 1, -1, -1, -1, -1]);
    expect(last?.uncertain).toBe(0b1111_0000);
  });

  it('should list what words that persist in order may hold together', () => {
    // Three cached stores to one line: 0, 1, 2 or all 3 have persisted (persistency.md 4.2, line order).
    const run = unitRun(sourceOf(machineAfter('c0=11 c8=22 c16=33')), 100);
    const choices = [...instantsOf(run, ADR)].at(-1)?.lines[0]?.choices ?? [];
    expect(choices.map(({ words, count }) => [words.map((word) => word - BASE), count])).toEqual([
      [[0, 8, 16], 4],
    ]);
    const firsts = choices[0]?.contents.map((content) => [content[0], content[8], content[16]]);
    expect(firsts).toEqual([
      [0, 0, 0],
      [0x11, 0, 0],
      [0x11, 0x22, 0],
      [0x11, 0x22, 0x33],
    ]);
  });

  it('should cut runs of instructions, and write-backs only where something was stored', () => {
    const { units } = unitRun(sourceOf(machineAfter('n128:8*3 W0*6 S')), 100);
    expect(
      units.map(({ kind, address, count }) => [kind, address === 0 ? 0 : address - BASE, count]),
    ).toEqual([
      [EntryKind.storeNonTemporal, 128, 1],
      [EntryKind.storeNonTemporal, 136, 1],
      [EntryKind.storeNonTemporal, 144, 1],
      [EntryKind.clwb, 0, 2],
      [EntryKind.clwb, 128, 1],
      [EntryKind.clwb, 192, 3],
      [EntryKind.sfence, 0, 1],
    ]);
    const merged = unitRun(sourceOf(machineAfter('n128:8*3 W0*6 S')), 5);
    expect([merged.isMerged, merged.units.length]).toEqual([true, 3]);
  });
});

const isInLine = ({ address }: WordAtInstant): boolean => address >= BASE + 64 && address < BASE + 128;

describe('a part of a run', () => {
  const TRACE = 'c0 n64 W0 S c8 n128:8*4 W0 S c16 A0';

  it('should be what the whole run is from there on', () => {
    const run = unitRun(sourceOf(machineAfter(TRACE)), 100);
    const whole = [...instantsOf(run, ADR)];
    for (let first = 0; first <= run.units.length; first++) {
      const part = [...instantsOf(run, ADR, first)];
      expect(part).toHaveLength(whole.length - first);
      // Its first instant tells of everything before, the others of what changed, as in the whole run.
      expect(part.slice(1).map(({ images, words }) => [images, words])).toEqual(
        whole.slice(first + 1).map(({ images, words }) => [images, words]),
      );
      const before = new Map<number, WordAtInstant>();
      for (const { words } of whole.slice(0, first + 1))
        for (const word of words) before.set(word.address, word);
      const told = new Map(part[0]?.words.map((word) => [word.address, word]));
      expect([...told.entries()].sort()).toEqual([...before.entries()].sort());
    }
  });

  it('should be told of the lines that are asked for, without counting images', () => {
    const run = unitRun(sourceOf(machineAfter(TRACE)), 100);
    const lines = new Set([BASE + 64]);
    const part = [...instantsOf(run, ADR, 0, lines)];
    const whole = [...instantsOf(run, ADR)];
    expect(part.map(({ words }) => words)).toEqual(whole.map(({ words }) => words.filter(isInLine)));
    expect(new Set(part.map(({ images }) => images))).toEqual(new Set([undefined]));
  });
});
