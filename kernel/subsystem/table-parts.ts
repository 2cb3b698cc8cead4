/** What ready-made tables are put together from: dimms, and parts of ranges on them. Tables lie above 64 GiB. */
import type { DimmDescription, MappingDescription } from '#machine/nfit/topology.ts';

export const MIB = 2 ** 20;
/** Where the first range of a table begins. */
export const BASE = 2 ** 36;

/** Hint pages lie below the ranges. */
const HINT_BASE = BASE - 2 ** 30;

/** A dimm with `hints` flush hints; `page` is where they lie. */
export function dimm(handle: number, hints: number, page: number = handle): DimmDescription {
  return {
    handle,
    physicalId: handle,
    serialNumber: 0x1000 + handle,
    identity: { vendorId: 0x8086, deviceId: 1, revisionId: 1 },
    controlRegions: [{ index: handle, code: 0x301 }],
    ...(hints === 0
      ? {}
      : { flushHints: Array.from({ length: hints }, (_, slot) => HINT_BASE + page * 4096 + slot * 8) }),
  };
}

/** The part of a range on each of `dimms`. */
export function mappings(
  dimms: readonly DimmDescription[],
  sizeBytes: number,
  flags = 0,
): MappingDescription[] {
  return dimms.map(({ handle }, position) => ({
    dimm: handle,
    controlRegion: handle,
    sizeBytes: sizeBytes / dimms.length,
    regionOffset: position,
    interleaveWays: dimms.length,
    flags,
  }));
}
