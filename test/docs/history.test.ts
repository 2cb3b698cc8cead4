/** docs/HISTORY.md: its table is held to the variants, and to what judging them says. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeVariants } from '#engine/judge-series.ts';
import { readVariant, variantNames, type VariantVerdict } from '#engine/variant.ts';
import { emptyStore, project, rootFolder } from '../support/project.ts';
import { share } from '../support/thorough.ts';

const folder = `${rootFolder}/series/variants`;
const rows = readFileSync(`${rootFolder}/docs/HISTORY.md`, 'utf8')
  .split('\n')
  .filter((line) => /^\| `[a-z0-9-]+` \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^[|\s`]+|[|\s`]+$/g, '')));

/** What a verdict says in one or two words. */
function inShort({ problem, convictedBy }: VariantVerdict): string {
  return problem ?? convictedBy ?? 'cleared';
}

describe('docs/HISTORY.md', () => {
  const variants = variantNames(folder)
    .map((name) => readVariant(folder, name))
    .filter(({ source }) => source !== '');

  it('should have a row for each variant of the history, with its source and workload', () => {
    expect(rows.map(([name]) => name).sort()).toEqual(variants.map(({ name }) => name).sort());
    expect(variants.length).toBeGreaterThan(20);
    for (const [name, what, when, fixedBy, workload] of rows) {
      const variant = variants.find((candidate) => candidate.name === name);
      const lines = variant?.workload.split('\n').join(' / ');
      expect([name, what, when, fixedBy, workload]).toEqual([
        name,
        variant?.title,
        variant?.source,
        variant?.fixedBy,
        lines,
      ]);
    }
  });

  it('should say of each what judging it says', async () => {
    const tried = share(rows, 8);
    const names = tried.map(([name = '']) => name);
    const verdicts = await judgeVariants(project, names, { store: emptyStore() });
    expect(verdicts.filter(({ asExpected }) => !asExpected).map(({ name }) => name)).toEqual([]);
    expect(verdicts.map((verdict) => [verdict.name, inShort(verdict)])).toEqual(
      tried.map(([name, , , , , verdict]) => [name, verdict]),
    );
  });

  it('should have no variant that shows in more than three operations, those of the reports aside', () => {
    const long = variants.filter(
      ({ workload }) => workload.split('\n').filter((line) => !line.startsWith('boot ')).length > 4,
    );
    expect(long.map(({ name }) => name).sort()).toEqual(['forgets-what-is-still-bad', 'mkclean-huge']);
  });

  it('should have a page of facts for each', () => {
    for (const { name, title } of variants)
      expect(readFileSync(`${folder}/${name}/README.md`, 'utf8')).toContain(`# ${name}: ${title}`);
  });
});
