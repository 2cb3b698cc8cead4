/** The long form of `test/machine/crash-images.test.ts`: programs of five instructions, and more random ones. */
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyProgram, anySetting, mismatchOf, programs, SETTINGS } from '../machine/oracle/programs.ts';

describe('the sets of images equal those of the machine, step by step', () => {
  for (const [name, setting] of SETTINGS) {
    it(`for every program of 5 instructions: ${name}`, { timeout: 600_000 }, () => {
      const mismatches: string[] = [];
      let count = 0;
      for (const program of programs(5)) {
        count++;
        const mismatch = mismatchOf([...program, 'A0'].join(' '), setting);
        if (mismatch !== undefined) mismatches.push(mismatch);
      }
      expect(count).toBe(140_800);
      expect(mismatches).toEqual([]);
    });
  }

  for (const values of ['unique', 'repeating'] as const) {
    it(`for random programs of up to 6 instructions, ${values} values`, { timeout: 600_000 }, () => {
      const agrees = property(anyProgram(6, values), anySetting, (trace, setting) => {
        expect(mismatchOf(trace, setting)).toBeUndefined();
      });
      assert(agrees, { numRuns: 5_000 });
    });
  }
});
