/**
 * Operations on a BTT. Where a block write goes depends on what was written before: the free block, the blocks that are
 * mapped, whose turn it is in the log. All of it can be read off the row's own stores, so before each row blocks are
 * written through a fresh BTT until the row's writes will go where they went (nvdimm-and-firmware.md 9).
 */
import {
  type ArenaGeometry,
  BTT_START_BYTES,
  LOG_GROUP_BYTES,
  arenasFor,
} from '#kernel/drivers/nvdimm/btt-layout.ts';
import { blockLines } from './block-lines.ts';
import { formatSize } from '../language/sizes.ts';
import type { RowContext } from './context.ts';
import { type TraceEvent, isStore } from './events.ts';
import type { RowWorkload } from './row-workload.ts';

/** Size of the namespaces that were recorded; a BTT's parts lie where its size puts them. */
export const BTT_NAMESPACE_BYTES = 32 * 2 ** 20;

const DISK = 'pmem0s';

export function bttWorkload(context: RowContext): RowWorkload | undefined {
  const { row, place } = context;
  const { sectorBytes } = place;
  const [geometry] = arenasFor(BTT_NAMESPACE_BYTES - BTT_START_BYTES, sectorBytes ?? 0);
  if (sectorBytes === undefined || geometry === undefined) return undefined;
  const writes = blockWrites(context, geometry);
  const write = (lba: number): string => `bio write ${DISK} @${lba * sectorBytes} ${sectorBytes}`;
  const isWhole = /^btt_|^BLKZEROOUT/.test(row.op) || writes.length === 0;
  const own = isWhole ? blockLines(row, DISK) : writes.map(({ lba }) => write(lba));
  if (own === undefined || own.length === 0) return undefined;
  return {
    devices: `pmem0=${formatSize(BTT_NAMESPACE_BYTES)}`,
    setUp: [`personality pmem0 btt ${sectorBytes}`, ...bridge(geometry, writes).map(write)],
    operations: own,
    returned: isWhole ? 'exact' : 'ignored',
    isPlaced: true,
  };
}

/** One block write: the sector, the block that its data went to, and which of the lane's two log entries was written. */
interface BlockWrite {
  readonly lba: number;
  readonly block: number;
  readonly logEntry: number;
}

/** The block writes of a row, from where its data, log and map stores went. */
function blockWrites({ row, kernel }: RowContext, geometry: ArenaGeometry): BlockWrite[] {
  const stores = (row.events ?? []).filter(({ letter }) => isStore(letter));
  const places = stores.map(({ place }) => place - BTT_START_BYTES);
  const within = (from: number, to: number): number[] =>
    places.filter((place) => place >= from && place < to).map((place) => place - from);
  const { dataOffset, mapOffset, logOffset, info2Offset, internalLbaSizeBytes } = geometry;
  const blocks = within(dataOffset, mapOffset).map((place) => place / internalLbaSizeBytes);
  const lbas = within(mapOffset, logOffset).map((place) => place / 4);
  // An entry is stored in two halves; the first one names it.
  const halves = within(logOffset, info2Offset).filter((_, index) => index % 2 === 0);
  return lbas.map((lba, index) => ({
    lba,
    block: blocks[index] ?? 0,
    logEntry: ((halves[index] ?? 0) % LOG_GROUP_BYTES) / kernel.logEntryDistanceBytes,
  }));
}

/** What a BTT knows, as far as it decides where lane 0 stores. */
class BttState {
  readonly map = new Map<number, number>();
  /** The free block, and which log entry is written next. A fresh BTT has written entry 0. */
  free: number;
  logEntry = 1;
  readonly written: number[] = [];

  constructor({ externalLbaCount }: ArenaGeometry) {
    this.free = externalLbaCount;
  }

  blockOf(lba: number): number {
    return this.map.get(lba) ?? lba;
  }

  write(lba: number): void {
    this.written.push(lba);
    const old = this.blockOf(lba);
    this.map.set(lba, this.free);
    this.free = old;
    this.logEntry = 1 - this.logEntry;
  }

  /** Makes `block` the free one, by a write to the sector that holds it. */
  release(block: number): void {
    if (this.free === block) return;
    const holder = [...this.map].find(([, mapped]) => mapped === block)?.[0];
    this.write(holder ?? block);
  }
}

/** The sectors to write, in order, until the writes of a row will go where they went. */
function bridge(geometry: ArenaGeometry, writes: readonly BlockWrite[]): number[] {
  const [first] = writes;
  const state = new BttState(geometry);
  if (first === undefined) return [];
  for (const [index, { block }] of writes.slice(1).entries()) {
    const lba = writes[index]?.lba ?? 0;
    const isAgain = writes.slice(0, index).some((earlier) => earlier.lba === lba);
    if (isAgain || state.blockOf(lba) === block) continue;
    state.release(block);
    state.write(lba);
  }
  state.release(first.block);
  if (state.logEntry !== first.logEntry) {
    // Three writes that come back to the same free block, to sectors that no row uses.
    const unused = geometry.externalLbaCount - 3;
    for (const lba of [unused, unused + 1, unused]) state.write(lba);
  }
  return state.written;
}

/** Distance of the two log entries of a lane in the model, which has those of 4.12. Bytes. */
const LOG_ENTRY_BYTES = 32;

/** Events with the two log entries of a lane `distanceBytes` apart instead of 32. */
export function logPlacesOf(
  events: readonly TraceEvent[],
  sectorBytes: number,
  distanceBytes: number,
): TraceEvent[] {
  const [geometry] = arenasFor(BTT_NAMESPACE_BYTES - BTT_START_BYTES, sectorBytes);
  if (geometry === undefined) return [...events];
  const start = BTT_START_BYTES + geometry.logOffset;
  const end = BTT_START_BYTES + geometry.info2Offset;
  return events.map((event) => {
    const isEntry = event.sizeBytes * event.count <= LOG_ENTRY_BYTES;
    if (event.place < start || event.place >= end || !isEntry) return event;
    const entry = Math.floor(((event.place - start) % LOG_GROUP_BYTES) / LOG_ENTRY_BYTES);
    return { ...event, place: event.place - entry * (LOG_ENTRY_BYTES - distanceBytes) };
  });
}
