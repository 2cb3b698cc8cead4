/** The disks of a row on the simulated machine: device words of the boot line, and the table of a mapped device. */
import { roundUp } from '#machine/hardware/units.ts';
import { formatSize } from '../language/sizes.ts';
import type { RowContext } from './context.ts';
import { isGateClosed, isPartialZero, isSyncOfMapping } from './gate.ts';

const MEBIBYTE = 2 ** 20;

/** Room behind the last byte that a row touches. */
const SLACK_BYTES = 4 * MEBIBYTE;

/** Smallest device, and the size of a device that struct pages of 2 MiB mappings need. */
const SMALL_BYTES = 16 * MEBIBYTE;

export interface RowDisks {
  /** Words of the boot line. */
  readonly devices: string;
  /** The disk that the operation goes to. */
  readonly disk: string;
  /** Lines that make it and switch its write cache. */
  readonly setUp: readonly string[];
  /** How much of it there is. */
  readonly sizeBytes: number;
}

/** The disks of a row; `reachBytes` is how far from the start its operation gets. */
export function disksOf(context: RowContext, reachBytes: number): RowDisks {
  const { place } = context;
  const needed = roundUp(reachBytes + SLACK_BYTES, MEBIBYTE);
  const made = place.mapped === undefined ? plainDisk(context, needed) : mappedDisk(context, needed);
  return {
    ...made,
    setUp: [...made.setUp, ...switches(context, made.disk), ...badSectors(context, made.disk)],
  };
}

function plainDisk({ place }: RowContext, needed: number): RowDisks {
  const sizeBytes = Math.max(SMALL_BYTES, needed);
  const words = {
    nvdimm: `pmem0=${formatSize(sizeBytes)},pages`,
    e820: `e820=${formatSize(sizeBytes)}`,
    'ram disk': `ram0=${formatSize(sizeBytes)}`,
  };
  const disk = place.memory === 'ram disk' ? 'ram0' : 'pmem0';
  return { devices: words[place.memory], disk, setUp: [], sizeBytes };
}

function mappedDisk({ place }: RowContext, needed: number): RowDisks {
  const { linearBytes, chunkBytes = 0 } = place.mapped ?? {};
  if (linearBytes !== undefined) {
    const [only = 0] = linearBytes;
    if (linearBytes.length === 1) return oneMember(Math.max(only, needed));
    const devices = linearBytes.map((size, index) => `pmem${index}=${formatSize(size)}`).join(' ');
    const targets = linearBytes.map((size, index) => `linear ${formatSize(size)} pmem${index}@0`).join(' ');
    const sizeBytes = linearBytes.reduce((sum, size) => sum + size, 0);
    return { devices, disk: 'dm-0', setUp: [`dm dm-0 ${targets}`], sizeBytes };
  }
  const count = Math.max(1, place.members.length);
  const memberBytes = roundUp(Math.ceil(needed / count), Math.max(MEBIBYTE, chunkBytes));
  const members = Array.from({ length: count }, (_, index) => `pmem${index}`);
  const sizeBytes = memberBytes * count;
  const table = `stripe ${formatSize(sizeBytes)} ${formatSize(chunkBytes)} ${members.map((name) => `${name}@0`).join(',')}`;
  const devices = members.map((name) => `${name}=${formatSize(memberBytes)}`).join(' ');
  return { devices, disk: 'dm-0', setUp: [`dm dm-0 ${table}`], sizeBytes };
}

/** A linear table over one disk, which may have huge pages. */
function oneMember(sizeBytes: number): RowDisks {
  const setUp = [`dm dm-0 linear ${formatSize(sizeBytes)} pmem0@0`];
  return { devices: `pmem0=${formatSize(sizeBytes)},pages`, disk: 'dm-0', setUp, sizeBytes };
}

/**
 * Lines that bring the files `queue/write_cache` and `dax/write_cache` to what the row's kernel had. In v3 the queue's file
 * is the gate that the merged series has in `dax/write_cache`.
 */
function switches({ row, place, kernel, machine, tree }: RowContext, disk: string): string[] {
  const isClosed = isGateClosed(row, kernel, machine.keepsCaches);
  const isGated = isPartialZero(row.op) || isSyncOfMapping(row.op);
  const isQueueClosed = isGated && isClosed && tree.queueGatesWriteBack && !tree.hasDaxWriteCache;
  const queueText = isQueueClosed ? 'write through' : (row.queueWriteCache ?? '');
  const texts: [disk: string, text: string][] = [...row.writeCaches].map(([name, text]) => [
    name === 'dm' ? 'dm-0' : `pmem${place.members.indexOf(name)}`,
    text,
  ]);
  if (queueText !== '') texts.push([disk, queueText]);
  const lines = texts.map(([name, text]) => `sysfs write ${name}/queue/write_cache "${text}"`);
  if (!isClosed || !tree.hasDaxWriteCache) return lines;
  return [...lines, `sysfs write ${disk}/dax/write_cache "0"`];
}

/** Lines that make sectors bad as the row's machine had them: known to the disk, and never cleared by the platform. */
function badSectors({ badSectors: ranges }: RowContext, disk: string): string[] {
  if (ranges.length === 0) return [];
  return [...ranges.map((text) => `sysfs write ${disk}/badblocks "${text}"`), 'platform clear-fails 1'];
}
