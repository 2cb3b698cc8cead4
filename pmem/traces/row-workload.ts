/**
 * A row as a workload: how to boot, what to do first, and the operations whose instructions are the row's. Every row
 * gets a machine of its own, so none depends on another.
 */
import { blockWorkload } from './block-lines.ts';
import { bttWorkload } from './btt-lines.ts';
import type { RowContext } from './context.ts';
import { fileWorkload } from './file-lines.ts';
import { namespaceWorkload } from './namespace-lines.ts';

/** What to run for a row. Lines are those of the workload language (docs/WORKLOADS.md). */
export interface RowWorkload {
  /** Words of the boot line that name devices. */
  readonly devices: string;
  readonly setUp: readonly string[];
  /** Their instructions, one after the other, are compared. */
  readonly operations: readonly string[];
  /**
   * What the first operation returns is compared: as it is, only whether it failed (a file of sysfs answers with the
   * length of the text), or not at all (the row holds something else).
   */
  readonly returned: 'exact' | 'failure' | 'ignored';
  /** Where the file lies on the device is not in the row: places are compared from the first page on. */
  readonly isPlaced: boolean;
  /** Operations whose instructions begin those of `operations` and are not the row's. */
  readonly prefix?: readonly string[];
}

/** What to run for a row; `undefined` for an operation that the model has not. */
export function workloadOf(context: RowContext): RowWorkload | undefined {
  switch (context.place.kind) {
    case 'block device':
      return blockWorkload(context);
    case 'btt':
      return bttWorkload(context);
    case 'namespace':
      return namespaceWorkload(context);
    default:
      return fileWorkload(context);
  }
}
