/**
 * The BTT device and its disk (drivers/nvdimm/btt.c, v4.12.0; nvdimm-and-firmware.md 9.1): block access to a
 * namespace in which each block is written whole or not at all. The queue has no volatile write cache, so flushes
 * never come here: every raw write is flushed on its own. The series changes nothing in this file; it changes what
 * the raw access (`nsio_rw_bytes`) copies with.
 */
import { type Bio, SECTOR_SIZE, bioEndio } from '../../block/bio.ts';
import { type GenDisk, newQueue } from '../../block/disk.ts';
import { ENODEV, ENOMEM, ENXIO } from '../../errno.ts';
import { type Kernel, KernelOops, print, withoutPreemption } from '../../kernel.ts';
import type { Page } from '../../lib/user-memory.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { Arena } from './btt-arena.ts';
import { type BttBlocks, type PagePiece, bttReadPage, bttWritePage } from './btt-io.ts';
import { ARENA_MIN_BYTES, BTT_START_BYTES, LOG_SLOTS_4_12, type LogSlots } from './btt-layout.ts';
import { type BttMedia, createArenas, discoverArenas } from './btt-open.ts';
import type { RawAccess } from './raw-access.ts';

/** Sector sizes that a BTT takes: a block, or a block with integrity data behind it. Bytes. */
export const BTT_LBA_SIZES: readonly number[] = [512, 520, 528, 4096, 4104, 4160, 4224];

const NO_UUID = new Uint8Array(16);

/** A configured BTT device (struct nd_btt) and what it is bound to. */
export interface BttConfiguration {
  readonly kernel: Kernel;
  /** `bttR.I`, for the log. */
  readonly device: string;
  /** `pmemRs` or `pmemR.Is`. */
  readonly diskName: string;
  /** The region, for one message, and whether it is read-only. */
  readonly region: { readonly name: string; readonly readOnly: boolean };
  /** Raw access to the namespace, and its size in bytes. */
  readonly raw: RawAccess;
  readonly namespaceSizeBytes: number;
  /** One of `BTT_LBA_SIZES`; absent, like `uuid`, when nobody has set it. */
  readonly lbaSizeBytes?: number;
  readonly uuid?: Uint8Array;
  /** The namespace's uuid; none for one without label. */
  readonly parentUuid?: Uint8Array;
  readonly logSlots?: LogSlots;
  /** The CPU that runs; its number is the lane. */
  readonly currentCpu?: () => number;
}

/** struct btt. */
export interface Btt extends BttBlocks {
  readonly kernel: Kernel;
  readonly device: string;
  readonly arenas: readonly Arena[];
  readonly lbaSizeBytes: number;
  /** Blocks of all arenas. */
  readonly lbaCount: number;
  readonly disk: GenDisk;
}

/**
 * nvdimm_namespace_attach_btt: finds or writes the BTT of a namespace and makes its disk. Errors: -ENODEV when uuid
 * or sector size are not set, -ENXIO below 16 MiB, -ENOMEM for every other failure, as in C; the log says which.
 */
export function nvdimmNamespaceAttachBtt(configuration: BttConfiguration): Btt | number {
  const { uuid, lbaSizeBytes, namespaceSizeBytes } = configuration;
  if (uuid === undefined || lbaSizeBytes === undefined) return -ENODEV;
  const rawSizeBytes = namespaceSizeBytes - BTT_START_BYTES;
  if (rawSizeBytes < ARENA_MIN_BYTES) return -ENXIO;
  const arenas = bttInit(configuration, {
    kernel: configuration.kernel,
    device: configuration.device,
    raw: configuration.raw,
    rawSizeBytes,
    lbaSizeBytes,
    uuid,
    parentUuid: configuration.parentUuid ?? NO_UUID,
    logSlots: configuration.logSlots ?? LOG_SLOTS_4_12,
  });
  return arenas === undefined ? -ENOMEM : newBtt(configuration, arenas, lbaSizeBytes);
}

