import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { additionProblems } from '#review/additions.ts';
import { openSurfaces } from '#review/surface.ts';
import { project, rootFolder, stepFolder } from '../support/project.ts';

const reader = await openSurfaces(join(rootFolder, 'tsconfig.json'));
const surfaces = Array.from({ length: 15 }, (_, step) => reader.read(stepFolder(step)));
reader.close();
const problems = (trees: typeof surfaces): string[] => additionProblems(trees, project.operationTables);
const only = (...steps: number[]): string[] => problems(steps.map((step) => surfaces[step]!));

describe('what the series adds', () => {
  it('should have a caller within two steps, and at the end', () => {
    expect(problems(surfaces)).toEqual([]);
  });

  it('should be found in vain when its callers never come', () => {
    // Patch 4 publishes the flush operation of pmem; device-mapper passes it on in patch 5 (memory-and-dax.md 12).
    const flush = 'include/linux/dax.ts#DaxOperations.flush';
    expect(only(3, 4)).toContain(`step 1 adds ${flush}, which nobody calls up to step 1`);
    expect(only(3, 4)).toContain(`step 1 adds ${flush}, which nobody calls at the end`);
    expect(only(3, 4, 5).join()).not.toContain(flush);
  });

  it('should be found late when its callers take three steps to come', () => {
    expect(only(3, 4, 4, 4, 5)).toEqual([
      expect.stringContaining('#DaxOperations.flush, which nobody calls up to step 3'),
    ]);
  });
});
