/** What a run cost, in instructions, as reports count them. */
import type { InstructionCounts } from '#machine/hardware/record.ts';

export interface Cost {
  readonly movnti: number;
  readonly cachedStores: number;
  /** clwb, clflushopt and clflush together. */
  readonly writeBacks: number;
  readonly sfence: number;
  readonly mfence: number;
  readonly flushHints: number;
}

/** The cost of counted instructions. */
export function costOf(counts: InstructionCounts): Cost {
  return {
    movnti: counts.storesNonTemporal,
    cachedStores: counts.storesCached,
    writeBacks: counts.clwb + counts.clflushopt + counts.clflush,
    sfence: counts.sfence,
    mfence: counts.mfence,
    flushHints: counts.flushHints,
  };
}

/** movnti, write-backs and sfences as reports and scenarios write them: `511/2/4`. */
export function costText({ movnti, writeBacks, sfence }: Cost): string {
  return `${movnti}/${writeBacks}/${sfence}`;
}
