/** Operations on disks and namespaces (design.md 6). */
import { mceLog } from '../arch/x86/mce.ts';
import { SECTOR_SIZE, newBio } from '../block/bio.ts';
import { type GenDisk, mayWrite } from '../block/disk.ts';
import { bdevRwPage, blkdevIssueFlush, blkdevIssueZeroout, submitBioWait } from '../block/submit.ts';
import type { NamespaceIo } from '../drivers/nvdimm/nd.ts';
import { EBUSY, EINVAL, ENODEV, EOPNOTSUPP } from '../errno.ts';
import { attachDisk, detachDisk, notifyRegion } from './bind.ts';
import type { Operation, OperationResult } from './operation.ts';
import { enableRawAccess, isBound, isOnBlockWindows, rawAccessOf } from './personality.ts';
import { pageSegments, withRoomInFront } from './source-pages.ts';
import type { System } from './system.ts';
import { patternBytes, tagBytes, unreadBytes } from './tag-bytes.ts';

type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

function withDisk(system: System, name: string, act: (disk: GenDisk) => OperationResult): OperationResult {
  const disk = system.kernel.disks.get(name);
  return disk === undefined ? { returned: -ENODEV } : act(disk);
}

/** A bio, waited for: what O_DIRECT I/O on the block device becomes. */
export function performBio(
  system: System,
  operation: OperationOf<'bio write' | 'bio read'>,
  operationIndex: number,
): OperationResult {
  const isWrite = operation.kind === 'bio write';
  return withDisk(system, operation.disk, (disk) => {
    const error = isWrite ? mayWrite(disk) : 0;
    if (error !== 0) return { returned: error };
    const { offset, lengths, startInPage = 0, preflush, fua } = operation;
    const block = disk.queue.logicalBlockSize;
    if (offset % block !== 0 || lengths.some((length) => length % block !== 0)) return { returned: -EINVAL };
    const sizeBytes = lengths.reduce((sum, length) => sum + length, 0);
    const data = isWrite ? tagBytes(operationIndex, offset, sizeBytes) : unreadBytes(sizeBytes);
    const bytes = startInPage === 0 ? data : withRoomInFront(data);
    const status = submitBioWait(
      newBio({
        operation: isWrite ? 'write' : 'read',
        disk,
        sector: offset / SECTOR_SIZE,
        segments: pageSegments(bytes, lengths, startInPage),
        preflush,
        fua,
      }),
    );
    if (status !== 0) return { returned: status };
    return isWrite ? { returned: sizeBytes } : { returned: sizeBytes, data: bytes };
  });
}

/** rw_page: one page past the bio layer, as swap and mpage do. */
export function performPage(
  system: System,
  operation: OperationOf<'page write' | 'page read'>,
  operationIndex: number,
): OperationResult {
  const isWrite = operation.kind === 'page write';
  return withDisk(system, operation.disk, (disk) => {
    const bytes = isWrite ? tagBytes(operationIndex, operation.offset, 4096) : unreadBytes(4096);
    const returned = bdevRwPage(disk, operation.offset / SECTOR_SIZE, { bytes }, isWrite) ?? -EOPNOTSUPP;
    return returned === 0 && !isWrite ? { returned, data: bytes } : { returned };
  });
}

export function performZeroout(system: System, operation: OperationOf<'zeroout'>): OperationResult {
  return withDisk(system, operation.disk, (disk) => {
    const { offset, sizeBytes } = operation;
    if (offset % SECTOR_SIZE !== 0 || sizeBytes % SECTOR_SIZE !== 0) return { returned: -EINVAL };
    return { returned: blkdevIssueZeroout(disk, offset / SECTOR_SIZE, sizeBytes / SECTOR_SIZE) };
  });
}

export function performFlush(system: System, operation: OperationOf<'flush'>): OperationResult {
  return withDisk(system, operation.disk, (disk) => ({ returned: blkdevIssueFlush(disk) }));
}

/** The ioctl BLKROSET: the disk's policy until its driver revalidates it. The region below is not touched. */
export function performSetReadOnly(system: System, operation: OperationOf<'set read-only'>): OperationResult {
  return withDisk(system, operation.disk, (disk) => {
    disk.readOnly = operation.readOnly;
    return { returned: 0 };
  });
}

/**
 * Raw bytes of a namespace. Refused with -EBUSY while a disk is attached: detach it first.
 */
