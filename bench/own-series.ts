/** A user's own series: ten commits and a probe of 20 ms, beside what the probe itself takes; and what is known already. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '#base/git.ts';
import { formatSeconds } from './report.ts';

const CONFORM = join(import.meta.dirname, '..', 'bin', 'conform.mjs');
const COMMITS = 10;
const WORKLOADS = 40;
const ROUNDS = 3;

/** A probe that takes 20 ms whatever else the machine does. */
const PROBE = 'sleep 0.02; printf "result\\t\\t%s\\n" "$(cat value)"\n';

const CONFIGURATION = `range: base..HEAD
probe: { run: sh "$CONFORM_PROJECT/probe.sh", workloads: [workloads/*], dimensions: { result: } }
`;

function makeRepository(folder: string): void {
  mkdirSync(join(folder, 'workloads'), { recursive: true });
  for (let index = 0; index < WORKLOADS; index++)
    writeFileSync(join(folder, 'workloads', String(index)), `${index}\n`);
  writeFileSync(join(folder, 'conform.config.yaml'), CONFIGURATION);
  writeFileSync(join(folder, 'probe.sh'), PROBE);
  writeFileSync(join(folder, 'value'), 'one\n');
  const commit = (subject: string): void => {
    git(folder, ['add', '--all']);
    git(folder, ['-c', 'user.name=bench', '-c', 'user.email=bench@invalid', 'commit', '-q', '-m', subject]);
  };
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  commit('base');
  git(folder, ['branch', 'base']);
  for (let index = 1; index <= COMMITS; index++) {
    writeFileSync(join(folder, `file-${index}`), `${index}\n`);
    commit(`Commit ${index}`);
  }
}

function secondsOf(command: string, words: readonly string[], folder: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, words, { cwd: folder, encoding: 'utf8', input: '' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? 0;

export function benchOwnSeries(): string[] {
  const outer = mkdtempSync(join(tmpdir(), 'conform-bench-'));
  const folder = join(outer, 'project');
  try {
    makeRepository(folder);
    const conform = (cache: number, ...words: string[]): number =>
      secondsOf(process.execPath, [CONFORM, '--cache-dir', join(outer, `cache-${cache}`), ...words], folder);
    const loop = `for i in $(seq ${(COMMITS + 1) * WORKLOADS}); do sh probe.sh; done`;
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const probe = secondsOf('sh', ['-c', loop], folder);
      const [first, again] = [conform(round, 'run'), conform(round, 'run')];
      return { probe, first, again, review: conform(round, 'review') };
    });
    const node = median(rounds.map(() => secondsOf(process.execPath, ['-e', '0'], folder)));
    const ratio = median(rounds.map(({ probe, first }) => first / probe));
    return [
      `${COMMITS} commits, ${WORKLOADS} workloads, a probe of 20 ms, medians of ${ROUNDS}`,
      `the probe alone, one after the other   ${formatSeconds(median(rounds.map(({ probe }) => probe)))}`,
      `conform run, nothing known             ${formatSeconds(median(rounds.map(({ first }) => first)))}, ${ratio.toFixed(2)} x (target: under 1.3 x)`,
      `conform run, everything known          ${formatSeconds(median(rounds.map(({ again }) => again)))}`,
      `conform review, everything known       ${formatSeconds(median(rounds.map(({ review }) => review)))} (target: under 0.5 s; bare node ${formatSeconds(node)})`,
    ];
  } finally {
    rmSync(outer, { recursive: true, force: true });
  }
}
