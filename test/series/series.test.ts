/** The files of the series agree: with each other, with the cover letter, and with what the facts say of each step. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSeries } from '#engine/series/check.ts';
import { project, seriesFolders } from '../support/project.ts';

describe('the series', () => {
  it('should lead from before to after, patch by patch', () => {
    expect(checkSeries(seriesFolders())).toBe(14);
  });

  it("should carry the cover letter's subjects, in its order", () => {
    const letter = readFileSync(join(project.root, 'series/cover-letter.txt'), 'utf8');
    const list = /^Dan Williams \(14\):\n((?:.+\n){14})/m.exec(letter)?.[1]?.trim().split('\n') ?? [];
    expect(project.series.patches().map(({ subject }) => subject)).toEqual(list.map((line) => line.trim()));
  });

  it('should have a contract for each patch', () => {
    expect(project.contracts().map(({ step }) => step)).toEqual(
      Array.from({ length: 14 }, (_, index) => index + 1),
    );
  });

  it('should declare nothing for the steps that the facts call pure', () => {
    // memory-and-dax.md 16.13
    const pure = project.contracts().filter(({ differences }) => differences.length === 0);
    expect(pure.map(({ step }) => step)).toEqual([2, 4, 5, 8, 9, 10]);
  });
});
