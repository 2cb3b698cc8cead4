/**
 * What a copy routine does to each byte, in the very format of golden/copy-byte-states.csv, so that the model can be
 * audited against a trace of the real routine: `n` non-temporal, `f` cached and then written back, `d` cached and left
 * dirty.
 */
import { newKernel } from '#kernel/kernel.ts';
import { tagBytes } from '#kernel/subsystem/tag-bytes.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { EntryKind, type InstructionRecord, countInstructions } from '#machine/hardware/record.ts';
import type { Copy, CopyRoutine } from './copy-routines.ts';

export { COPY_ROUTINES } from './copy-routines.ts';

/** Start of the destination range: aligned to everything that matters. */
const BASE = 2 ** 32;

/** First line of a table. */
export const COPY_TABLE_HEADER = 'routine,offset_in_line,size_bytes,sfence_count,byte_states';

/** One row: a fresh machine, one call, `sizeBytes` bytes to offset `offsetInLine` of a line. */
export function copyTableRow(
  routine: CopyRoutine,
  copy: Copy,
  offsetInLine: number,
  sizeBytes: number,
): string {
  const range = { name: 'pmem0', start: BASE, sizeBytes: 2 ** 20, kind: 'persistent' as const, modules: [] };
  const features = { clwb: true, clflushopt: true };
  const machine = powerOn({ domain: 'adr', features, ranges: [range], flushHints: [] });
  copy(
    newKernel(machine, ['ARCH_HAS_PMEM_API', 'ARCH_HAS_UACCESS_FLUSHCACHE']),
    BASE + offsetInLine,
    tagBytes(0, 0, sizeBytes),
  );
  const { sfence } = countInstructions(machine.record);
  return `${routine},${offsetInLine},${sizeBytes},${sfence},${byteStates(machine.record, BASE + offsetInLine, sizeBytes)}`;
}

/** The letters of the bytes `[start, start + sizeBytes)` after the run. */
function byteStates(record: InstructionRecord, start: number, sizeBytes: number): string {
  const states = Array.from({ length: sizeBytes }, () => '.');
  for (let entry = 0; entry < record.length; entry++) {
    const kind = record.kinds[entry];
    const from = (record.addresses[entry] ?? 0) - start;
    const to = from + (record.unitSizes[entry] ?? 0) * (record.counts[entry] ?? 0);
    for (let index = Math.max(0, from); index < Math.min(to, sizeBytes); index++) {
      if (kind === EntryKind.storeNonTemporal) states[index] = 'n';
      if (kind === EntryKind.storeCached || kind === EntryKind.storeString) states[index] = 'd';
      if (kind === EntryKind.clwb && states[index] === 'd') states[index] = 'f';
    }
  }
  return states.join('');
}

/** The rows of all offsets 0..63 and sizes 0..`maxSizeBytes`, as the golden file orders them. */
export function* copyTable(routine: CopyRoutine, copy: Copy, maxSizeBytes: number): Generator<string> {
  for (let offset = 0; offset < 64; offset++) {
    for (let size = 0; size <= maxSizeBytes; size++) yield copyTableRow(routine, copy, offset, size);
  }
}
