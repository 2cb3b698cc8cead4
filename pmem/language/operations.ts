/** The operations of the workload language: where each of them lives, and the way from a step to its descriptor and its disk. */
import type { OperationDescriptor } from './descriptor.ts';
import { DISK_OPERATIONS } from './operations/disk-operations.ts';
import { FILE_OPERATIONS } from './operations/file-operations.ts';
import { MAPPER_OPERATIONS } from './operations/mapper-operations.ts';
import { NAMESPACE_OPERATIONS } from './operations/namespace-operations.ts';
import { PLATFORM_OPERATIONS } from './operations/platform-operations.ts';
import { SYSFS_OPERATIONS } from './operations/sysfs-operations.ts';
import { SYSTEM_OPERATIONS } from './operations/system-operations.ts';
import type { Step } from './workload.ts';

/** The descriptor of every kind of step there is. */
const DESCRIPTORS: { readonly [Kind in Step['kind']]: OperationDescriptor<Kind> } = {
  // create, dax write and read, mmap, store, load, fsync, msync, punch, zero, zero in place, truncate
  ...FILE_OPERATIONS,
  // bio write and read, page write and read, zeroout, flush, set read-only, raw write and read
  ...DISK_OPERATIONS,
  // dm create
  ...MAPPER_OPERATIONS,
  // sysfs read, write and list
  ...SYSFS_OPERATIONS,
  // poison, media poison, clear error, machine check, platform
  ...PLATFORM_OPERATIONS,
  // personality, check, create and destroy namespace, zero labels, fail commands
  ...NAMESPACE_OPERATIONS,
  // kill, detach, attach, shutdown, pid, signal, crash, crash inside
  ...SYSTEM_OPERATIONS,
};

/** Every operation of the language, in the order of the documents. */
export const OPERATIONS: readonly OperationDescriptor[] = Object.values(DESCRIPTORS);

/** The descriptor of a step. */
export function descriptorOf(step: Step): OperationDescriptor {
  return DESCRIPTORS[step.kind];
}

/** The disk a step works on, if it names one. */
export function diskOf(step: Step): string | undefined {
  if ('file' in step) return step.file.disk;
  return 'disk' in step ? step.disk : descriptorOf(step).disk?.(step);
}
