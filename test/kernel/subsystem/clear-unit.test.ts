/** The unit in which a platform clears poison: each device has its own (nvdimm-and-firmware.md 6.3). */
import { describe, expect, it } from 'vitest';
import { boot } from '../../../after/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { runWorkload } from '#pmem/run/run.ts';

/** What is left of a bad sector of each disk after a write to it, which clears poison where it can. */
function leftBy(bootWords: string, disks: readonly string[], before: readonly string[] = []): string[] {
  const steps = disks.flatMap((disk) => [
    `poison ${disk} @0 512`,
    `bio write ${disk} @0 512`,
    `sysfs read ${disk}/badblocks`,
  ]);
  const run = runWorkload(boot, parseWorkload([`boot ${bootWords}`, ...before, ...steps].join('\n')));
  return run.outcomes.flatMap(({ result }) => (result.text === undefined ? [] : [result.text]));
}

const CLEARED = '';
const LEFT = '0 1\n';

describe('the clear unit', () => {
  it('should be that of the device, 256 bytes unless it says otherwise', () => {
    // A sector of 512 bytes can not be cleared in units of 4096 (6.3, 5).
    const disks = ['pmem0', 'pmem1'];
    expect(leftBy('pmem0=2M pmem1=2M,clear=4K', disks)).toEqual([CLEARED, LEFT]);
    expect(leftBy('pmem0=2M,clear=4K pmem1=2M', disks)).toEqual([LEFT, CLEARED]);
  });

  it('should clear nothing when it is 0 or not a power of two (6.3, 4)', () => {
    expect(leftBy('pmem0=2M,clear=0 pmem1=2M,clear=3', ['pmem0', 'pmem1'])).toEqual([LEFT, LEFT]);
  });

  it('should be 256 bytes on a bus of a table, whatever other devices have', () => {
    expect(leftBy('pmem0=2M,clear=4K nfit=pmem', ['pmem0', 'pmem1'])).toEqual([LEFT, CLEARED]);
  });

  it('should be the same for all once the platform has been told', () => {
    const told = ['platform clear-unit 4096'];
    expect(leftBy('pmem0=2M nfit=pmem', ['pmem0', 'pmem1'], told)).toEqual([LEFT, LEFT]);
  });
});
