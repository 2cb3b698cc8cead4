/**
 * drivers/nvdimm/namespace_devs.c: namespaces of a region: the whole region, or what labels on its dimms say
 * (nvdimm-and-firmware.md 7.2, 7.3). Labels are kept by the region, not encoded on the dimms.
 */
import { allocateDpa, freeExtent, releaseDpa } from '#kernel/drivers/nvdimm/dpa.ts';
import type { NamespaceIo, NamespaceLabel, NdRegion, NvdimmBus } from '#kernel/drivers/nvdimm/nd.ts';
import { EBUSY, EINVAL, ENODEV, ENOSPC } from '#kernel/errno.ts';
import { MEMREMAP_WB } from '#kernel/mm/memremap.ts';
import { isMemory, isNdBlk } from './nd-core.ts';
import { archMemremapPmem } from './pmem.h.ts';
import { ndRegionToNstype } from './region_devs.ts';

/** Namespaces are a whole number of these for each mapping, bytes. */
const SZ_4K = 4096;

/**
 * pmem_should_map_pages: whether a namespace without personality gets struct pages: only on a legacy (e820) region,
 * not under a claim, and not when persistent memory is mapped other than write-back.
 */
export function pmemShouldMapPages(namespace: NamespaceIo): boolean {
  if (!namespace.region.pagemap || namespace.claim !== undefined) return false;
  return archMemremapPmem(namespace.region.kernel) === MEMREMAP_WB;
}

/** nvdimm_namespace_disk_name: pmemR or pmemR.I, ndblkR.I; `s` at the end when a BTT has claimed it. */
export function nvdimmNamespaceDiskName({ region, id, claim }: NamespaceIo): string {
  const suffix = claim?.startsWith('btt') === true ? 's' : '';
  if (isNdBlk(region)) return `ndblk${region.id}.${id}${suffix}`;
  return `pmem${region.id}${id === 0 ? '' : `.${id}`}${suffix}`;
}

/** nd_is_uuid_unique: whether no namespace of the bus has the uuid. */
export function ndIsUuidUnique(bus: NvdimmBus, uuid: string): boolean {
  return !bus.regions.some((region) => isUuidBusy(region, uuid));
}

/** is_namespace_uuid_busy. */
function isUuidBusy(region: NdRegion, uuid: string): boolean {
  if (!isMemory(region) && !isNdBlk(region)) return false;
  return (region.labels ?? []).some((label) => label.uuid === uuid);
}

/** __reserve_free_pmem: where a memory region of the bus still has room for `sizeBytes`, in bytes from its start. */
function reserveFreePmem(region: NdRegion, sizeBytes: number): number | undefined {
  if (!isMemory(region)) return undefined;
  return freeExtent(region, sizeBytes);
}

/**
 * size_store of a labelled memory namespace: gives its room back and takes new room; 0 removes it. Errors: -EBUSY
 * for a claimed one, -ENODEV before it has a uuid, -EINVAL for a size that is not pages of each mapping, -ENOSPC.
 */
export function namespaceSizeStore(namespace: NamespaceIo, sizeBytes: number): number {
  const { region, label } = namespace;
  if (namespace.claim !== undefined || label === undefined) return -EBUSY;
  if (sizeBytes % (SZ_4K * region.mappings.length) !== 0) return -EINVAL;
  if (label.uuid === '') return -ENODEV;
  releaseDpa(region, namespace.name);
  setExtent(namespace, label, 0, 0);
  if (sizeBytes === 0) return 0;
  const offset = reserveFreePmem(region, sizeBytes);
  if (offset === undefined) return -ENOSPC;
  allocateDpa(region, namespace.name, offset, sizeBytes);
  setExtent(namespace, label, offset, sizeBytes);
  return 0;
}

function setExtent(namespace: NamespaceIo, label: NamespaceLabel, offset: number, sizeBytes: number): void {
  label.offset = offset;
  label.sizeBytes = sizeBytes;
  namespace.start = namespace.region.start + offset;
  namespace.sizeBytes = sizeBytes;
}

/** A namespace over what its label says, or over nothing yet. */
function namespaceOf(region: NdRegion, label: NamespaceLabel): NamespaceIo {
  return {
    region,
    name: `namespace${region.id}.${label.id}`,
    id: label.id,
    start: region.start + label.offset,
    sizeBytes: label.sizeBytes,
    label,
  };
}

/** nd_namespace_pmem_create: a namespace of no size, for user space to configure. */
function ndNamespacePmemCreate(region: NdRegion): NamespaceIo | undefined {
  if (!isMemory(region)) return undefined;
  const used = new Set((region.labels ?? []).map(({ id }) => id));
  let id = 0;
  while (used.has(id)) id++;
  const label: NamespaceLabel = { id, uuid: '', alternateName: '', offset: 0, sizeBytes: 0 };
  region.labels?.push(label);
  return namespaceOf(region, label);
}

/** nd_region_create_ns_seed: the next namespace to configure, where labels make that possible. */
export function ndRegionCreateNsSeed(region: NdRegion): void {
  const { children } = region;
  if (children === undefined || ndRegionToNstype(region) !== 5) return;
  const seed = ndNamespacePmemCreate(region);
  if (seed === undefined) return;
  children.namespaces.push(seed);
  children.seeds.namespace = seed.name;
}

/** scan_labels: the namespaces that labels describe; without any, one of no size. Labels of no size are dropped. */
function scanLabels(region: NdRegion): NamespaceIo[] {
  const { labels = [] } = region;
  if (isMemory(region)) {
    const left = labels.filter(({ sizeBytes }) => sizeBytes > 0);
    labels.splice(0, labels.length, ...left);
  }
  if (labels.length > 0) return labels.map((label) => namespaceOf(region, label));
  const seed = ndNamespacePmemCreate(region);
  return seed === undefined ? [] : [seed];
}

/** create_namespace_io: the whole region. */
function createNamespaceIo(region: NdRegion): NamespaceIo[] {
  const { start, sizeBytes } = region;
  return [{ region, name: `namespace${region.id}.0`, id: 0, start, sizeBytes }];
}

/** nd_region_register_namespaces: the namespaces of a region by its nstype. */
export function ndRegionRegisterNamespaces(region: NdRegion): NamespaceIo[] {
  switch (ndRegionToNstype(region)) {
    case 4:
      return createNamespaceIo(region);
    case 5:
      return scanLabels(region);
    default:
      return [];
  }
}
