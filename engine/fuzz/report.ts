/** What fuzzing found, as text. Nothing in it depends on the clock, so the same seed and count give the same bytes. */
import type { Paint } from '#base/paint.ts';
import type { FuzzFailure } from './explain.ts';

/** What is told, as `--format json` prints it. */
export interface FuzzTold {
  readonly ok: boolean;
  readonly seed: number;
  readonly from: number;
  readonly workloads: number;
  readonly trees: readonly { readonly name: string; readonly hash: string }[];
  readonly before: string;
  readonly after: string;
  /** One workload of so many is also tried on two neighbours; absent where there are none. */
  readonly neighboursEvery: number | undefined;
  readonly counted: Readonly<Record<string, number>>;
  readonly failures: readonly FuzzFailure[];
}

/** How far it is. */
export const progressText = (tried: number, findings: number): string =>
  `${number(tried)} workloads, ${findings === 0 ? 'nothing found' : `${findings} sorts of findings`}`;

const number = (value: number): string => value.toLocaleString('en-US');

/** The report. */
export function fuzzText(told: FuzzTold, paint: Paint): string {
  const { seed, from, workloads, before, after, trees, neighboursEvery, counted, failures } = told;
  const hashOf = (name: string): string => trees.find((tree) => tree.name === name)?.hash ?? '';
  const names = Object.keys(counted);
  const width = Math.max(28, ...names.map(({ length }) => length + 2));
  const neighbours =
    neighboursEvery === undefined ? '' : `, one of ${neighboursEvery} also on two neighbours of the series`;
  return [
    `Workloads by chance on ${before} (${hashOf(before)}) and ${after} (${hashOf(after)})${neighbours}:`,
    `seed ${seed}, numbers ${from} to ${from + workloads - 1}`,
    '',
    ...names.map((name) => `  ${name.padEnd(width)}${number(counted[name] ?? 0)}`),
    '',
    ...failures.flatMap((failure) => [...failureLines(failure, told, paint), '']),
    failures.length === 0
      ? paint('green', 'Nothing found.')
      : paint('red', `${failures.length} ${failures.length === 1 ? 'cause' : 'causes'} of findings.`),
    '',
  ].join('\n');
}

function failureLines(failure: FuzzFailure, { seed, trees }: FuzzTold, paint: Paint): string[] {
  const { kind, cause, before, after, count, also, message, workload, replay } = failure;
  const others = Object.entries(also).map(([title, times]) => `${title} ${times}`);
  const hash = trees.find(({ name }) => name === after)?.hash ?? '';
  return [
    paint('red', `${before} -> ${after}: ${kind} in ${cause}, ${count} times`),
    `    ${message}`,
    ...(others.length === 0 ? [] : [`    and for the same cause ${others.join(', ')}`]),
    '    smallest workload:',
    ...workload.split('\n').map((line) => `      ${line}`),
    `    replay: ${replay}`,
    `    found as workload ${failure.number} of seed ${seed} (${after} is ${hash})`,
  ];
}
