/**
 * Binding of drivers: the region driver to regions, the pmem driver to namespaces (what the device core and
 * drivers/nvdimm/bus.c do when a device appears or user space writes to `bind` and `unbind`).
 */
import { allocateDpa } from '../drivers/nvdimm/dpa.ts';
import type { NamespaceIo, NdRegion } from '../drivers/nvdimm/nd.ts';
import { ndRegionNotify, ndRegionProbe, ndRegionRemove } from '../drivers/nvdimm/region.ts';
import { EBUSY, EIO, ENODEV, ENXIO } from '../errno.ts';
import { bindPersonality, isBound, probePersonality, unbindPersonality } from './personality.ts';
import type { PmemSlot, System } from './system.ts';

/** A new region appeared: its driver binds, and then the driver of each of its namespaces. Returns 0 or an error. */
export function bindRegion(system: System, region: NdRegion): number {
  if (region.driverData !== undefined) return -EBUSY;
  readLabels(system, region);
  const error = ndRegionProbe(system.tree, region);
  if (error !== 0) return error;
  for (const namespace of region.children?.namespaces ?? []) bindNamespace(system, namespace);
  return 0;
}

/** The labels that the dimms kept over a power failure, the first time that a region's driver binds. */
function readLabels({ carriedOver }: System, region: NdRegion): void {
  const kept = carriedOver?.labels.get(region.name) ?? [];
  if (region.labels === undefined || region.labels.length > 0) return;
  for (const label of kept) {
    region.labels.push({ ...label });
    allocateDpa(region, `namespace${region.id}.${label.id}`, label.offset, label.sizeBytes);
  }
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

/** nd_pmem_probe of a plain namespace. One without size, or under a block-window region, gets no disk: -ENODEV. */
export function bindNamespace(system: System, namespace: NamespaceIo): number {
  const { nvdimm } = system.tree;
  if (namespace.sizeBytes === 0 || namespace.region.type === 'nd_blk') return -ENODEV;
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
  if (slot.namespace.badblocks === undefined && nvdimm.devmNsioEnable(slot.namespace) !== 0) return -ENXIO;
  const found = slot.namespace.forceRaw === true ? undefined : probePersonality(system, slot);
  if (found !== undefined) return bindPersonality(system, name, slot, found);
  nvdimm.devmNsioDisable(slot.namespace);
  const hasStructPages = nvdimm.pmemShouldMapPages(slot.namespace);
  const disk = nvdimm.pmemAttachDisk(slot.namespace, name, { dataOffset: 0, pfnPad: 0, hasStructPages });
  if (typeof disk === 'number') return disk;
  slot.attached = disk;
  return 0;
}

/** Unbinds the driver from a namespace: the disk goes, then one flush. Returns 0, or -ENODEV when none is bound. */
export function detachDisk(system: System, name: string): number {
  const slot = system.pmem.get(name);
  if (slot === undefined || !isBound(slot)) return -ENODEV;
  if (slot.attached === undefined) unbindPersonality(system, slot);
  else slot.attached.remove();
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
