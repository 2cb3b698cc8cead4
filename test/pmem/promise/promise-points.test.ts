import { describe, expect, it } from 'vitest';
import type { Operation } from '#kernel/subsystem/operation.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { carriesPromise, covers } from '#pmem/promise/promise-points.ts';

const operation = (text: string) => parseWorkload(text).steps[0]!.operation as Operation;

/** Whether success of the first covers what the second, an earlier operation, stored. */
const isCovered = (promise: string, writer: string) => covers(operation(promise), operation(writer), false);

describe('the success of an operation', () => {
  // POSIX fsync, msync and O_DSYNC; the block layer's FUA and PREFLUSH; nvdimm-and-firmware.md 2.1 for the rest.
  it('should promise something for what makes durable, and for nothing else', () => {
    const promising = [
      'fsync pmem0:/f',
      'msync pmem0:/f @0 8',
      'dax write pmem0:/f @0 iov 8 sync',
      'bio write pmem0 @0 512 fua',
      'bio write pmem0 @0 512 preflush',
      'flush pmem0',
      'raw write pmem0 @0 8',
    ];
    for (const text of promising) expect(carriesPromise(operation(text))).toBe(true);
    const silent = [
      'msync pmem0:/f @0 8 async',
      'dax write pmem0:/f @0 iov 8',
      'store pmem0:/f @0 8',
      'bio write pmem0 @0 512',
      'bio read pmem0 @0 512',
      'page write pmem0 @0',
      'zeroout pmem0 @0 512',
      'raw read pmem0 @0 8',
      'detach pmem0',
    ];
    for (const text of silent) expect(carriesPromise(operation(text))).toBe(false);
  });

  it('should cover blocks of the same disk when it flushes', () => {
    for (const writer of ['bio write pmem0 @0 512', 'page write pmem0 @0', 'zeroout pmem0 @0 512']) {
      expect(isCovered('flush pmem0', writer)).toBe(true);
      expect(isCovered('flush pmem1', writer)).toBe(false);
      expect(isCovered('bio write pmem0 @4K 512 preflush', writer)).toBe(true);
      expect(isCovered('bio write pmem0 @4K 512 fua', writer)).toBe(false);
      expect(isCovered('fsync pmem0:/f', writer)).toBe(false);
    }
    expect(isCovered('flush pmem0', 'store pmem0:/f @0 8')).toBe(false);
    expect(isCovered('flush pmem0', 'raw write pmem0 @0 8')).toBe(false);
  });

  it('should cover the same file when it is synced', () => {
    for (const promise of ['fsync pmem0:/f', 'msync pmem0:/f @0 8']) {
      expect(isCovered(promise, 'store pmem0:/f @0 8')).toBe(true);
      expect(isCovered(promise, 'store pmem0:/g @0 8')).toBe(false);
      expect(isCovered(promise, 'dax write pmem1:/f @0 iov 8')).toBe(false);
    }
    expect(isCovered('dax write pmem0:/f @0 iov 8 sync', 'store pmem0:/f @0 8')).toBe(false);
  });

  it('should cover its own data when it is a synchronous, a raw or a FUA write', () => {
    const own = ['dax write pmem0:/f @0 iov 8 sync', 'raw write pmem0 @0 8', 'bio write pmem0 @0 512 fua'];
    for (const text of own) expect(covers(operation(text), operation(text), true)).toBe(true);
    const preflush = operation('bio write pmem0 @0 512 preflush');
    expect(covers(preflush, preflush, true)).toBe(false);
  });
});
