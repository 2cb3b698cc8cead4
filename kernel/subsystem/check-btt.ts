/**
 * What `ndctl check-namespace` looks for in a BTT, and what it repairs (nvdimm-and-firmware.md 9.1, 16.4 btt-check.sh):
 * the info block of each arena and its copy, the log, the map, and that map and log name every internal block exactly
 * once. It is a program of user space over the bytes of the namespace, so it shares with the driver what these bytes
 * mean and nothing else. Left out: layouts that Linux 4.12 does not write (BTT 2.0, entries without padding), and the
 * guesses that ndctl tries last at the first info block, out of those of later arenas.
 */
import { roundDown } from '#machine/hardware/units.ts';
import {
  type LogEntry,
  decodeLogGroup,
  decodeMapEntry,
  encodeMapEntry,
  olderLogEntry,
} from '../drivers/nvdimm/btt-arena.ts';
import { IB_FLAG_ERROR, arenaOfInfo, bttInfoIsValid, decodeBttInfo } from '../drivers/nvdimm/btt-info.ts';
import {
  ARENA_MAX_BYTES,
  type ArenaGeometry,
  BTT_PAGE_BYTES,
  BTT_START_BYTES,
  LOG_GROUP_BYTES,
  LOG_SLOTS_4_12,
  MAP_ENTRY_BYTES,
} from '../drivers/nvdimm/btt-layout.ts';
import { EFAULT, ENXIO } from '../errno.ts';

/** The bytes of a namespace as user space reaches them. */
export interface RawBytes {
  readonly sizeBytes: number;
  /** The bytes of a range, or a negative error. */
  readonly read: (offset: number, sizeBytes: number) => Uint8Array | number;
  /** Writes whole pages; durable when it returns 0, else a negative error. */
  readonly write: (offset: number, bytes: Uint8Array) => number;
}

export interface CheckResult {
  /**
   * 0, also for damage that is only missing its repair (the copy of an info block, a map entry behind its log entry);
   * -ENXIO for what can not be used, -EFAULT where map or log can not be read, or the error of a write.
   */
  readonly returned: number;
  /** What was found or repaired, in ndctl's words. */
  readonly findings: readonly string[];
}

interface Check {
  readonly raw: RawBytes;
  readonly parentUuid: Uint8Array;
  readonly repairs: boolean;
  readonly findings: string[];
}

/** An arena with its metadata in memory. Offsets of `geometry` count from the start of the namespace. */
interface CheckedArena {
  readonly number: number;
  readonly geometry: ArenaGeometry;
  readonly info: Uint8Array;
  readonly map: DataView;
  /** By lane, both entries in the order of their slots. */
  readonly log: readonly (readonly [LogEntry, LogEntry])[];
}

/** Checks the BTT on a namespace with the uuid `parentUuid`; with `repairs`, writes what can be put right. */
export function checkBtt(raw: RawBytes, parentUuid: Uint8Array, repairs: boolean): CheckResult {
  const check: Check = { raw, parentUuid, repairs, findings: [] };
  return { returned: checkArenas(check), findings: check.findings };
}

function checkArenas(check: Check): number {
  const arenas = discoverArenas(check);
  if (typeof arenas === 'number') return arenas;
  for (const { number, info, geometry } of arenas) {
    const arena = loadArena(check, number, info, geometry);
    const error = arena === undefined ? -EFAULT : checkArena(check, arena);
    if (error !== 0) return error;
  }
  return 0;
}

const hex = (value: number): string => `0x${value.toString(16)}`;

const isInfo = (check: Check, bytes: Uint8Array | number): bytes is Uint8Array =>
  typeof bytes !== 'number' && bttInfoIsValid(bytes, check.parentUuid);

/** An arena as its info block describes it. */
type FoundArena = Pick<CheckedArena, 'number' | 'info' | 'geometry'>;

