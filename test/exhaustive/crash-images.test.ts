/** The long form of `test/machine/crash-images.test.ts`: programs of five instructions, and more random ones. */
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyProgram, anySetting, mismatchOf, programs, SETTINGS } from '../machine/oracle/programs.ts';

/**
 * How many programs are skipped between two that are tried: none under the default setting, and none at all with
 * `PMEM_CONFORM_EXHAUSTIVE=1` (some 40 minutes on two cores).
 */
const strideOf = (name: string): number =>
  process.env['PMEM_CONFORM_EXHAUSTIVE'] === '1' || name === SETTINGS[0]?.[0] ? 1 : 16;

describe('the sets of images equal those of the machine, step by step', () => {
  for (const [name, setting] of SETTINGS) {
    const stride = strideOf(name);
    const which = stride === 1 ? 'every program' : `every ${stride}th program`;
    it(`for ${which} of 5 instructions: ${name}`, { timeout: 600_000 }, () => {
      const mismatches: string[] = [];
      let count = 0;
      for (const program of programs(5)) {
        if (count++ % stride !== 0) continue;
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
