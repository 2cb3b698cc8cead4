/** What the small file system does to dirty pages when it gives blocks back. */
import { describe, expect, it } from 'vitest';
import { boot } from '../../../after/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { eventsOf } from '#pmem/run/events.ts';
import { runWorkload } from '#pmem/run/run.ts';

/** The instructions of the last operation. */
function eventsOfLast(text: string): string[] {
  const run = runWorkload(boot, parseWorkload(text));
  const last = run.outcomes.at(-1);
  return last === undefined ? [] : [...eventsOf(run, last)];
}

const HUGE = 'boot adr clwb pmem0=8M,pages / create pmem0:/f 4M mapped align 2M / store pmem0:/f @0 1';

// ext4 writes back what is dirty before it punches (cca32b7eeb4e, v4.9), and so does xfs_free_file_space for punching and
// zeroing; a 2 MiB entry is written back as a whole: 32768 lines.
describe('punching and zeroing a part of a dirty entry of 2 MiB', () => {
  for (const operation of ['punch', 'zero'])
    it(`should write the whole entry back first: ${operation}`, () => {
      expect(eventsOfLast(`${HUGE} / ${operation} pmem0:/f @8192 4096`)).toEqual(['W0*32768']);
    });

  it('should write back nothing of clean pages', () => {
    expect(eventsOfLast('dax write pmem0:/f @0 iov 8 / punch pmem0:/f @0 4096')).toEqual([]);
  });
});

// Neither file system writes back when it truncates, and truncate_inode_pages_range takes the whole entry away.
describe('truncating in the middle of one', () => {
  it('should write back nothing', () => {
    expect(eventsOfLast(`${HUGE} / truncate pmem0:/f 8192`)).toEqual([]);
  });
});

// Holes cost nothing: a range from outside may be far longer than what is in it (2^50 bytes are 2^38 pages).
describe('a range that goes far beyond what a file holds', () => {
  for (const operation of ['punch', 'zero', 'zero-in-place'])
    it(`should be done at once: ${operation}`, () => {
      const workload = parseWorkload(`dax write pmem0:/f @0 iov 8192 / ${operation} pmem0:/f @4100 100`);
      const steps = workload.steps.map((step, index) =>
        index === 0
          ? step
          : { operation: { ...step.operation, sizeBytes: 2 ** 50 } as typeof step.operation },
      );
      const run = runWorkload(boot, { ...workload, steps });
      const last = run.outcomes.at(-1)!;
      expect(last.result).toMatchObject({ returned: 0 });
      // The rest of the second page is zeroed.
      expect([...eventsOf(run, last)].join(' ')).not.toBe('');
    });
});
