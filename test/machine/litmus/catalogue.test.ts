/**
 * The catalogue in `litmus/` against the explorer. The verdicts and image counts in those files are the published
 * ones (persistency.md 1.3a and 1.7) or come from the second machine (`second-machine.ts`), never from the explorer.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLitmusFile } from '../../../machine/litmus/file-parser.ts';
import { textReport } from '../../../machine/litmus/report.ts';
import { runTest } from '../../../machine/litmus/verdicts.ts';

const folder = new URL('../../../litmus/', import.meta.url);

describe('the litmus catalogue', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.litmus'))) {
    it(`should agree with every verdict and image count of ${name}`, () => {
      const tests = parseLitmusFile(readFileSync(new URL(name, folder), 'utf8'), name);
      const results = tests.map((test) => runTest(test));
      const wrong = results.filter(
        ({ answers, unfinished }) => unfinished.length > 0 || answers.some(({ agrees }) => agrees !== true),
      );
      expect(wrong.map((result) => textReport([result], false))).toEqual([]);
    });
  }
});
