/** What an operation read, in a few words. */
import { expect, it } from 'vitest';
import { describeData } from '#pmem/run/data-runs.ts';

it('should be runs of zeroes and of other bytes', () => {
  expect(describeData(Uint8Array.of(0, 0, 1, 2, 3, 0))).toBe('2 zero, 3 stored, 1 zero');
  expect(describeData(new Uint8Array(0))).toBe('');
});
