/** Every program of up to five instructions under the default setting; `test/exhaustive/` goes on to six. */
import { describe, expect, it } from 'vitest';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { compareTree } from '../oracle/tree-comparison.ts';

describe('the sets of images equal those of the machine', () => {
  it('for all 98,927 programs of up to 5 instructions: adr', () => {
    const setting = persistencySetting('adr');
    const found = compareTree({ setting, maxLength: 5, acknowledge: 'last', programs: 'wanted' });
    expect(found.mismatches).toEqual([]);
    expect(found.programCounts).toEqual([1, 6, 56, 624, 7_424, 90_816]);
  });
});
