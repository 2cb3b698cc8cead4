/** What instructions a stretch of a recording ran, and how many bytes they stored. What the kernel did is no cost of the program. */
import { EntryKind } from '#machine/hardware/record.ts';
import type { ByteSpan } from '#machine/images/image-set.ts';
import { KERNEL_PLACE, type Recording } from '../recording.ts';

export interface Costs {
  movnt: number;
  movntBytes: number;
  mov: number;
  movBytes: number;
  clwb: number;
  clflushopt: number;
  clflush: number;
  sfence: number;
  mfence: number;
  locked: number;
  /** msync with MS_SYNC and fsync. */
  sync: number;
  /** Bytes stored outside the bytes that are compared. */
  outsideBytes: number;
}

/** The costs of the entries `[from, to)`. */
export function costsOf(recording: Recording, from: number, to: number, region?: readonly ByteSpan[]): Costs {
  const { record, places } = recording;
  const costs: Costs = {
    movnt: 0,
    movntBytes: 0,
    mov: 0,
    movBytes: 0,
    clwb: 0,
    clflushopt: 0,
    clflush: 0,
    sfence: 0,
    mfence: 0,
    locked: 0,
    sync: 0,
    outsideBytes: 0,
  };
  for (let entry = from; entry < to; entry++) {
    const kind = record.kinds[entry];
    if (places[entry] === KERNEL_PLACE) {
      if (kind === EntryKind.sfence) costs.sync++;
      continue;
    }
    const count = record.counts[entry] ?? 0;
    const bytes = count * (record.unitSizes[entry] ?? 0);
    switch (kind) {
      case EntryKind.storeNonTemporal:
        costs.movnt += count;
        costs.movntBytes += bytes;
        break;
      case EntryKind.storeCached:
      case EntryKind.storeString:
        costs.mov += count;
        costs.movBytes += bytes;
        break;
      case EntryKind.lockedStore:
        costs.locked++;
        costs.movBytes += bytes;
        break;
      case EntryKind.clwb:
        costs.clwb += count;
        break;
      case EntryKind.clflushopt:
        costs.clflushopt += count;
        break;
      case EntryKind.clflush:
        costs.clflush += count;
        break;
      case EntryKind.sfence:
        costs.sfence++;
        break;
      case EntryKind.mfence:
        costs.mfence++;
        break;
      default:
    }
    if (region !== undefined && isStore(kind)) {
      const start = record.addresses[entry] ?? 0;
      const inside = region.reduce((sum, span) => sum + overlap(span, start, start + bytes), 0);
      costs.outsideBytes += bytes - Math.min(bytes, inside);
    }
  }
  return costs;
}

const isStore = (kind: number | undefined): boolean =>
  kind === EntryKind.storeCached ||
  kind === EntryKind.storeString ||
  kind === EntryKind.storeNonTemporal ||
  kind === EntryKind.lockedStore;

const overlap = (span: ByteSpan, start: number, end: number): number =>
  Math.max(0, Math.min(span.end, end) - Math.max(span.start, start));

/** Whether two are alike in all that is counted. */
export function isSameCosts(left: Costs, right: Costs): boolean {
  for (const name in left) if (left[name as keyof Costs] !== right[name as keyof Costs]) return false;
  return true;
}

/** The sum of two. */
export function addCosts(left: Costs, right: Costs): Costs {
  const sum = { ...left };
  for (const name of Object.keys(sum) as (keyof Costs)[]) sum[name] += right[name];
  return sum;
}
