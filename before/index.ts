/** Makes the files of this tree bootable: gathers what the rest of the kernel calls in them. The same in every tree. */
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import { type Subsystem, bootSubsystem } from '#kernel/subsystem/subsystem.ts';
import type { MappedDisk, PmemDisk, Tree } from '#kernel/tree.ts';
import { x86Selects } from './arch/x86/Kconfig.ts';
import { acpiNfitInit, acpiNfitScrubWork, scrubOperations } from './drivers/acpi/nfit/core.ts';
import { allocDax, bdevDaxSupported, daxGetByHost, killDax } from './drivers/dax/super.ts';
import { dmBindTable, dmCreate, dmDestroy } from './drivers/md/dm.ts';
import { linearCtr } from './drivers/md/dm-linear.ts';
import { stripeCtr } from './drivers/md/dm-stripe.ts';
import { ndIoctlClearError, nvdimmRevalidateDisk, toNdDeviceType } from './drivers/nvdimm/bus.ts';
import { devmNsioDisable, devmNsioEnable, nsioRwBytes } from './drivers/nvdimm/claim.ts';
import { nvdimmBadblocksPopulate, nvdimmBusAddPoison } from './drivers/nvdimm/core.ts';
import { ndDaxCreate, ndDaxProbe } from './drivers/nvdimm/dax_devs.ts';
import {
  namespaceSizeStore,
  ndIsUuidUnique,
  ndNamespaceLabelUpdate,
  ndRegionCreateNsSeed,
  ndRegionRegisterNamespaces,
  nvdimmNamespaceDiskName,
  pmemShouldMapPages,
} from './drivers/nvdimm/namespace_devs.ts';
import { ndPfnCreate, ndPfnInit, ndPfnValidate } from './drivers/nvdimm/pfn_devs.ts';
import { ndPmemNotify, ndPmemRemove, ndPmemShutdown, pmemAttachDisk } from './drivers/nvdimm/pmem.ts';
import {
  ndRegionActivate,
  ndRegionAttributes,
  ndRegionCreate,
  ndRegionNotifyDriverAction,
  ndRegionToNstype,
  nvdimmFlush,
  regionVisible,
} from './drivers/nvdimm/region_devs.ts';
import {
  daxIomapFault,
  daxIomapRw,
  daxPfnMkwrite,
  daxWritebackMappingRange,
  daxZeroPageRange,
} from './fs/dax.ts';
import { libSymbols } from './lib/Kconfig.ts';
import { iovIterInit } from './lib/iov_iter.ts';

const tree: Tree = {
  selectedSymbols: x86Selects.filter((symbol) => libSymbols.includes(symbol)),
  dax: { allocDax, daxGetByHost, killDax, bdevDaxSupported },
  fsDax: {
    daxIomapRw: (inode, position, vector, isWrite, operations) =>
      daxIomapRw(inode, position, iovIterInit(vector), isWrite, operations),
    daxIomapFault,
    daxPfnMkwrite,
    daxWritebackMappingRange,
    daxZeroPageRange,
  },
  deviceMapper: {
    dmCreate: (kernel, name): MappedDisk => {
      const md = dmCreate(kernel, name);
      return {
        disk: md.disk,
        dax: md.dax,
        bind: (table) => dmBindTable(md, table),
        destroy: () => dmDestroy(md),
      };
    },
    linearCtr,
    stripeCtr,
  },
  nvdimm: {
    ndRegionCreate,
    ndRegionActivate,
    ndRegionToNstype,
    ndRegionRegisterNamespaces,
    ndRegionCreateNsSeed,
    ndRegionNotifyDriverAction,
    ndRegionAttributes,
    regionVisible,
    nvdimmFlush,
    ndPfnCreate,
    ndPfnValidate,
    ndPfnInit,
    ndDaxCreate,
    ndDaxProbe,
    pmemShouldMapPages,
    nvdimmNamespaceDiskName,
    namespaceSizeStore,
    ndIsUuidUnique,
    ndNamespaceLabelUpdate,
    toNdDeviceType,
    nvdimmRevalidateDisk,
    ndIoctlClearError,
    nvdimmBadblocksPopulate,
    nvdimmBusAddPoison,
    devmNsioEnable,
    devmNsioDisable,
    nsioRwBytes,
    pmemAttachDisk: (namespace, diskName, layout): PmemDisk | number => {
      const pmem = pmemAttachDisk(namespace, diskName, layout);
      if (typeof pmem === 'number') return pmem;
      return {
        disk: pmem.disk,
        remove: () => ndPmemRemove(pmem),
        shutdown: () => ndPmemShutdown(pmem),
        revalidatePoison: () => ndPmemNotify(pmem),
      };
    },
  },
  nfit: { acpiNfitInit, acpiNfitScrubWork, scrubOperations },
};

/** Boots this tree on a machine as `configuration` says. */
export function boot(configuration: BootConfiguration): Subsystem {
  return bootSubsystem(tree, configuration);
}
