/**
 * What checks of a step have to go by: the machine that was booted, the disks that exist so far, and the line to point
 * at. Which disks firmware tables make, and how large they are, only the kernel finds out, so names that such disks may
 * have pass.
 */
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import type { InputError } from '#base/input-error.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type Line, type Word, wordError } from './lines.ts';
import { parseSize } from './sizes.ts';

/** The disks that exist so far. */
export interface Devices {
  /** Bytes by name. */
  readonly sizes: Map<string, number>;
  /** Members of each mapped device. */
  readonly members: Map<string, readonly string[]>;
}

export interface CheckPlace {
  readonly boot: BootConfiguration;
  readonly devices: Devices;
  /** The line of the step; for a generated one the line that it would be. */
  line(): Line;
}

/** The disks of a boot line. */
export function devicesOf({ devices }: BootConfiguration): Devices {
  return { sizes: new Map(devices.map(({ name, sizeBytes }) => [name, sizeBytes])), members: new Map() };
}

/** The error that points at the word which `find` picks, else at the last one. */
export function refusal(
  place: CheckPlace,
  find: (line: Line) => Word | undefined,
  problem: string,
  allowed: string,
): InputError {
  const line = place.line();
  return wordError(line, find(line) ?? line.words.at(-1), problem, allowed);
}

/** Picks the word that says a place. */
export const placeWord = (line: Line): Word | undefined =>
  line.words.find(({ text }) => text.startsWith('@'));

/** Picks the word that names a disk. */
export const diskWord =
  (disk: string) =>
  ({ words }: Line): Word | undefined =>
    words.find(({ text }) => text.startsWith(disk)) ?? words.find(({ text }) => text.includes(disk));

/** Picks the first word that is this number of bytes, or names a member of a table that begins there. */
export const sizeWord =
  (sizeBytes: number) =>
  ({ words }: Line): Word | undefined =>
    words.find(({ text }) => text.split(/,|(?<=.)@/).some((part) => parseSize(part) === sizeBytes));

/** Picks the word behind `name`. */
export const wordBehind =
  (name: string) =>
  ({ words }: Line): Word | undefined =>
    words[words.findIndex(({ text }) => text === name) + 1];

/** Names of disks over namespaces: pmemR, pmemR.I, ndblkR.I, with an s for a BTT. */
const NAMESPACE_DISK = /^(?:pmem\d+(?:\.\d+)?|ndblk\d+\.\d+)s?$/;

export const isNamespaceDisk = (disk: string): boolean => NAMESPACE_DISK.test(disk);

/** Whether the machine has buses whose disks no word names. */
export const bootsFirmware = ({ firmware = [], legacyRanges = [] }: BootConfiguration): boolean =>
  firmware.length > 0 || legacyRanges.length > 0;

/** Whether `disk` may be one that firmware tables make. */
export function mayBeFound({ boot, devices }: CheckPlace, disk: string): boolean {
  return bootsFirmware(boot) && isNamespaceDisk(disk) && !devices.sizes.has(disk);
}

/** Throws `InputError` for a disk that neither a boot word nor an operation has made. */
export function requireDisk(place: CheckPlace, disk: string): void {
  const { sizes } = place.devices;
  if (sizes.has(disk) || mayBeFound(place, disk)) return;
  throw refusal(
    place,
    diskWord(disk),
    `no device '${disk}'`,
    [...sizes.keys()].join(', ') || 'none is booted',
  );
}

/** Throws `InputError` for a disk that is not the one of a pmem namespace. */
export function requirePmem(place: CheckPlace, disk: string): void {
  requireDisk(place, disk);
  const { devices } = place.boot;
  if (devices.some(({ kind, name }) => kind === 'pmem' && name === disk) || mayBeFound(place, disk)) return;
  const names = devices.filter(({ kind }) => kind === 'pmem').map(({ name }) => name);
  const allowed = names.join(', ') || 'none is booted';
  throw refusal(place, diskWord(disk), `'${disk}' is not a pmem device`, allowed);
}

/** Throws `InputError` for an alignment that no allocation of pages can have. */
export function requireAlignment(alignBytes: number, place: CheckPlace): void {
  if (alignBytes >= PAGE_SIZE_BYTES && Number.isInteger(Math.log2(alignBytes))) return;
  const problem = `aligned to ${alignBytes} bytes`;
  throw refusal(place, wordBehind('align'), problem, 'a power of two from 4K on');
}
