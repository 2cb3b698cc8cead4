/**
 * Checks a parsed workload against the machine it boots: every disk must exist when it is named, every range must
 * lie on its device. A workload that fails here can not be run at all, which is not the same as one whose operations
 * return errors.
 */
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import type { BootConfiguration, Operation } from '#kernel/subsystem/operation.ts';
import { InputError } from '#base/input-error.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type Line, formatSize, wordError } from './words.ts';
import type { Workload, WorkloadStep } from './workload.ts';

/** The devices that exist so far. */
interface Devices {
  /** Bytes by name. */
  readonly sizes: Map<string, number>;
  /** Members of each mapped device. */
  readonly members: Map<string, readonly string[]>;
}

/** Throws `InputError` for the first step that names a device that is not there or a range that does not fit. */
export function checkWorkload(workload: Workload): void {
  if (workload.steps.length === 0) {
    throw new InputError('an empty workload: give at least one operation after the boot line');
  }
  const devices: Devices = {
    sizes: new Map(workload.boot.devices.map(({ name, sizeBytes }) => [name, sizeBytes])),
    members: new Map(),
  };
  for (const step of workload.steps) checkStep(step, workload.boot, devices);
}

function checkStep({ operation, line }: WorkloadStep, boot: BootConfiguration, devices: Devices): void {
  const { sizes } = devices;
  const place: Line = line ?? { number: 0, text: operation.kind, words: [] };
  if (operation.kind === 'crash') return;
  if (!('file' in operation) && !('disk' in operation)) return;
  if (operation.kind === 'dm create') {
    checkTables(place, operation, boot, devices);
    return;
  }
  const disk = 'file' in operation ? operation.file.disk : operation.disk;
  // Which disks firmware tables make, and how large, only the kernel finds out.
  const isFound = bootsFirmware(boot) && NAMESPACE_DISK.test(disk) && !sizes.has(disk);
  if (!isFound) requireDisk(place, disk, sizes);
  if (
    PMEM_ONLY.includes(operation.kind) &&
    !isFound &&
    !boot.devices.some(({ kind, name }) => kind === 'pmem' && name === disk)
  ) {
    const names = boot.devices.filter(({ kind }) => kind === 'pmem').map(({ name }) => name);
    throw wordError(
      place,
      wordOf(place, disk),
      `'${disk}' is not a pmem device`,
      names.join(', ') || 'none is booted',
    );
  }
  if (operation.kind === 'personality' && operation.personality.type === 'btt') {
    sizes.set(`${disk}s`, sizes.get(disk) ?? Number.MAX_SAFE_INTEGER);
  }
  requireUnits(place, operation);
  if (dataOf(operation) > DATA_LIMIT_BYTES) {
    const allowed = `at most ${formatSize(DATA_LIMIT_BYTES)} in one operation: split it`;
    throw wordError(place, place.words.at(-1), `${formatSize(dataOf(operation))} of data`, allowed);
  }
  const size = sizes.get(disk) ?? 0;
  const end = endOf(operation);
  if (end > size && !isFound) {
    throw wordError(
      place,
      placeWord(place),
      `the range ends at ${formatSize(end)}, beyond ${disk}`,
      `ranges inside its ${formatSize(size)} (${size} bytes)`,
    );
  }
}

/** Complains of places and alignments that no caller in a kernel can express. */
function requireUnits(line: Line, operation: Operation): void {
  if (operation.kind === 'page write' || operation.kind === 'page read') {
    if (operation.offset % SECTOR_SIZE === 0) return;
    const problem = `a page from byte ${operation.offset} on`;
    throw wordError(line, placeWord(line), problem, `whole sectors of ${SECTOR_SIZE} bytes`);
  }
  if (operation.kind !== 'create') return;
  const { alignBytes } = operation;
  if (alignBytes >= PAGE_SIZE_BYTES && Number.isInteger(Math.log2(alignBytes))) return;
  throw wordError(
    line,
    line.words.at(-1),
    `blocks aligned to ${alignBytes} bytes`,
    'a power of two from 4K on',
  );
}

/** The word of a line that says a place. */
const placeWord = (line: Line) => line.words.find(({ text }) => text.startsWith('@')) ?? line.words.at(-1);

/** Names of disks over namespaces: pmemR, pmemR.I, ndblkR.I, with an s for a BTT. */
const NAMESPACE_DISK = /^(?:pmem\d+(?:\.\d+)?|ndblk\d+\.\d+)s?$/;

/** Operations on a pmem namespace. */
const PMEM_ONLY: readonly string[] = [
  'raw write',
  'raw read',
  'poison',
  'media poison',
  'clear error',
  'machine check',
  'check namespace',
  'personality',
  'detach',
  'attach',
  'shutdown',
];

