/**
 * Firmware tables with anything in them: both trees boot or refuse, and say the same; nothing but what the kernel
 * itself would die of may come out. How: bytes of good tables are changed at random, then a few operations are tried.
 */
import { assert, array, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../../after/index.ts';
import { boot as bootBefore } from '../../../before/index.ts';
import type { BootConfiguration, Operation } from '#kernel/subsystem/operation.ts';
import { FIRMWARE_TABLE_NAMES, firmwareTable } from '#kernel/subsystem/firmware-tables.ts';
import { ODD_TABLE_NAMES } from '#kernel/subsystem/odd-tables.ts';
import { SubtableType } from '#machine/nfit/subtables.ts';
import { DEFAULT_NFIT_HEADER, encodeNfit, parseNfit } from '#machine/nfit/table.ts';
import { runs } from '../../support/thorough.ts';

const configuration = (table: Uint8Array): BootConfiguration => ({
  domain: 'adr',
  features: { clwb: true, clflushopt: true },
  disabledSymbols: [],
  devices: [],
  firmware: [
    { source: 'test', table, labels: 'all', isMock: false, providerName: 'ACPI.NFIT', firmwareScrub: 'none' },
  ],
});

const OPERATIONS: readonly Operation[] = [
  { kind: 'sysfs list', path: '/sys/bus/nd/devices' },
  { kind: 'sysfs read', path: '/sys/bus/nd/devices/region0/set_cookie' },
  { kind: 'bio write', disk: 'pmem0', offset: 0, lengths: [512], preflush: false, fua: true },
  { kind: 'sysfs write', path: '/sys/bus/nd/devices/ndbus0/nfit/scrub', text: '1' },
];

const TABLES = [...FIRMWARE_TABLE_NAMES, ...ODD_TABLE_NAMES].map((name) => firmwareTable(name)!.table);

describe('broken firmware tables', () => {
  it('should never do more harm than an oops, whatever single fields say', () => {
    const change = record({
      place: integer({ min: 36, max: 4000 }),
      value: constantFrom(0, 1, 2, 0x7f, 0x80, 0xff),
    });
    assert(
      property(constantFrom(...TABLES), array(change, { minLength: 1, maxLength: 4 }), (table, changes) => {
        const bytes = table.slice();
        for (const { place, value } of changes) bytes[place % bytes.length] = value;
        for (const boot of [bootBefore, bootAfter]) {
          const subsystem = boot(configuration(bytes));
          for (const [index, operation] of OPERATIONS.entries()) subsystem.perform(operation, index);
        }
      }),
      { numRuns: runs(1500) },
    );
  });

  it('should refuse a table that is cut off, and have no regions then', () => {
    for (const table of TABLES) {
      const subsystem = bootAfter(configuration(table.slice(0, table.length - 3)));
      const { text } = subsystem.perform({ kind: 'sysfs list', path: '/sys/bus/nd/devices' }, 0);
      expect(text).toBe('ndbus0');
      expect(subsystem.log.some(({ level }) => level === 'error')).toBe(true);
    }
  });

  it('should make a disk of whole sectors of a region that is not', () => {
    const table = firmwareTable('pmem-bare')!.table.slice();
    new DataView(table.buffer).setBigUint64(80, 3n * 2n ** 20n + 700n, true);
    for (const boot of [bootBefore, bootAfter]) {
      const subsystem = boot(configuration(table));
      // 3 MiB are 6144 sectors, 700 bytes one and a part (nvdimm-and-firmware.md 2.7, 9).
      expect(subsystem.perform({ kind: 'sysfs read', path: 'pmem0/size' }, 0).text).toBe('6145\n');
    }
  });

  it('should not enable a block window of no size', () => {
    const table = firmwareTable('windows')!.table.slice();
    const { subtables } = parseNfit(table);
    const windows = subtables.map((subtable) =>
      subtable.type === SubtableType.blockWindow ? { ...subtable, sizeBytes: 0n } : subtable,
    );
    const broken = encodeNfit({ header: DEFAULT_NFIT_HEADER, subtables: windows });
    const { log } = bootBefore(configuration(broken));
    expect(log.map(({ text }) => text)).toContain('nmem0: missing block window tables');
  });

  it('should boot a region of 6 TiB in the memory that it touches', () => {
    const table = firmwareTable('pmem-bare')!.table.slice();
    // Length of the only range: bytes 40 (header) + 40 (its place in the subtable).
    new DataView(table.buffer).setBigUint64(80, 6n * 2n ** 40n, true);
    const subsystem = bootAfter(configuration(table));
    const offset = 6 * 2 ** 40 - 4096;
    const write = {
      kind: 'bio write',
      disk: 'pmem0',
      offset,
      lengths: [4096],
      preflush: false,
      fua: true,
    } as const;
    expect(subsystem.perform(write, 0).returned).toBe(4096);
    expect(subsystem.machine.memory.residentBytes).toBeLessThanOrEqual(8192);
  });
});
