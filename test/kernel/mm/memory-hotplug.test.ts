/**
 * Struct pages on the device (memory-and-dax.md 21): `pfn pmem` on 32 MiB stores a 2 MiB memset and 196,608 cached stores at
 * create and at attach, without fence or write-back of them, on both sides.
 */
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../../after/index.ts';
import { boot as bootBefore } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { isPowerFailure } from '#pmem/language/workload.ts';
import type { Boot } from '#pmem/run/run.ts';
import { performRow } from '#pmem/traces/perform-row.ts';
import type { TraceEvent } from '#pmem/traces/events.ts';

const SECTION_MEMMAP_BYTES = 2 * 2 ** 20;

function eventsOf(
  boot: Boot,
  devices: string,
  setUp: readonly string[],
  operation: string,
): readonly TraceEvent[] {
  const workload = { devices, setUp, operations: [operation], returned: 'exact', isPlaced: true } as const;
  return performRow(boot, `boot adr clwb ${devices}`, workload).events;
}

const memsets = (events: readonly TraceEvent[]): number[] =>
  events.filter(({ sizeBytes }) => sizeBytes === SECTION_MEMMAP_BYTES).map(({ place }) => place);

const cachedStores = (events: readonly TraceEvent[]): number =>
  events
    .filter(({ letter, sizeBytes }) => letter === 'c' && sizeBytes < SECTION_MEMMAP_BYTES)
    .reduce((sum, { count }) => sum + count, 0);

describe.each([
  ['before', bootBefore],
  ['after', bootAfter],
] as const)('struct pages on the device in %s/', (_side, boot) => {
  it('should be stored when the device is made and when it is attached again', () => {
    const made = eventsOf(boot, 'pmem0=32M', [], 'personality pmem0 pfn pmem');
    const again = eventsOf(boot, 'pmem0=32M', ['personality pmem0 pfn pmem', 'detach pmem0'], 'attach pmem0');
    for (const events of [made, again]) {
      // The room behind the info block begins at 8 KiB; it is filled from the first multiple of 2 MiB on.
      expect(memsets(events)).toEqual([SECTION_MEMMAP_BYTES]);
      expect(cachedStores(events)).toBe(196_608);
      expect(events.some(({ letter }) => letter === 'W')).toBe(false);
    }
    // Nothing but stores at an attach: no fence either.
    expect(new Set(again.map(({ letter }) => letter))).toEqual(new Set(['c']));
  });

  it('should be stored for a device-dax device too', () => {
    expect(cachedStores(eventsOf(boot, 'pmem0=32M', [], 'personality pmem0 dax pmem'))).toBe(196_608);
  });

  it('should not be stored when they lie in RAM, nor on a mock bus, nor when the device goes', () => {
    expect(memsets(eventsOf(boot, 'pmem0=32M', [], 'personality pmem0 pfn ram'))).toEqual([]);
    const writable = 'sysfs write /sys/bus/nd/devices/region0/read_only "0"';
    expect(memsets(eventsOf(boot, 'nfit=mock1', [writable], 'personality pmem0 pfn pmem'))).toEqual([]);
    const gone = eventsOf(boot, 'pmem0=32M', ['personality pmem0 pfn pmem'], 'detach pmem0');
    expect(gone.map(({ letter }) => letter)).toEqual(['S', 'S']);
  });

  it('should be stored for each section that the namespace touches', () => {
    const events = eventsOf(boot, 'pmem0=256M', [], 'personality pmem0 pfn pmem');
    expect(memsets(events)).toEqual([SECTION_MEMMAP_BYTES, 2 * SECTION_MEMMAP_BYTES]);
  });

  it('should leave the sectors of the disk alone', () => {
    const lines = [
      'boot adr clwb pmem0=32M',
      'personality pmem0 pfn pmem',
      'bio write pmem0 @0 512',
      'detach pmem0',
      'attach pmem0',
      'bio read pmem0 @0 512',
    ];
    const { boot: configuration, steps } = parseWorkload(lines.join('\n'));
    const subsystem = boot(configuration);
    const results = steps.map(({ operation }, index) =>
      isPowerFailure(operation) ? undefined : subsystem.perform(operation, index),
    );
    expect(results.at(-1)?.data?.some((byte) => byte !== 0)).toBe(true);
  });
});
