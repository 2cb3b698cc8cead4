/** All scenarios on both sides, as `npm start` runs them, without the start of the process. */
import { boot as after } from '../after/index.ts';
import { boot as before } from '../before/index.ts';
import { scenarioResult } from '#pmem/report/model.ts';
import { runScenario } from '#pmem/scenarios/run-scenario.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { formatSeconds } from './report.ts';

export function benchSuite(): string[] {
  const scenarios = suiteScenarios();
  const trees = { before: { name: 'before', boot: before }, after: { name: 'after', boot: after } };
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (const scenario of scenarios) scenarioResult(runScenario(trees, scenario));
    times.push((performance.now() - start) / 1000);
  }
  const [first = 0] = times;
  const median = [...times].sort((left, right) => left - right)[2] ?? 0;
  return [
    `${scenarios.length} scenarios, first time in a process   ${formatSeconds(first)} (target: under 2 s)`,
    `${scenarios.length} scenarios, median of 5               ${formatSeconds(median)}`,
  ];
}