/** btt_init without the disk: the arenas, or `undefined` after saying in the log what failed. */
function bttInit({ region }: BttConfiguration, media: BttMedia): readonly Arena[] | undefined {
  const { kernel, device } = media;
  const found = discoverArenas(media);
  if (typeof found === 'number') {
    print(kernel, 'error', device, `init: error in arena_discover: ${found}`);
    return undefined;
  }
  if (found.length > 0) return found;
  if (region.readOnly) {
    print(kernel, 'info', device, `${region.name} is read-only, unable to init btt metadata`);
    return undefined;
  }
  const created = createArenas(media);
  if (typeof created !== 'number') return created;
  print(kernel, 'error', device, `init: error in meta_init: ${created}`);
  return undefined;
}

/** btt_blk_init: the disk, as large as the blocks on media times the sector size asked for. */
function newBtt(configuration: BttConfiguration, arenas: readonly Arena[], lbaSizeBytes: number): Btt {
  const { kernel, device, diskName, region, currentCpu } = configuration;
  const sectorSizeBytes = lbaSizeBytes >= 4096 ? 4096 : 512;
  const lbaCount = arenas.reduce((total, { geometry }) => total + geometry.externalLbaCount, 0);
  const queue = newQueue((bio) => bttMakeRequest(btt, bio));
  queue.logicalBlockSize = sectorSizeBytes;
  queue.physicalBlockSize = sectorSizeBytes;
  const disk: GenDisk = {
    name: diskName,
    capacitySectors: Math.floor((lbaCount * sectorSizeBytes) / SECTOR_SIZE),
    readOnly: region.readOnly,
    queue,
    rwPage: (sector, page, isWrite) => bttRwPage(btt, sector, page, isWrite),
    driver: 'nd_btt',
  };
  const btt: Btt = {
    kernel,
    device,
    arenas,
    sectorSizeBytes,
    lbaSizeBytes,
    lbaCount,
    disk,
    acquireLane: currentCpu ?? (() => 0),
  };
  kernel.disks.set(diskName, disk);
  return btt;
}

/** nvdimm_namespace_detach_btt: takes the disk away. The driver's remove flushes the region afterwards. */
export function nvdimmNamespaceDetachBtt(btt: Btt): void {
  btt.kernel.disks.delete(btt.disk.name);
}

/** btt_do_bvec: 0 or a negative error. The lane that it takes belongs to the CPU, which it keeps (nd_region_acquire_lane). */
function bttDoBvec(btt: Btt, piece: PagePiece, isWrite: boolean, sector: number): number {
  return withoutPreemption(btt.kernel, () =>
    isWrite ? bttWritePage(btt, piece, sector) : bttReadPage(btt, piece, sector),
  );
}

/**
 * btt_make_request: the segments up to the first error, which is logged. PREFLUSH and FUA are not looked at. Dies
 * (BUG_ON) on a segment that is not whole sectors within a page.
 */
function bttMakeRequest(btt: Btt, bio: Bio): void {
  const isWrite = bio.operation === 'write';
  let { sector } = bio;
  for (const segment of bio.segments) {
    const { lengthBytes } = segment;
    if (lengthBytes > PAGE_SIZE_BYTES || lengthBytes === 0 || lengthBytes % btt.sectorSizeBytes !== 0) {
      throw new KernelOops(`BUG in btt_make_request: a segment of ${lengthBytes} bytes`);
    }
    bio.status = bttDoBvec(btt, segment, isWrite, sector);
    if (bio.status !== 0) {
      const direction = isWrite ? 'WRITE' : 'READ';
      print(btt.kernel, 'info', btt.device, `io error in ${direction} sector ${sector}, len ${lengthBytes},`);
      break;
    }
    sector += lengthBytes / SECTOR_SIZE;
  }
  bioEndio(bio);
}

/** btt_rw_page as of 4.12.0: a page, always with success, whatever became of it (15.1 n; 4.12.4 returns the error). */
function bttRwPage(btt: Btt, sector: number, page: Page, isWrite: boolean): number {
  bttDoBvec(btt, { page, offset: 0, lengthBytes: PAGE_SIZE_BYTES }, isWrite, sector);
  return 0;
}
