/**
 * What litmus tests make use of: each CPU's instructions as one record, on each machine that the test states an answer for. Where a
 * program goes one way or the other, each way is a record of its own.
 */
import { powerOn } from '../hardware/machine.ts';
import { runTrace } from '../hardware/trace-notation.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';
import type { LitmusMachine } from '../litmus/machine-switches.ts';
import type { LitmusProgram, LitmusTest, Statement } from '../litmus/program.ts';
import { type PersistencySetting, persistencySetting } from '../order/persistency-setting.ts';
import { coverageOf, mergeCoverage, type ModelCoverage } from './coverage.ts';

/** Words that are not persistent lie from here on; a program has a few dozen words. */
const VOLATILE_START = 2 ** 16;

const RANGES = [
  { name: 'pmem', start: 0, sizeBytes: VOLATILE_START, kind: 'persistent', modules: [] },
  { name: 'ram', start: VOLATILE_START, sizeBytes: VOLATILE_START, kind: 'volatile', modules: [] },
] as const;

/** Where a flush hint is, in neither range. */
const HINT = 2 * VOLATILE_START;

/** Flushes as events; clearing poison is none, for records do not show it. */
const FLUSHES = {
  FL: (place: number) => `X${place}`,
  FO: (place: number) => `W${place}`,
  CLEAR: () => '',
} as const;

/** What `tests` make use of, all in all. */
export function coverageOfLitmus(tests: readonly LitmusTest[]): ModelCoverage {
  return mergeCoverage(
    ...tests.flatMap(({ program, expectations }) =>
      tracesOf(program).flatMap((trace) =>
        expectations.flatMap(({ machine }) => {
          const setting = settingOf(machine);
          return setting === undefined ? [] : [coverageOfTrace(trace, setting)];
        }),
      ),
    ),
  );
}

function coverageOfTrace(trace: string, setting: PersistencySetting): ModelCoverage {
  const { cpu, record, memory } = powerOn({
    domain: setting.domain,
    features: { clwb: true, clflushopt: true },
    ranges: RANGES,
    flushHints: [{ address: HINT, modules: [] }],
  });
  runTrace(cpu, trace);
  return coverageOf(record, { ranges: memory.ranges, setting });
}

/** The setting under which records are read as that machine; `undefined` for one that only programs have. */
function settingOf(machine: LitmusMachine): PersistencySetting | undefined {
  const { domain, nonTemporal, flushCoversNonTemporal, clflush, cut } = machine;
  if (nonTemporal === 'lazy' || cut === 'location') return undefined;
  const domains = { ADR: 'adr', eADR: 'eadr', 'no-ADR': 'none' } as const;
  return persistencySetting(domains[domain], {
    nonTemporalInDirtyLine: nonTemporal,
    flushCoversNonTemporal,
    clflushOrdering: clflush === 'AMD' ? 'amd' : 'intel',
  });
}

/** Every way of every CPU of a program, in the notation of traces. */
export function tracesOf({ threads, words }: LitmusProgram): string[] {
  const places = new Map<string, number>();
  const next = new Map<number, number>();
  for (const { name, line, persistent } of words) {
    const start = (persistent ? 0 : VOLATILE_START) + line * LINE_SIZE_BYTES;
    const at = next.get(start) ?? start;
    places.set(name, at);
    next.set(start, at + WORD_SIZE_BYTES);
  }
  return threads.flatMap((statements) => waysOf(statements, (word) => places.get(word) ?? 0));
}

/** Every way through `statements`: events one behind the other. */
function waysOf(statements: readonly Statement[], placeOf: (word: string) => number): string[] {
  let ways = [''];
  for (const statement of statements) {
    const choices =
      statement.kind === 'if'
        ? [statement.ifTrue, statement.ifFalse].flatMap((branch) => waysOf(branch, placeOf))
        : eventsOf(statement, placeOf);
    ways = ways.flatMap((way) => choices.map((choice) => `${way} ${choice}`.trim()));
  }
  return ways;
}

/** A statement as the events that it may be: one, or two for a compare-exchange, which may fail. */
function eventsOf(
  statement: Exclude<Statement, { kind: 'if' }>,
  placeOf: (word: string) => number,
): string[] {
  switch (statement.kind) {
    case 'store':
      return [`${statement.nonTemporal ? 'n' : 'c'}${placeOf(statement.word)}`];
    case 'locked': {
      const place = placeOf(statement.word);
      return statement.modification.kind === 'compare-exchange' ? [`L${place}`, `F${place}`] : [`L${place}`];
    }
    case 'flush':
      return [FLUSHES[statement.instruction](placeOf(statement.word))];
    case 'fence':
      return [statement.instruction === 'SF' ? 'S' : 'M'];
    case 'hint':
      return [`H${HINT}`];
    case 'load':
      return [''];
  }
}
