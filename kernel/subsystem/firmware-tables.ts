/**
 * Ready-made firmware tables, by the names that a boot line uses: the two buses of the regression suite's mock, and
 * small platforms that each show one rule of nvdimm-and-firmware.md 10. Tables lie above 64 GiB.
 */
import { mockBus0, mockBus1 } from '#machine/nfit/test-tables.ts';
import type { SpaTypeName } from '#machine/nfit/guid.ts';
import { MemoryMapFlag } from '#machine/nfit/subtables.ts';
import { type DimmDescription, type Topology, topologyTable } from '#machine/nfit/topology.ts';
import { oddTable } from './odd-tables.ts';
import { BASE, MIB, dimm, mappings } from './table-parts.ts';

/** The platform device of firmware's own table. */
export const ACPI_PROVIDER = 'ACPI.NFIT';

/** A table, and what its platform can do besides. */
export interface FirmwareTable {
  readonly table: Uint8Array;
  /** Every dimm has a label area. */
  readonly hasLabels: boolean;
  /** Scrubs find what the mock finds. */
  readonly isMock: boolean;
  /** The platform device that the bus belongs to. */
  readonly providerName: string;
}

/** One range of 2 MiB over `dimms`; `alsoPersistent` puts a second, persistent range over them. */
function oneRange(
  type: SpaTypeName,
  dimms: readonly DimmDescription[],
  options: { readonly index?: number; readonly flags?: number; readonly alsoPersistent?: boolean } = {},
): Topology {
  const sizeBytes = 2 * MIB;
  const { index = 1, flags = 0, alsoPersistent = false } = options;
  const range = { index, type, address: BASE, sizeBytes, mappings: mappings(dimms, sizeBytes, flags) };
  const second = {
    index: 2,
    type: 'pmem' as const,
    address: BASE + 16 * MIB,
    sizeBytes,
    mappings: mappings(dimms, sizeBytes).map((mapping) => ({ ...mapping, dpa: sizeBytes })),
  };
  return { dimms, ranges: alsoPersistent ? [range, second] : [range] };
}

/** Three persistent ranges of 2 MiB, one after the other, on one dimm. */
function threeRanges(): Topology {
  const only = dimm(1, 0);
  return {
    dimms: [only],
    ranges: [1, 2, 3].map((index) => ({
      index,
      type: 'pmem' as const,
      address: BASE + (index - 1) * 2 * MIB,
      sizeBytes: 2 * MIB,
      mappings: mappings([only], 2 * MIB).map((mapping) => ({ ...mapping, dpa: (index - 1) * 2 * MIB })),
    })),
  };
}

/** One dimm of 32 MiB that only block windows of 16 KiB reach, and that keeps labels. */
function blockWindows(window: { readonly offset?: number; readonly isInterleaved?: boolean } = {}): Topology {
  const { offset = 0, isInterleaved = false } = window;
  const only: DimmDescription = {
    ...dimm(1, 0),
    controlRegions: [
      {
        index: 1,
        code: 0x201,
        windows: 1,
        window: { windowSizeBytes: 12n, commandSizeBytes: 8n, statusOffset: 8n, statusSizeBytes: 4n },
        blockWindow: { windows: 1, offset, sizeBytes: 16384, capacityBytes: 32 * MIB },
      },
    ],
  };
  const cut = isInterleaved ? { interleaveIndex: 1, interleaveWays: 2 } : {};
  const mapping = { dimm: 1, controlRegion: 1 };
  return {
    dimms: [only],
    ranges: [
      { index: 1, type: 'dimm-control-region', address: BASE, sizeBytes: 4096, mappings: [mapping] },
      {
        index: 2,
        type: 'block-data-window',
        address: BASE + MIB,
        sizeBytes: MIB,
        mappings: [{ ...mapping, ...cut }],
      },
    ],
    interleaves: isInterleaved ? [{ index: 1, lineSizeBytes: 256, lineOffsets: [0] }] : [],
  };
}

/** Four dimms of one hint each, of which the last two share an address. */
const SHARED_HINT = [dimm(1, 1), dimm(2, 1), dimm(3, 1), dimm(4, 1, 3)];

const PLAIN: ReadonlyMap<string, () => Topology> = new Map(
  Object.entries({
    pmem: () => oneRange('pmem', [dimm(1, 0)]),
    'pmem-hints': () => oneRange('pmem', [dimm(1, 1)]),
    'pmem-bare': () => oneRange('pmem', []),
    'pmem-unarmed': () => oneRange('pmem', [dimm(1, 0)], { flags: MemoryMapFlag.notArmed }),
    'pmem-index-0': () => oneRange('pmem', [dimm(1, 0)], { index: 0 }),
    'pmem-missing-dcr': () => ({ ...oneRange('pmem', [dimm(1, 0)]), dimms: [] }),
    'pmem-three': threeRanges,
    'mixed-dimms': () => oneRange('pmem', [dimm(1, 1), dimm(2, 0)]),
    'shared-hint': () => oneRange('pmem', SHARED_HINT),
    volatile: () => oneRange('volatile', [dimm(1, 0)], { alsoPersistent: true }),
    'volatile-hints': () => oneRange('volatile', [dimm(1, 1)], { alsoPersistent: true }),
    'volatile-bare': () => oneRange('volatile', []),
    'volatile-unknown-dimm': () => oneRange('volatile', [dimm(1, 0)]),
    vdisk: () => oneRange('volatile-disk', [], { index: 0 }),
    vcd: () => oneRange('volatile-cd', [], { index: 0 }),
    pdisk: () => oneRange('persistent-disk', [], { index: 0 }),
    pcd: () => oneRange('persistent-cd', [], { index: 0 }),
    windows: () => blockWindows(),
    'windows-offset': () => blockWindows({ offset: 4096 }),
    'windows-interleaved': () => blockWindows({ isInterleaved: true }),
    'unknown-range': () => ({
      dimms: [],
      ranges: [
        { index: 1, type: { guid: '01234567-89ab-cdef-0123-456789abcdef' }, address: BASE, sizeBytes: MIB },
      ],
    }),
  }),
);

/** Names of the tables there are, but for those that no platform should have (`odd-tables.ts`). */
export const FIRMWARE_TABLE_NAMES: readonly string[] = ['mock0', 'mock1', ...PLAIN.keys()];

/** Whether the dimms of the table of that name have label areas when a boot line says nothing of them. */
export const hasLabels = (name: string): boolean =>
  name === 'mock0' || name === 'odd-windows' || (name.startsWith('windows') && PLAIN.has(name));

/** The table of that name. */
export function firmwareTable(name: string): FirmwareTable | undefined {
  if (name === 'mock0') {
    const table = topologyTable(mockBus0(BASE));
    return { table, hasLabels: hasLabels(name), isMock: true, providerName: 'nfit_test.0' };
  }
  if (name === 'mock1') {
    const table = topologyTable(mockBus1(BASE + 2 ** 30));
    return { table, hasLabels: hasLabels(name), isMock: true, providerName: 'nfit_test.1' };
  }
  const topology = PLAIN.get(name);
  const table = topology === undefined ? oddTable(name) : topologyTable(topology());
  if (table === undefined) return undefined;
  return {
    table,
    hasLabels: hasLabels(name),
    isMock: false,
    providerName: ACPI_PROVIDER,
  };
}
