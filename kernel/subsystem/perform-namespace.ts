/**
 * What user space does with labels and namespaces in several steps (ndctl create-namespace, destroy-namespace,
 * zero-labels): the writes to sysfs that these commands make, in their order, up to the first that fails.
 */
import { isDimmBusy, nvdimmProbe, nvdimmRemove } from '../drivers/nvdimm/dimm.ts';
import { dropClaims } from '../drivers/nvdimm/claims.ts';
import type { Nvdimm } from '../drivers/nvdimm/nd.ts';
import { EBUSY, ENODEV, ENXIO } from '../errno.ts';
import { bindNamespace, detachDisk } from './bind.ts';
import type { Operation, OperationResult } from './operation.ts';
import { performCheckNamespace } from './perform-check.ts';
import { performPersonality } from './perform-personality.ts';
import { sysfsWrite } from './sysfs.ts';
import { type System, namespaceNamed } from './system.ts';

type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Namespaces made, changed, checked and removed, label areas wiped, commands of dimms made to fail. */
export function performOnNamespaces(
  system: System,
  operation: OperationOf<
    | 'personality'
    | 'check namespace'
    | 'create namespace'
    | 'destroy namespace'
    | 'zero labels'
    | 'fail commands'
  >,
  operationIndex: number,
): OperationResult {
  switch (operation.kind) {
    case 'personality':
      return performPersonality(system, operation, operationIndex);
    case 'check namespace':
      return performCheckNamespace(system, operation);
    case 'create namespace':
      return performCreateNamespace(system, operation, operationIndex);
    case 'destroy namespace':
      return performDestroyNamespace(system, operation);
    case 'zero labels':
      return performZeroLabels(system, operation);
    case 'fail commands':
      return performFailCommands(system, operation);
  }
}

/** A uuid in text form, different for each operation of a workload. */
function uuidOf(operationIndex: number): string {
  return `${operationIndex.toString(16).padStart(8, '0')}-1111-2222-3333-444455556666`;
}

/** Configures the seed of a region: uuid, sector size on block windows, size; then binds it as what is wanted. */
function performCreateNamespace(
  system: System,
  { region: name, sizeBytes, sectorBytes, personality }: OperationOf<'create namespace'>,
  operationIndex: number,
): OperationResult {
  const region = system.buses.flatMap(({ regions }) => regions).find((candidate) => candidate.name === name);
  const seed = region?.children?.namespaces.find(
    (namespace) => namespace.name === region.children?.seeds.namespace,
  );
  if (seed === undefined) return { returned: -ENODEV };
  const settings: [file: string, text: string][] = [
    ['uuid', uuidOf(operationIndex)],
    ...(sectorBytes === undefined ? [] : [['sector_size', `${sectorBytes}`] as [string, string]]),
    ['size', `${sizeBytes}`],
  ];
  for (const [file, text] of settings) {
    const returned = sysfsWrite(system, `/bus/nd/devices/${seed.name}/${file}`, text);
    if (returned < 0) return { returned };
  }
  const error = bindNamespace(system, seed);
  if (error !== 0 || personality.type === 'raw') return { returned: error };
  const disk = system.tree.nvdimm.nvdimmNamespaceDiskName(seed);
  return performPersonality(system, { kind: 'personality', disk, personality }, operationIndex);
}

/** Unbinds what is over a namespace, and gives its room and labels back. */
function performDestroyNamespace(
  system: System,
  { namespace: name }: OperationOf<'destroy namespace'>,
): OperationResult {
  const namespace = namespaceNamed(system, name);
  if (namespace === undefined) return { returned: -ENODEV };
  for (const [disk, slot] of system.pmem) {
    if (slot.namespace !== namespace) continue;
    detachDisk(system, disk);
    system.pmem.delete(disk);
  }
  dropClaims(namespace);
  const returned = sysfsWrite(system, `/bus/nd/devices/${name}/size`, '0');
  return { returned: Math.min(0, returned) };
}

function withDimm(
  { buses }: System,
  name: string,
  act: (dimm: Nvdimm, isBusy: boolean) => number,
): OperationResult {
  for (const { dimms = [], regions } of buses) {
    const dimm = dimms.find((candidate) => candidate.name === name);
    if (dimm !== undefined) return { returned: act(dimm, isDimmBusy(dimm, regions)) };
  }
  return { returned: -ENODEV };
}

/** Wipes the label area of a dimm and binds its driver anew. -EBUSY while a region on it is bound. */
function performZeroLabels(system: System, { dimm }: OperationOf<'zero labels'>): OperationResult {
  return withDimm(system, dimm, (nvdimm, isBusy) => {
    if (isBusy) return -EBUSY;
    if (nvdimm.labelArea === undefined) return -ENXIO;
    nvdimm.labelArea.fill(0);
    nvdimmRemove(nvdimm);
    return nvdimmProbe(nvdimm);
  });
}

/** The dimm fails commands from now on: `fail_cmd` of the regression suite's test module. */
function performFailCommands(system: System, operation: OperationOf<'fail commands'>): OperationResult {
  return withDimm(system, operation.dimm, (nvdimm) => {
    nvdimm.failingCommands = operation.mask;
    return 0;
  });
}
