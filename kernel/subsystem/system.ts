/** A booted system: the kernel, the tree it runs, and the devices and file systems it has. */
import {
  type DaxFile,
  type DaxFileSystem,
  createFile,
  mountDax,
  restoreFile,
} from '../fs/dax-file-system.ts';
import type { AcpiNfitDesc } from '../drivers/acpi/nfit/acpi-desc.ts';
import type { Btt } from '../drivers/nvdimm/btt.ts';
import type { NamespaceIo, NvdimmBus } from '../drivers/nvdimm/nd.ts';
import { ENODEV } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import type { MappedDisk, PmemDisk, Tree } from '../tree.ts';
import type { PlatformState } from './platform.ts';
import type { CarriedOver, DmTargetShape, FileName } from './operation.ts';

/** A namespace and the disk over it while one is attached. */
export interface PmemSlot {
  readonly namespace: NamespaceIo;
  /** The disk, plain or of a pfn device. */
  attached?: PmemDisk;
  /** The BTT that is bound instead. */
  btt?: Btt;
  /** A dax device is bound instead: there is no disk. */
  isDeviceDax?: boolean;
  /** Takes the struct pages away that lie on the device. */
  unmapStructPages?: () => void;
}

export interface System {
  readonly kernel: Kernel;
  readonly tree: Tree;
  readonly buses: NvdimmBus[];
  /** What the NFIT driver keeps of each bus that came from firmware tables. */
  readonly firmware: AcpiNfitDesc[];
  readonly platform: PlatformState;
  /** By the name of the disk that a namespace has or would have. */
  readonly pmem: Map<string, PmemSlot>;
  readonly mapped: Map<string, MappedDisk>;
  readonly fileSystems: Map<string, DaxFileSystem>;
  /** Tables of the mapped devices as they were loaded, in order. */
  readonly tables: Map<string, readonly DmTargetShape[]>;
  /** What an earlier life of the machine left; file systems pick up their files from it. */
  readonly carriedOver: CarriedOver | undefined;
}

/** The namespace of that name, if its region's driver knows one. */
export function namespaceNamed({ buses }: System, name: string): NamespaceIo | undefined {
  return buses
    .flatMap(({ regions }) => regions)
    .flatMap(({ children }) => children?.namespaces ?? [])
    .find((namespace) => namespace.name === name);
}

/** The name of a label area over power failures: a handle is the dimm's on its bus. */
export function labelAreaKey(busName: string, handle: number): string {
  return `${busName} ${handle}`;
}

/** Size of a file that was never created: the device up to this, bytes. */
const IMPLICIT_FILE_BYTES = 1 << 20;

/** The file system of a disk, mounted when first used. A negative error when the disk cannot carry one. */
export function fileSystemOf(system: System, disk: string): DaxFileSystem | number {
  const mounted = system.fileSystems.get(disk);
  if (mounted !== undefined) return mounted;
  const device = system.kernel.disks.get(disk);
  if (device === undefined) return -ENODEV;
  const fs = mountDax(system.kernel, system.tree, device);
  if (typeof fs === 'number') return fs;
  system.fileSystems.set(disk, fs);
  for (const file of system.carriedOver?.files ?? []) {
    if (file.disk === disk) restoreFile(fs, file.path, file.sizeBytes, file.extents);
  }
  fs.nextPage = system.carriedOver?.nextPages.get(disk) ?? 0;
  return fs;
}

/**
 * The file of that name. One that was never created is there all the same: mapped, zero, as large as half of what
 * the device has left, at most 1 MiB.
 */
export function fileOf(
  system: System,
  name: FileName,
): { readonly fs: DaxFileSystem; readonly file: DaxFile } | number {
  const fs = fileSystemOf(system, name.disk);
  if (typeof fs === 'number') return fs;
  const known = fs.files.get(name.path);
  if (known !== undefined) return { fs, file: known };
  const leftPages = Math.floor(fs.disk.capacitySectors / 8) - fs.nextPage;
  const sizeBytes = Math.min(IMPLICIT_FILE_BYTES, Math.ceil(leftPages / 2) * 4096);
  const file = createFile(fs, name.path, { sizeBytes, blocks: 'mapped', alignPages: 1 });
  return typeof file === 'number' ? file : { fs, file };
}
