/**
 * Plainer machines for a workload: a device less, with those behind it moving up, or an option less. Steps that name
 * disks must be renamed along with them.
 */
import type { BootConfiguration, DeviceConfiguration } from '#kernel/subsystem/operation.ts';
import { plainPmem } from './device-word.ts';
import { simplerFirmware } from './firmware-word.ts';

/** A boot line, and what its disks are called that had other names before. */
export interface SimplerBoot {
  readonly boot: BootConfiguration;
  readonly rename?: (disk: string) => string;
}

/** Boot lines that are one simplification away, the boldest first; `named` are the disks that steps name. */
export function* simplerBoots(boot: BootConfiguration, named: ReadonlySet<string>): Generator<SimplerBoot> {
  yield* withoutDevices(boot, named);
  yield* withoutRanges(boot);
  for (const index of boot.disabledSymbols.keys())
    yield { boot: { ...boot, disabledSymbols: boot.disabledSymbols.toSpliced(index, 1) } };
  if (boot.domain !== 'adr') yield { boot: { ...boot, domain: 'adr' } };
  if (!boot.features.clwb) yield { boot: { ...boot, features: { clwb: true, clflushopt: true } } };
  for (const [index, device] of boot.devices.entries())
    for (const simpler of simplerDevices(device))
      yield { boot: { ...boot, devices: boot.devices.toSpliced(index, 1, simpler) } };
}

/** A device less: what was done to it is done to the first of the others. */
function* withoutDevices(boot: BootConfiguration, named: ReadonlySet<string>): Generator<SimplerBoot> {
  for (const [index, device] of [...boot.devices.entries()].reverse()) {
    const others = boot.devices.toSpliced(index, 1);
    const names = new Map<string, string>();
    const devices = renumbered(others, names);
    const [heir] = devices;
    if (named.has(device.name) && heir !== undefined) names.set(device.name, heir.name);
    const isRegion = device.kind === 'pmem';
    yield {
      boot: { ...boot, devices },
      rename: (disk) => renamed(disk, names) ?? (isRegion ? movedUp(disk, device.name) : disk),
    };
  }
}

/** The name of a disk over a region that tables describe, when there is a region less before it. */
function movedUp(disk: string, dropped: string): string {
  return disk.replace(/^(pmem|ndblk)(\d+)/, (name, kind: string, region: string) =>
    Number(region) > Number(dropped.slice('pmem'.length)) ? `${kind}${Number(region) - 1}` : name,
  );
}

/** The devices counted up from 0 by kind; notes new names by old ones. */
function renumbered(
  devices: readonly DeviceConfiguration[],
  names: Map<string, string>,
): DeviceConfiguration[] {
  return devices.map((device, index) => {
    const earlier = devices.slice(0, index).filter(({ kind }) => kind === device.kind);
    const name = `${device.kind}${earlier.length}`;
    if (name !== device.name) names.set(device.name, name);
    return { ...device, name };
  });
}

/** The new name of a disk, if it has one. A BTT is called after the disk of its namespace. */
function renamed(disk: string, names: ReadonlyMap<string, string>): string | undefined {
  const below = names.get(disk.replace(/s$/, ''));
  return names.get(disk) ?? (below === undefined ? undefined : `${below}s`);
}

/** A bus less, or an option of one. */
function* withoutRanges({
  firmware = [],
  legacyRanges = [],
  ...rest
}: BootConfiguration): Generator<SimplerBoot> {
  const withRanges = (tables: typeof firmware, legacy: typeof legacyRanges): SimplerBoot => ({
    boot: {
      ...rest,
      ...(tables.length === 0 ? {} : { firmware: tables }),
      ...(legacy.length === 0 ? {} : { legacyRanges: legacy }),
    },
  });
  for (const index of firmware.keys()) yield withRanges(firmware.toSpliced(index, 1), legacyRanges);
  for (const index of legacyRanges.keys()) yield withRanges(firmware, legacyRanges.toSpliced(index, 1));
  for (const [index, table] of firmware.entries())
    for (const simpler of simplerFirmware(table))
      yield withRanges(firmware.toSpliced(index, 1, simpler), legacyRanges);
}

/** Size of the device of a workload without boot line, bytes. */
const USUAL_SIZE_BYTES = 2 ** 21;

function* simplerDevices(device: DeviceConfiguration): Generator<DeviceConfiguration> {
  const { sizeBytes } = device;
  if (device.kind === 'pmem') {
    const plain = plainPmem(device.name, sizeBytes);
    yield plain;
    for (const option of Object.keys(plain) as (keyof typeof plain)[])
      yield { ...device, [option]: plain[option] };
  }
  if (sizeBytes > USUAL_SIZE_BYTES) yield { ...device, sizeBytes: USUAL_SIZE_BYTES };
}
