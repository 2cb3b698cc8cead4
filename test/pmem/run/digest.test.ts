/** Which runs have one name: those in which nothing that can be seen or owed differs. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { digestOfRun } from '#pmem/run/digest.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';

const digestOf = (boot: Boot, text: string): string => digestOfRun(runWorkload(boot, parseWorkload(text)));

describe('the digest of a run', () => {
  it('should be that of another run that does the same', () => {
    expect(digestOf(before, 'store pmem0:/f @0 8')).toBe(digestOf(after, 'store pmem0:/f @0 8'));
  });

  it('should tell instructions apart', () => {
    // memory-and-dax.md 15 B5: before, the end of the first piece is not written back.
    const text = 'dax write pmem0:/f @0 iov 1,4095';
    expect(digestOf(before, text)).not.toBe(digestOf(after, text));
  });

  it('should tell apart where poison lies that nobody has met', () => {
    expect(digestOf(after, 'poison pmem0 @0 64')).not.toBe(digestOf(after, 'poison pmem0 @64 64'));
  });
});
