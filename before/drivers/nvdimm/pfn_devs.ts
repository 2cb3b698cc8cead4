/**
 * drivers/nvdimm/pfn_devs.c: pfn devices, which keep an info block and perhaps the struct pages of a namespace in
 * front of its data (nvdimm-and-firmware.md 7.4). What an info block must hold is the kernel's around the series.
 */
import { freeClaimName } from '#kernel/drivers/nvdimm/claims.ts';
import type { NamespaceIo, NdRegion } from '#kernel/drivers/nvdimm/nd.ts';
import {
  type PfnSettings,
  type PfnTarget,
  ndPfnInit as pfnInit,
  ndPfnValidate as pfnValidate,
} from '#kernel/drivers/nvdimm/pfn-devs.ts';
import type { PfnInfo, PfnKind } from '#kernel/drivers/nvdimm/pfn-info.ts';
import { namespaceUuid } from '#kernel/drivers/nvdimm/uuid.ts';
import { nsioRwBytes } from './claim.ts';
import { isNdPmem } from './nd-core.ts';

/** nd_pfn_create: the name of the next pfn device of a region; only for pmem regions. */
export function ndPfnCreate(region: NdRegion): string | undefined {
  return isNdPmem(region) ? freeClaimName(region, 'pfn') : undefined;
}

/** The namespace as what looks for an info block sees it. */
function targetOf(namespace: NamespaceIo, kind: PfnKind): PfnTarget {
  const { region } = namespace;
  return {
    kernel: region.kernel,
    device: namespace.claim ?? freeClaimName(region, kind),
    kind,
    raw: (offset, buffer, isWrite, flags) => nsioRwBytes(namespace, offset, buffer, isWrite, flags),
    namespace,
    parentUuid: namespaceUuid(namespace),
    region: { name: region.name, readOnly: region.readOnly, mayHavePfn: isNdPmem(region) },
  };
}

/** nd_pfn_validate: the info block of that kind on the namespace, or a negative error: -ENODEV when there is none. */
export function ndPfnValidate(
  namespace: NamespaceIo,
  kind: PfnKind,
  settings?: PfnSettings,
): PfnInfo | number {
  return pfnValidate(targetOf(namespace, kind), settings);
}

/** nd_pfn_init: the info block that is there, or a new one as user space has configured it; or a negative error. */
export function ndPfnInit(namespace: NamespaceIo, kind: PfnKind, settings: PfnSettings): PfnInfo | number {
  return pfnInit(targetOf(namespace, kind), settings);
}
