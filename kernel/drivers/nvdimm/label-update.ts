/**
 * Writing what is known of a namespace to the labels of its dimms (drivers/nvdimm/label.c of v4.12:
 * nd_pmem_namespace_label_update, nd_blk_namespace_label_update). New labels go to free slots; the old ones are given
 * back by the same index block that makes the new ones known.
 */
import { ENOSPC, ENXIO } from '../../errno.ts';
import { print, warnOnce } from '../../kernel.ts';
import { setConfigData } from './dimm.ts';
import { labelIdOf, resourcesOf } from './dpa.ts';
import {
  LabelFlag,
  copyCurrentIndex,
  hasUuid,
  initLabels,
  ndLabelAllocSlot,
  ndLabelFreeSlot,
  ndLabelNfree,
  ndLabelWriteIndex,
  nextTakenSlots,
  slotsBeside,
  slotsWithUuid,
  writeLabel,
} from './label.ts';
import type { DpaResource, NamespaceIo, NamespaceLabel, NdMapping, NdRegion } from './nd.ts';
import { uuidBytes } from './uuid.ts';

const writerOf =
  ({ nvdimm }: NdMapping) =>
  (offset: number, bytes: Uint8Array): number =>
    setConfigData(nvdimm, offset, bytes);

/** nd_pmem_namespace_label_update: a label on each dimm of the region, or none of them when the size is 0. */
export function pmemLabelUpdate(namespace: NamespaceIo, label: NamespaceLabel): number {
  const { region, sizeBytes } = namespace;
  for (const [position, mapping] of region.mappings.entries()) {
    const error =
      sizeBytes === 0 ? deleteLabels(mapping, label.uuid) : updatePmemLabel(region, mapping, label, position);
    if (error !== 0) return error;
  }
  return 0;
}

/** __pmem_label_update: the label of one dimm. Its flags say for ever that it is being updated, as in C. */
function updatePmemLabel(
  region: NdRegion,
  mapping: NdMapping,
  label: NamespaceLabel,
  position: number,
): number {
  const data = mapping.nvdimm.driverData;
  if (data === undefined) return -ENXIO;
  const write = writerOf(mapping);
  const error = initLabels(data, write);
  if (error !== 0) return error;
  const [resource] = resourcesOf(data, labelIdOf(label));
  if (warnOnce(region.kernel, resource === undefined, 'no room taken for a label')) return -ENXIO;
  const slot = ndLabelAllocSlot(data);
  if (slot === undefined || resource === undefined) return -ENXIO;
  const failed = writeLabel(
    data,
    {
      uuid: label.uuid,
      name: label.alternateName,
      flags: LabelFlag.updating,
      labelCount: region.mappings.length,
      position,
      isetCookie: region.interleaveSet?.cookie ?? 0n,
      lbaSizeBytes: 0,
      dpa: resource.start,
      rawSizeBytes: resource.sizeBytes,
      slot,
    },
    write,
  );
  if (failed < 0) return failed;
  const known = mapping.labels ?? [];
  const uuid = uuidBytes(label.uuid);
  const victim = known.find((candidate) => hasUuid(data.area, candidate, uuid));
  if (victim !== undefined) ndLabelFreeSlot(data, victim);
  mapping.labels = [...known.filter((candidate) => candidate !== victim), slot];
  return ndLabelWriteIndex(data, write);
}

/** del_labels: gives the labels of a namespace back. */
function deleteLabels(mapping: NdMapping, uuid: string): number {
  const data = mapping.nvdimm.driverData;
  if (data === undefined || data.nsNext === -1 || uuid === '') return 0;
  const known = mapping.labels ?? [];
  const wanted = uuidBytes(uuid);
  const victims = known.filter((slot) => hasUuid(data.area, slot, wanted));
  for (const slot of victims) ndLabelFreeSlot(data, slot);
  mapping.labels = known.filter((slot) => !victims.includes(slot));
  return ndLabelWriteIndex(data, writerOf(mapping));
}

/**
 * nd_blk_namespace_label_update: a label for each resource of the namespace that is new or changed; labels of those
 * that went are given back. -ENOSPC when no slot would be left for later updates: nothing is written then.
 */
export function blkLabelUpdate(namespace: NamespaceIo, label: NamespaceLabel): number {
  const { region, sizeBytes } = namespace;
  const [mapping] = region.mappings;
  const data = mapping?.nvdimm.driverData;
  if (mapping === undefined || data === undefined) return -ENXIO;
  if (sizeBytes === 0) return deleteLabels(mapping, label.uuid);
  const write = writerOf(mapping);
  const error = initLabels(data, write);
  if (error !== 0) return error;
  const resources = resourcesOf(data, labelIdOf(label));
  const known = new Set(label.resources);
  const kept = resources.filter((resource) => known.has(resource) && !resource.isAdjusted);
  const fresh = resources.filter((resource) => !known.has(resource) || resource.isAdjusted);
  const victims = label.resources.length === 0 ? [] : staleSlots(mapping, label, kept);
  const freeCount = ndLabelNfree(data);
  if (freeCount < fresh.length || freeCount - fresh.length + victims.length < 1) {
    print(region.kernel, 'info', namespace.name, 'insufficient label space');
    return -ENOSPC;
  }
  const failed = writeBlkLabels(mapping, label, fresh) || freeAndPublish(mapping, victims);
  if (failed !== 0) {
    copyCurrentIndex(data);
    return failed;
  }
  label.resources = resources;
  for (const resource of resources) resource.isAdjusted = false;
  const uuid = uuidBytes(label.uuid);
  const labels = mapping.labels ?? [];
  const replaced = new Set(slotsWithUuid(data.area, labels, uuid));
  mapping.labels = [
    ...labels.filter((slot) => !replaced.has(slot)),
    ...slotsWithUuid(data.area, nextTakenSlots(data), uuid),
  ];
  return 0;
}

/** Slots with labels of the namespace that no kept resource stands for. */
function staleSlots({ nvdimm }: NdMapping, label: NamespaceLabel, kept: readonly DpaResource[]): number[] {
  const data = nvdimm.driverData;
  if (data === undefined) return [];
  const sizes = new Map(kept.map(({ start, sizeBytes }) => [start, sizeBytes]));
  const own = slotsWithUuid(data.area, nextTakenSlots(data), uuidBytes(label.uuid));
  return slotsBeside(data.area, own, sizes);
}

/** A label for each of `resources`. Returns 0 or a negative error. */
function writeBlkLabels(
  mapping: NdMapping,
  label: NamespaceLabel,
  resources: readonly DpaResource[],
): number {
  const data = mapping.nvdimm.driverData;
  for (const { start, sizeBytes } of resources) {
    const slot = data === undefined ? undefined : ndLabelAllocSlot(data);
    if (slot === undefined || data === undefined) return -ENXIO;
    const { uuid, alternateName, lbaSizeBytes } = label;
    const error = writeLabel(
      data,
      {
        uuid,
        name: alternateName,
        flags: LabelFlag.local,
        labelCount: 0,
        position: 0,
        isetCookie: 0n,
        lbaSizeBytes,
        dpa: start,
        rawSizeBytes: sizeBytes,
        slot,
      },
      writerOf(mapping),
    );
    if (error < 0) return error;
  }
  return 0;
}

function freeAndPublish(mapping: NdMapping, victims: readonly number[]): number {
  const data = mapping.nvdimm.driverData;
  if (data === undefined) return -ENXIO;
  for (const slot of victims) ndLabelFreeSlot(data, slot);
  return ndLabelWriteIndex(data, writerOf(mapping));
}
