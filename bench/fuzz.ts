/**
 * What a generated workload costs on the ends of the series, all told: drawing it, running it on both, holding both to the promise,
 * comparing. CPU time of one thread; what drawing alone costs, with fast-check beside it; and how long it takes to make a finding
 * small, on variants that break promises. `BENCH_WORKLOADS` and `BENCH_SEED` ask for others.
 */
import { sample } from 'fast-check';
import { type FoundOften, note } from '#engine/fuzz/batch.ts';
import { explainFound, SHRUNK_MAX } from '#engine/fuzz/explain.ts';
import { openProject } from '#engine/project.ts';
import { generator } from '#pmem/fuzz/generate.ts';
import { fuzzOptions } from '#pmem/fuzz/pairs.ts';
import { openFuzz } from '#pmem/fuzz/target.ts';
import configuration from '#series/conform.config.ts';
import { anyWorkload } from './random-workloads.ts';
import { formatSeconds, median } from './report.ts';

/** Workloads before those that count, while the compiler is still at work. */
const WARM_UP = 300;

/** Workloads a second that are aimed at. */
const TARGETS: Readonly<Record<string, number>> = { 'equal records': 2000, 'records that differ': 200 };

export async function benchFuzz(): Promise<string[]> {
  const count = Number(process.env['BENCH_WORKLOADS'] ?? 2000);
  const seed = Number(process.env['BENCH_SEED'] ?? 2017);
  const options = fuzzOptions(openProject(configuration), seed);
  const target = await openFuzz({ ...options, neighbours: [] });
  for (let number = 0; number < WARM_UP; number++) target.judge(number);
  const sorts = new Map(Object.keys(TARGETS).map((name) => [name, [] as number[]]));
  for (let number = WARM_UP; number < WARM_UP + count; number++)
    for (const name of target.judge(number).counted) sorts.get(name)?.push(number);
  // Asking for the time costs as much as a small workload, so each sort is timed as a whole.
  const lines = [...sorts].map(([name, numbers]) => {
    const seconds = cpuSeconds(() => {
      for (const number of numbers) target.judge(number);
    });
    const rate = (numbers.length / seconds).toFixed(0);
    return `${name.padEnd(22)} ${numbers.length} workloads of ten operations, ${rate} a second (target: ${TARGETS[name]})`;
  });
  return [...lines, ...drawing(seed, count), await shrinking(seed)];
}

/** Variants whose findings are made small: copies, zeroing, huge pages, mapped devices. */
const BROKEN = [
  'as-posted',
  'zeroing-not-flushed',
  'mkclean-huge',
  'stacked-linear-offset',
  'user-copies-unflushed',
];

/** Seconds a finding may take. */
const SHRINK_TARGET_SECONDS = 2;

async function shrinking(seed: number): Promise<string> {
  const project = openProject(configuration);
  const seconds: number[] = [];
  for (const after of BROKEN) {
    const target = await openFuzz(fuzzOptions(project, seed, { after }));
    const found = new Map<string, FoundOften>();
    for (let number = 0; number < WARM_UP; number++)
      for (const finding of target.judge(number).findings) note(found, { ...finding, number, count: 1 });
    for (const finding of [...found.values()].slice(0, SHRUNK_MAX)) {
      const begun = process.cpuUsage();
      await explainFound(target, [finding]);
      seconds.push(process.cpuUsage(begun).user / 1e6);
    }
  }
  const [middle = 0, most = 0] = [median(seconds), Math.max(...seconds)];
  return `making a finding small     ${formatSeconds(middle)} in the median, ${formatSeconds(most)} at most of ${seconds.length} (target: ${SHRINK_TARGET_SECONDS} s)`;
}

function drawing(seed: number, count: number): string[] {
  const make = generator();
  const own = cpuSeconds(() => {
    for (let number = 0; number < count; number++) make(seed, number);
  });
  const others = cpuSeconds(() => sample(anyWorkload(10), { seed, numRuns: count }));
  return [
    `drawing one                ${formatSeconds(own / count)}; by fast-check, as text of fewer kinds ${formatSeconds(others / count)}`,
  ];
}

/** User CPU seconds that `work` takes. */
function cpuSeconds(work: () => unknown): number {
  const begun = process.cpuUsage();
  work();
  return process.cpuUsage(begun).user / 1e6;
}
