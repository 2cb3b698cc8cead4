/** `conform traces`: CPU time of 3,500 rows of a real kernel on one tree, reading and comparing, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { formatSeconds } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
const CONFORM = join(ROOT, 'bin', 'conform.mjs');
const ROWS = 3500;

/** Kernel and the tree that is equal to it. */
const PAIRS = [
  ['4.12.10', 'before'],
  ['4.13.9', 'stable-4.13.9'],
] as const;

export function benchTraces(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'conform-bench-'));
  try {
    return PAIRS.map(([kernel, tree]) => {
      const file = join(folder, `${kernel}.jsonl`);
      writeFileSync(file, rowsOf(kernel).join('\n'));
      const seconds = medianCpu(3, ['traces', file, '--tree', tree]);
      const name = `${ROWS} rows of ${kernel} on ${tree}, CPU, median of 3`.padEnd(56);
      return `${name}${formatSeconds(seconds)} (target: under 5 s)`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The measured rows, from the first on again until there are enough. */
function rowsOf(kernel: string): string[] {
  const path = join(ROOT, 'test', 'golden', 'data', 'real-kernel-4.1x', `linux-${kernel}.jsonl.gz`);
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return Array.from({ length: ROWS }, (_, index) => lines[index % lines.length] ?? '');
}

/** CPU seconds of the command and what it starts, user and system. */
function medianCpu(rounds: number, words: readonly string[]): number {
  const times = Array.from({ length: rounds }, () => {
    const script = `process.argv.splice(1, 1, ${JSON.stringify(CONFORM)});
      process.on('exit', () => {
        const { user, system } = process.cpuUsage();
        process.stderr.write(String((user + system) / 1e6));
      });
      await import(${JSON.stringify(CONFORM)});`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script, '--', 'x', ...words],
      { encoding: 'utf8', cwd: ROOT },
    );
    if (status !== 0) throw new Error(stderr);
    return Number(stderr);
  });
  return times.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
}
