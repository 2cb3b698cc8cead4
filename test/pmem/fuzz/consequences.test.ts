/** What follows from a difference that is held to the contracts is no finding of its own, and nothing else is excused. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { Consequences } from '#pmem/fuzz/consequences.ts';
import { fuzzOptions } from '#pmem/fuzz/pairs.ts';
import { openFuzz } from '#pmem/fuzz/target.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { type Boot, type Run, runWorkload } from '#pmem/run/run.ts';
import { project } from '../../support/project.ts';

const runOf = (boot: Boot, lines: readonly string[]): Run =>
  runWorkload(boot, parseWorkload(lines.join('\n')));

/** Before the series no mapped device takes a volatile region as a member (step 12), so the write and what the read gets differ. */
const READ_BEHIND_FAILURE = [
  'boot adr clwb pmem0=2M pmem1=2M,volatile',
  'dm dm-1 linear 8K pmem0@0 linear 128K pmem1@0',
  'bio write dm-1 @0 512',
  'dax read pmem0:/f @0 kvec 1',
];

/** Since step 12 the first clearing succeeds, and its kernel warns then; WARN_ONCE says it once in a life (15.1 C). */
const WARNED_ONCE = [
  'boot adr clwb pmem0=2M,no-dimm,volatile pmem1=2M',
  'clear-error pmem0 @0 1',
  'clear-error pmem1 @0 1',
];

/** Without the flushcache helpers a BTT is written through the cache after step 1, and a power failure takes it away. */
const LOST_ARENA = [
  'boot adr clwb no-flushcache pmem0=17M',
  'personality pmem0 btt 4K',
  'crash',
  'dax write pmem0s:/f @0 iov 1',
];

/** The file of a volatile region, which has a disk since step 12, is read where its memory is bad: the kernel dies of it. */
const DEAD = [
  'boot adr clwb ram0=2M pmem0=2M,volatile',
  'media-poison pmem0 @0 1',
  'dax read pmem0:/f @0 iov 1',
  'dax read ram0:/f @0 iov 1',
];

/** Reads raw bytes of a pattern. */
const rawRead = (pattern: string): string[] => [
  'boot adr clwb pmem0=2M',
  'detach pmem0',
  `raw write pmem0 @0 64 bytes ${pattern}`,
  'raw read pmem0 @0 64',
];

describe('differences that follow from earlier ones', () => {
  it('should be bytes that were read behind a write that one kernel refused', () => {
    const consequences = new Consequences(
      runOf(before, READ_BEHIND_FAILURE),
      runOf(after, READ_BEHIND_FAILURE),
    );
    expect(consequences.explain('result', 2)).toBe(true);
    // The write itself came back otherwise: that is no consequence.
    expect(consequences.explain('result', 1)).toBe(false);
  });

  it('should not be other bytes where all before came back alike', () => {
    const consequences = new Consequences(runOf(after, rawRead('5a')), runOf(after, rawRead('a5')));
    expect(consequences.explain('result', 2)).toBe(false);
  });

  it('should be a warning that one kernel had given before', () => {
    const consequences = new Consequences(runOf(before, WARNED_ONCE), runOf(after, WARNED_ONCE));
    expect(consequences.explain('log', 1)).toBe(true);
  });

  it('should be what an operation says that came back otherwise, but not that it came back so', () => {
    const [left, right] = [before, after].map((boot) => runOf(boot, LOST_ARENA));
    const consequences = new Consequences(left ?? runOf(before, []), right ?? runOf(after, []));
    expect(left?.outcomes[1]?.log).toEqual(['error pmem0s: error: device does not support dax']);
    expect(right?.outcomes[1]?.log).toEqual([]);
    expect(consequences.explain('log', 2)).toBe(true);
    expect(consequences.explain('result', 2)).toBe(false);
  });

  it('should be all that is asked of a kernel that has died, but not that it died', () => {
    const consequences = new Consequences(runOf(before, DEAD), runOf(after, DEAD));
    expect(consequences.explain('result', 1)).toBe(false);
    for (const dimension of ['result', 'log', 'cost']) expect(consequences.explain(dimension, 2)).toBe(true);
  });

  it('should not be what an operation says that came back alike', () => {
    const text = ['boot adr clwb pmem0=2M', 'bio write pmem0 @0 512'];
    const [run, other] = [runOf(after, text), runOf(after, text)];
    const [outcome] = other.outcomes;
    const loud = { ...other, outcomes: outcome === undefined ? [] : [{ ...outcome, log: ['error x'] }] };
    expect(new Consequences(run, loud).explain('log', 0)).toBe(false);
  });

  it('should be told by nobody', async () => {
    const target = await openFuzz(fuzzOptions(project, 1));
    for (const lines of [READ_BEHIND_FAILURE, WARNED_ONCE])
      expect(target.judgeText(lines.join('\n'), 'before', 'after')?.findings).toEqual([]);
  });
});