export function performRaw(
  system: System,
  operation: OperationOf<'raw write' | 'raw read'>,
  operationIndex: number,
): OperationResult {
  const slot = system.pmem.get(operation.disk);
  if (slot === undefined) return { returned: -ENODEV };
  if (isBound(slot)) return { returned: -EBUSY };
  const error = enableRawAccess(system, slot.namespace);
  if (error !== 0) return { returned: error };
  const isWrite = operation.kind === 'raw write';
  const { offset, sizeBytes, atomic, pattern } = operation;
  const written = (): Uint8Array =>
    pattern === undefined ? tagBytes(operationIndex, offset, sizeBytes) : patternBytes(pattern, sizeBytes);
  const bytes = isWrite ? written() : unreadBytes(sizeBytes);
  const returned = rawAccessOf(system, slot.namespace)(offset, bytes, isWrite, { atomic });
  return returned === 0 && !isWrite ? { returned, data: bytes } : { returned };
}

/** Acts on the memory of a namespace. Block windows have no addresses: -EOPNOTSUPP. */
function withMemory(
  { pmem }: System,
  disk: string,
  act: (namespace: NamespaceIo) => number,
): OperationResult {
  const namespace = pmem.get(disk)?.namespace;
  if (namespace === undefined) return { returned: -ENODEV };
  return { returned: isOnBlockWindows(namespace) ? -EOPNOTSUPP : act(namespace) };
}

/** The platform reports bytes as poisoned: the bus records them and attached disks are told. */
export function performPoison(
  system: System,
  operation: OperationOf<'poison' | 'media poison'>,
): OperationResult {
  return withMemory(system, operation.disk, ({ region, start: namespaceStart }) => {
    const start = namespaceStart + operation.offset;
    system.kernel.machine.memory.poison(start, operation.sizeBytes);
    if (operation.kind === 'media poison') return 0;
    const returned = system.tree.nvdimm.nvdimmBusAddPoison(region.bus, start, operation.sizeBytes);
    notifyRegion(system, region);
    return returned;
  });
}

/** User space clears poison with an ioctl on the bus (ND_CMD_CLEAR_ERROR). Returns the bytes cleared. */
export function performClearError(system: System, operation: OperationOf<'clear error'>): OperationResult {
  return withMemory(system, operation.disk, ({ region, start }) =>
    system.tree.nvdimm.ndIoctlClearError(region.bus, start + operation.offset, operation.sizeBytes),
  );
}

/** A machine check says that memory at a place is bad, without a read that fails: a patrol scrub, say. */
export function performMachineCheck(
  system: System,
  operation: OperationOf<'machine check'>,
): OperationResult {
  return withMemory(system, operation.disk, ({ start }) => {
    system.kernel.machine.memory.poison(start + operation.offset, 1);
    mceLog(system.kernel, start + operation.offset);
    return 0;
  });
}

/** The platform changes its ways. */
export function performPlatform(system: System, operation: OperationOf<'platform'>): OperationResult {
  const { platform, kernel } = system;
  const { setting, value } = operation;
  if (setting === 'clear-unit') platform.clearUnitBytes = value;
  else if (setting === 'clear-limit') platform.clearLimitBytes = value;
  else if (setting === 'clear-fails') platform.clearFails = value !== 0;
  else if (setting === 'clear-zeroes') platform.clearZeroes = value !== 0;
  else if (setting === 'stale-lines') kernel.machine.memory.keepsStaleLines = value !== 0;
  else platform.maxRecords = value;
  return { returned: 0 };
}

/** Device life: the dax device dies, the driver goes, comes back, or is told of a shutdown. */
export function performLifecycle(
  system: System,
  operation: OperationOf<'kill' | 'detach' | 'attach' | 'shutdown'>,
): OperationResult {
  const { disk, kind } = operation;
  if (kind === 'kill') {
    const dax = system.tree.dax.daxGetByHost(system.kernel, disk);
    system.tree.dax.killDax(system.kernel, dax);
    return { returned: dax === undefined ? -ENODEV : 0 };
  }
  const slot = system.pmem.get(disk);
  if (slot === undefined) return { returned: -ENODEV };
  if (kind === 'attach') return { returned: attachDisk(system, disk) };
  if (kind === 'detach') return { returned: detachDisk(system, disk) };
  if (!isBound(slot)) return { returned: -ENODEV };
  if (slot.attached === undefined) system.tree.nvdimm.nvdimmFlush(slot.namespace.region);
  else slot.attached.shutdown();
  return { returned: 0 };
}
