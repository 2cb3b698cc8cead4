/** What is known of a row besides itself: where it happened, which kernel and machine, what the rows before it did. */
import type { KernelTraits } from './kernels.ts';
import type { MachineWords } from './machine.ts';
import type { Place } from './place.ts';
import type { TraceRow } from './row.ts';
import type { TreeTraits } from './tree-traits.ts';

export interface RowContext {
  readonly row: TraceRow;
  readonly place: Place;
  readonly kernel: KernelTraits;
  readonly machine: MachineWords;
  readonly tree: TreeTraits;
  /** What was written to `badblocks` of this device before (`SECTOR COUNT`), in order. */
  readonly badSectors: readonly string[];
  /** Device offset minus file offset, from the row of the same file system whose place is nearest to this one's. */
  readonly deviceMinusFile: number | undefined;
}
