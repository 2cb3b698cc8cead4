/**
 * Files of a dimm below `nfit/` (drivers/acpi/nfit/core.c, the acpi_nfit_dimm_attributes group). Numbers that the
 * table keeps as bytes of an identity (vendor, device, serial) are shown as big-endian ones, as JEDEC writes them.
 */
import { MemoryMapFlag } from '#machine/nfit/subtables.ts';
import { ENXIO } from '../../../errno.ts';
import type { NfitMem } from './acpi-desc.ts';

/** Names of the bits of a memory map's flags, in the order of the `flags` file. */
const FLAG_NAMES: readonly (readonly [flag: number, name: string])[] = [
  [MemoryMapFlag.saveFailed, 'save_fail'],
  [MemoryMapFlag.restoreFailed, 'restore_fail'],
  [MemoryMapFlag.flushFailed, 'flush_fail'],
  [MemoryMapFlag.notArmed, 'not_armed'],
  [MemoryMapFlag.healthObserved, 'smart_event'],
  [MemoryMapFlag.mapFailed, 'map_fail'],
  [MemoryMapFlag.healthEnabled, 'smart_notify'],
];

/** The names of the set bits. */
export function dimmFlagNames(flags: number): string[] {
  return FLAG_NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const swap16 = (value: number): number => ((value & 0xff) << 8) | (value >> 8);
const swap32 = (value: number): number => ((swap16(value & 0xffff) << 16) | swap16(value >>> 16)) >>> 0;

/** The files of one dimm: text without line end, or a negative error. Without control region most are missing. */
export function dimmAttributes(
  dimm: NfitMem,
  flags: number,
  hasLabels: boolean,
): ReadonlyMap<string, string | number> {
  const attributes = new Map<string, string | number>([
    ['handle', `0x${dimm.handle.toString(16)}`],
    ['phys_id', `0x${(dimm.memdevs[0]?.physicalId ?? 0).toString(16)}`],
    [
      'flags',
      dimmFlagNames(flags)
        .map((name) => `${name} `)
        .join(''),
    ],
    // Of device-specific methods only those of label areas are modelled (bits 4, 5 and 6 of the Intel family).
    ['family', hasLabels ? '0' : -ENXIO],
    ['dsm_mask', hasLabels ? '0x70' : -ENXIO],
  ]);
  const region = dimm.controlRegion;
  if (region === undefined) return attributes;
  const vendor = hex(swap16(region.vendorId), 4);
  const serial = hex(swap32(region.serialNumber), 8);
  const made = [hex(region.manufacturingLocation, 2), hex(swap16(region.manufacturingDate), 4)];
  const values: readonly (readonly [string, string])[] = [
    ['vendor', `0x${vendor}`],
    ['device', `0x${hex(swap16(region.deviceId), 4)}`],
    ['rev_id', `0x${hex(swap16(region.revisionId), 4)}`],
    ['subsystem_vendor', `0x${hex(swap16(region.subsystemVendorId), 4)}`],
    ['subsystem_device', `0x${hex(swap16(region.subsystemDeviceId), 4)}`],
    ['subsystem_rev_id', `0x${hex(swap16(region.subsystemRevisionId), 4)}`],
    ['serial', `0x${serial}`],
    ['format', `0x${hex(region.code, 4)}`],
    ['formats', `${Math.max(1, dimm.formats.length)}`],
    ...dimm.formats
      .filter((code) => code !== region.code)
      .map((code) => ['format1', `0x${hex(code, 4)}`] as const),
    ['id', [vendor, ...((region.validFields & 1) === 0 ? [] : made), serial].join('-')],
  ];
  for (const [name, value] of values) attributes.set(name, value);
  return attributes;
}
