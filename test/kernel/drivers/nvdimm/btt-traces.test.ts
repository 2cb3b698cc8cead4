/**
 * Instructions of a BTT against those a real kernel executed (golden/data/real-kernel, the BTT rows). The data holds
 * a part of the operations of one long run, so before each row the model is brought, by writes through the BTT, to
 * the state that the row starts from: which block is free, which are mapped where, whose turn it is in the log.
 * The first row starts from a fresh device.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expandEvents, sameEvents } from '#pmem/run/events.ts';
import { blkdevIssueFlush, blkdevIssueZeroout } from '#kernel/block/submit.ts';
import { bttMapRead } from '#kernel/drivers/nvdimm/btt-arena.ts';
import { LOG_SLOTS_4_12, LOG_SLOTS_4_15, type LogSlots } from '#kernel/drivers/nvdimm/btt-layout.ts';
import { type Btt, nvdimmNamespaceDetachBtt } from '#kernel/drivers/nvdimm/btt.ts';
import {
  MIB,
  type RawDevice,
  contents,
  eventsOf,
  flushRegion,
  mustAttachBtt,
  rawDevice,
  testUuid,
  transfer,
} from './support/raw-device.ts';

interface Row {
  readonly id: number;
  readonly op: string;
  readonly on: string;
  readonly par?: string;
  readonly file_offset?: number;
  readonly segments?: readonly number[];
  readonly returned: number;
  readonly events: readonly string[];
  readonly events_cut_after?: number;
  readonly calls: readonly string[];
}

const path = new URL('../../../golden/data/real-kernel/linux-6.1-btt-dm-switches.jsonl', import.meta.url);
const rows = readFileSync(path, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row)
  .filter(({ on, op }) => /btt/.test(on) || op === 'unbind_btt' || op === 'btt_set_namespace');

/** Not asked of the model: a discard is refused above the driver, buffered writes and closing stay in the page cache. */
const NOT_COMPARED = ['BLKDISCARD', 'btt_buffered', 'blk_close'];

const rowsOf = (sectorBytes: number): Row[] =>
  rows.filter(
    ({ on, op }) =>
      (on.endsWith(`btt ${sectorBytes}`) || on.includes(`sector ${sectorBytes} `)) &&
      !NOT_COMPARED.includes(op),
  );

interface Model {
  readonly device: RawDevice;
  readonly btt: Btt;
  readonly sectorBytes: number;
  /** Writes that only bring about the state of a row. */
  bridgingWrites: number;
}

function newModel(sectorBytes: number): Model {
  const device = rawDevice(32 * MIB);
  const btt = mustAttachBtt(device, sectorBytes, { uuid: testUuid(0), logSlots: LOG_SLOTS_4_15 });
  return { device, btt, sectorBytes, bridgingWrites: 0 };
}

/** What one block write of a row looks like. */
interface BlockWrite {
  readonly lba: number;
  readonly block: number;
  readonly logEntry: number;
}

/** The block writes of a row, from where its data, log and map stores went. */
function blockWrites({ btt, sectorBytes }: Model, events: readonly string[]): BlockWrite[] {
  const { geometry } = btt.arenas[0]!;
  const places = events.flatMap((event) => {
    const [, letter = '', place = '', size = ''] = /@([nc])(\d+):(\d+)/.exec(event) ?? [];
    return letter === '' ? [] : [{ at: Number(place) - 4096, size: Number(size) }];
  });
  const within = (from: number, to: number): number[] =>
    places.filter(({ at }) => at >= from && at < to).map(({ at }) => at - from);
  const blocks = within(geometry.dataOffset, geometry.mapOffset).map((at) => at / sectorBytes);
  const lbas = within(geometry.mapOffset, geometry.logOffset).map((at) => at / 4);
  const entries = within(geometry.logOffset, geometry.info2Offset).filter((at) => at % 16 === 0);
  return lbas.map((lba, index) => ({ lba, block: blocks[index]!, logEntry: entries[index]! / 16 }));
}

function bridgeWrite(model: Model, lba: number): void {
  model.bridgingWrites++;
  const data = new Uint8Array(model.sectorBytes).fill(0x42);
  expect(transfer(model.btt, 'write', lba * model.sectorBytes, data)).toBe(0);
}

/** The lba that is mapped to `block`, or `undefined` for the free block of lane 0. */
function holderOf({ btt, device }: Model, block: number): number | undefined {
  const [arena] = btt.arenas;
  if (arena!.freelist[0]!.block === block) return undefined;
  const { mapOffset, logOffset, externalLbaCount } = arena!.geometry;
  const map = contents(device).slice(4096 + mapOffset, 4096 + logOffset);
  const view = new DataView(map.buffer);
  for (let lba = 0; lba < externalLbaCount; lba++) {
    const raw = view.getUint32(lba * 4, true);
    if ((raw === 0 ? lba : raw & 0x3fffffff) === block) return lba;
  }
  throw new Error(`nobody holds block ${block}`);
}

/** Writes until the block writes of a row will go where they went in the real kernel. */
function bridge(model: Model, writes: readonly BlockWrite[]): void {
  const [first] = writes;
  if (first === undefined) return;
  const arena = model.btt.arenas[0]!;
  const free = arena.freelist[0]!;
  writes.slice(1).forEach(({ block }, index) => {
    const { lba } = writes[index]!;
    if (writes.slice(0, index).some((earlier) => earlier.lba === lba)) return;
    const mapped = bttMapRead(arena, lba);
    if (typeof mapped !== 'number' && mapped.postmap === block) return;
    const holder = holderOf(model, block);
    if (holder !== undefined) bridgeWrite(model, holder);
    bridgeWrite(model, lba);
  });
  const holder = holderOf(model, first.block);
  if (holder !== undefined) bridgeWrite(model, holder);
  if (free.sub !== first.logEntry) {
    // Three writes that come back to the same free block, at places no row uses.
    const unused = arena.geometry.externalLbaCount - 3;
    for (const lba of [unused, unused + 1, unused]) bridgeWrite(model, lba);
  }
}

