/**
 * Files of btt, pfn and dax devices (drivers/nvdimm/{btt,pfn,dax}_devs.c): seeds, which nothing is configured of yet,
 * and devices over a namespace. Size and resource are there while a driver is bound.
 */
import { BTT_LBA_SIZES } from '../drivers/nvdimm/btt.ts';
import type { NamespaceClaim, NdRegion } from '../drivers/nvdimm/nd.ts';
import { nvdimmSetupPfn } from '../drivers/nvdimm/pfn-devs.ts';
import { PfnMode } from '../drivers/nvdimm/pfn-info.ts';
import { ENXIO } from '../errno.ts';
import { type SysfsFiles, textFile } from '../fs/sysfs-file.ts';
import type { System } from './system.ts';

const ALIGNMENTS = '4096 2097152 1073741824 ';

/** What a device says of itself; a seed says nothing. */
interface ClaimValues {
  readonly namespace: string;
  readonly uuid: string;
  readonly size: string | number;
  readonly resource: string | number;
  readonly sectorBytes?: number;
  readonly alignBytes: number;
  readonly mode: string;
}

const SEED: ClaimValues = {
  namespace: '',
  uuid: '',
  size: -ENXIO,
  resource: -ENXIO,
  alignBytes: 2097152,
  mode: 'none',
};

/** Sizes that may be chosen, the chosen one in brackets. */
export function sizeChoices(chosen: number | undefined): string {
  return BTT_LBA_SIZES.map((size) => (size === chosen ? `[${size}] ` : `${size} `)).join('');
}

function filesOf(
  { tree }: System,
  region: NdRegion,
  kind: NamespaceClaim['kind'],
  values: ClaimValues,
): SysfsFiles {
  const nstype = kind === 'dax' ? 7 : tree.nvdimm.ndRegionToNstype(region);
  const common = [
    ['devtype', textFile(`nd_${kind}`)],
    ['modalias', textFile(`nd:t${nstype}`)],
    ['namespace', textFile(values.namespace)],
    ['numa_node', textFile(`${region.numaNode ?? -1}`)],
    ['uuid', textFile(values.uuid)],
    ['size', textFile(values.size)],
  ] as const;
  if (kind === 'btt') return new Map([...common, ['sector_size', textFile(sizeChoices(values.sectorBytes))]]);
  return new Map([
    ...common,
    ['align', textFile(`${values.alignBytes}`)],
    ['mode', textFile(values.mode)],
    ['resource', textFile(values.resource)],
    ['supported_alignments', textFile(ALIGNMENTS)],
  ]);
}

/** The files of a btt, pfn or dax device that nothing was configured of. */
export function seedFiles(system: System, region: NdRegion, kind: NamespaceClaim['kind']): SysfsFiles {
  return filesOf(system, region, kind, SEED);
}

/** The files of the device `name` over a namespace. */
export function claimFiles(system: System, name: string, claim: NamespaceClaim): SysfsFiles {
  const { kind, namespace, uuid, sectorBytes } = claim;
  const isDriverBound = namespace.claim === name;
  const values = {
    ...SEED,
    namespace: isDriverBound ? namespace.name : '',
    uuid,
    ...(sectorBytes === undefined ? {} : { sectorBytes }),
    ...(isDriverBound ? boundValues(system, claim) : {}),
  };
  return filesOf(system, namespace.region, kind, values);
}

/** What only a bound device knows: where its data is, and how much of it there is. */
function boundValues({ pmem }: System, { namespace, info }: NamespaceClaim): Partial<ClaimValues> {
  const btt = [...pmem.values()].find((slot) => slot.namespace === namespace)?.btt;
  if (btt !== undefined) return { size: `${btt.disk.capacitySectors * 512}` };
  const layout = info === undefined ? -ENXIO : nvdimmSetupPfn(namespace, info);
  if (info === undefined || typeof layout === 'number') return {};
  return {
    size: `${layout.data.sizeBytes}`,
    resource: `0x${layout.data.start.toString(16)}`,
    alignBytes: info.alignBytes,
    mode: info.mode === PfnMode.ram ? 'ram' : 'pmem',
  };
}
