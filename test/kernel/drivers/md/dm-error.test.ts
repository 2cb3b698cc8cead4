/** Targets without memory of their own (memory-and-dax.md 8.5). */
import { describe, expect, it } from 'vitest';
import { memoryKernel, segment, writeBio } from '../block/support/memory-kernel.ts';
import { errors, member, origin, tableOf } from './support/tables.ts';
import { EIO } from '#kernel/errno.ts';

describe('the error target', () => {
  const [target] = tableOf(errors).targets;

  it('should fail bios and direct access with -EIO', () => {
    if (target === undefined) throw new Error('no target');
    expect(target.type.map(target, writeBio(member().disk, 0, [segment(512)]), 0)).toBe(-EIO);
    expect(target.type.directAccess?.(memoryKernel(), target, 0, 1).pages).toBe(-EIO);
  });

  it('should ask for no flush', () => {
    expect(target?.flushBioCount).toBe(0);
  });
});

describe('the origin of a snapshot', () => {
  const disk = member();
  const [, target] = tableOf(errors, origin(disk)).targets;

  it('should send bios on to the same sector of its disk, wherever it begins', () => {
    if (target === undefined) throw new Error('no target');
    expect(target.type.map(target, writeBio(disk.disk, 1032, [segment(512)]), 0)).toEqual({
      disk: disk.disk,
      sector: 1032,
    });
  });

  it('should warn at every direct access and fail it with -EIO', () => {
    if (target === undefined) throw new Error('no target');
    const kernel = memoryKernel();
    expect(target.type.directAccess?.(kernel, target, 0, 1).pages).toBe(-EIO);
    expect(target.type.directAccess?.(kernel, target, 0, 1).pages).toBe(-EIO);
    expect(kernel.log.map(({ level, text }) => `${level} ${text}`)).toEqual([
      'warning snapshots: device does not support dax.',
      'warning snapshots: device does not support dax.',
    ]);
  });
});
