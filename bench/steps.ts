/** `conform run`: all trees of the series, all scenarios, the variants, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { formatSeconds } from './report.ts';

const CONFORM = join(import.meta.dirname, '..', 'bin', 'conform.mjs');

function medianOf(rounds: number, words: readonly string[]): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [CONFORM, ...words], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return (performance.now() - start) / 1000;
  });
  return times.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
}

export function benchSteps(): string[] {
  const fresh = medianOf(3, ['run', '--fresh']);
  const start = medianOf(5, ['--version']);
  const cached = medianOf(5, ['run']);
  return [
    `conform run --fresh, median of 3           ${formatSeconds(fresh)} (target: under 60 s)`,
    `conform run, evidence kept, median of 5    ${formatSeconds(cached)}`,
    `start-up alone (--version), median of 5    ${formatSeconds(start)}`,
    `cached run after start-up                  ${formatSeconds(cached - start)} (target: under 1 s)`,
  ];
}