/** The arenas of the namespace, or -ENXIO; broken info blocks are restored from their copies. */
function discoverArenas(check: Check): FoundArena[] | number {
  const arenas: FoundArena[] = [];
  for (let offset = BTT_START_BYTES; ;) {
    const number = arenas.length;
    const info = readInfo(check, number, offset);
    if (typeof info === 'number') return info;
    const decoded = decodeBttInfo(info);
    const geometry = arenaOfInfo(decoded, offset, 0);
    if (!makesSense(geometry) || (decoded.flags & IB_FLAG_ERROR) !== 0) {
      check.findings.push(`Problem parsing arena[${number}] metadata`);
      return -ENXIO;
    }
    arenas.push({ number, info, geometry });
    if (geometry.nextOffset === 0) return arenas;
    offset += geometry.sizeBytes;
  }
}

/** Whether the sizes fit each other. ndctl refuses blocks with integrity data: their internal size is another. */
function makesSense(geometry: ArenaGeometry): boolean {
  const { internalLbaCount, externalLbaCount, nfree } = geometry;
  return (
    internalLbaCount - externalLbaCount === nfree &&
    geometry.internalLbaSizeBytes === geometry.externalLbaSizeBytes
  );
}

/** The info block of the arena at `offset`, from its copy when it is broken. */
function readInfo(check: Check, number: number, offset: number): Uint8Array | number {
  const { raw, findings } = check;
  const info = raw.read(offset, BTT_PAGE_BYTES);
  if (isInfo(check, info)) return info;
  const isLast = raw.sizeBytes - offset <= ARENA_MAX_BYTES;
  const arenaEnd = isLast ? roundDown(raw.sizeBytes, BTT_PAGE_BYTES) : offset + ARENA_MAX_BYTES;
  const copyOffset = arenaEnd - BTT_PAGE_BYTES;
  const copy = raw.read(copyOffset, BTT_PAGE_BYTES);
  if (isInfo(check, copy)) return restoreInfo(check, offset, copy) || copy;
  findings.push(
    number === 0
      ? 'Unable to recover any BTT info blocks'
      : `Backup info block (offset ${hex(copyOffset)}) verification failed`,
  );
  return -ENXIO;
}

/** Returns 0 once the info block at `offset` is what it should be. */
function restoreInfo({ raw, repairs, findings }: Check, offset: number, info: Uint8Array): number {
  if (!repairs) {
    findings.push(`BTT info block at offset ${hex(offset)} needs to be restored`);
    return -ENXIO;
  }
  findings.push(`Restoring BTT info block at offset ${hex(offset)}`);
  return raw.write(offset, info);
}

/** Whether `bytes` were read, and are not fewer than needed. */
const isWhole = (bytes: Uint8Array | number, neededBytes: number): bytes is Uint8Array =>
  typeof bytes !== 'number' && bytes.length >= neededBytes;

/** Map and log of an arena; `undefined`, with a finding, where they can not be read. */
function loadArena(
  { raw, findings }: Check,
  number: number,
  info: Uint8Array,
  geometry: ArenaGeometry,
): CheckedArena | undefined {
  const { mapOffset, logOffset, info2Offset, nfree } = geometry;
  const map = raw.read(mapOffset, logOffset - mapOffset);
  const log = raw.read(logOffset, info2Offset - logOffset);
  if (!isWhole(map, geometry.externalLbaCount * MAP_ENTRY_BYTES) || !isWhole(log, nfree * LOG_GROUP_BYTES)) {
    findings.push('Metadata corruption found, recovery is not possible');
    return undefined;
  }
  const groups = Array.from({ length: nfree }, (_, lane) =>
    decodeLogGroup(log.subarray(lane * LOG_GROUP_BYTES, (lane + 1) * LOG_GROUP_BYTES), LOG_SLOTS_4_12),
  );
  return { number, geometry, info, map: new DataView(map.buffer, map.byteOffset, map.length), log: groups };
}

/** The checks of one arena in ndctl's order; the first that finds something that it can not leave ends them. */
function checkArena(check: Check, arena: CheckedArena): number {
  const damage = logDamage(arena) ?? mapDamage(arena);
  if (damage !== undefined) {
    check.findings.push(`arena ${arena.number}: ${damage}`);
    return -ENXIO;
  }
  return completeMap(check, arena) || checkInfoCopy(check, arena) || checkBitmap(check, arena);
}

/** The younger entry of a lane. */
function newestEntry([first, second]: readonly [LogEntry, LogEntry]): LogEntry {
  return olderLogEntry(first.sequence, second.sequence) === 0 ? second : first;
}

