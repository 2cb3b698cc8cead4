/** Where disks, files and poison lie: what a judge may know of a booted system, the same object while nothing changes. */
import { describe, expect, it } from 'vitest';
import { boot } from '../../../after/index.ts';
import type { Operation } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { parseWorkload } from '#pmem/language/notation.ts';

/** A booted system after the operations of a workload. */
function after(text: string): Subsystem {
  const { boot: configuration, steps } = parseWorkload(text);
  const subsystem = boot(configuration);
  for (const [index, { operation }] of steps.entries()) subsystem.perform(operation as Operation, index);
  return subsystem;
}

const perform = (subsystem: Subsystem, text: string): void => {
  for (const { operation } of parseWorkload(text).steps) subsystem.perform(operation as Operation, 90);
};

/** Devices of boot words begin at 4 GiB. */
const START = 2 ** 32;

describe('the surroundings', () => {
  it('should place a plain disk where its namespace is', () => {
    const { places } = after('boot adr pmem0=2M ram0=1M / flush pmem0').surroundings();
    expect(places).toMatchObject([
      {
        disk: 'pmem0',
        kind: 'memory',
        start: START,
        sizeBytes: 2 ** 21,
        region: 'region0',
        namespace: 'namespace0.0',
      },
      { disk: 'ram0', kind: 'memory', sizeBytes: 2 ** 20, namespace: '' },
    ]);
  });

  it('should place the data of a pfn device behind what it keeps for itself', () => {
    // nvdimm-and-firmware.md 7.4, struct pages in RAM: data begins at 8 KiB, aligned to 2 MiB.
    const { places } = after('boot adr pmem0=17M / personality pmem0 pfn ram').surroundings();
    expect(places[0]).toMatchObject({ kind: 'memory', start: START + 2 ** 21, namespaceStart: START });
  });

  it('should name a BTT by its own disk, and a namespace without driver by the disk it would have', () => {
    const btt = after('boot adr pmem0=17M / personality pmem0 btt 512').surroundings();
    expect(btt.places[0]).toMatchObject({ disk: 'pmem0s', kind: 'btt', sectorBytes: 512 });
    expect(after('detach pmem0').surroundings().places[0]).toMatchObject({ disk: 'pmem0', kind: 'none' });
  });

  it('should be the same object while nothing changes', () => {
    const subsystem = after('dax write pmem0:/f @0 iov 8');
    const first = subsystem.surroundings();
    perform(subsystem, 'store pmem0:/f @0 8 / fsync pmem0:/f / bio write pmem0 @1M 512');
    expect(subsystem.surroundings()).toBe(first);
    perform(subsystem, 'poison pmem0 @0 64');
    const poisoned = subsystem.surroundings();
    expect(poisoned.poisonedCells).toEqual([START]);
    expect(poisoned.places).toBe(first.places);
    expect(poisoned.files).toBe(first.files);
  });

  it('should tell bindings of the same driver apart', () => {
    const subsystem = after('flush pmem0');
    const [first] = subsystem.surroundings().places;
    perform(subsystem, 'detach pmem0 / attach pmem0');
    const [second] = subsystem.surroundings().places;
    expect({ ...second, binding: undefined }).toEqual({ ...first, binding: undefined });
    expect(second?.binding).not.toBe(first?.binding);
  });
});

describe('what outlives a power failure', () => {
  it('should hold the files of file systems that were not mounted in between', () => {
    const { boot: configuration } = parseWorkload('flush pmem0');
    const first = after('create pmem0:/a 8K / create pmem0:/b 8K').carriedOver();
    const second = boot({ ...configuration, carriedOver: first }).carriedOver();
    expect(second.files).toEqual(first.files);
    expect(second.nextPages).toEqual(first.nextPages);
  });
});
