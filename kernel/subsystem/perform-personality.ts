/**
 * What `ndctl create-namespace -f -e` does to a namespace: the driver goes, the old info block is wiped, and a btt, pfn
 * or dax device is configured over it and bound, or the plain driver again.
 */
import { dropClaims, freeClaimName } from '../drivers/nvdimm/claims.ts';
import { PFN_INFO_OFFSET, PfnMode } from '../drivers/nvdimm/pfn-info.ts';
import { EINVAL, ENODEV, ENXIO } from '../errno.ts';
import { attachDisk, detachDisk } from './bind.ts';
import type { Operation, OperationResult, PersonalityShape } from './operation.ts';
import {
  type Personality,
  bindPersonality,
  disableRawAccess,
  enableRawAccess,
  isBound,
  isOnBlockWindows,
  rawAccessOf,
} from './personality.ts';
import type { PmemSlot, System } from './system.ts';

/** Changes what a namespace is used as. Returns 0 or the error of the first step that fails. */
export function performPersonality(
  system: System,
  { disk, personality }: Extract<Operation, { kind: 'personality' }>,
  operationIndex: number,
): OperationResult {
  const slot = system.pmem.get(disk);
  if (slot === undefined) return { returned: -ENODEV };
  const { namespace } = slot;
  if (isOnBlockWindows(namespace) && personality.type !== 'raw' && personality.type !== 'btt') {
    return { returned: -EINVAL };
  }
  if (isBound(slot)) detachDisk(system, disk);
  dropClaims(namespace);
  if (enableRawAccess(system, namespace) !== 0) return { returned: -ENXIO };
  const error = rawAccessOf(system, namespace)(PFN_INFO_OFFSET, new Uint8Array(4096), true);
  if (error !== 0) return { returned: error };
  if (personality.type === 'raw') {
    disableRawAccess(system, namespace);
    return { returned: attachDisk(system, disk) };
  }
  const wanted = configured(system, slot, personality, operationIndex);
  if (typeof wanted === 'number') {
    disableRawAccess(system, namespace);
    return { returned: wanted };
  }
  return { returned: bindPersonality(system, disk, slot, wanted) };
}

/** A new uuid, different for each operation of a workload. */
function uuidOf(operationIndex: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, index) => (index === 0 ? operationIndex & 0xff : index * 0x11));
}

/** The personality with its info block written, or a negative error. */
function configured(
  { tree }: System,
  { namespace }: PmemSlot,
  shape: Exclude<PersonalityShape, { type: 'raw' }>,
  operationIndex: number,
): Personality | number {
  const uuid = uuidOf(operationIndex);
  const { seeds = {} } = namespace.region.children ?? {};
  namespace.claim = seeds[shape.type] ?? freeClaimName(namespace.region, shape.type);
  if (shape.type === 'btt') return { type: 'btt', sectorBytes: shape.sectorBytes, uuid };
  const settings = { uuid, alignBytes: shape.alignBytes, mode: PfnMode[shape.memmap] };
  const info = tree.nvdimm.ndPfnInit(namespace, shape.type, settings);
  if (typeof info === 'number') {
    delete namespace.claim;
    return info;
  }
  return { type: shape.type, info };
}
