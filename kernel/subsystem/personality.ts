/**
 * Personalities of a namespace: a BTT, a pfn device or a dax device that has claimed it, and how the pmem driver
 * finds them on the media (nvdimm-and-firmware.md 2.8, 7.4, 9.1). A dax device has no disk and is not modelled further.
 */
import {
  type Btt,
  BTT_LBA_SIZES,
  nvdimmNamespaceAttachBtt,
  nvdimmNamespaceDetachBtt,
} from '../drivers/nvdimm/btt.ts';
import { bttInfoIsValid, decodeBttInfo } from '../drivers/nvdimm/btt-info.ts';
import { BTT_START_BYTES } from '../drivers/nvdimm/btt-layout.ts';
import { nvdimmSetupPfn } from '../drivers/nvdimm/pfn-devs.ts';
import type { PfnInfo } from '../drivers/nvdimm/pfn-info.ts';
import { namespaceUuid } from '../drivers/nvdimm/uuid.ts';
import { EBUSY } from '../errno.ts';
import type { PmemSlot, System } from './system.ts';

/** What the media, or user space, says that a namespace is. */
export type Personality =
  | { readonly type: 'btt'; readonly sectorBytes: number; readonly uuid: Uint8Array }
  | { readonly type: 'pfn' | 'dax'; readonly info: PfnInfo };

/** Whether a driver is bound to the namespace of a slot. */
export function isBound({ attached, btt, isDeviceDax }: PmemSlot): boolean {
  return attached !== undefined || btt !== undefined || isDeviceDax === true;
}

/** nd_btt_probe, nd_pfn_probe, nd_dax_probe: the first personality whose info block is there. Raw access is enabled. */
export function probePersonality({ tree }: System, { namespace }: PmemSlot): Personality | undefined {
  const { nvdimm } = tree;
  if (namespace.sizeBytes < 2 * BTT_START_BYTES) return undefined;
  const block = new Uint8Array(4096);
  const error = nvdimm.nsioRwBytes(namespace, BTT_START_BYTES, block, false);
  if (error === 0 && bttInfoIsValid(block, namespaceUuid(namespace))) {
    const { externalLbaSizeBytes, uuid } = decodeBttInfo(block);
    return { type: 'btt', sectorBytes: externalLbaSizeBytes, uuid };
  }
  const pfn = nvdimm.ndPfnValidate(namespace, 'pfn');
  if (typeof pfn !== 'number') return { type: 'pfn', info: pfn };
  const dax = nvdimm.ndDaxProbe(namespace);
  return typeof dax === 'number' ? undefined : { type: 'dax', info: dax };
}

/** Binds the driver of a personality. Raw access is enabled; a pfn device gives it up. Returns 0 or an error. */
export function bindPersonality(
  system: System,
  name: string,
  slot: PmemSlot,
  personality: Personality,
): number {
  const { namespace } = slot;
  const { nvdimm } = system.tree;
  namespace.claim = `${personality.type}${namespace.region.id}.0`;
  if (personality.type === 'btt') {
    const btt = attachBtt(system, slot, name, personality);
    if (typeof btt === 'number') return btt;
    slot.btt = btt;
    return 0;
  }
  if (personality.type === 'dax') {
    slot.isDeviceDax = true;
    return 0;
  }
  const layout = nvdimmSetupPfn(namespace, personality.info);
  if (typeof layout === 'number') return layout;
  nvdimm.devmNsioDisable(namespace);
  const { dataOffset, pfnPad } = layout;
  const disk = nvdimm.pmemAttachDisk(namespace, name, { dataOffset, pfnPad, hasStructPages: true });
  if (typeof disk === 'number') return disk;
  slot.attached = disk;
  return 0;
}

function attachBtt(
  { kernel, tree }: System,
  { namespace }: PmemSlot,
  name: string,
  { sectorBytes, uuid }: Extract<Personality, { type: 'btt' }>,
): Btt | number {
  if (!BTT_LBA_SIZES.includes(sectorBytes)) return -EBUSY;
  const { nvdimm } = tree;
  return nvdimmNamespaceAttachBtt({
    kernel,
    device: namespace.claim ?? '',
    diskName: `${name}s`,
    region: namespace.region,
    raw: (offset, buffer, isWrite, flags) => nvdimm.nsioRwBytes(namespace, offset, buffer, isWrite, flags),
    namespaceSizeBytes: namespace.sizeBytes,
    lbaSizeBytes: sectorBytes,
    uuid,
    parentUuid: namespaceUuid(namespace),
  });
}

/** Takes a BTT or a dax device off; nd_pmem_remove flushes the region. */
export function unbindPersonality({ tree }: System, slot: PmemSlot): void {
  if (slot.btt !== undefined) nvdimmNamespaceDetachBtt(slot.btt);
  delete slot.btt;
  delete slot.isDeviceDax;
  tree.nvdimm.devmNsioDisable(slot.namespace);
  tree.nvdimm.nvdimmFlush(slot.namespace.region);
}
