import { assert, constantFrom, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crashHistory,
  type ImageSet,
  persistencySetting,
  type PersistencySetting,
} from '#machine/images/crash-images.ts';
import type { Relation } from '#base/relation.ts';
import { isWithin, relate } from '#machine/images/image-set-relation.ts';
import { anyProgram, anySetting } from '../oracle/programs.ts';
import { BASE, listImages, machineAfter } from '../oracle/sets.ts';
import { runs } from '../../support/thorough.ts';

const ADR = persistencySetting('adr');

function acked(trace: string, setting = ADR, initial = new Map<number, Uint8Array>()): ImageSet {
  const history = crashHistory(machineAfter(trace, setting.domain, initial), setting);
  return history.acked(history.acknowledgements.length - 1);
}

function inFlight(trace: string, setting = ADR): ImageSet {
  return crashHistory(machineAfter(trace, setting.domain), setting).inFlight(0);
}

/** Every set that a run has to offer. */
function setsOf(trace: string, setting: PersistencySetting): ImageSet[] {
  const history = crashHistory(machineAfter(trace, setting.domain), setting);
  const points = history.acknowledgements.flatMap((_, index) => [
    history.acked(index),
    history.inFlight(index),
  ]);
  return [history.anywhere(), ...points].slice(0, 7);
}

function isSubset(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].every((image) => other.has(image));
}

function relationByListing(before: ImageSet, after: ImageSet): Relation {
  const words = [before, after].flatMap((set) =>
    set.touchedWords().map((word) => set.view.order.pieces.addressOfWord(word)),
  );
  const [left, right] = [before, after].map((set) => listImages(set, [...new Set(words)])) as [
    Set<string>,
    Set<string>,
  ];
  if (isSubset(left, right)) return isSubset(right, left) ? 'equal' : 'weaker';
  return isSubset(right, left) ? 'stronger' : 'incomparable';
}

/** Bytes for a step that depend on its text only. */
function withValue(step: string): string {
  if (step.includes('=')) return step;
  return `${step}=${(((step.length * 31 + step.charCodeAt(1)) % 250) + 1).toString(16).padStart(2, '0')}`;
}

/** Gives equal steps equal bytes wherever they stand, so that the two programs of a pair store the same things. */
function withValues(trace: string): string {
  return trace.replaceAll(/[cnsL]\S+/g, withValue);
}

/** Two programs that differ by a step left out, added or moved, or in everything. */
const anyPair = (values: 'unique' | 'repeating', maxLength: number) =>
  tuple(
    anyProgram(maxLength, values),
    anyProgram(maxLength, values),
    nat(),
    constantFrom('drop', 'add', 'swap', 'other'),
  ).map(([one, other, position, change]): [string, string] => {
    const steps = one.split(' ');
    const at = position % steps.length;
    if (change === 'drop') steps.splice(at, 1);
    if (change === 'add') steps.splice(at, 0, other.split(' ')[0]!);
    if (change === 'swap') steps.splice(Math.max(0, at - 1), 0, ...steps.splice(at, 1));
    return [withValues(one), withValues(change === 'other' ? other : steps.join(' '))];
  });

/** The step in each of the first `count` lines. */
function inEachLine(count: number, step: (address: number) => string): string {
  return Array.from({ length: count }, (_, index) => step(index * 64)).join(' ');
}