/** What is wrong with the log, in words. */
function logDamage({ log, geometry }: CheckedArena): string | undefined {
  const { internalLbaCount, externalLbaCount } = geometry;
  for (const [first, second] of log) {
    if (first.sequence === second.sequence)
      return 'found a pair of log entries with the same sequence number';
    if (first.sequence > 3 || second.sequence > 3)
      return 'found a log entry with an out of bounds sequence number';
  }
  for (const { lba, oldMap, newMap } of log.map(newestEntry)) {
    if (lba >= externalLbaCount) return 'found a log entry with an out of bounds LBA';
    if (oldMap >= internalLbaCount) return "found a log entry with an out of bounds 'old' mapping";
    if (newMap >= internalLbaCount) return "found a log entry with an out of bounds 'new' mapping";
  }
  return undefined;
}

/** The internal block that holds block `lba`. */
function postmapOf({ map }: CheckedArena, lba: number): number {
  return decodeMapEntry(lba, map.getUint32(lba * MAP_ENTRY_BYTES, true)).postmap;
}

function mapDamage(arena: CheckedArena): string | undefined {
  const { internalLbaCount, externalLbaCount } = arena.geometry;
  for (let lba = 0; lba < externalLbaCount; lba++) {
    if (postmapOf(arena, lba) >= internalLbaCount) return 'found a map entry that is out of bounds';
  }
  return undefined;
}

/** Completes the map where a power failure came between a log entry and its map entry, as the driver would. */
function completeMap(check: Check, arena: CheckedArena): number {
  for (const { lba, oldMap, newMap } of arena.log.map(newestEntry)) {
    const postmap = postmapOf(arena, lba);
    if (newMap === postmap || oldMap !== postmap) continue;
    const error = updateMap(check, arena, lba, newMap);
    if (error !== 0) return error;
  }
  return 0;
}

function updateMap(
  { raw, repairs, findings }: Check,
  arena: CheckedArena,
  lba: number,
  postmap: number,
): number {
  const { number, map, geometry } = arena;
  const entry = `map[${hex(lba)}]`;
  if (!repairs) {
    findings.push(`Arena ${number}: ${entry} needs to be updated to ${hex(postmap)}`);
    return 0;
  }
  findings.push(`Arena ${number}: Updating ${entry} to ${hex(postmap)}`);
  map.setUint32(lba * MAP_ENTRY_BYTES, encodeMapEntry({ postmap, trimmed: false, error: false }), true);
  const pageStart = roundDown(lba * MAP_ENTRY_BYTES, BTT_PAGE_BYTES);
  const page = new Uint8Array(map.buffer, map.byteOffset + pageStart, BTT_PAGE_BYTES);
  return raw.write(geometry.mapOffset + pageStart, page);
}

/** The copy at the end of the arena must be the info block, which was verified when the arena was found. */
function checkInfoCopy({ raw, repairs, findings }: Check, arena: CheckedArena): number {
  const { number, info, geometry } = arena;
  const copy = raw.read(geometry.info2Offset, BTT_PAGE_BYTES);
  if (typeof copy !== 'number' && copy.every((byte, index) => byte === info[index])) return 0;
  if (!repairs) {
    findings.push(`Arena ${number}: BTT info2 needs to be restored`);
    return 0;
  }
  findings.push(`Arena ${number}: Restoring BTT info2`);
  return raw.write(geometry.info2Offset, info);
}

/** Map and log together must name every internal block once: the map those in use, the log a free one for each lane. */
function checkBitmap({ findings }: Check, arena: CheckedArena): number {
  const { number, geometry, log } = arena;
  const inUse = Array.from({ length: geometry.externalLbaCount }, (_, lba) => postmapOf(arena, lba));
  const free = log.map((lane) => newestEntry(lane).oldMap);
  const named = new Set<number>();
  for (const block of [...inUse, ...free]) {
    if (named.has(block)) {
      findings.push(`arena ${number}: internal block ${hex(block)} is referenced by two map/log entries`);
      break;
    }
    named.add(block);
  }
  if (named.size === geometry.internalLbaCount) return 0;
  findings.push(`arena ${number}: bitmap error: internal blocks are incorrectly referenced`);
  return -ENXIO;
}