/** Runs a row's operation; one without a stated range as the block writes it consists of. */
function perform(model: Model, row: Row, writes: readonly BlockWrite[]): void {
  const { btt, sectorBytes } = model;
  const sizeBytes = (row.segments ?? []).reduce((total, size) => total + size, 0);
  const offset = row.file_offset ?? 0;
  const { disk } = btt;
  if (row.op === 'BLKZEROOUT') {
    expect(blkdevIssueZeroout(disk, offset / 512, sizeBytes / 512)).toBe(0);
  } else if (row.op.startsWith('btt_O_DIRECT_read')) {
    expect(transfer(btt, 'read', offset, new Uint8Array(sizeBytes))).toBe(0);
  } else if (row.op.startsWith('btt_O_DIRECT')) {
    expect(transfer(btt, 'write', offset, new Uint8Array(sizeBytes).fill(0x33))).toBe(0);
    if (row.op.endsWith('O_DSYNC')) expect(blkdevIssueFlush(disk)).toBe(0);
  } else if (/^blk_f(data)?sync/.test(row.op) && writes.length === 0) {
    expect(blkdevIssueFlush(disk)).toBe(0);
  } else {
    const data = new Uint8Array(sectorBytes).fill(0x34);
    for (const { lba } of writes) expect(transfer(btt, 'write', lba * sectorBytes, data)).toBe(0);
  }
}

/** How many raw accesses the real kernel's list of calls shows; the list may be cut. */
function rawCalls(calls: readonly string[]): { count: number; cut: boolean } {
  return {
    count: calls.filter((call) => call.endsWith(' nsio_rw_bytes')).length,
    cut: calls.some((call) => call.includes('\u2026')),
  };
}

/** Where two writes of one sector store to the log. */
function logPlaces(sectorBytes: number, logSlots: LogSlots): string[] {
  const device = rawDevice(32 * MIB);
  const btt = mustAttachBtt(device, sectorBytes, { logSlots });
  return eventsOf(device, () => {
    transfer(btt, 'write', 0, new Uint8Array(sectorBytes));
    transfer(btt, 'write', 0, new Uint8Array(sectorBytes));
  }).filter((event) => event.endsWith(':8'));
}

describe.each([512, 4096])('a BTT of %i-byte sectors', (sectorBytes) => {
  const own = rowsOf(sectorBytes);

  it(`should execute the instructions of a real kernel in ${own.length} operations`, () => {
    const model = newModel(sectorBytes);
    const wrong: unknown[] = [];
    let blockWriteCount = 0;
    for (const row of own) {
      // A cut list may end within a block write.
      const whole = row.events.map((event) => event.replace(/^[^@]+@/, ''));
      const writes = blockWrites(model, row.events);
      blockWriteCount += writes.length;
      bridge(model, writes);
      if (row.id % 1000 === 2) expect(model.bridgingWrites).toBe(0);
      const events = eventsOf(model.device, () => perform(model, row, writes));
      const compared =
        row.events_cut_after === undefined
          ? events
          : expandEvents(events).slice(0, expandEvents(whole).length);
      if (!sameEvents(compared, whole)) wrong.push({ id: row.id, op: row.op, events: events.slice(0, 30) });
    }
    expect(wrong).toEqual([]);
    // Stores of 4 bytes in these rows, counted in the file.
    expect(blockWriteCount).toBe(sectorBytes === 512 ? 162 : 38);
    // What lies between the rows of the data.
    expect(model.bridgingWrites).toBeGreaterThan(0);
  });

  it('should make the raw accesses of a real kernel: reads three a block, writes five', () => {
    const model = newModel(sectorBytes);
    let compared = 0;
    for (const row of own) {
      const { count, cut } = rawCalls(row.calls);
      if (!row.op.startsWith('btt_O_DIRECT') && row.op !== 'BLKZEROOUT') continue;
      model.device.calls.length = 0;
      perform(model, row, blockWrites(model, row.events));
      const made = model.device.calls.length;
      if (cut) expect(made).toBeGreaterThanOrEqual(count);
      else expect(made).toBe(count);
      compared++;
    }
    expect(compared).toBeGreaterThan(7);
  });

  it('should store to other places of the log with the slots of 4.12', () => {
    const log = 33_533_952;
    // Entry 0 was written at creation, so entry 1 comes first.
    expect(logPlaces(sectorBytes, LOG_SLOTS_4_15)).toEqual([16, 24, 0, 8].map((at) => `n${log + at}:8`));
    expect(logPlaces(sectorBytes, LOG_SLOTS_4_12)).toEqual([32, 40, 0, 8].map((at) => `n${log + at}:8`));
  });
});

describe('binding and unbinding', () => {
  const unbind = rows.filter(({ op }) => op === 'unbind_btt');

  it(`should flush once when a BTT goes, as in ${unbind.length} operations`, () => {
    expect(unbind.length).toBe(2);
    for (const { par, events } of unbind) {
      const device = rawDevice(32 * MIB);
      const btt = mustAttachBtt(device, Number(par));
      // nd_pmem_remove: the BTT, then nvdimm_flush.
      const made = eventsOf(device, () => {
        nvdimmNamespaceDetachBtt(btt);
        flushRegion(device);
      });
      expect(made).toEqual(events);
      expect(device.kernel.disks.size).toBe(0);
    }
  });

  it('should store nothing when only the namespace is named', () => {
    for (const { events } of rows.filter(({ op }) => op === 'btt_set_namespace')) expect(events).toEqual([]);
  });
});
