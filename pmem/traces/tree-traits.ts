/** What a tree has and does that decides how rows are asked of it: found out by trying. */
import type { Boot } from '#pmem/run/run.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { isPowerFailure } from '#pmem/language/workload.ts';

export interface TreeTraits {
  /** Whether disks have the file `dax/write_cache`. */
  readonly hasDaxWriteCache: boolean;
  /** Whether write-backs of dax stop when the queue is "write through" (v3 from patch 13 on). */
  readonly queueGatesWriteBack: boolean;
}

const GATED = `
  boot adr clwb pmem0=1M
  store pmem0:/f @0 8
  sysfs write pmem0/queue/write_cache "write through"
  sysfs read pmem0/dax/write_cache
  fsync pmem0:/f`;

export function treeTraits(boot: Boot): TreeTraits {
  const { boot: configuration, steps } = parseWorkload(GATED);
  const subsystem = boot(configuration);
  const { record } = subsystem.machine;
  let hasDaxWriteCache = false;
  let before = 0;
  for (const [index, { operation }] of steps.entries()) {
    if (isPowerFailure(operation)) continue;
    before = record.length;
    const { returned } = subsystem.perform(operation, index);
    if (operation.kind === 'sysfs read') hasDaxWriteCache = returned >= 0;
  }
  // Nothing but the acknowledgement: neither write-back nor fence.
  return { hasDaxWriteCache, queueGatesWriteBack: record.length - before === 1 };
}
