/** The images after the first instructions of a run, worked out from a record that ends there: the long way to a timeline. */
import { EntryKind, InstructionRecord } from '#machine/hardware/record.ts';
import { crashHistory, type PersistencySetting } from '#machine/images/crash-images.ts';
import type { ImageSet } from '#machine/images/image-set.ts';
import type { RunSource } from '#machine/order/persists-before.ts';
import type { Unit } from '#machine/timeline/unit-record.ts';

/** The images after the first `count` units of a run; `fence`: and an mfence. */
export function prefixSet(
  source: RunSource,
  units: readonly Unit[],
  count: number,
  setting: PersistencySetting,
  fence = false,
): ImageSet {
  const record = new InstructionRecord();
  const done = new Map<number, number>();
  for (const { entry, kind, address, sizeBytes, count: times } of units.slice(0, count)) {
    const data = source.record.dataOf(entry);
    const from = done.get(entry) ?? 0;
    const own = data.slice(from, from + sizeBytes * times);
    done.set(entry, from + own.length);
    if (kind === EntryKind.acknowledgement) continue;
    if (data.length > 0) record.appendStore(kind as never, address, sizeBytes, times, own);
    else record.append(kind as never, address, sizeBytes, times);
  }
  if (fence) record.append(EntryKind.mfence, 0, 0, 1);
  record.acknowledge(0);
  return crashHistory({ ...source, record }, setting).acked(0);
}

/** The bytes of the word at `address` that are not the same in all images, as bits; by another road than timelines take. */
export function uncertainBytes(set: ImageSet, address: number): number {
  let mask = 0;
  for (const { start, end } of set.uncertainRanges())
    for (let byte = 0; byte < 8; byte++)
      if (address + byte >= start && address + byte < end) mask |= 1 << byte;
  return mask;
}
