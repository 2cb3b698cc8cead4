/**
 * Files of a namespace (drivers/nvdimm/namespace_devs.c; nvdimm-and-firmware.md 7.2). A namespace that is a whole
 * region can not be configured; one that labels describe gets its uuid, name and size here.
 */
import type { NamespaceIo } from '../drivers/nvdimm/nd.ts';
import { strtobool } from '../drivers/nvdimm/region-attributes.ts';
import { EBUSY, EINVAL, ENXIO } from '../errno.ts';
import { isBound } from './personality.ts';
import { type SysfsFile, type SysfsFiles, parseUnsigned, textFile } from './sysfs-file.ts';
import type { System } from './system.ts';

/** Longest alternative name (NSLABEL_NAME_LEN), the zero byte included. */
const NAME_BYTES = 64;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether a driver is bound to a namespace: then it can not be changed. */
function isNamespaceBound({ pmem }: System, namespace: NamespaceIo): boolean {
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
    ['devtype', textFile(label === undefined ? 'nd_namespace_io' : 'nd_namespace_pmem')],
    ['modalias', textFile(`nd:t${nstype}`)],
    ['nstype', textFile(`${nstype}`)],
    ['mode', textFile(modeOf(system, namespace))],
    ['holder', textFile(namespace.claim ?? '')],
    ['numa_node', textFile(`${region.numaNode ?? -1}`)],
    ['size', textFile(`${namespace.sizeBytes}`)],
    ['resource', textFile(namespace.sizeBytes === 0 ? -ENXIO : `0x${namespace.start.toString(16)}`)],
    [
      'force_raw',
      {
        mode: 0o644,
        show: () => (namespace.forceRaw === true ? '1\n' : '0\n'),
        store: (text) => storeForceRaw(namespace, text),
      },
    ],
  ]);
  if (label !== undefined) addLabelFiles(system, namespace, files);
  return files;
}

function addLabelFiles(system: System, namespace: NamespaceIo, files: Map<string, SysfsFile>): void {
  const { label } = namespace;
  if (label === undefined) return;
  files.set('size', {
    mode: 0o644,
    show: () => `${namespace.sizeBytes}\n`,
    store: (text) => storeSize(system, namespace, text),
  });
  files.set('uuid', {
    mode: 0o644,
    show: () => `${label.uuid}\n`,
    store: (text) => storeUuid(system, namespace, text),
  });
  files.set('alt_name', {
    mode: 0o644,
    show: () => `${label.alternateName}\n`,
    store: (text) => storeAlternateName(system, namespace, text),
  });
}

function storeSize(system: System, namespace: NamespaceIo, text: string): number {
  const sizeBytes = parseUnsigned(text);
  if (sizeBytes < 0) return sizeBytes;
  if (isNamespaceBound(system, namespace)) return -EBUSY;
  const error = system.tree.nvdimm.namespaceSizeStore(namespace, sizeBytes);
  return error === 0 ? text.length : error;
}

/** uuid_store: refused while bound, for what is no uuid, and for one that another namespace of the bus has. */
function storeUuid(system: System, namespace: NamespaceIo, text: string): number {
  const uuid = text.trim().toLowerCase();
  if (isNamespaceBound(system, namespace) || namespace.claim !== undefined) return -EBUSY;
  if (!UUID.test(uuid)) return -EINVAL;
  const { label, region } = namespace;
  if (label === undefined || !system.tree.nvdimm.ndIsUuidUnique(region.bus, uuid)) return -EINVAL;
  label.uuid = uuid;
  return text.length;
}

function storeAlternateName(system: System, namespace: NamespaceIo, text: string): number {
  const name = text.trim();
  if (isNamespaceBound(system, namespace) || namespace.claim !== undefined) return -EBUSY;
  if (name.length >= NAME_BYTES || namespace.label === undefined) return -EINVAL;
  namespace.label.alternateName = name;
  return text.length;
}
