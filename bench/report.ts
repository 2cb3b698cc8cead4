/** Prints measurements: medians of one run, and ratios between them. */
import { Bench } from 'tinybench';

/** Median seconds of one call of each function, measured in turn in this process. */
export async function medians(
  tasks: Readonly<Record<string, () => void>>,
  timeMs = 300,
): Promise<Map<string, number>> {
  const bench = new Bench({ time: timeMs, warmupTime: 100 });
  for (const [name, task] of Object.entries(tasks)) bench.add(name, task);
  await bench.run();
  return new Map(
    bench.tasks.map(({ name, result }) => {
      if (result?.state !== 'completed') throw new Error(`${name} did not complete`);
      return [name, result.latency.p50 / 1000];
    }),
  );
}

/** `1.23 ms`, `45.6 us`. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  return `${(seconds * 1e6).toFixed(2)} us`;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
