/**
 * Personalities of a namespace: a BTT, a pfn device or a dax device that has claimed it, and how the driver below finds
 * them on the media (nvdimm-and-firmware.md 2.8, 7.4, 9.1). A dax device has no disk and is not modelled further.
 */
import { nsblkRwBytes } from '../drivers/nvdimm/blk.ts';
import {
  type Btt,
  BTT_LBA_SIZES,
  nvdimmNamespaceAttachBtt,
  nvdimmNamespaceDetachBtt,
} from '../drivers/nvdimm/btt.ts';
import { bttInfoIsValid, decodeBttInfo } from '../drivers/nvdimm/btt-info.ts';
import { BTT_START_BYTES } from '../drivers/nvdimm/btt-layout.ts';
import { claimOver, enterClaim, freeClaimName } from '../drivers/nvdimm/claims.ts';
import type { NamespaceIo } from '../drivers/nvdimm/nd.ts';
import { type PfnLayout, nvdimmSetupPfn } from '../drivers/nvdimm/pfn-devs.ts';
import type { PfnInfo } from '../drivers/nvdimm/pfn-info.ts';
import type { RawAccess } from '../drivers/nvdimm/raw-access.ts';
import { namespaceUuid, uuidText } from '../drivers/nvdimm/uuid.ts';
import { EBUSY } from '../errno.ts';
import { devmMemremapPages } from '../mm/memory-hotplug.ts';
import type { PmemLayout } from '../tree.ts';
import { limitToOnePage } from './mock.ts';
import type { PmemSlot, System } from './system.ts';

/** What the media, or user space, says that a namespace is. */
export type Personality =
  | { readonly type: 'btt'; readonly sectorBytes: number; readonly uuid: Uint8Array }
  | { readonly type: 'pfn' | 'dax'; readonly info: PfnInfo };

/** Whether a driver is bound to the namespace of a slot. */
export function isBound({ attached, btt, isDeviceDax }: PmemSlot): boolean {
  return attached !== undefined || btt !== undefined || isDeviceDax === true;
}

/** Whether a namespace is reached through block windows. */
export function isOnBlockWindows({ region }: NamespaceIo): boolean {
  return region.type === 'nd_blk';
}

/** The raw access of a namespace (`ndns->rw_bytes`). */
export function rawAccessOf({ tree }: System, namespace: NamespaceIo): RawAccess {
  if (isOnBlockWindows(namespace)) return nsblkRwBytes(namespace);
  return (offset, buffer, isWrite, flags) =>
    tree.nvdimm.nsioRwBytes(namespace, offset, buffer, isWrite, flags);
}

/** Opens raw access to memory, where it is not open yet. Returns 0 or a negative error. */
export function enableRawAccess({ tree }: System, namespace: NamespaceIo): number {
  if (isOnBlockWindows(namespace) || namespace.badblocks !== undefined) return 0;
  return tree.nvdimm.devmNsioEnable(namespace);
}

/** Closes raw access to memory. */
export function disableRawAccess({ tree }: System, namespace: NamespaceIo): void {
  if (!isOnBlockWindows(namespace)) tree.nvdimm.devmNsioDisable(namespace);
}

/**
 * nd_btt_probe, nd_pfn_probe, nd_dax_probe: the first personality whose info block is there. Raw access is enabled. On
 * block windows only a BTT is looked for.
 */
export function probePersonality(system: System, { namespace }: PmemSlot): Personality | undefined {
  const { nvdimm } = system.tree;
  if (namespace.sizeBytes < 2 * BTT_START_BYTES) return undefined;
  const block = new Uint8Array(4096);
  const error = rawAccessOf(system, namespace)(BTT_START_BYTES, block, false);
  if (error === 0 && bttInfoIsValid(block, namespaceUuid(namespace))) {
    const { externalLbaSizeBytes, uuid } = decodeBttInfo(block);
    return { type: 'btt', sectorBytes: externalLbaSizeBytes, uuid };
  }
  if (isOnBlockWindows(namespace)) return undefined;
  const pfn = nvdimm.ndPfnValidate(namespace, 'pfn');
  if (typeof pfn !== 'number') return { type: 'pfn', info: pfn };
  const dax = nvdimm.ndDaxProbe(namespace);
  return typeof dax === 'number' ? undefined : { type: 'dax', info: dax };
}

/**
 * Binds the driver of a personality: to the device that is over the namespace already, or to a new one, or to the
 * seed that user space has configured. Raw access is enabled; a pfn device gives it up. Returns 0 or an error.
 */
