/**
 * Which parts of the machine's model a set of runs made use of, summed up, and in words what none of them did. For the
 * summary of `conform run`: a rule that no scenario exercises is a rule that the suite says nothing about.
 */
import { coverageOf, mergeCoverage, type ModelCoverage, neverExercised } from '#machine/coverage/coverage.ts';
import { RECORDED_RULES } from '#machine/coverage/recorded-rules.ts';
import type { Run } from '../run/run.ts';

const WIDTH = 110;

/** What `runs` made use of, all lives of each. */
export function coverageOfRuns(runs: readonly Run[]): ModelCoverage {
  const lives = runs.flatMap((run) => run.lives);
  return mergeCoverage(
    ...lives.map(({ history: { order } }) =>
      coverageOf(order.source.record, { ranges: order.source.ranges, setting: order.setting }),
    ),
  );
}

/** `never exercised: …` lines, one for each rule and then the table's pairs; empty when everything was. */
export function coverageLines(coverage: ModelCoverage): string[] {
  const missing = neverExercised(coverage);
  const rules = missing.filter(isRule);
  const pairs = missing.filter((name) => !isRule(name));
  const lines = rules.map((name) => `never exercised: ${name}, ${RECORDED_RULES[name]}`);
  return pairs.length === 0 ? lines : [...lines, ...wrapped('never exercised: pairs', pairs)];
}

function isRule(name: string): name is keyof typeof RECORDED_RULES {
  return Object.hasOwn(RECORDED_RULES, name);
}

function wrapped(title: string, names: readonly string[]): string[] {
  const lines = [title];
  for (const [index, name] of names.entries()) {
    const text = index < names.length - 1 ? `${name},` : name;
    const line = `${lines.at(-1)} ${text}`;
    if (line.length <= WIDTH) lines[lines.length - 1] = line;
    else lines.push(`  ${text}`);
  }
  return lines;
}
