/** Comparing in step against the comparison of whole sets, which knows nothing of it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrashHistory } from '#machine/images/crash-images.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import { EntryKind, InstructionRecord } from '#machine/hardware/record.ts';
import { persistencySetting, type PersistencySetting } from '#machine/order/persistency-setting.ts';
import { PersistsBefore } from '#machine/order/persists-before.ts';
import { runs } from '../../../support/thorough.ts';

type Step = readonly [kind: string, word: number, value: number, thread: number];

const RANGE = { name: 'x', start: 0, sizeBytes: 4096, kind: 'persistent' as const, modules: [] };

/** A run of small steps on words of two lines, two of the first and up to eight of the second, each stretch ending with an acknowledgement. */
function orderOf(
  stretches: readonly (readonly Step[])[],
  setting: PersistencySetting,
  threadCount: number,
): PersistsBefore {
  const record = new InstructionRecord();
  const threads: number[] = [];
  for (const [index, steps] of stretches.entries()) {
    for (const [kind, word, value, thread] of steps) {
      const address = word < 2 ? word * 8 : 64 + (word - 2) * 8;
      const line = address - (address % 64);
      const bytes = new Uint8Array(8).fill(value);
      threads.push(thread % threadCount);
      if (kind === 'c') record.appendStore(EntryKind.storeCached, address, 8, 1, bytes);
      else if (kind === 'h') record.appendStore(EntryKind.storeCached, address, 4, 1, bytes.subarray(0, 4));
      else if (kind === 'n') record.appendStore(EntryKind.storeNonTemporal, address, 8, 1, bytes);
      else if (kind === 'L') record.appendStore(EntryKind.lockedStore, address, 8, 1, bytes);
      else if (kind === 'W') record.append(EntryKind.clwb, line, 64, 1);
      else if (kind === 'X') record.append(EntryKind.clflush, line, 64, 1);
      else record.append(EntryKind.sfence, 0, 0, 1);
    }
    threads.push(0);
    record.acknowledge(index);
  }
  const source = { record, ranges: [RANGE], initialMedia: new Map(), flushHints: [] };
  return new PersistsBefore({ ...source, threads: Uint8Array.from(threads) }, setting);
}

const steps = (kinds: readonly string[], lastWord: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(lastWord), fc.integer({ min: 1, max: 3 }), fc.nat(1)), {
    maxLength: 6,
  });
const stretches = (kinds: readonly string[], count: number, lastWord = 3): fc.Arbitrary<Step[][]> =>
  fc.array(steps(kinds, lastWord), { minLength: count, maxLength: count });

const ALL = ['c', 'c', 'h', 'n', 'L', 'W', 'W', 'X', 'S', 'S'];
const CACHED = ['c', 'c', 'c', 'h', 'W', 'S'];

function expectSame(left: PersistsBefore, right: PersistsBefore): void {
  const comparison = new StepComparison(left, right, { inFlight: true });
  const [before, after] = [new CrashHistory(left), new CrashHistory(right)];
  for (const [index, point] of left.acknowledgements.entries()) {
    const found = comparison.advance(point, right.acknowledgements[index]!);
    expect([index, found.acknowledged, found.inFlight]).toEqual([
      index,
      relate(before.acked(index), after.acked(index)).relation,
      relate(before.inFlight(index), after.inFlight(index)).relation,
    ]);
    expect(found.imagesLog2[0]).toBeCloseTo(before.acked(index).log2Count(), 6);
    expect(found.imagesLog2[1]).toBeCloseTo(after.acked(index).log2Count(), 6);
  }
}

describe('comparing in step', () => {
  for (const [name, kinds] of [
    ['any instructions', ALL],
    ['cached stores and write-backs', CACHED],
  ] as const)
    for (const domain of ['adr', 'eadr'] as const)
      for (const threadCount of [1, 2])
        it(`should say what comparing whole sets says: ${name}, ${domain}, ${threadCount} threads`, () => {
          const setting = persistencySetting(domain);
          fc.assert(
            fc.property(stretches(kinds, 4), stretches(kinds, 4), (one, other) =>
              expectSame(orderOf(one, setting, threadCount), orderOf(other, setting, threadCount)),
            ),
            { numRuns: runs(400) },
          );
          // Builds that are compared are alike but for a little: one step is left out.
          fc.assert(
            fc.property(stretches(kinds, 4), fc.nat(3), fc.nat(5), (one, at, gone) => {
              const other = one.map((list, index) =>
                index === at ? list.filter((_, step) => step !== gone) : list,
              );
              expectSame(orderOf(one, setting, threadCount), orderOf(other, setting, threadCount));
            }),
            { numRuns: runs(400) },
          );
        });

  it('should say so too of builds that store to words of their own, one of which loses a step, delays it or stores another value', () => {
    const adr = persistencySetting('adr');
    const kinds = ['c', 'c', 'c', 'W', 'S'];
    const changes = fc.constantFrom('lost', 'later', 'value');
    fc.assert(
      fc.property(stretches(kinds, 3, 9), fc.nat(2), fc.nat(5), changes, (one, at, index, change) => {
        const other = one.map((list) => [...list]);
        const [step] = other[at]?.splice(index, 1) ?? [];
        const [kind, word, value, thread] = step ?? ['S', 0, 1, 0];
        if (change === 'later') other[at]?.push([kind, word, value, thread]);
        if (change === 'value') other[at]?.splice(index, 0, [kind, word, (value % 3) + 1, thread]);
        expectSame(orderOf(one, adr, 1), orderOf(other, adr, 1));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('should compare only the bytes of a region', () => {
    const adr = persistencySetting('adr');
    const good = orderOf(
      [
        [
          ['c', 0, 1, 0],
          ['c', 2, 1, 0],
          ['W', 0, 0, 0],
          ['W', 2, 0, 0],
          ['S', 0, 0, 0],
        ],
      ],
      adr,
      1,
    );
    const bad = orderOf(
      [
        [
          ['c', 0, 1, 0],
          ['c', 2, 1, 0],
          ['W', 0, 0, 0],
          ['S', 0, 0, 0],
        ],
      ],
      adr,
      1,
    );
    const relation = (region: { start: number; end: number }[] | undefined): string =>
      new StepComparison(good, bad, { region, inFlight: false }).advance(
        good.acknowledgements[0]!,
        bad.acknowledgements[0]!,
      ).acknowledged;
    expect(relation(undefined)).toBe('weaker');
    expect(relation([{ start: 0, end: 64 }])).toBe('equal');
    expect(relation([{ start: 64, end: 68 }])).toBe('weaker');
    expect(relation([{ start: 72, end: 128 }])).toBe('equal');
  });
});
