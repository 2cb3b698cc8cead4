/**
 * `ndctl check-namespace`: binds the plain driver to a namespace for as long as it looks at the BTT there, whatever
 * the media says, and leaves it without driver (ndctl; nvdimm-and-firmware.md 16.4 btt-check.sh).
 */
import { SECTOR_SIZE, newBio } from '../block/bio.ts';
import { type GenDisk, mayWrite } from '../block/disk.ts';
import { blkdevIssueFlush, submitBioWait } from '../block/submit.ts';
import { namespaceUuid } from '../drivers/nvdimm/uuid.ts';
import { EBUSY, EINVAL, ENODEV } from '../errno.ts';
import { attachDisk, detachDisk } from './bind.ts';
import { type RawBytes, checkBtt } from './check-btt.ts';
import type { Operation, OperationResult } from './operation.ts';
import { pageSegments } from './source-pages.ts';
import { isBound } from './personality.ts';
import type { PmemSlot, System } from './system.ts';

/**
 * Checks, and with `repair` repairs. A namespace with a driver is refused with -EBUSY; with `force` the driver goes
 * first and comes back afterwards. The text has a line for each finding.
 */
export function performCheckNamespace(
  system: System,
  { disk, force, repair }: Extract<Operation, { kind: 'check namespace' }>,
): OperationResult {
  const slot = system.pmem.get(disk);
  if (slot === undefined) return { returned: -ENODEV };
  const { namespace } = slot;
  const wasBound = isBound(slot);
  if (wasBound && !force) {
    return { returned: -EBUSY, text: `${namespace.name}: check aborted, namespace online\n` };
  }
  if (wasBound) detachDisk(system, disk);
  const forceRaw = namespace.forceRaw === true;
  namespace.forceRaw = true;
  const error = attachDisk(system, disk);
  const result = error === 0 ? checkAttached(slot, repair) : { returned: error };
  if (error === 0) detachDisk(system, disk);
  namespace.forceRaw = forceRaw;
  if (wasBound) attachDisk(system, disk);
  return result;
}

function checkAttached({ namespace, attached }: PmemSlot, repair: boolean): OperationResult {
  if (attached === undefined) return { returned: -ENODEV };
  const { disk } = attached;
  const error = repair ? mayWrite(disk) : 0;
  if (error !== 0) return { returned: error };
  const { returned, findings } = checkBtt(rawBytesOf(disk), namespaceUuid(namespace), repair);
  return { returned, text: findings.map((line) => `${line}\n`).join('') };
}

/** A disk through its page cache, with fsync or msync after each write. */
function rawBytesOf(disk: GenDisk): RawBytes {
  const transfer = (operation: 'read' | 'write', offset: number, bytes: Uint8Array): number => {
    if (offset % SECTOR_SIZE !== 0 || bytes.length % SECTOR_SIZE !== 0) return -EINVAL;
    const segments = pageSegments(bytes, [bytes.length], 0);
    return submitBioWait(newBio({ operation, disk, sector: offset / SECTOR_SIZE, segments }));
  };
  const sizeBytes = disk.capacitySectors * SECTOR_SIZE;
  return {
    sizeBytes,
    read: (offset, lengthBytes) => {
      if (lengthBytes < 0 || offset + lengthBytes > sizeBytes) return -EINVAL;
      const bytes = new Uint8Array(lengthBytes);
      const error = transfer('read', offset, bytes);
      return error === 0 ? bytes : error;
    },
    write: (offset, bytes) => transfer('write', offset, bytes) || blkdevIssueFlush(disk),
  };
}
