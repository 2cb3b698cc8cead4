/** The tests of `test/exhaustive/six-instructions-*.test.ts`, which share the settings among them. */
import { describe, expect, it } from 'vitest';
import { SETTINGS } from './programs.ts';
import { compareTree } from './tree-comparison.ts';

/** One test for each of the settings: every program of up to six instructions. */
export function compareSixInstructions(...names: readonly string[]): void {
  describe('the sets of images equal those of the machine', () => {
    for (const name of names) {
      const setting = SETTINGS.find(([candidate]) => candidate === name)![1];
      it(`for all 1,223,023 programs of up to 6 instructions: ${name}`, { timeout: 900_000 }, () => {
        const found = compareTree({ setting, maxLength: 6, acknowledge: 'last', programs: 'wanted' });
        expect(found.mismatches).toEqual([]);
        expect(found.programCounts).toEqual([1, 6, 56, 624, 7_424, 90_816, 1_124_096]);
      });
    }
  });
}
