/**
 * Files of a namespace (drivers/nvdimm/namespace_devs.c; nvdimm-and-firmware.md 7.2). A namespace that is a whole
 * region can not be configured; one that labels describe gets its uuid, name, sector size and size here.
 */
import { BTT_LBA_SIZES } from '../drivers/nvdimm/btt.ts';
import { labelIdOf, resourcesOf } from '../drivers/nvdimm/dpa.ts';
import type { NamespaceIo, NamespaceLabel } from '../drivers/nvdimm/nd.ts';
import { strtobool } from '../drivers/nvdimm/region-attributes.ts';
import { EBUSY, EINVAL, ENXIO } from '../errno.ts';
import { isBound } from './personality.ts';
import { sizeChoices } from './sysfs-claim.ts';
import { type SysfsFile, type SysfsFiles, parseUnsigned, textFile } from '../fs/sysfs-file.ts';
import type { System } from './system.ts';

/** Longest alternative name (NSLABEL_NAME_LEN), the zero byte included. */
const NAME_BYTES = 64;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether a driver is bound to a namespace: then it can not be changed. */
export function isNamespaceBound({ pmem }: System, namespace: NamespaceIo): boolean {
  return [...pmem.values()].some((slot) => slot.namespace === namespace && isBound(slot));
}

/** mode_show: what the namespace is used as. */
function modeOf({ tree }: System, namespace: NamespaceIo): string {
  const { claim } = namespace;
  if (claim?.startsWith('btt') === true) return 'safe';
  if (claim?.startsWith('pfn') === true) return 'memory';
  if (claim?.startsWith('dax') === true) return 'dax';
  return tree.nvdimm.pmemShouldMapPages(namespace) ? 'memory' : 'raw';
}

/** force_raw_store. */
function storeForceRaw(namespace: NamespaceIo, text: string): number {
  const value = strtobool(text);
  if (typeof value === 'number') return value;
  namespace.forceRaw = value;
  return text.length;
}

/** The files of a namespace. */
export function namespaceFiles(system: System, namespace: NamespaceIo): SysfsFiles {
  const { tree } = system;
  const { region, label } = namespace;
  const nstype = tree.nvdimm.ndRegionToNstype(region);
  const files = new Map<string, SysfsFile>([
    ['devtype', textFile(label === undefined ? 'nd_namespace_io' : `nd_namespace_${label.kind}`)],
    ['modalias', textFile(`nd:t${nstype}`)],
    ['nstype', textFile(`${nstype}`)],
    ['mode', textFile(modeOf(system, namespace))],
    ['holder', textFile(namespace.claim ?? '')],
    ['numa_node', textFile(`${region.numaNode ?? -1}`)],
    ['size', textFile(`${namespace.sizeBytes}`)],
    [
      'force_raw',
      {
        mode: 0o644,
        show: () => (namespace.forceRaw === true ? '1\n' : '0\n'),
        store: (text) => storeForceRaw(namespace, text),
      },
    ],
  ]);
  if (label?.kind !== 'blk') {
    files.set('resource', textFile(namespace.sizeBytes === 0 ? -ENXIO : `0x${namespace.start.toString(16)}`));
  }
  if (label !== undefined) addLabelFiles(system, namespace, label, files);
  return files;
}

/** A file whose store keeps the labels up to date. */
function labelFile(
  system: System,
  namespace: NamespaceIo,
  show: () => string,
  store: (text: string) => number,
): SysfsFile {
  return {
    mode: 0o644,
    show,
    store: (text) => {
      const error = store(text) || system.tree.nvdimm.ndNamespaceLabelUpdate(namespace);
      return error === 0 ? text.length : error;
    },
  };
}

function addLabelFiles(
  system: System,
  namespace: NamespaceIo,
  label: NamespaceLabel,
  files: Map<string, SysfsFile>,
): void {
  files.set('size', {
    mode: 0o644,
    show: () => `${namespace.sizeBytes}\n`,
    store: (text) => storeSize(system, namespace, text),
  });
  files.set(
    'uuid',
    labelFile(
      system,
      namespace,
      () => `${label.uuid}\n`,
      (text) => setUuid(system, namespace, label, text),
    ),
  );
  files.set(
    'alt_name',
    labelFile(
      system,
      namespace,
      () => `${label.alternateName}\n`,
      (text) => setAlternateName(system, namespace, label, text),
    ),
  );
  files.set('dpa_extents', { mode: 0o444, show: () => `${extentCount(namespace, label)}\n` });
  if (label.kind === 'pmem') return;
  files.set(
    'sector_size',
    labelFile(
      system,
      namespace,
      () => `${sizeChoices(label.lbaSizeBytes)}\n`,
      (text) => setSectorSize(system, namespace, label, text),
    ),
  );
}

/** dpa_extents_show: how many pieces of all dimms the namespace has. */
function extentCount({ region }: NamespaceIo, label: NamespaceLabel): number {
  return region.mappings.reduce((count, { nvdimm: { driverData } }) => {
    return count + (driverData === undefined ? 0 : resourcesOf(driverData, labelIdOf(label)).length);
  }, 0);
}

function storeSize(system: System, namespace: NamespaceIo, text: string): number {
  const sizeBytes = parseUnsigned(text);
  if (sizeBytes < 0) return sizeBytes;
  if (isNamespaceBound(system, namespace)) return -EBUSY;
  const error = system.tree.nvdimm.namespaceSizeStore(namespace, sizeBytes);
  return error === 0 ? text.length : error;
}

/**
 * uuid_store and namespace_update_uuid: refused while bound, for what is no uuid, for one that something else of the
 * bus has, and for a second one before any label was written.
 */
function setUuid(system: System, namespace: NamespaceIo, label: NamespaceLabel, text: string): number {
  const uuid = text.trim().toLowerCase();
  if (isNamespaceBound(system, namespace) || namespace.claim !== undefined) return -EBUSY;
  const { region } = namespace;
  if (!UUID.test(uuid) || !system.tree.nvdimm.ndIsUuidUnique(region.bus, uuid)) return -EINVAL;
  if (label.uuid !== '') {
    if (region.mappings.some(({ labels = [] }) => labels.length === 0)) return -EBUSY;
    renameResources(namespace, label, uuid);
  }
  label.uuid = uuid;
  return 0;
}

function renameResources({ region }: NamespaceIo, label: NamespaceLabel, uuid: string): void {
  for (const { nvdimm } of region.mappings) {
    const own = nvdimm.driverData === undefined ? [] : resourcesOf(nvdimm.driverData, labelIdOf(label));
    for (const resource of own) resource.labelId = labelIdOf({ kind: label.kind, uuid });
  }
}

function setAlternateName(
  system: System,
  namespace: NamespaceIo,
  label: NamespaceLabel,
  text: string,
): number {
  const name = text.trim();
  if (isNamespaceBound(system, namespace) || namespace.claim !== undefined) return -EBUSY;
  if (name.length >= NAME_BYTES) return -EINVAL;
  label.alternateName = name;
  return 0;
}

/** sector_size_store: one of the sizes that the file lists. */
function setSectorSize(system: System, namespace: NamespaceIo, label: NamespaceLabel, text: string): number {
  const size = parseUnsigned(text);
  if (isNamespaceBound(system, namespace) || namespace.claim !== undefined) return -EBUSY;
  if (!BTT_LBA_SIZES.includes(size)) return -EINVAL;
  label.lbaSizeBytes = size;
  return 0;
}
