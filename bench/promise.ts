/**
 * The promise over all scenarios and over random workloads: what is found on which tree, how much of it is a standing defect
 * (anything else is printed), and what judging costs beside running. `BENCH_WORKLOADS` and `BENCH_SEED` ask for others.
 */
import { sample } from 'fast-check';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { crashInside } from '#pmem/promise/inside.ts';
import { promiseFindings } from '#pmem/promise/promise.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { InputError } from '#base/input-error.ts';
import { openProject } from '#engine/project.ts';
import { loadTree } from '#pmem/load-tree.ts';
import configuration from '#series/conform.config.ts';
import { anyWorkload } from './random-workloads.ts';
import { formatSeconds } from './report.ts';
import { defectOf } from '#pmem/fuzz/standing-defects.ts';

/** What judging many workloads on one tree came to. CPU seconds. */
interface Judged {
  workloads: number;
  withFindings: number;
  readonly byRule: Map<string, number>;
  readonly unknown: string[];
  running: number;
  judging: number;
}

export async function benchPromise(): Promise<string[]> {
  const { series } = openProject(configuration);
  const scenarios = suiteScenarios().map(({ workload }) => workload);
  const lines: string[] = [`${scenarios.length} scenarios`];
  for (let step = 0; step <= series.stepCount; step++) {
    const boot = await loadTree(series.tree(series.stepName(step)).folder);
    lines.push(`${series.stepName(step).padEnd(8)} ${described(judgeAll(boot, scenarios, step > 3))}`);
  }
  const count = Number(process.env['BENCH_WORKLOADS'] ?? 2000);
  const seed = Number(process.env['BENCH_SEED'] ?? 2017);
  lines.push(`${count} random workloads of up to ten operations, seed ${seed}`);
  for (const name of ['before', 'after'] as const) {
    const boot = await loadTree(series.tree(name).folder);
    const judged = judgeAll(boot, sample(anyWorkload(10), { seed, numRuns: count }), name === 'after');
    lines.push(`${name.padEnd(8)} ${described(judged)}`);
    for (const text of judged.unknown) lines.push(`  not a standing defect: ${text}`);
  }
  return [...lines, await insideLine(await loadTree(series.tree('after').folder))];
}

function judgeAll(boot: Boot, texts: readonly string[], isAfter: boolean): Judged {
  const judged: Judged = {
    workloads: 0,
    withFindings: 0,
    byRule: new Map(),
    unknown: [],
    running: 0,
    judging: 0,
  };
  for (const text of texts) judgeOne(boot, text, isAfter, judged);
  return judged;
}

function judgeOne(boot: Boot, text: string, isAfter: boolean, judged: Judged): void {
  const workload = parsed(text);
  if (workload === undefined) return;
  const begun = process.cpuUsage();
  const run = runWorkload(boot, workload);
  const done = process.cpuUsage(begun);
  const findings = promiseFindings(workload, run);
  const all = process.cpuUsage(begun);
  judged.workloads++;
  judged.running += done.user / 1e6;
  judged.judging += (all.user - done.user) / 1e6;
  if (findings.length > 0) judged.withFindings++;
  for (const finding of findings) {
    judged.byRule.set(finding.rule, (judged.byRule.get(finding.rule) ?? 0) + 1);
    if (defectOf(finding, text, isAfter) === undefined)
      judged.unknown.push(`${finding.text}: ${text.replaceAll('\n', ' / ')}`);
  }
}

/** The workload; `undefined` for one that can not be run. */
function parsed(text: string) {
  try {
    const workload = parseWorkload(text);
    checkWorkload(workload);
    return workload;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function described({ workloads, withFindings, byRule, unknown, running, judging }: Judged): string {
  const rules = [...byRule].sort().map(([rule, count]) => `${rule} ${count}`);
  const times = `running ${formatSeconds(running / workloads)}, judging ${formatSeconds(judging / workloads)} each`;
  const others = unknown.length === 0 ? 'all standing defects' : `${unknown.length} UNKNOWN`;
  return `${withFindings} with findings (${rules.join(', ')}; ${others}), ${times}`;
}

/** What power failures inside the writes of two sectors cost. */
async function insideLine(boot: Boot): Promise<string> {
  const workload = parseWorkload(
    'boot adr pmem0=17M / personality pmem0 btt 512 / bio write pmem0s @0 512 / bio write pmem0s @0 512',
  );
  const begun = process.cpuUsage();
  const images = crashInside(boot, workload).reduce((sum, report) => sum + report.images, 0);
  return `power failures inside: ${images} images, ${formatSeconds(process.cpuUsage(begun).user / 1e6 / images)} each`;
}
