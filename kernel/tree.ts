/**
 * What the rest of the kernel calls in the files of the series: one object per tree, made by the tree's `index.ts`.
 * In C these are ordinary calls; here they go through this table so that the same kernel runs around either tree.
 */
import type { GenDisk } from './block/disk.ts';
import type { DmTable } from './drivers/md/dm-table.ts';
import type { DmMember, DmMemberRange, DmTarget } from './drivers/md/dm-target.ts';
import type { BadBlocks } from './block/badblocks.ts';
import type { AcpiNfitDesc } from './drivers/acpi/nfit/acpi-desc.ts';
import type { ScrubOperations } from './drivers/acpi/nfit/ars.ts';
import type { NamespaceIo, NdRegion, NdRegionDesc, NvdimmBus, RegionType } from './drivers/nvdimm/nd.ts';
import type { PfnSettings } from './drivers/nvdimm/pfn-devs.ts';
import type { PfnInfo, PfnKind } from './drivers/nvdimm/pfn-info.ts';
import type { DeviceAttribute } from './drivers/nvdimm/region-attributes.ts';
import type { Vma } from './fs/address-space.ts';
import type { DaxDevice, DaxDriver } from './fs/dax-device.ts';
import type { DaxInode, IomapOperations } from './fs/iomap.ts';
import type { ConfigSymbol, Kernel } from './kernel.ts';
import type { Vector } from './lib/vector.ts';

/** The disk of a namespace as its bus driver sees it: bound, then told things, then removed. */
export interface PmemDisk {
  readonly disk: GenDisk;
  remove(): void;
  shutdown(): void;
  /** NVDIMM_REVALIDATE_POISON. */
  revalidatePoison(): void;
}

/** Where the data of a pmem disk lies in its namespace. */
export interface PmemLayout {
  readonly dataOffset: number;
  /** Bytes left out at the start, and at both ends together. */
  readonly startPad: number;
  readonly pfnPad: number;
  readonly hasStructPages: boolean;
}

export interface MappedDisk {
  readonly disk: GenDisk;
  readonly dax: DaxDevice;
  bind(table: DmTable): void;
  destroy(): void;
}

export interface Tree {
  /** CONFIG_ symbols that the architecture selects. */
  readonly selectedSymbols: readonly ConfigSymbol[];
  readonly dax: {
    allocDax(kernel: Kernel, hostName: string, operations: DaxDriver): DaxDevice;
    daxGetByHost(kernel: Kernel, hostName: string): DaxDevice | undefined;
    killDax(kernel: Kernel, dax: DaxDevice | undefined): void;
    bdevDaxSupported(kernel: Kernel, disk: GenDisk, blockSize: number): number;
  };
  readonly fsDax: {
    daxIomapRw(
      inode: DaxInode,
      position: number,
      vector: Vector,
      isWrite: boolean,
      operations: IomapOperations,
    ): number;
    daxIomapFault(
      inode: DaxInode,
      vma: Vma,
      index: number,
      isWrite: boolean,
      isHuge: boolean,
      operations: IomapOperations,
    ): 'done' | 'fallback' | 'sigbus';
    daxPfnMkwrite(inode: DaxInode, vma: Vma, index: number): 'done' | 'fallback' | 'sigbus';
    daxWritebackMappingRange(inode: DaxInode, first: number, last: number, waits: boolean): number;
    daxZeroPageRange(
      kernel: Kernel,
      disk: GenDisk,
      dax: DaxDevice | undefined,
      sector: number,
      offset: number,
      sizeBytes: number,
    ): number;
  };
  readonly deviceMapper: {
    dmCreate(kernel: Kernel, name: string): MappedDisk;
    linearCtr(begin: number, sectorCount: number, member: DmMember, startSector: number): DmTarget;
    stripeCtr(
      begin: number,
      sectorCount: number,
      chunkSectors: number,
      members: readonly DmMemberRange[],
    ): DmTarget | number;
  };
  readonly nvdimm: {
    ndRegionCreate(bus: NvdimmBus, description: NdRegionDesc, type: RegionType): NdRegion | undefined;
    ndRegionActivate(region: NdRegion): number;
    ndRegionToNstype(region: NdRegion): number;
    ndRegionRegisterNamespaces(region: NdRegion): NamespaceIo[] | number;
    ndRegionCreateNsSeed(region: NdRegion): void;
    ndRegionNotifyDriverAction(region: NdRegion, isBound: boolean): void;
    readonly ndRegionAttributes: ReadonlyMap<string, DeviceAttribute<NdRegion>>;
    /** Mode of a file of a region, 0 when it has none of that name. */
    regionVisible(region: NdRegion, name: string): number;
    nvdimmFlush(region: NdRegion): void;
    ndPfnCreate(region: NdRegion): string | undefined;
    ndPfnValidate(namespace: NamespaceIo, kind: PfnKind, settings?: PfnSettings): PfnInfo | number;
    ndPfnInit(namespace: NamespaceIo, kind: PfnKind, settings: PfnSettings): PfnInfo | number;
    ndDaxCreate(region: NdRegion): string | undefined;
    ndDaxProbe(namespace: NamespaceIo): PfnInfo | number;
    pmemShouldMapPages(namespace: NamespaceIo): boolean;
    nvdimmNamespaceDiskName(namespace: NamespaceIo): string;
    namespaceSizeStore(namespace: NamespaceIo, sizeBytes: number): number;
    ndIsUuidUnique(bus: NvdimmBus, uuid: string): boolean;
    ndNamespaceLabelUpdate(namespace: NamespaceIo): number;
    toNdDeviceType(region: NdRegion): number;
    nvdimmRevalidateDisk(region: NdRegion, disk: GenDisk): void;
    ndIoctlClearError(bus: NvdimmBus, start: number, length: number): number;
    nvdimmBadblocksPopulate(
      region: NdRegion,
      table: BadBlocks,
      range: { readonly start: number; readonly sizeBytes: number },
    ): void;
    nvdimmBusAddPoison(bus: NvdimmBus, start: number, length: number): number;
    pmemAttachDisk(namespace: NamespaceIo, diskName: string, layout: PmemLayout): PmemDisk | number;
    devmNsioEnable(namespace: NamespaceIo): number;
    devmNsioDisable(namespace: NamespaceIo): void;
    nsioRwBytes(
      namespace: NamespaceIo,
      offset: number,
      buffer: Uint8Array,
      isWrite: boolean,
      flags?: { readonly atomic?: boolean },
    ): number;
  };
  readonly nfit: {
    acpiNfitInit(desc: AcpiNfitDesc, table: Uint8Array): number;
    acpiNfitScrubWork(desc: AcpiNfitDesc): void;
    scrubOperations(desc: AcpiNfitDesc): ScrubOperations;
  };
}
