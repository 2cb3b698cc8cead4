/** The linter beside the compiler, each in processes of its own (`lint-speed.mjs`); the trees of the series alone, here. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { COMPILERS, openerFor } from '#checks/oracle/open.ts';
import { lintSeries } from '#checks/series.ts';
import { openProject } from '#engine/project.ts';
import configuration from '#series/conform.config.ts';
import { formatSeconds } from './report.ts';

const ROUNDS = 3;

export async function benchLint(): Promise<string[]> {
  const script = join(import.meta.dirname, 'lint-speed.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return [
    ...stdout.trim().split('\n'),
    'targets for 3,000 files: at most 1.3 x (ts-morph), 1.0 x (typescript-7), unchanged 0.05 of cold, 800 MB',
    '',
    `The trees of all steps alone, compiler started anew, median of ${ROUNDS} (targets: 10 s, 2 s)`,
    ...(await treeLines()),
  ];
}

async function treeLines(): Promise<string[]> {
  const { series, lint } = openProject(configuration);
  const trees = Array.from({ length: series.stepCount + 1 }, (_, step) => ({
    step,
    folder: series.tree(series.stepName(step)).folder,
  }));
  const lines: string[] = [];
  for (const name of COMPILERS) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const opener = await openerFor(name);
      lintSeries({ rules: lint, trees }, opener);
      opener.close();
      times.push((performance.now() - start) / 1000);
    }
    const median = times.sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? 0;
    lines.push(`  ${trees.length} trees, ${name}`.padEnd(37) + formatSeconds(median));
  }
  return lines;
}
