/** Whether the order in which threads stored can be relied on. */
import { EntryKind } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { Recording } from '../recording.ts';

/** How many lines several threads stored to, where threads did not run one instruction at a time; else 0. */
export function sharedLines({ record, threads, threadCount, isSerial }: Recording): number {
  if (threadCount < 2 || isSerial) return 0;
  const writerOf = new Map<number, number>();
  const shared = new Set<number>();
  for (let entry = 0; entry < record.length; entry++) {
    const kind = record.kinds[entry] ?? 0;
    if (kind > EntryKind.storeNonTemporal && kind !== EntryKind.lockedStore) continue;
    const start = record.addresses[entry] ?? 0;
    const size = (record.unitSizes[entry] ?? 0) * (record.counts[entry] ?? 0);
    for (let line = Math.floor(start / LINE_SIZE_BYTES); line * LINE_SIZE_BYTES < start + size; line++) {
      const writer = writerOf.get(line);
      if (writer === undefined) writerOf.set(line, threads[entry] ?? 0);
      else if (writer !== (threads[entry] ?? 0)) shared.add(line);
    }
  }
  return shared.size;
}