export function bindPersonality(
  system: System,
  name: string,
  slot: PmemSlot,
  personality: Personality,
): number {
  const { namespace } = slot;
  const { region } = namespace;
  const { type } = personality;
  namespace.claim ??= claimOver(namespace, type) ?? freeClaimName(region, type);
  const error = attachPersonality(system, name, slot, personality);
  if (error !== 0) {
    delete namespace.claim;
    return error;
  }
  const wasSeed = enterClaim(
    namespace.claim,
    personality.type === 'btt'
      ? { kind: 'btt', namespace, uuid: uuidText(personality.uuid), sectorBytes: personality.sectorBytes }
      : { kind: personality.type, namespace, uuid: uuidText(personality.info.uuid), info: personality.info },
  );
  if (wasSeed) createSeed(system, namespace, type);
  return 0;
}

/** nd_region_notify_driver_action for a btt, pfn or dax device that was a seed: the next ones. */
function createSeed({ tree }: System, { region, name }: NamespaceIo, kind: Personality['type']): void {
  const { children } = region;
  if (children === undefined) return;
  children.seeds[kind] = freeClaimName(region, kind);
  if (children.seeds.namespace === name) tree.nvdimm.ndRegionCreateNsSeed(region);
}

function attachPersonality(system: System, name: string, slot: PmemSlot, personality: Personality): number {
  const { namespace } = slot;
  const { nvdimm } = system.tree;
  if (personality.type === 'btt') {
    const btt = attachBtt(system, slot, personality);
    if (typeof btt === 'number') return btt;
    slot.btt = btt;
    return 0;
  }
  const layout = nvdimmSetupPfn(namespace, personality.info);
  if (personality.type === 'dax') {
    slot.isDeviceDax = true;
    if (typeof layout !== 'number') mapStructPages(system, slot, layout);
    return 0;
  }
  const { startPadBytes: startPad } = personality.info;
  if (typeof layout === 'number') return layout;
  nvdimm.devmNsioDisable(namespace);
  const { dataOffset, pfnPad } = layout;
  const error = attachPmemDisk(system, name, slot, { dataOffset, startPad, pfnPad, hasStructPages: true });
  if (error === 0) mapStructPages(system, slot, layout);
  return error;
}

/** The struct pages of a pfn or dax device that keeps them on the device. On a mock bus there are none. */
function mapStructPages(
  { kernel }: System,
  slot: PmemSlot,
  { resource, dataOffset, memmapBytes }: PfnLayout,
): void {
  if (memmapBytes === 0 || slot.namespace.region.bus.isMock === true) return;
  const room = { start: resource.start + dataOffset - memmapBytes, sizeBytes: memmapBytes };
  slot.unmapStructPages = devmMemremapPages(kernel, resource, room);
}

/** pmem_attach_disk over a namespace. Returns 0 or a negative error. */
export function attachPmemDisk(
  { kernel, tree }: System,
  name: string,
  slot: PmemSlot,
  layout: PmemLayout,
): number {
  const disk = tree.nvdimm.pmemAttachDisk(slot.namespace, name, layout);
  if (typeof disk === 'number') return disk;
  slot.attached = disk;
  const dax = tree.dax.daxGetByHost(kernel, name);
  if (slot.namespace.region.bus.isMock === true && dax !== undefined) limitToOnePage(dax);
  return 0;
}

function attachBtt(
  system: System,
  { namespace }: PmemSlot,
  { sectorBytes, uuid }: Extract<Personality, { type: 'btt' }>,
): Btt | number {
  if (!BTT_LBA_SIZES.includes(sectorBytes)) return -EBUSY;
  return nvdimmNamespaceAttachBtt({
    kernel: system.kernel,
    device: namespace.claim ?? '',
    diskName: system.tree.nvdimm.nvdimmNamespaceDiskName(namespace),
    region: namespace.region,
    raw: rawAccessOf(system, namespace),
    namespaceSizeBytes: namespace.sizeBytes,
    lbaSizeBytes: sectorBytes,
    uuid,
    parentUuid: namespaceUuid(namespace),
  });
}

/** Takes a BTT or a dax device off; nd_pmem_remove flushes the region, nd_blk_remove does not. */
export function unbindPersonality(system: System, slot: PmemSlot): void {
  const { namespace } = slot;
  if (slot.btt !== undefined) nvdimmNamespaceDetachBtt(slot.btt);
  delete slot.btt;
  delete slot.isDeviceDax;
  disableRawAccess(system, namespace);
  if (!isOnBlockWindows(namespace)) system.tree.nvdimm.nvdimmFlush(namespace.region);
}
