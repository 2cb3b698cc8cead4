/** The axonram column of memory-and-dax.md 11. */
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
import { submitBioWait } from '#kernel/block/submit.ts';
import { axonRamDaxOps, axonRamProbe } from '#kernel/drivers/block/axonram.ts';
import { EIO, ERANGE } from '#kernel/errno.ts';

function probed() {
  const kernel = memoryKernel();
  const axonRam = axonRamProbe(kernel, 'axonram0', MEMORY_START, MEMORY_BYTES);
  const dax = allocDax(kernel, 'axonram0', axonRamDaxOps(axonRam));
  return { kernel, axonRam, dax };
}

describe('axonram', () => {
  it('should give all pages from the one asked for to the end, as device memory', () => {
    const { kernel, dax } = probed();
    // 1 MiB is 256 pages.
    expect(dax.operations.directAccess(kernel, dax, 0, 1)).toEqual({
      pages: 256,
      address: MEMORY_START,
      hasStructPages: false,
    });
    expect(dax.operations.directAccess(kernel, dax, 255, 1)).toMatchObject({ pages: 1 });
  });

  it('should give no page at the end, which the dax core makes -ERANGE', () => {
    const { kernel, dax } = probed();
    expect(daxDirectAccess(kernel, dax, 256, 1).pages).toBe(-ERANGE);
  });

  it('should not notice that a page lies beyond the end', () => {
    const { kernel, dax } = probed();
    // (2^20 - 300 * 4096) / 4096 of unsigned 64-bit numbers: 2^52 - 44 pages.
    expect(dax.operations.directAccess(kernel, dax, 300, 2).pages).toBe(2 ** 52 - 44);
    expect(daxDirectAccess(kernel, dax, 300, 2)).toMatchObject({
      pages: 2,
      address: MEMORY_START + 300 * 4096,
    });
  });

  it('should publish direct access alone', () => {
    expect(Object.keys(probed().dax.operations)).toEqual(['directAccess']);
  });

  it('should advertise neither dax nor a write cache, and blocks of 512 bytes', () => {
    expect(probed().axonRam.disk.queue).toMatchObject({
      dax: false,
      writeCache: false,
      fua: false,
      logicalBlockSize: 512,
    });
  });

  it('should write a bio with one memcpy a segment', () => {
    const { kernel, axonRam } = probed();
    expect(submitBioWait(writeBio(axonRam.disk, 1, [segment(512), segment(1024, 512)]))).toBe(0);
    expect(executed(kernel)).toBe('c512:512 c1024:1024');
  });

  it('should leave the end of the disk to the block core', () => {
    const { kernel, axonRam } = probed();
    expect(submitBioWait(writeBio(axonRam.disk, 2047, [segment(1024)]))).toBe(-EIO);
    expect(executed(kernel)).toBe('');
  });
});
