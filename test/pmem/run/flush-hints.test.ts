/** Which flush hint a flush picks (nvdimm-and-firmware.md 4.2, 4.3), on both sides. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { eventsOf } from '#pmem/run/events.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { runWorkload } from '#pmem/run/run.ts';

/** The slots that `count` flushes of task `pid` pick among `slots`, from the formula of 4.3 in exact integers. */
function expectedSlots(pid: number, count: number, slots: number): number[] {
  let index = 0n;
  return Array.from({ length: count }, () => {
    const hash = (((BigInt(pid) + index) * 0x61c88647n) & 0xffffffffn) >> 24n;
    index = (index + hash) & 0xffffffffn;
    return Number(index) & (slots - 1);
  });
}

describe.each([
  ['before', before],
  ['after', after],
] as const)('nvdimm_flush in %s/', (_side, boot) => {
  const flushes = (device: string, pid: number, count: number): string[] => {
    const lines = [
      `boot adr clwb pmem0=2M,${device}`,
      `pid ${pid}`,
      ...Array.from({ length: count }, () => 'flush pmem0'),
    ];
    const run = runWorkload(boot, parseWorkload(lines.join('\n')));
    return run.outcomes.slice(1).map((outcome) => eventsOf(run, outcome).join(' '));
  };

  it.each([1, 7, 4321, 32767])('should pick the slots of the formula for 300 flushes of task %d', (pid) => {
    const slots = expectedSlots(pid, 300, 8);
    expect(flushes('hints=8', pid, 300)).toEqual(slots.map((slot) => `S Hnmem0.${slot} S`));
  });

  it.each([1, 4321])('should pick the same for 300 FUA writes of task %d (18.4.18)', (pid) => {
    const lines = [
      'boot adr clwb pmem0=2M,hints=8',
      `pid ${pid}`,
      ...Array.from({ length: 300 }, () => 'bio write pmem0 @0 512 fua'),
    ];
    const run = runWorkload(boot, parseWorkload(lines.join('\n')));
    const picked = run.outcomes.slice(1).map((outcome) => eventsOf(run, outcome).at(-2));
    expect(picked).toEqual(expectedSlots(pid, 300, 8).map((slot) => `Hnmem0.${slot}`));
  });

  it('should use only a power of two of them, the smallest count of the region', () => {
    const slots = expectedSlots(5, 50, 4);
    expect(flushes('hints=6+8', 5, 50)).toEqual(slots.map((slot) => `S Hnmem0.${slot} Hnmem1.${slot} S`));
  });

  it('should be two fences without hints', () => {
    expect(flushes('hints=0+0', 5, 3)).toEqual(['S S', 'S S', 'S S']);
    expect(flushes('no-dimm', 5, 3)).toEqual(['S S', 'S S', 'S S']);
  });
});
