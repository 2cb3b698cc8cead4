/** Tables of mapped devices, with parts that begin and end near edges of pages. */
import type { Random } from '#engine/fuzz/random.ts';
import type { DmMemberShape, DmTargetShape } from '#kernel/subsystem/operation.ts';
import { roundDown } from '#machine/hardware/units.ts';

const KIB = 1024;

const TYPES = [
  ['linear', 6],
  ['striped', 4],
  ['error', 0.5],
  ['snapshot-origin', 0.5],
] as const;

/** An origin is the whole of a device: behind another target the kernel does not take off where it begins (origin_map). */
const LATER_TYPES = TYPES.slice(0, 3);

const SIZES = [4 * KIB, 8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB, 512];

const STARTS = [0, 0, 0, 4 * KIB, 8 * KIB, 64 * KIB, 256 * KIB, 512, 1024, 3584];

/** A table of up to three targets over some of `disks`, whose sizes are in `sizes`. */
export function drawTable(
  random: Random,
  disks: readonly string[],
  sizes: ReadonlyMap<string, number>,
): DmTargetShape[] {
  return Array.from({ length: random.pick([1, 1, 2, 3]) }, (_, index) =>
    targetOf(random, random.pickWeighted(index === 0 ? TYPES : LATER_TYPES), disks, sizes),
  );
}

function targetOf(
  random: Random,
  type: DmTargetShape['type'],
  disks: readonly string[],
  sizes: ReadonlyMap<string, number>,
): DmTargetShape {
  const sizeBytes = random.pick(SIZES);
  if (type === 'error') return { type, sizeBytes, chunkBytes: 0, members: [] };
  if (type === 'snapshot-origin') {
    const disk = random.pick(disks);
    const members = [{ disk, startBytes: 0 }];
    return { type, sizeBytes: Math.min(sizeBytes, sizes.get(disk) ?? 0), chunkBytes: 0, members };
  }
  if (type === 'linear') {
    const [member, room] = memberOf(random, disks, sizes);
    return { type, sizeBytes: Math.min(sizeBytes, room), chunkBytes: 0, members: [member] };
  }
  const members = Array.from({ length: random.between(2, 3) }, () => memberOf(random, disks, sizes));
  const chunkBytes = random.pick([4 * KIB, 4 * KIB, 8 * KIB, 16 * KIB, 512]);
  const room = Math.min(...members.map(([, bytes]) => bytes));
  const each = roundDown(Math.min(room, 64 * KIB), chunkBytes);
  const isWhole = each > 0;
  return {
    type,
    sizeBytes: isWhole ? each * members.length : 512 * members.length,
    chunkBytes: isWhole ? chunkBytes : 512,
    members: members.map(([member]) => member),
  };
}

/** A member and how many bytes there are from its start on. */
function memberOf(
  random: Random,
  disks: readonly string[],
  sizes: ReadonlyMap<string, number>,
): [member: DmMemberShape, room: number] {
  const disk = random.pick(disks);
  const sizeBytes = sizes.get(disk) ?? 0;
  const start = random.pick(STARTS);
  const startBytes = start < sizeBytes ? start : 0;
  return [{ disk, startBytes }, sizeBytes - startBytes];
}
