/**
 * The two platforms that the ndctl regression suite runs on: the mock topology of tools/testing/nvdimm as of Linux
 * 4.12 (nvdimm-and-firmware.md 17.3 to 17.5). The mock's addresses are those of allocated memory; here they are laid
 * out one after the other from an address the caller chooses. Identity fields that no fact names (vendor, codes)
 * are fixed values of ours.
 */
import { MemoryMapFlag } from './subtables.ts';
import { type DimmDescription, type RangeDescription, type Topology, dimmHandle } from './topology.ts';

const MIB = 1024 * 1024;
const PAGE = 4096;

/** Memory of one mock dimm, bytes. */
const DIMM_BYTES = 32 * MIB;

/** Flush hints of one dimm of the first bus: 8 words in a page of its own. */
const HINTS_PER_DIMM = 8;

/** A control region's registers, bytes. */
const CONTROL_BYTES = 12;

const IDENTITY = { vendorId: 0xabcd, revisionId: 1, validFields: 1 };

/** Hands out page-aligned addresses. */
interface Allocator {
  take(sizeBytes: number): number;
}

function allocatorFrom(address: number): Allocator {
  let next = address;
  return {
    take: (sizeBytes) => {
      const taken = next;
      next += Math.ceil(sizeBytes / PAGE) * PAGE;
      return taken;
    },
  };
}

/** A dimm of the first bus: control regions with and without block windows, eight hints, an aperture. */
function mockDimm(
  index: number,
  handle: number,
  blockRegion: number,
  byteRegion: number,
  memory: Allocator,
): DimmDescription {
  const page = memory.take(PAGE);
  return {
    handle,
    physicalId: index,
    serialNumber: ~handle >>> 0,
    identity: IDENTITY,
    flushHints: Array.from({ length: HINTS_PER_DIMM }, (_, hint) => page + 8 * hint),
    controlRegions: [
      {
        index: blockRegion,
        code: 0x201,
        windows: 1,
        window: {
          windowSizeBytes: BigInt(CONTROL_BYTES),
          commandSizeBytes: 8n,
          statusOffset: 8n,
          statusSizeBytes: 4n,
        },
        blockWindow: { windows: 1, sizeBytes: 64 << 8, capacityBytes: DIMM_BYTES },
      },
      { index: byteRegion, code: 0x301 },
    ],
  };
}

/** A range that is one dimm's control registers or its aperture. */
function dimmRange(
  type: 'dimm-control-region' | 'block-data-window',
  index: number,
  dimm: number,
  controlRegion: number,
  memory: Allocator,
  flags = 0,
): RangeDescription {
  const sizeBytes = type === 'dimm-control-region' ? CONTROL_BYTES : DIMM_BYTES;
  return {
    type,
    index,
    address: memory.take(sizeBytes),
    sizeBytes,
    mappings: [{ dimm, controlRegion, flags }],
  };
}

/** The two interleaved ranges of the first bus; region offsets tell the mappings of a cookie apart. */
function interleavedRanges(handles: readonly number[], memory: Allocator): RangeDescription[] {
  const health = MemoryMapFlag.healthEnabled;
  return [
    {
      index: 1,
      type: 'pmem',
      address: memory.take(32 * MIB),
      sizeBytes: 32 * MIB,
      mappings: handles.slice(0, 2).map((dimm, position) => ({
        dimm,
        controlRegion: 5 + position,
        sizeBytes: 16 * MIB,
        regionOffset: 2 ** (8 * position),
        interleaveWays: 2,
        flags: position === 1 ? health : 0,
      })),
    },
    {
      index: 2,
      type: 'pmem',
      address: memory.take(64 * MIB),
      sizeBytes: 64 * MIB,
      mappings: handles.slice(0, 4).map((dimm, position) => ({
        dimm,
        controlRegion: 5 + position,
        dpa: 16 * MIB,
        sizeBytes: 16 * MIB,
        regionOffset: 2 ** (16 + 8 * position),
        interleaveWays: 4,
        regionId: 1,
        flags: position === 0 || position === 2 ? health : 0,
      })),
    },
  ];
}

/** Bytes of address space the first bus takes from its base address. */
export const MOCK_BUS_0_BYTES = 320 * MIB;

/**
 * nfit_test.0 after its hot-plug event: four dimms behind two interleaved ranges and their block windows, and a
 * fifth dimm alone. Everything lies in `[baseAddress, baseAddress + MOCK_BUS_0_BYTES)`.
 */
export function mockBus0(baseAddress: number): Topology {
  const memory = allocatorFrom(baseAddress);
  const handles = [
    dimmHandle(0, 0, 0, 0, 0),
    dimmHandle(0, 0, 0, 0, 1),
    dimmHandle(0, 0, 1, 0, 0),
    dimmHandle(0, 0, 1, 0, 1),
  ];
  const hotplug = dimmHandle(0, 1, 0, 0, 0);
  const health = MemoryMapFlag.healthEnabled;
  return {
    dimms: [
      ...handles.map((handle, index) => mockDimm(index, handle, 1 + index, 5 + index, memory)),
      mockDimm(4, hotplug, 9, 10, memory),
    ],
    ranges: [
      ...interleavedRanges(handles, memory),
      ...handles.map((dimm, index) => dimmRange('dimm-control-region', 3 + index, dimm, 1 + index, memory)),
      ...handles.map((dimm, index) =>
        dimmRange('block-data-window', 7 + index, dimm, 1 + index, memory, index === 3 ? health : 0),
      ),
      dimmRange('dimm-control-region', 11, hotplug, 9, memory),
      {
        index: 12,
        type: 'pmem',
        address: memory.take(DIMM_BYTES),
        sizeBytes: DIMM_BYTES,
        mappings: [
          { dimm: hotplug, controlRegion: 10, sizeBytes: DIMM_BYTES, regionOffset: 2 ** 48, flags: health },
        ],
      },
      dimmRange('block-data-window', 13, hotplug, 9, memory),
    ],
  };
}

/**
 * nfit_test.1: one dimm that will not save its contents behind a persistent range, a virtual CD, and a dimm that
 * could not be mapped (whose range index 0 is also that of the virtual CD).
 */
export function mockBus1(baseAddress: number): Topology {
  const memory = allocatorFrom(baseAddress);
  const mapped = dimmHandle(1, 0, 0, 0, 0);
  const unmapped = dimmHandle(1, 0, 0, 0, 1);
  const { saveFailed, restoreFailed, flushFailed, healthObserved, notArmed, mapFailed } = MemoryMapFlag;
  return {
    dimms: [
      {
        handle: mapped,
        serialNumber: ~mapped >>> 0,
        identity: IDENTITY,
        controlRegions: [{ index: 1, code: 0x101 }],
      },
      {
        handle: unmapped,
        serialNumber: ~unmapped >>> 0,
        identity: IDENTITY,
        controlRegions: [{ index: 2, code: 0x101 }],
        unmapped: { controlRegion: 2, flags: mapFailed },
      },
    ],
    ranges: [
      {
        index: 1,
        type: 'pmem',
        address: memory.take(32 * MIB),
        sizeBytes: 32 * MIB,
        mappings: [
          {
            dimm: mapped,
            controlRegion: 1,
            sizeBytes: 32 * MIB,
            flags: saveFailed | restoreFailed | flushFailed | healthObserved | notArmed,
          },
        ],
      },
      { index: 0, type: 'volatile-cd', address: memory.take(4 * MIB), sizeBytes: 4 * MIB },
    ],
  };
}