const bootsFirmware = ({ firmware = [], legacyRanges = [] }: BootConfiguration): boolean =>
  firmware.length > 0 || legacyRanges.length > 0;

/** Most bytes that one operation may copy: every one of them is recorded. */
export const DATA_LIMIT_BYTES = 64 * 2 ** 20;

/** How many bytes an operation copies. */
function dataOf(operation: Operation): number {
  switch (operation.kind) {
    case 'dax write':
    case 'dax read':
      return sum(operation.vector.lengths);
    case 'bio write':
    case 'bio read':
      return sum(operation.lengths);
    case 'store':
    case 'load':
    case 'raw write':
    case 'raw read':
    case 'zeroout':
    case 'zero in place':
      return operation.sizeBytes;
    default:
      return 0;
  }
}

/** Where the bytes of an operation end, 0 when it names none. */
function endOf(operation: Operation): number {
  switch (operation.kind) {
    case 'dax write':
    case 'dax read':
      return operation.offset + sum(operation.vector.lengths);
    case 'bio write':
    case 'bio read':
      return operation.offset + sum(operation.lengths);
    case 'page write':
    case 'page read':
      return operation.offset + PAGE_SIZE_BYTES;
    case 'machine check':
      return operation.offset + 1;
    default:
      return 'sizeBytes' in operation
        ? ('offset' in operation ? operation.offset : 0) + operation.sizeBytes
        : 0;
  }
}

const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);

function checkTables(
  line: Line,
  operation: Extract<Operation, { kind: 'dm create' }>,
  boot: BootConfiguration,
  devices: Devices,
): void {
  const { disk: mapped, targets } = operation;
  const { sizes } = devices;
  const isBooted = boot.devices.some(({ name }) => name === mapped);
  if (isBooted || NAMESPACE_DISK.test(mapped)) {
    const problem = isBooted ? 'is there already' : 'is what the disk of a namespace is called';
    const allowed = 'a name that no other disk has or may get, such as dm-0';
    throw wordError(line, wordOf(line, mapped), `'${mapped}' ${problem}`, allowed);
  }
  for (const { sizeBytes, chunkBytes, members } of targets) {
    const memberBytes = sizeBytes / members.length;
    for (const bytes of [sizeBytes, chunkBytes, ...members.map(({ startBytes }) => startBytes)])
      requireSectors(line, bytes);
    for (const { disk, startBytes } of members) {
      if (bootsFirmware(boot) && !sizes.has(disk)) continue;
      requireDisk(line, disk, sizes);
      if (reaches(devices, disk, mapped)) {
        const allowed = `members that do not lead back to ${mapped}`;
        throw wordError(line, memberWord(line, disk), `${mapped} would be a member of itself`, allowed);
      }
      const size = sizes.get(disk) ?? 0;
      if (startBytes + memberBytes <= size) continue;
      const problem = `${formatSize(memberBytes)} from ${formatSize(startBytes)} on do not fit on ${disk}`;
      throw wordError(line, memberWord(line, disk), problem, `ranges inside its ${formatSize(size)}`);
    }
  }
  sizes.set(mapped, sum(targets.map(({ sizeBytes }) => sizeBytes)));
  devices.members.set(
    mapped,
    targets.flatMap(({ members }) => members.map(({ disk }) => disk)),
  );
}

/** Whether `mapped` is `disk` or lies behind it. */
function reaches(devices: Devices, disk: string, mapped: string): boolean {
  const members = devices.members.get(disk) ?? [];
  return disk === mapped || members.some((member) => reaches(devices, member, mapped));
}

function requireSectors(line: Line, bytes: number): void {
  if (bytes % SECTOR_SIZE === 0) return;
  const word = line.words.find(({ text }) => text.includes(formatSize(bytes)));
  throw wordError(line, word, `${bytes} bytes in a table`, `whole sectors of ${SECTOR_SIZE} bytes`);
}

function requireDisk(line: Line, disk: string, sizes: ReadonlyMap<string, number>): void {
  if (sizes.has(disk)) return;
  throw wordError(
    line,
    wordOf(line, disk),
    `no device '${disk}'`,
    [...sizes.keys()].join(', ') || 'none is booted',
  );
}

/** The word of the line that names `disk`. */
function wordOf(line: Line, disk: string) {
  return (
    line.words.find(({ text }) => text.startsWith(disk)) ?? line.words.find(({ text }) => text.includes(disk))
  );
}

/** The word of a table's line that names `disk` as a member. */
function memberWord(line: Line, disk: string) {
  return line.words.find(({ text }) => text.includes(`${disk}@`)) ?? wordOf(line, disk);
}