describe('the relation of two sets', () => {
  for (const values of ['unique', 'repeating'] as const) {
    it(`is that of the listed images, with witnesses on the right side: ${values} values`, () => {
      const seen = new Map<string, number>();
      const agrees = property(anyPair(values, 9), anySetting, ([before, after], setting) => {
        const [lefts, rights] = [setsOf(before, setting), setsOf(after, setting)];
        for (const [index, left] of lefts.slice(0, rights.length).entries()) {
          const right = rights[index]!;
          const { relation, onlyBefore, onlyAfter } = relate(left, right);
          expect(relation).toBe(relationByListing(left, right));
          seen.set(relation, (seen.get(relation) ?? 0) + 1);
          if (left.digest === right.digest) expect(relation).toBe('equal');
          if (onlyBefore !== undefined) {
            expect(left.contains(onlyBefore.image())).toBe(true);
            expect(right.contains(onlyBefore.image())).toBe(false);
          }
          if (onlyAfter !== undefined) {
            expect(left.contains(onlyAfter.image())).toBe(false);
            expect(right.contains(onlyAfter.image())).toBe(true);
          }
        }
      });
      assert(agrees, { seed: 7, numRuns: runs(1200) });
      for (const relation of ['equal', 'stronger', 'weaker', 'incomparable'])
        expect(seen.get(relation)).toBeGreaterThan(runs(100));
    });
  }

  it('K1: losing the second line is weaker once acknowledged, though equal over the whole run', () => {
    const before = 'c61:1*3 c64:1*3 W0 W64 S A0';
    const after = 'c61:1*3 c64:1*3 W0 S A0';
    expect(relate(inFlight(before), inFlight(after)).relation).toBe('equal');
    const { relation, onlyAfter, onlyBefore } = relate(acked(before), acked(after));
    expect(relation).toBe('weaker');
    expect(onlyBefore).toBeUndefined();
    const lost = onlyAfter!.bytes.filter((byte) => byte.isDecisive && byte.value !== byte.otherValue);
    expect(lost.map(({ address, value, entry }) => [address - BASE, value, entry])).toEqual([
      [64, 0, undefined],
      [65, 0, undefined],
      [66, 0, undefined],
    ]);
  });

  it('K2: writing the tail back is stronger', () => {
    expect(relate(acked('n0 c8:1*3 S A0'), acked('n0 c8:1*3 W8 S A0')).relation).toBe('stronger');
  });

  it('a copy with non-temporal stores instead of cached ones: weaker before the fence, equal after', () => {
    const [before, after] = ['c0:8*8=01020304050607 W0 S A0', 'n0:8*8=01020304050607 S A0'];
    const { relation, onlyAfter } = relate(inFlight(before), inFlight(after));
    expect(relation).toBe('weaker');
    expect(onlyAfter!.bytes.filter(({ entry }) => entry !== undefined)).toHaveLength(8);
    expect(acked(before).digest).toBe(acked(after).digest);
  });

  it('names the store behind each byte of a witness', () => {
    const { onlyAfter } = relate(inFlight('c0=01 X0 c64=02 A0'), inFlight('c0=01 c64=02 A0'));
    const decisive = onlyAfter!.bytes.filter(({ isDecisive }) => isDecisive);
    expect(
      decisive.filter(({ address }) => address >= BASE + 64).map(({ value, entry }) => [value, entry]),
    ).toEqual(Array.from({ length: 8 }, () => [2, 1]));
    expect(decisive.filter(({ address }) => address < BASE + 64).every(({ value }) => value === 0)).toBe(
      true,
    );
  });

  it('compares contents, not pieces: one store of eight bytes and eight stores of one are equal once acknowledged', () => {
    const [one, other] = ['n0:8=07 S A0', 'c0:1*8=07 W0 S A0'];
    expect(relate(acked(one), acked(other)).relation).toBe('equal');
    expect(acked(one).digest).toBe(acked(other).digest);
    expect(relate(inFlight(one), inFlight(other)).relation).toBe('weaker');
  });

  it('does not take a word that returned to its old content for one that never changed', () => {
    const back = 'c0=01 X0 c0=00 X0 c64=01 A0';
    const early = 'c64=01 c0=01 X0 c0=00 X0 A0';
    expect(inFlight(back).digest).not.toBe(inFlight(early).digest);
    expect(relate(inFlight(back), inFlight(early)).relation).toBe('weaker');
  });

  it('sees media that differed before the run', () => {
    const page = new Uint8Array(4096).fill(1);
    const different = acked('n0 S A0', ADR, new Map([[BASE / 4096, page]]));
    expect(relate(acked('n0 S A0'), different).relation).toBe('incomparable');
    const zero = acked('n0 S A0', ADR, new Map([[BASE / 4096, new Uint8Array(4096)]]));
    expect(relate(acked('n0 S A0'), zero).relation).toBe('equal');
  });

  it('decides many words alike by a few of them', () => {
    // Stored freely, every word holds 0, 1 or 2. Flushed in between, all words together go through 0 or 1, 1 or 2,
    // 2 or 0: any two words may then differ as they like, but three cannot hold 0, 1 and 2.
    for (const count of [1, 2, 3, 4, 30]) {
      const free = inEachLine(count, (at) => `n${at}=01 n${at}=02`);
      const steps = ['01', '02', '00'].map((value) => inEachLine(count, (at) => `c${at}=${value} W${at}`));
      const [inner, outer] = [inFlight(free), inFlight(steps.join(' S '))];
      expect(isWithin(inner, outer), `${count} words`).toBe(count < 3);
      expect(isWithin(outer, inner), `${count} words`).toBe(true);
    }
  });

  it('finds the one word among many that makes the difference', () => {
    const stores = 'n0:8*2000=07 n65536:8*2000=07';
    for (const address of [0, 15_992, 65_536, 81_528]) {
      const { relation, onlyAfter } = relate(
        inFlight(`n${address}=01 S ${stores} A0`),
        inFlight(`n${address}=01 ${stores} A0`),
      );
      expect(relation).toBe('weaker');
      // The old content of that word with the new one of another, which the fence before keeps apart.
      const decisive = onlyAfter!.bytes.filter(({ isDecisive }) => isDecisive);
      expect(decisive.some((byte) => byte.address === BASE + address)).toBe(true);
      expect(decisive).toHaveLength(16);
    }
  });

  it('holds between a set and its part', () => {
    expect(isWithin(acked('c0 A0'), inFlight('c0 A0'))).toBe(true);
    expect(isWithin(acked('c0 A0'), acked('n0 S A0'))).toBe(false);
  });
});
