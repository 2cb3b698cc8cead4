/** The dcssblk column of memory-and-dax.md 11. */
import { describe, expect, it } from 'vitest';
import { allocDax, daxDirectAccess } from '../../../../after/drivers/dax/super.ts';
import {
  MEMORY_BYTES,
  MEMORY_START,
  executed,
  memoryKernel,
  segment,
  writeBio,
} from './support/memory-kernel.ts';
import { blkdevIssueZeroout, submitBioWait } from '#kernel/block/submit.ts';
import { dcssblkAdd, dcssblkDaxOps } from '#kernel/drivers/block/dcssblk.ts';
import { EINVAL, EIO } from '#kernel/errno.ts';

function added() {
  const kernel = memoryKernel();
  const dcssblk = dcssblkAdd(kernel, 'dcssblk0', MEMORY_START, MEMORY_BYTES);
  return { kernel, dcssblk, dax: allocDax(kernel, 'dcssblk0', dcssblkDaxOps(dcssblk)) };
}

describe('dcssblk', () => {
  it('should give all pages to the end, and not notice a page beyond it', () => {
    const { kernel, dax } = added();
    expect(daxDirectAccess(kernel, dax, 250, 100).pages).toBe(6);
    expect(daxDirectAccess(kernel, dax, 257, 1)).toEqual({
      pages: 1,
      address: MEMORY_START + 257 * 4096,
      hasStructPages: false,
    });
  });

  it('should publish direct access alone', () => {
    expect(Object.keys(added().dax.operations)).toEqual(['directAccess']);
  });

  it('should advertise dax, no write cache, and blocks of 4096 bytes', () => {
    expect(added().dcssblk.disk.queue).toMatchObject({
      dax: true,
      writeCache: false,
      fua: false,
      logicalBlockSize: 4096,
    });
  });

  it.each([
    ['sector', 1, [segment(4096)]],
    ['length', 8, [segment(512)]],
    ['segment length', 8, [segment(512), segment(3584)]],
    ['place in memory', 8, [segment(2048, 2048), segment(2048)]],
  ])('should fail a bio whose %s is not whole pages, and store nothing', (_what, sector, segments) => {
    const { kernel, dcssblk } = added();
    expect(submitBioWait(writeBio(dcssblk.disk, sector, segments))).toBe(-EIO);
    expect(executed(kernel)).toBe('');
  });

  it('should write a bio of whole pages with one memcpy a segment', () => {
    const { kernel, dcssblk } = added();
    expect(submitBioWait(writeBio(dcssblk.disk, 8, [segment(4096), segment(4096)]))).toBe(0);
    expect(executed(kernel)).toBe('c4096:4096 c8192:4096');
  });

  it('should be zeroed by bios in whole pages only', () => {
    const { kernel, dcssblk } = added();
    expect(blkdevIssueZeroout(dcssblk.disk, 1, 8)).toBe(-EINVAL);
    expect(blkdevIssueZeroout(dcssblk.disk, 0, 1)).toBe(-EINVAL);
    expect(blkdevIssueZeroout(dcssblk.disk, 8, 8)).toBe(0);
    expect(executed(kernel)).toBe('c4096:4096');
  });
});
