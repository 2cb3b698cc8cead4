/** The operation that makes mapped devices, and what can be wrong with their tables. */
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import type { DmTargetShape } from '#kernel/subsystem/operation.ts';
import { newDisk } from '../arguments/disks.ts';
import { table } from '../arguments/table.ts';
import {
  type CheckPlace,
  type Devices,
  bootsFirmware,
  diskWord,
  isNamespaceDisk,
  refusal,
  requireDisk,
  sizeWord,
} from '../check-place.ts';
import { describe } from '../descriptor.ts';
import type { Line, Word } from '../lines.ts';
import { formatSize, sumOf } from '../sizes.ts';

const membersOf = (targets: readonly DmTargetShape[]): string[] =>
  targets.flatMap(({ members }) => members.map(({ disk }) => disk));

export const MAPPER_OPERATIONS = describe({
  'dm create': {
    name: 'dm',
    meaning:
      'makes a mapped device of one target or several; again for a new table, without freezing the file system',
    arguments: { disk: newDisk, targets: table },
    makes: ({ disk, targets }) => ({ disk, members: membersOf(targets) }),
    check: ({ disk, targets }, place) => {
      checkName(disk, place);
      for (const target of targets) checkTarget(disk, target, place);
      const totalBytes = sumOf(targets.map(({ sizeBytes }) => sizeBytes));
      if (totalBytes > Number.MAX_SAFE_INTEGER)
        throw refusal(place, diskWord(disk), `${disk} is too large`, 'less than 2^53 bytes (8192T) in all');
      place.devices.sizes.set(disk, totalBytes);
      place.devices.members.set(disk, membersOf(targets));
    },
  },
});

/** A mapped device may not be called like a disk that is there, or like one that tables may make. */
function checkName(mapped: string, place: CheckPlace): void {
  const isBooted = place.boot.devices.some(({ name }) => name === mapped);
  if (!isBooted && !isNamespaceDisk(mapped)) return;
  const problem = isBooted ? 'is there already' : 'is what the disk of a namespace is called';
  const allowed = 'a name that no other disk has or may get, such as dm-0';
  throw refusal(place, diskWord(mapped), `'${mapped}' ${problem}`, allowed);
}

function checkTarget(mapped: string, target: DmTargetShape, place: CheckPlace): void {
  const { sizeBytes, chunkBytes, members } = target;
  const { boot, devices } = place;
  const memberBytes = sizeBytes / members.length;
  for (const bytes of [sizeBytes, chunkBytes, ...members.map(({ startBytes }) => startBytes)])
    requireSectors(place, bytes);
  for (const { disk, startBytes } of members) {
    if (bootsFirmware(boot) && !devices.sizes.has(disk)) continue;
    requireDisk(place, disk);
    if (reaches(devices, disk, mapped)) {
      const allowed = `members that do not lead back to ${mapped}`;
      throw refusal(place, memberWord(disk), `${mapped} would be a member of itself`, allowed);
    }
    const size = devices.sizes.get(disk) ?? 0;
    if (startBytes + memberBytes <= size) continue;
    const problem = `${formatSize(memberBytes)} from ${formatSize(startBytes)} on do not fit on ${disk}`;
    throw refusal(place, memberWord(disk), problem, `ranges inside its ${formatSize(size)}`);
  }
}

/** Whether `mapped` is `disk` or lies behind it. */
function reaches(devices: Devices, disk: string, mapped: string): boolean {
  const members = devices.members.get(disk) ?? [];
  return disk === mapped || members.some((member) => reaches(devices, member, mapped));
}

function requireSectors(place: CheckPlace, bytes: number): void {
  if (bytes % SECTOR_SIZE === 0) return;
  throw refusal(place, sizeWord(bytes), `${bytes} bytes in a table`, `whole sectors of ${SECTOR_SIZE} bytes`);
}

/** Picks the word that names a disk as a member. */
const memberWord =
  (disk: string) =>
  (line: Line): Word | undefined =>
    line.words.find(({ text }) => text.includes(`${disk}@`)) ?? diskWord(disk)(line);
