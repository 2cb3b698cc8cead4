/**
 * Binding of drivers: the region driver to regions, the pmem driver to namespaces (what the device core and
 * drivers/nvdimm/bus.c do when a device appears or user space writes to `bind` and `unbind`).
 */
import { blkCleanupQueue } from '../block/disk.ts';
import { ndNamespaceBlkValidate, nsblkAttachDisk } from '../drivers/nvdimm/blk.ts';
import type { NamespaceIo, NdRegion } from '../drivers/nvdimm/nd.ts';
import { ndRegionNotify, ndRegionProbe, ndRegionRemove } from '../drivers/nvdimm/region.ts';
import { EBUSY, EIO, ENODEV, ENXIO } from '../errno.ts';
import {
  attachPmemDisk,
  bindPersonality,
  enableRawAccess,
  isBound,
  isOnBlockWindows,
  probePersonality,
  unbindPersonality,
} from './personality.ts';
import type { PmemSlot, System } from './system.ts';

/** A new region appeared: its driver binds, and then the driver of each of its namespaces. Returns 0 or an error. */
export function bindRegion(system: System, region: NdRegion): number {
  if (region.driverData !== undefined) return -EBUSY;
  const error = ndRegionProbe(system.tree, region);
  if (error !== 0) return error;
  for (const namespace of region.children?.namespaces ?? []) bindNamespace(system, namespace);
  return 0;
}

/** The region driver goes, its namespaces' drivers first. Returns 0, or -ENODEV when none is bound. */
export function unbindRegion(system: System, region: NdRegion): number {
  if (region.children === undefined) return -ENODEV;
  for (const [name, { namespace }] of system.pmem) {
    if (namespace.region !== region) continue;
    detachDisk(system, name);
    system.pmem.delete(name);
  }
  ndRegionRemove(system.tree, region);
  return 0;
}

/** ND_MIN_NAMESPACE_SIZE of 4.12, bytes. */
const MIN_NAMESPACE_BYTES = 4 * 2 ** 20;

/**
 * nvdimm_namespace_common_probe: whether a namespace is one that a driver can be bound to: it is not too small and, when
 * labels describe it, has a uuid; on block windows a sector size and labels for all its room. Whole regions may be
 * smaller here than in the kernel, so that workloads can be.
 */
function isComplete(namespace: NamespaceIo): boolean {
  if (namespace.sizeBytes < (namespace.label === undefined ? 1 : MIN_NAMESPACE_BYTES)) return false;
  return isOnBlockWindows(namespace) ? ndNamespaceBlkValidate(namespace) : namespace.label?.uuid !== '';
}

/** nd_pmem_probe or nd_blk_probe of a plain namespace. Returns 0 or an error: -ENODEV for one that is not complete. */
export function bindNamespace(system: System, namespace: NamespaceIo): number {
  const { nvdimm } = system.tree;
  if (!isComplete(namespace)) return -ENODEV;
  const name = nvdimm.nvdimmNamespaceDiskName(namespace);
  if (!system.pmem.has(name)) system.pmem.set(name, { namespace });
  const error = attachDisk(system, name);
  const seed = namespace.region.children?.seeds.namespace;
  if (error === 0 && seed === namespace.name) nvdimm.ndRegionCreateNsSeed(namespace.region);
  return error;
}

/**
 * nd_pmem_probe: raw access first, then whatever personality the media says, in the order of the kernel: btt, pfn,
 * dax; else the plain disk. Returns 0 or a negative error.
 */
export function attachDisk(system: System, name: string): number {
  const slot = system.pmem.get(name);
  if (slot === undefined) return -EIO;
  if (isBound(slot)) return -EBUSY;
  const { nvdimm } = system.tree;
  const { namespace } = slot;
  if (enableRawAccess(system, namespace) !== 0) return -ENXIO;
  const found = namespace.forceRaw === true ? undefined : probePersonality(system, slot);
  if (found !== undefined) return bindPersonality(system, name, slot, found);
  if (isOnBlockWindows(namespace)) return attachBlkDisk(system, name, slot);
  nvdimm.devmNsioDisable(namespace);
  const hasStructPages = nvdimm.pmemShouldMapPages(namespace);
  const layout = { dataOffset: 0, startPad: 0, pfnPad: 0, hasStructPages };
  return attachPmemDisk(system, name, slot, layout);
}

/** nsblk_attach_disk: a plain disk over block windows, which is told nothing and flushes nothing when it goes. */
function attachBlkDisk({ kernel, tree }: System, name: string, slot: PmemSlot): number {
  const { namespace } = slot;
  const disk = nsblkAttachDisk(namespace, name);
  tree.nvdimm.nvdimmRevalidateDisk(namespace.region, disk);
  slot.attached = {
    disk,
    remove: () => void kernel.disks.delete(name),
    shutdown: () => {},
    revalidatePoison: () => {},
  };
  return 0;
}

/** Unbinds the driver from a namespace: the disk goes, then one flush. Returns 0, or -ENODEV when none is bound. */
export function detachDisk(system: System, name: string): number {
  const slot = system.pmem.get(name);
  if (slot === undefined || !isBound(slot)) return -ENODEV;
  const disk = slot.attached?.disk ?? slot.btt?.disk;
  if (slot.attached === undefined) unbindPersonality(system, slot);
  else slot.attached.remove();
  if (disk !== undefined) blkCleanupQueue(disk.queue);
  slot.unmapStructPages?.();
  delete slot.unmapStructPages;
  delete slot.attached;
  delete slot.namespace.claim;
  system.fileSystems.delete(name);
  return 0;
}

/** nvdimm_region_notify(NVDIMM_REVALIDATE_POISON): the region first, then the drivers of its namespaces. */
export function notifyRegion(system: System, region: NdRegion): void {
  ndRegionNotify(system.tree, region);
  for (const { attached, namespace } of slotsOf(system, region)) {
    attached?.revalidatePoison();
    // A BTT, or raw access: the table of the namespace itself.
    if (attached !== undefined || namespace.badblocks === undefined) continue;
    system.tree.nvdimm.nvdimmBadblocksPopulate(region, namespace.badblocks, namespace);
  }
}

function slotsOf(system: System, region: NdRegion): PmemSlot[] {
  return [...system.pmem.values()].filter(({ namespace }) => namespace.region === region);
}
