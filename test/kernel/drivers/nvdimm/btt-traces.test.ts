/**
 * Raw accesses of a BTT against those of Linux 6.1 (golden/data/real-kernel, the calls of the BTT rows); its
 * instructions are held to all measured kernels in test/golden. And the places in the log where 4.12 differs from the
 * format.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blkdevIssueZeroout } from '#kernel/block/submit.ts';
import { LOG_SLOTS_4_12, LOG_SLOTS_4_15, type LogSlots } from '#kernel/drivers/nvdimm/btt-layout.ts';
import type { Btt } from '#kernel/drivers/nvdimm/btt.ts';
import { parseRows } from '#pmem/traces/read-rows.ts';
import { type TraceRow, totalBytes } from '#pmem/traces/row.ts';
import { MIB, eventsOf, mustAttachBtt, rawDevice, testUuid, transfer } from './support/raw-device.ts';

const path = new URL('../../../golden/data/real-kernel/linux-6.1-btt-dm-switches.jsonl', import.meta.url);
const rows = parseRows(readFileSync(path, 'utf8'), 'rows');

/** Rows whose operation is a known range of a BTT of that sector size. */
const rowsOf = (sectorBytes: number): TraceRow[] =>
  rows.filter(
    ({ on, op }) =>
      on.includes(`btt sector ${sectorBytes} `) && (op.startsWith('btt_O_DIRECT') || op === 'BLKZEROOUT'),
  );

function perform(btt: Btt, row: TraceRow): void {
  const [offset, sizeBytes] = [row.fileOffset ?? 0, totalBytes(row)];
  if (row.op === 'BLKZEROOUT') expect(blkdevIssueZeroout(btt.disk, offset / 512, sizeBytes / 512)).toBe(0);
  else if (row.op.includes('read')) expect(transfer(btt, 'read', offset, new Uint8Array(sizeBytes))).toBe(0);
  else expect(transfer(btt, 'write', offset, new Uint8Array(sizeBytes).fill(0x33))).toBe(0);
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
  it('should make the raw accesses of a real kernel: reads three a block, writes five', () => {
    const device = rawDevice(32 * MIB);
    const btt = mustAttachBtt(device, sectorBytes, { uuid: testUuid(0), logSlots: LOG_SLOTS_4_15 });
    for (const row of rowsOf(sectorBytes)) {
      const calls = row.calls ?? [];
      const count = calls.filter((call) => call === 'nsio_rw_bytes').length;
      device.calls.length = 0;
      perform(btt, row);
      // The list of calls may be cut.
      if (calls.some((call) => call.includes('\u2026')))
        expect(device.calls.length).toBeGreaterThanOrEqual(count);
      else expect(device.calls.length).toBe(count);
    }
    expect(rowsOf(sectorBytes).length).toBeGreaterThan(7);
  });

  it('should store to other places of the log with the slots of 4.12', () => {
    const log = 33_533_952;
    // Entry 0 was written at creation, so entry 1 comes first.
    expect(logPlaces(sectorBytes, LOG_SLOTS_4_15)).toEqual([16, 24, 0, 8].map((at) => `n${log + at}:8`));
    expect(logPlaces(sectorBytes, LOG_SLOTS_4_12)).toEqual([32, 40, 0, 8].map((at) => `n${log + at}:8`));
  });
});
