/**
 * A row performed on a tree with nothing kept but what tells two trees apart: results, log and instructions of each case, as
 * one number each. Rows of the same numbers need no analysis, and most rows of neighbouring trees have them.
 */
import type { LogLine } from '#kernel/kernel.ts';
import type { OperationResult } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { isPowerFailure, type Step } from '../language/workload.ts';
import type { Boot } from '../run/run.ts';
import { CheapHash } from './record-hash.ts';
import type { SweepRow } from './row.ts';

/** What came of a row on one tree. */
export interface RowRun {
  readonly subsystem: Subsystem;
  /** One for each case. */
  readonly cases: readonly number[];
  /** Booting and the setup. */
  readonly setup: number;
  /** All of it, but for what cases need there before them. */
  readonly digest: number;
  /** What operations of each case returned, and what the log said of it. */
  readonly answers: readonly Answer[];
  /** Where in the record each case begins and ends, what it needs aside. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Answers that say the same in the same words differ in sizes at most. */
export interface Answer {
  readonly returned: readonly number[];
  readonly words: string;
}

/** Performs `row` on the tree that `boot` belongs to. */
export function runRow(boot: Boot, row: SweepRow): RowRun {
  const subsystem = boot(row.boot);
  const { record } = subsystem.machine;
  let lines = 0;
  let entries = 0;
  const answers: Answer[] = [];
  let last: Answer = { returned: [], words: '' };
  const seen = (results: readonly OperationResult[]): number => {
    const hash = new CheapHash();
    for (const { data } of results) if (data !== undefined) hash.bytes(data);
    const answer = answerOf(results, subsystem.log.slice(lines));
    lines = subsystem.log.length;
    for (const returned of answer.returned) hash.number(returned);
    hash.text(answer.words);
    last = answer;
    hash.entries(record, entries, record.length);
    entries = record.length;
    return hash.value();
  };
  let index = 0;
  const perform = (step: Step): OperationResult => {
    if (isPowerFailure(step)) throw new RangeError('a row has one life');
    return subsystem.perform(step, index++);
  };
  const setup = seen(row.setup.map(perform));
  const [starts, ends]: [number[], number[]] = [[], []];
  const whole = new CheapHash();
  whole.number(setup);
  const cases = row.cases.map(({ needs, steps }) => {
    if (needs.length > 0) seen(needs.map(perform));
    starts.push(entries);
    const name = seen(steps.map(perform));
    whole.number(name);
    answers.push(last);
    ends.push(entries);
    return name;
  });
  return { subsystem, cases, setup, digest: whole.value(), answers, starts, ends };
}

function answerOf(results: readonly OperationResult[], log: readonly LogLine[]): Answer {
  const words = results.map(({ returned, text = '', oops = '' }) =>
    returned < 0 || text !== '' || oops !== '' ? `${Math.min(returned, 0)} ${text} ${oops}` : '',
  );
  const lines = log.map(({ level, device, text }) => `${level} ${device}: ${text}`);
  return { returned: results.map(({ returned }) => returned), words: [...words, ...lines].join('\n') };
}
