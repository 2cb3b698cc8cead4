/** Disks over volatile memory at boot and after a power failure (memory-and-dax.md 11). */
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../../after/index.ts';
import { boot as bootBefore } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { runWorkload } from '#pmem/run/run.ts';

describe.each([
  ['before', bootBefore],
  ['after', bootAfter],
] as const)('disks over volatile memory in %s/', (_side, boot) => {
  it.each(['ram', 'axonram', 'dcssblk'])('should lose the memory of %s with the power', (kind) => {
    const workload = parseWorkload(
      [
        `boot adr clwb ${kind}0=1M`,
        `dax write ${kind}0:/f @0 iov 8`,
        `fsync ${kind}0:/f`,
        `dax read ${kind}0:/f @0 iov 8`,
        'crash best',
        `dax read ${kind}0:/f @0 iov 8`,
      ].join('\n'),
    );
    const reads = runWorkload(boot, workload).outcomes.flatMap(({ result: { data } }) => data ?? []);
    expect(reads.map((data) => data.some((byte) => byte !== 0))).toEqual([true, false]);
  });

  it('should not lay two of them on each other', () => {
    const workload = parseWorkload('boot ram0=8K axonram0=8K axonram1=8K dcssblk0=8K pmem0=8K\nflush ram0');
    const { subsystem } = runWorkload(boot, workload).lives[0] ?? {};
    const memory = [...(subsystem?.memory ?? [])].sort((left, right) => left.start - right.start);
    expect(memory.map(({ disk }) => disk)).toEqual(['ram0', 'pmem0', 'axonram0', 'axonram1', 'dcssblk0']);
    for (const [index, { start }] of memory.slice(1).entries()) {
      const lower = memory[index];
      expect(start).toBeGreaterThanOrEqual((lower?.start ?? 0) + (lower?.sizeBytes ?? 0));
    }
  });
});
