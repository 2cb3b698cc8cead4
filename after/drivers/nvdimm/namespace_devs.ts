/**
 * drivers/nvdimm/namespace_devs.c: namespaces of a region: the whole region, or what labels on its dimms say
 * (nvdimm-and-firmware.md 7.2, 7.3). How labels and room on dimms are kept is the kernel's around the series.
 */
import {
  type DpaRules,
  allocatedDpa,
  growDpaAllocation,
  labelIdOf,
  reserveDpa,
  shrinkDpaAllocation,
} from '#kernel/drivers/nvdimm/dpa.ts';
import { LabelFlag } from '#kernel/drivers/nvdimm/label.ts';
import { blkLabelUpdate, pmemLabelUpdate } from '#kernel/drivers/nvdimm/label-update.ts';
import {
  type FoundNamespace,
  compareStarts,
  createNamespacePmem,
  createNamespacesBlk,
  initActiveLabels,
  knownLabels,
  namespaceOffset,
  newNamespaceLabel,
} from '#kernel/drivers/nvdimm/namespace-labels.ts';
import type {
  NamespaceIo,
  NamespaceLabel,
  NdMapping,
  NdRegion,
  NvdimmBus,
} from '#kernel/drivers/nvdimm/nd.ts';
import { EAGAIN, EBUSY, EINVAL, ENODEV, ENOSPC, ENXIO } from '#kernel/errno.ts';
import { MEMREMAP_WB } from '#kernel/mm/memremap.ts';
import { clipAliased, ndPmemAvailableDpa } from './dimm_devs.ts';
import { isMemory, isNdBlk } from './nd-core.ts';
import { archMemremapPmem } from './pmem.h.ts';
import { ndRegionAvailableDpa, ndRegionToNstype } from './region_devs.ts';

/** Namespaces are a whole number of these for each mapping, bytes. */
const SZ_4K = 4096;

/** is_namespace_uuid_busy: whether a namespace of a region, or a btt or pfn device over one, has the uuid. */
function isNamespaceUuidBusy(region: NdRegion, uuid: string): boolean {
  if (!isMemory(region) && !isNdBlk(region)) return false;
  const { namespaces = [], claims = new Map<string, { kind: string; uuid: string }>() } =
    region.children ?? {};
  return (
    namespaces.some(({ label }) => label?.uuid === uuid) ||
    [...claims.values()].some((claim) => claim.kind !== 'dax' && claim.uuid === uuid)
  );
}

/** nd_is_uuid_unique: whether nothing on the bus has the uuid. */
export function ndIsUuidUnique(bus: NvdimmBus, uuid: string): boolean {
  return !bus.regions.some((region) => isNamespaceUuidBusy(region, uuid));
}

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

/** nd_namespace_label_update: what the labels do not say yet of a namespace. Returns 0 or a negative error. */
export function ndNamespaceLabelUpdate(namespace: NamespaceIo): number {
  const { label, sizeBytes } = namespace;
  if (label === undefined) return -ENXIO;
  if (label.uuid === '') return 0;
  if (label.kind === 'pmem') return pmemLabelUpdate(namespace, label);
  return sizeBytes > 0 && label.lbaSizeBytes === 0 ? 0 : blkLabelUpdate(namespace, label);
}

/** __reserve_free_pmem: takes what a memory region has left of a dimm. Returns 0 or a negative error. */
function __reserveFreePmem(region: NdRegion, { nvdimm }: NdMapping): number {
  if (!isMemory(region)) return 0;
  const mapping = region.mappings.find((candidate) => candidate.nvdimm === nvdimm);
  const { availableBytes } = mapping === undefined ? { availableBytes: 0 } : ndPmemAvailableDpa(mapping, 0);
  if (mapping === undefined || availableBytes === 0) return 0;
  return reserveDpa(region, mapping, availableBytes, dpaRules);
}

/** reserve_free_pmem: of all memory regions of the bus. */
function reserveFreePmem({ bus }: NdRegion, mapping: NdMapping): number {
  for (const region of bus.regions) {
    const error = __reserveFreePmem(region, mapping);
    if (error !== 0) return error;
  }
  return 0;
}

const dpaRules: DpaRules = { clipAliased, reserveFreePmem };

/**
 * __size_store: gives room back or takes more. Errors: -EBUSY for a claimed namespace, -ENXIO before it has a uuid or
 * when a dimm of it is disabled, -EINVAL for a size that is not pages of each mapping, -ENOSPC.
 */
function __sizeStore(namespace: NamespaceIo, label: NamespaceLabel, sizeBytes: number): number {
  const { region } = namespace;
  if (namespace.claim !== undefined) return -EBUSY;
  const ways = region.mappings.length;
  if (label.uuid === '' || ways === 0) return -ENXIO;
  if (sizeBytes % (SZ_4K * ways) !== 0) return -EINVAL;
  let allocated = 0;
  for (const { nvdimm } of region.mappings) {
    if (nvdimm.driverData === undefined) return -ENXIO;
    allocated += allocatedDpa(nvdimm.driverData, labelIdOf(label));
  }
  if (sizeBytes > ndRegionAvailableDpa(region) + allocated) return -ENOSPC;
  if (sizeBytes === allocated) return 0;
  const each = (sizeBytes - allocated) / ways;
  if (each < 0) shrinkDpaAllocation(region, labelIdOf(label), -each);
  else {
    const error = growDpaAllocation(region, labelIdOf(label), each, dpaRules);
    if (error !== 0) return error;
  }
  namespace.sizeBytes = sizeBytes;
  if (label.kind === 'pmem') namespace.start = region.start + namespaceOffset(region, label);
  return 0;
}

