/** Witnesses: the words that decide, what both sides hold there, and who stored it. */
import { describe, expect, it } from 'vitest';
import { painter } from '#base/paint.ts';
import { compareRuns } from '#pmem/compare/compare.ts';
import { type WitnessReport, type WitnessTime, witnessesOf } from '#pmem/compare/witness.ts';
import { witnessLines } from '#pmem/report/witness-text.ts';
import type { Run } from '#pmem/run/run.ts';
import { traced } from './traced-tree.ts';

/** The witnesses at the operation `index`. */
function witnesses(before: Run, after: Run, index: number, time: WitnessTime = 'acked'): WitnessReport[] {
  const comparison = compareRuns(before, after).operations[index];
  return comparison === undefined ? [] : witnessesOf(before, after, comparison, time);
}

const lines = (reports: readonly WitnessReport[]): string[] =>
  reports.flatMap((report) => witnessLines(report, painter(false)));

describe('a witness', () => {
  it('should show the word that decides, also when words before it in its line are alike', () => {
    // Past the cache any of the four words may be there alone; through the cache of one line only with those before it.
    const before = traced('n0=10 n8=11 n16=12 n24=13');
    const after = traced('c0=10 c8=11 c16=12 c24=13');
    const [report] = witnesses(before, after, 0);
    expect(report?.words.length).toBeGreaterThan(0);
    for (const { bytes, otherBytes } of report?.words ?? []) expect(bytes).not.toEqual(otherBytes);
    // The image has a word without one that comes before it: what is there, or what is missing, must be shown.
    expect(lines(witnesses(before, after, 0))).toEqual([
      "      only before/ may leave this, once operation 1 'store pmem0:/f @0 8' has returned:",
      '        pmem0:0-7  before 00 00 00 00 00 00 00 00  there at power-on',
      "                   after  10 10 10 10 10 10 10 10  operation 1 'store pmem0:/f @0 8'",
      // The last word there without the first: through the cache of one line it comes with all before it.
      '        while both have what was stored to pmem0:24-31',
    ]);
  });

  it('should show what is lost, and name operations alike on both sides', () => {
    const before = traced('c0=10', 'c8=11', 'S');
    const after = traced('c0=10', 'c8=11', 'W0 S');
    expect(lines(witnesses(before, after, 2))).toEqual([
      "      only before/ may leave this, once operation 3 'fsync pmem0:/f' has returned:",
      '        pmem0:0-7   before 00 00 00 00 00 00 00 00  there at power-on',
      "                    after  10 10 10 10 10 10 10 10  operation 1 'store pmem0:/f @0 8'",
      '        pmem0:8-15  before 00 00 00 00 00 00 00 00  there at power-on',
      "                    after  11 11 11 11 11 11 11 11  operation 2 'store pmem0:/f @8 8'",
    ]);
  });

  it('should show an image of each side when neither set holds the other', () => {
    const before = traced('n0=10', 'n8=11 S', 'S');
    const after = traced('n0=20', 'n8=11 S', 'S');
    expect(lines(witnesses(before, after, 2))).toEqual([
      "      only before/ may leave this, once operation 3 'fsync pmem0:/f' has returned:",
      "        pmem0:0-7  before 10 10 10 10 10 10 10 10  operation 1 'store pmem0:/f @0 8'",
      "                   after  20 20 20 20 20 20 20 20  operation 1 'store pmem0:/f @0 8'",
      "      only after/ may leave this, once operation 3 'fsync pmem0:/f' has returned:",
      "        pmem0:0-7  after  20 20 20 20 20 20 20 20  operation 1 'store pmem0:/f @0 8'",
      "                   before 10 10 10 10 10 10 10 10  operation 1 'store pmem0:/f @0 8'",
    ]);
  });

  it('should show an image in flight when asked to, and what else must be there', () => {
    // Two words of different lines: without the first fence the second may be there alone while the operation runs.
    const before = traced('n0=10 n64=11 S');
    const after = traced('n0=10 S n64=11 S');
    expect(witnesses(before, after, 0)).toEqual([]);
    expect(lines(witnesses(before, after, 0, 'in-flight'))).toEqual([
      "      only before/ may leave this, while operation 1 'store pmem0:/f @0 8' runs:",
      '        pmem0:0-7  before 00 00 00 00 00 00 00 00  there at power-on',
      "                   after  10 10 10 10 10 10 10 10  operation 1 'store pmem0:/f @0 8'",
      '        while both have what was stored to pmem0:64-71',
    ]);
  });

  it('should sum up words above three, and call the sides by the names of the trees', () => {
    const before = traced('c0=10 c8=11 c16=12 c24=13 c32=14', '', 'S');
    const after = traced('c0=10 c8=11 c16=12 c24=13 c32=14', '', 'W0 S');
    const [report] = witnesses(before, after, 2);
    const text = witnessLines(report!, painter(false), { before: 'step-3', after: 'mine' });
    expect(text[0]).toBe(
      "      only step-3/ may leave this, once operation 3 'fsync pmem0:/f' has returned:",
    );
    expect(text[1]).toMatch(/^ {8}pmem0:0-7 {4}step-3 00 /);
    expect(text[2]).toMatch(/^ {21}mine {3}10 /);
    expect(text.at(-1)).toBe('        and 2 more words that differ');
  });
});
