/** The brd column of memory-and-dax.md 11. */
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
import { brdAlloc, brdDaxOps } from '#kernel/drivers/block/brd.ts';
import { ENOSPC } from '#kernel/errno.ts';
import type { ConfigSymbol } from '#kernel/kernel.ts';

function allocated(symbols: readonly ConfigSymbol[] = ['BLK_DEV_RAM_DAX']) {
  const kernel = memoryKernel(symbols);
  const brd = brdAlloc(kernel, 'ram0', MEMORY_START, MEMORY_BYTES);
  return { kernel, brd, dax: allocDax(kernel, 'ram0', brdDaxOps(brd)) };
}

describe('brd', () => {
  it('should give one page however many are asked for', () => {
    const { kernel, dax } = allocated();
    expect(daxDirectAccess(kernel, dax, 3, 100)).toMatchObject({
      pages: 1,
      address: MEMORY_START + 3 * 4096,
    });
  });

  it('should give -ENOSPC where there is no page to be had', () => {
    const { kernel, dax } = allocated();
    expect(daxDirectAccess(kernel, dax, 256, 1).pages).toBe(-ENOSPC);
  });

  it('should publish direct access alone', () => {
    expect(Object.keys(allocated().dax.operations)).toEqual(['directAccess']);
  });

  it('should advertise dax only when configured so, never a write cache', () => {
    expect(allocated().brd.disk.queue).toMatchObject({ dax: true, writeCache: false, logicalBlockSize: 512 });
    expect(allocated([]).brd.disk.queue).toMatchObject({ dax: false, writeCache: false });
  });

  it('should write a bio with one memcpy a segment', () => {
    const { kernel, brd } = allocated();
    expect(submitBioWait(writeBio(brd.disk, 8, [segment(512)]))).toBe(0);
    expect(executed(kernel)).toBe('c4096:512');
  });
});