/**
 * size_store: sets the size of a namespace that labels describe; 0 removes it, and its uuid with it. Returns 0 or a
 * negative error: those of `__size_store`, and what the labels said.
 */
export function namespaceSizeStore(namespace: NamespaceIo, sizeBytes: number): number {
  const { label, region } = namespace;
  if (label === undefined) return -EBUSY;
  const error = __sizeStore(namespace, label, sizeBytes) || ndNamespaceLabelUpdate(namespace);
  if (error !== 0 || sizeBytes !== 0) return error;
  label.uuid = '';
  label.resources = [];
  const { namespaces = [], seeds = {} } = region.children ?? {};
  if (namespace.id !== 0 && seeds.namespace !== namespace.name) {
    namespaces.splice(namespaces.indexOf(namespace), 1);
  }
  return 0;
}

/** A namespace with the next free number of its region. */
function withId(found: FoundNamespace, used: readonly NamespaceIo[]): NamespaceIo {
  let id = 0;
  while (used.some((other) => other.id === id)) id++;
  return { ...found, id, name: `namespace${found.region.id}.${id}` };
}

/** nd_namespace_blk_create: a namespace over block windows of no size. */
function ndNamespaceBlkCreate(region: NdRegion): FoundNamespace | undefined {
  if (!isNdBlk(region)) return undefined;
  return { region, start: 0, sizeBytes: 0, label: newNamespaceLabel('blk', '', '') };
}

/** nd_namespace_pmem_create: a memory namespace of no size, for user space to configure. */
function ndNamespacePmemCreate(region: NdRegion): FoundNamespace | undefined {
  if (!isMemory(region)) return undefined;
  return { region, start: region.start, sizeBytes: 0, label: newNamespaceLabel('pmem', '', '') };
}

/** nd_region_create_ns_seed: the next namespace to configure, where labels make that possible. */
export function ndRegionCreateNsSeed(region: NdRegion): void {
  const { children } = region;
  if (children === undefined || ndRegionToNstype(region) === 4) return;
  const found = ndNamespaceBlkCreate(region) ?? ndNamespacePmemCreate(region);
  delete children.seeds.namespace;
  if (found === undefined) return;
  const seed = withId(found, children.namespaces);
  children.namespaces.push(seed);
  children.seeds.namespace = seed.name;
}

/** create_namespace_pmem for each label of a memory region; a negative error when one of its sets is broken. */
function foundPmem(region: NdRegion, mapping: NdMapping): FoundNamespace[] | number {
  const found: FoundNamespace[] = [];
  for (const label of ownLabels(region, mapping)) {
    if (found.some((other) => other.label?.uuid === label.uuid)) return -ENXIO;
    const namespace = createNamespacePmem(region, label);
    if (typeof namespace !== 'number') found.push(namespace);
    else if (namespace !== -EAGAIN) return namespace;
  }
  return found;
}

/** The labels on one dimm that are of the region's kind and begin inside it. */
function ownLabels(region: NdRegion, mapping: NdMapping) {
  const end = mapping.start + mapping.sizeBytes;
  return knownLabels(mapping).filter(
    ({ flags, dpa }) =>
      isNdBlk(region) === ((flags & LabelFlag.local) !== 0) && dpa >= mapping.start && dpa < end,
  );
}

/**
 * scan_labels: the namespaces that labels describe, by where they start; without any, one of no size. What a memory
 * region did not select it does not know any more. Returns them, or a negative error for labels that are broken.
 */
function scanLabels(region: NdRegion): FoundNamespace[] | number {
  const [mapping] = region.mappings;
  if (mapping === undefined) return -ENODEV;
  const found = isNdBlk(region)
    ? createNamespacesBlk(region, ownLabels(region, mapping))
    : foundPmem(region, mapping);
  if (typeof found === 'number') return -ENODEV;
  if (found.length === 0) {
    mapping.labels = [];
    const kind = isNdBlk(region) ? 'blk' : 'pmem';
    return [{ region, start: region.start, sizeBytes: 0, label: newNamespaceLabel(kind, '', '') }];
  }
  if (isMemory(region)) {
    for (const each of region.mappings) each.labels = (each.labels ?? []).slice(0, found.length);
  }
  return found.sort((left, right) => compareStarts(firstByteOf(left), firstByteOf(right)));
}

/** Where a namespace begins: in memory, or on its dimm. */
function firstByteOf({ start, label }: FoundNamespace): number {
  return label?.resources[0]?.start ?? start;
}

/** create_namespace_io: the whole region. */
function createNamespaceIo(region: NdRegion): FoundNamespace[] {
  const { start, sizeBytes } = region;
  return [{ region, start, sizeBytes }];
}

/**
 * nd_region_register_namespaces: the namespaces of a region by its nstype. Returns them, or a negative error: -ENXIO
 * when a dimm is disabled, -ENODEV when there are none.
 */
export function ndRegionRegisterNamespaces(region: NdRegion): NamespaceIo[] | number {
  const error = initActiveLabels(region);
  if (error !== 0) return error;
  const found = ndRegionToNstype(region) === 4 ? createNamespaceIo(region) : scanLabels(region);
  if (typeof found === 'number') return found;
  const named: NamespaceIo[] = [];
  for (const namespace of found) named.push(withId(namespace, named));
  return named;
}
