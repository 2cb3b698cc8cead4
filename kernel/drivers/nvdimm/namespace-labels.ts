/**
 * From labels to namespaces (drivers/nvdimm/namespace_devs.c of v4.12: init_active_labels, create_namespace_pmem,
 * create_namespace_blk), as far as the series leaves it alone. A memory namespace needs a label on every dimm of its
 * interleave set, at the right position and with the set's cookie, or the one that old kernels made by a wrong sort.
 */
import { EAGAIN, EINVAL, ENXIO } from '../../errno.ts';
import { print } from '../../kernel.ts';
import { allocatedDpa, endOf, labelIdOf, resourcesOf } from './dpa.ts';
import { type Label, activeLabels, labelAt } from './label.ts';
import type { NamespaceIo, NamespaceLabel, NdMapping, NdRegion } from './nd.ts';

/**
 * init_active_labels: the region takes note of all labels on its dimms. Returns 0, or -ENXIO when a dimm's driver is
 * not bound although only its labels could say who has what.
 */
export function initActiveLabels(region: NdRegion): number {
  for (const mapping of region.mappings) {
    const { nvdimm } = mapping;
    if (nvdimm.driverData === undefined) {
      if (!nvdimm.aliasing) return 0;
      print(region.kernel, 'error', region.name, `${nvdimm.name}: is disabled, failing probe`);
      return -ENXIO;
    }
    mapping.labels = activeLabels(nvdimm.driverData).map(({ slot }) => slot);
  }
  return 0;
}

/** The labels that a region knows on one dimm. */
export function knownLabels({ nvdimm, labels = [] }: NdMapping): Label[] {
  const area = nvdimm.driverData?.area;
  return area === undefined ? [] : labels.map((slot) => labelAt(area, slot));
}

/** has_uuid_at_pos: whether exactly one label of the uuid and cookie on some dimm of the set has that position. */
function hasUuidAtPosition(region: NdRegion, uuid: string, cookie: bigint, position: number): boolean {
  for (const mapping of region.mappings) {
    const own = knownLabels(mapping).filter((label) => label.isetCookie === cookie && label.uuid === uuid);
    const found = own.findIndex(
      (label) => label.labelCount === region.mappings.length && label.position === position,
    );
    if (found > 0 || (found === -1 && own.length > 1)) return false;
    if (found === 0) return true;
  }
  return false;
}

/** select_pmem_id: the label of each dimm moves to the front of what the region knows. -EINVAL outside the mapping. */
function selectPmemId(region: NdRegion, uuid: string): number {
  for (const mapping of region.mappings) {
    const label = knownLabels(mapping).find((candidate) => candidate.uuid === uuid);
    if (label === undefined) return -EINVAL;
    const end = label.dpa + label.rawSizeBytes;
    const isInside = label.dpa >= mapping.start && end <= endOf(mapping) && end > mapping.start;
    if (!isInside) return -EINVAL;
    mapping.labels = [label.slot, ...(mapping.labels ?? []).filter((slot) => slot !== label.slot)];
  }
  return 0;
}

/** What create_namespace_pmem makes of a label; the namespace has no name yet. */
export type FoundNamespace = Omit<NamespaceIo, 'name' | 'id'>;

/**
 * create_namespace_pmem: the namespace that a label belongs to, or -EAGAIN for one of another set, -ENXIO for a
 * region without cookie, -EINVAL when a label of the set is missing or lies outside the region.
 */
export function createNamespacePmem(region: NdRegion, label: Label): FoundNamespace | number {
  const { cookie = 0n, altCookie = 0n } = region.interleaveSet ?? {};
  if (cookie === 0n) return -ENXIO;
  if (label.isetCookie !== cookie && label.isetCookie !== altCookie) return -EAGAIN;
  const missing = region.mappings.findIndex(
    (_, position) =>
      !hasUuidAtPosition(region, label.uuid, cookie, position) &&
      !hasUuidAtPosition(region, label.uuid, altCookie, position),
  );
  if (missing !== -1) {
    const text = `${region.mappings[missing]?.nvdimm.name} missing label for ${label.uuid}`;
    print(region.kernel, 'error', region.name, text);
    return -EINVAL;
  }
  const error = selectPmemId(region, label.uuid);
  if (error !== 0) return error;
  const own = region.mappings.flatMap((mapping) => knownLabels(mapping).slice(0, 1));
  const first = own.find(({ position }) => position === 0) ?? label;
  const sizeBytes = own.reduce((sum, { rawSizeBytes }) => sum + rawSizeBytes, 0);
  const description = newNamespaceLabel('pmem', label.uuid, first.name);
  return {
    region,
    start: region.start + namespaceOffset(region, description),
    sizeBytes,
    label: description,
  };
}

/** A namespace's description without sector size or resources. */
export function newNamespaceLabel(
  kind: NamespaceLabel['kind'],
  uuid: string,
  alternateName: string,
): NamespaceLabel {
  return { kind, uuid, alternateName, lbaSizeBytes: 0, resources: [] };
}

/** Where a memory namespace begins within its region, by what it has of the first dimm; bytes. */
export function namespaceOffset({ mappings }: NdRegion, label: NamespaceLabel): number {
  const [mapping] = mappings;
  const data = mapping?.nvdimm.driverData;
  const [resource] = data === undefined ? [] : resourcesOf(data, labelIdOf(label));
  return mapping === undefined || resource === undefined
    ? 0
    : (resource.start - mapping.start) * mappings.length;
}

/** create_namespace_blk and add_namespace_resource: one namespace for each uuid, with all its resources. */
export function createNamespacesBlk(region: NdRegion, labels: readonly Label[]): FoundNamespace[] | number {
  const found = new Map<string, NamespaceLabel>();
  const data = region.mappings[0]?.nvdimm.driverData;
  for (const { uuid, name, lbaSizeBytes, dpa } of labels) {
    const description = found.get(uuid) ?? { ...newNamespaceLabel('blk', uuid, name), lbaSizeBytes };
    found.set(uuid, description);
    const owned = data === undefined ? [] : resourcesOf(data, labelIdOf(description));
    const resource = owned.find(({ start }) => start === dpa);
    if (resource === undefined) return -ENXIO;
    description.resources.push(resource);
  }
  return [...found.values()].map((label) => ({
    region,
    start: 0,
    // What the namespace has taken of the dimm, also where a label for it is missing.
    sizeBytes: data === undefined ? 0 : allocatedDpa(data, labelIdOf(label)),
    label,
  }));
}

/** cmp_dpa: memcmp over the little-endian bytes of where namespaces start, which is not the order of the numbers. */
export function compareStarts(left: number, right: number): number {
  for (let shift = 0; shift < 64; shift += 8) {
    const difference = (Math.floor(left / 2 ** shift) % 256) - (Math.floor(right / 2 ** shift) % 256);
    if (difference !== 0) return difference;
  }
  return 0;
}
