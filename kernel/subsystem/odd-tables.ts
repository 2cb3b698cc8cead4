/**
 * Ready-made firmware tables that no platform should have, and that the kernel has to cope with: each shows what it makes of several
 * mistakes (nvdimm-and-firmware.md 4.1, 9.2, 10.1, 10.3, 10.4).
 */
import { SpaFlag } from '#machine/nfit/subtables.ts';
import { DEFAULT_NFIT_HEADER, encodeNfit } from '#machine/nfit/table.ts';
import {
  type DimmDescription,
  type MappingDescription,
  type RangeDescription,
  type Topology,
  topologySubtables,
} from '#machine/nfit/topology.ts';
import { BASE, MIB, dimm, mappings } from './table-parts.ts';

/** A handle that no dimm has. */
const NOBODY = 99;

/** A persistent range of 2 MiB with one memory map, and what is odd of either. */
const range = (index: number, mapping: Partial<MappingDescription>, more = {}): RangeDescription => ({
  index,
  type: 'pmem',
  address: BASE + index * 16 * MIB,
  sizeBytes: 2 * MIB,
  mappings: [{ dimm: 1, controlRegion: 1, sizeBytes: 2 * MIB, ...mapping }],
  ...more,
});

/** Persistent ranges of 2 MiB on dimm 1, each wrong in its own way, and virtual disks whose memory maps name dimms. */
function oddRanges(): Topology {
  const one = dimm(1, 0);
  const nameless: DimmDescription = { ...dimm(2, 0), controlRegions: [] };
  const virtual = { type: 'volatile-disk' } as const;
  const everywhere = Array.from({ length: 33 }, () => mappings([one], 4096)).flat();
  return {
    dimms: [one, nameless],
    ranges: [
      range(1, { sizeBytes: 2 * MIB + 512 }),
      range(2, { dpa: 512 }),
      range(3, {}, { flags: SpaFlag.proximityDomainValid, proximityDomain: 3 }),
      range(4, {}, { address: BASE + 49 * MIB }),
      range(5, { dimm: 2, controlRegion: 0 }),
      range(6, { dpa: 4 * MIB }, virtual),
      range(7, { dimm: NOBODY }, virtual),
      range(8, {}, { mappings: everywhere }),
    ],
    capabilities: { highest: 1, bits: 3 },
  };
}

/** The registers of a dimm's block window. */
const control = (handle: number): RangeDescription => ({
  index: handle,
  type: 'dimm-control-region',
  address: BASE + handle * MIB,
  sizeBytes: 4096,
  mappings: [{ dimm: handle, controlRegion: handle }],
});

/**
 * Block windows of 32 MiB: dimm 1 without an aperture, dimm 2 without a window, dimm 3 with its status register where its control
 * register is.
 */
function oddWindows(): Topology {
  const registers = { windowSizeBytes: 12n, commandSizeBytes: 8n, statusSizeBytes: 4n };
  const windowed = (handle: number, statusOffset: bigint): DimmDescription => ({
    ...dimm(handle, 0),
    controlRegions: [
      {
        index: handle,
        code: 0x201,
        windows: 1,
        window: { ...registers, statusOffset },
        ...(handle === 2 ? {} : { blockWindow: { windows: 1, sizeBytes: 16384, capacityBytes: 32 * MIB } }),
      },
    ],
  });
  return {
    dimms: [windowed(1, 8n), windowed(2, 8n), windowed(3, 0n)],
    ranges: [
      control(1),
      control(2),
      control(3),
      {
        index: 4,
        type: 'block-data-window',
        address: BASE + 16 * MIB,
        sizeBytes: MIB,
        mappings: [{ dimm: 3, controlRegion: 3 }],
      },
    ],
  };
}

/** One persistent range of 2 MiB over two dimms that share both of their hints. */
function oddHints(): Topology {
  const dimms = [dimm(1, 2), dimm(2, 2, 1)];
  return {
    dimms,
    ranges: [
      { index: 1, type: 'pmem', address: BASE, sizeBytes: 2 * MIB, mappings: mappings(dimms, 2 * MIB) },
    ],
  };
}

/** A subtable of SMBIOS with a handle, which nobody keeps. */
const SMBIOS = Uint8Array.of(3, 0, 8, 0, 0, 0, 0, 0);

/** A range's subtable that says it has 8 bytes. */
const SHORT_RANGE = Uint8Array.of(0, 0, 8, 0, 0, 0, 0, 0);

function tableOf(topology: Topology, rest?: Uint8Array): Uint8Array {
  return encodeNfit({ header: DEFAULT_NFIT_HEADER, subtables: topologySubtables(topology) }, rest);
}

const ODD: ReadonlyMap<string, () => Uint8Array> = new Map(
  Object.entries({
    'odd-ranges': () => tableOf(oddRanges(), SMBIOS),
    'odd-windows': () => tableOf(oddWindows()),
    'odd-hints': () => tableOf(oddHints()),
    'odd-length': () => tableOf(oddHints(), SHORT_RANGE),
  }),
);

/** Names of these tables. */
export const ODD_TABLE_NAMES: readonly string[] = [...ODD.keys()];

/** The table of that name. */
export function oddTable(name: string): Uint8Array | undefined {
  return ODD.get(name)?.();
}
