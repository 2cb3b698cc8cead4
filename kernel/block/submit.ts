/**
 * Submission of bios (block/blk-core.c, blk-flush.c, blk-lib.c of v4.12): the stripping of PREFLUSH and FUA on a
 * queue without a volatile cache, the cache flush, and zeroing (nvdimm-and-firmware.md 11.2, 11.3; memory-and-dax.md
 * 9.2, 10).
 */
import { EINVAL, EIO, ENXIO } from '../errno.ts';
import { type Page, zeroPage } from '../lib/user-memory.ts';
import { type Bio, type BioVec, SECTOR_SIZE, bioEndio, bioSizeBytes, newBio } from './bio.ts';
import type { GenDisk } from './disk.ts';

/** Pages of one zeroing bio (BIO_MAX_PAGES). */
const BIO_MAX_PAGES = 256;

const PAGE_SIZE = 4096;

/** submit_bio_wait: submits `bio`, waits, returns its status (0 or a negative error). */
export function submitBioWait(bio: Bio): number {
  submitBio(bio);
  return bio.status;
}

/** submit_bio with the tests of generic_make_request_checks; a queue that can not be entered any more fails the bio. */
export function submitBio(bio: Bio): void {
  const sectors = bioSizeBytes(bio) / SECTOR_SIZE;
  if (bio.sector + sectors > bio.disk.capacitySectors) {
    endWith(bio, -EIO);
    return;
  }
  if ((bio.preflush || bio.fua) && !bio.disk.queue.writeCache) {
    bio.preflush = false;
    bio.fua = false;
    if (sectors === 0) {
      endWith(bio, 0);
      return;
    }
  }
  if (bio.disk.queue.isDying === true) endWith(bio, -EIO);
  else bio.disk.queue.makeRequest(bio);
}

function endWith(bio: Bio, status: number): void {
  bio.status = status;
  bioEndio(bio);
}

/** blkdev_issue_flush: an empty write with PREFLUSH, waited for. Returns its status. */
export function blkdevIssueFlush(disk: GenDisk | undefined): number {
  if (disk === undefined) return -ENXIO;
  return submitBioWait(newBio({ operation: 'write', disk, sector: 0, segments: [], preflush: true }));
}

/**
 * blkdev_issue_zeroout(bdev, sector, sectors): no driver here advertises WRITE ZEROES, so it writes the shared zero
 * page, up to 256 pages a bio. Returns 0, -EINVAL for a range that is not whole logical blocks, or the first error.
 */
export function blkdevIssueZeroout(disk: GenDisk, sector: number, sectorCount: number): number {
  const block = disk.queue.logicalBlockSize / SECTOR_SIZE;
  if (sector % block !== 0 || sectorCount % block !== 0) return -EINVAL;
  const page = zeroPage();
  let status = 0;
  let done = 0;
  while (done < sectorCount && status === 0) {
    const sizeBytes = Math.min((sectorCount - done) * SECTOR_SIZE, BIO_MAX_PAGES * PAGE_SIZE);
    const segments = pageSegments(page, sizeBytes);
    status = submitBioWait(newBio({ operation: 'write', disk, sector: sector + done, segments }));
    done += sizeBytes / SECTOR_SIZE;
  }
  return status;
}

function pageSegments(page: Page, sizeBytes: number): BioVec[] {
  const segments: BioVec[] = [];
  for (let at = 0; at < sizeBytes; at += PAGE_SIZE) {
    segments.push({ page, offset: 0, lengthBytes: Math.min(PAGE_SIZE, sizeBytes - at) });
  }
  return segments;
}

/**
 * bdev_write_page / bdev_read_page: the driver's rw_page. Returns its result, -EOPNOTSUPP's stand-in `undefined`
 * when the driver has none.
 */
export function bdevRwPage(disk: GenDisk, sector: number, page: Page, isWrite: boolean): number | undefined {
  return disk.rwPage?.(sector, page, isWrite);
}
