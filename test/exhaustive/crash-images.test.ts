/** The long form of `test/machine/crash-images.test.ts`: many more random programs. */
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyProgram, anySetting, mismatchOf } from '../machine/oracle/programs.ts';

describe('the sets of images equal those of the machine, step by step', () => {
  for (const values of ['unique', 'repeating'] as const) {
    it(`for random programs of up to 6 instructions, ${values} values`, { timeout: 600_000 }, () => {
      const agrees = property(anyProgram(6, values), anySetting, (trace, setting) => {
        expect(mismatchOf(trace, setting)).toBeUndefined();
      });
      assert(agrees, { numRuns: 5_000 });
    });
  }
});
