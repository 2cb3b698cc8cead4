/** Which table may follow which, and who sets the dax flag when (memory-and-dax.md 8.6). */
import { describe, expect, it } from 'vitest';
import { memoryKernel } from '../block/support/memory-kernel.ts';
import { errors, linear, member, tableOf } from './support/tables.ts';
import { tableLoad } from '#kernel/drivers/md/dm-ioctl.ts';
import { EINVAL } from '#kernel/errno.ts';

const tables = {
  dax: tableOf(linear(member({ dax: true }))),
  plain: tableOf(linear(member())),
  errors: tableOf(errors),
};

describe('tableLoad', () => {
  it.each([
    ['dax', 'dax', 0, true],
    ['dax', 'plain', -EINVAL, true],
    ['dax', 'errors', 0, true],
    ['plain', 'dax', 0, false],
    ['plain', 'plain', 0, false],
    ['errors', 'dax', 0, false],
  ] as const)('should answer %s and then %s with %i, the flag being %s', (first, second, returned, flag) => {
    const kernel = memoryKernel();
    const { disk } = member();
    expect(tableLoad(kernel, disk, tables[first], true)).toBe(0);
    expect(tableLoad(kernel, disk, tables[second], false)).toBe(returned);
    expect(disk.queue.dax).toBe(flag);
    expect(kernel.log.length).toBe(returned === 0 ? 0 : 1);
  });
});
