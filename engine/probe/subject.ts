/** A probe as a subject of the engine: workloads go in, lines of observations come out, and two lists of them are compared. */
import { combine } from '#base/relation.ts';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ownHash } from '#base/own-package.ts';
import { hashOfParts } from '#base/hash.ts';
import { InputError } from '#base/input-error.ts';
import { printable } from '#base/printable.ts';
import type { Compared, Difference, Dimension, Facts, Shown, Subject, Summary, Tree } from '../subject.ts';
import { EXIT, PROMISE, type ProbeObservation, readObservations } from './observations.ts';
import type { ProbeDimension, ProbeOptions } from './options.ts';
import { type CommandOutcome, runCommand } from './run-command.ts';
import { endMarked, endMarkedWithUs, MARK } from './leftovers.ts';
import { told, toldBeside } from './told.ts';
import { relationOf } from './values.ts';
import { simplerByCommand, withFewerLines, workloadsOf } from './workloads.ts';

const TIMEOUT_SECONDS = 10;
const OUTPUT_BYTES_MAX = 2 ** 20;
const TRIES = 3;

/** Seconds for building a tree. */
const BUILD_SECONDS = 600;

/** What a probe printed for one workload, how it ended among it. */
export type ProbeTry = readonly ProbeObservation[];

/** The subject that `options` describe. Throws `InputError` for a regular expression or a name that cannot be used. */
export function probe(options: ProbeOptions): Subject<ProbeTry> {
  checkOptions(options);
  const all: Readonly<Record<string, ProbeDimension>> = {
    [EXIT]: { meaning: 'how the probe ended' },
    ...options.dimensions,
  };
  const built = new Map<string, Promise<void>>();
  const mark = randomUUID();
  return {
    name: 'probe',
    hash: hashOfProbe(options),
    dimensions: Object.entries(all).map(([name, dimension]): Dimension => ({
      name,
      meaning: dimension.meaning ?? name,
      isResult: dimension.isResult ?? dimension.stronger === undefined,
    })),
    vocabulary: { place: 'text' },
    workloads: workloadsOf(options),
    triesToBelieve: options.tries ?? TRIES,
    treesAtATime: options.parallel ?? availableParallelism(),
    rest: () => endMarked(mark),
    async open(tree) {
      const build = built.get(tree.hash) ?? buildTree(options, tree);
      built.set(tree.hash, build);
      await build;
      return (workload) => tryOnce(options, tree, workload, mark);
    },
    facts: (tried) => factsOf(tried, all),
    compare: (before, after) => compare(before, after, all),
    *simpler(text) {
      if (options.simpler !== undefined) yield* simplerByCommand(options.root, options.simpler, text);
      yield* withFewerLines(text);
    },
    show: (before, after) => shown(before, after, all),
  };
}

function checkOptions({ dimensions, normalise = [] }: ProbeOptions): void {
  for (const name of Object.keys(dimensions))
    if (name === EXIT || name === PROMISE || !/^[\w-]+$/.test(name))
      throw new InputError(
        `'${name}' cannot be a dimension\n  allowed: letters, digits, - and _, and neither ${EXIT} nor ${PROMISE}`,
      );
  for (const { replace } of normalise)
    try {
      ''.search(new RegExp(replace, 'u'));
    } catch (error) {
      throw new InputError(`normalise: '${replace}' is no regular expression: ${(error as Error).message}`);
    }
}

/** The hash of everything but tree and workload that decides what is observed: the files that the command names among it. */
function hashOfProbe(options: ProbeOptions): string {
  const { root, run, build = '', files = [], dimensions, normalise = [], tries } = options;
  const { timeoutSeconds, outputBytesMax } = options;
  const words = run.match(/[^\s'"|;&<>()=]+/g) ?? [];
  const named = words.map((word) => word.replaceAll(/\$\{?CONFORM_PROJECT\}?/g, root));
  const paths = [...named.filter((word) => word.startsWith(root)), ...files].map((path) =>
    resolve(root, path),
  );
  const contents = paths
    .filter((path) => existsSync(path) && statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'));
  const data = JSON.stringify([dimensions, normalise, tries, timeoutSeconds, outputBytesMax]);
  return hashOfParts(['probe', run, build, data, ...contents, ownHash('engine/probe')]);
}

const limitsOf = ({ timeoutSeconds, outputBytesMax }: ProbeOptions) => ({
  timeoutSeconds: timeoutSeconds ?? TIMEOUT_SECONDS,
  outputBytesMax: outputBytesMax ?? OUTPUT_BYTES_MAX,
});

async function buildTree({ root, build }: ProbeOptions, { folder }: Tree): Promise<void> {
  if (build === undefined) return;
  const { ending, said } = await runCommand({
    command: build,
    folder,
    input: '',
    environment: { CONFORM_PROJECT: root },
    timeoutSeconds: BUILD_SECONDS,
    outputBytesMax: Infinity,
  });
  if (ending.kind === 'exit' && ending.code === 0) return;
  throw new Error(`'${build}' ${endingText(ending)}${lastLine(said)}`);
}

async function tryOnce(
  options: ProbeOptions,
  { folder }: Tree,
  workload: string,
  mark: string,
): Promise<ProbeTry> {
  const wantsFile = options.run.includes('CONFORM_WORKLOAD');
  const aside = wantsFile ? mkdtempSync(join(tmpdir(), 'conform-workload-')) : '';
  const file = join(aside, 'workload');
  if (wantsFile) writeFileSync(file, workload);
  const lift = endMarkedWithUs(mark);
  try {
    const outcome = await runCommand({
      command: options.run,
      folder,
      input: workload,
      environment: {
        [MARK]: mark,
        CONFORM_PROJECT: options.root,
        ...(wantsFile && { CONFORM_WORKLOAD: file }),
      },
      ...limitsOf(options),
    });
    return observed(outcome, options);
  } finally {
    lift();
    if (wantsFile) rmSync(aside, { recursive: true, force: true });
  }
}

/** Codes with which a shell says that there is no such command, or none that can be run. */
const NO_COMMAND = [126, 127];

/** What came of a try. Throws `Error` where nothing can be said: a limit was broken, or there is no probe. */
function observed({ ending, output, said }: CommandOutcome, options: ProbeOptions): ProbeTry {
  if (ending.kind === 'stopped') throw new Error(`the probe ${ending.why}`);
  if (ending.kind === 'exit' && NO_COMMAND.includes(ending.code))
    throw new Error(`the probe cannot be run (${endingText(ending)})${lastLine(said)}`);
  const value = ending.kind === 'exit' ? exitText(ending.code) : `killed by ${ending.signal}`;
  return [
    { dimension: EXIT, place: '', value },
    ...readObservations(output, options.dimensions, options.normalise),
  ];
}

/** A code; with the signal by whose name shells give it, where it is one of theirs. */
function exitText(code: number): string {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? [];
  return signal === undefined ? String(code) : `${code} (${signal})`;
}

const endingText = (ending: CommandOutcome['ending']): string =>
  ending.kind === 'exit'
    ? `ended with ${ending.code}`
    : ending.kind === 'signal'
      ? `was killed by ${ending.signal}`
      : ending.why;

function lastLine(said: string): string {
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  return last === '' ? '' : `: ${printable(last)}`;
}

function factsOf(tried: ProbeTry, dimensions: Readonly<Record<string, ProbeDimension>>): Facts {
  const cost: Record<string, number> = {};
  for (const { dimension, value } of tried)
    if (dimensions[dimension]?.compare === 'number')
      cost[dimension] = (cost[dimension] ?? 0) + (Number(value) || 0);
  return {
    digest: hashOfParts(tried.flatMap(({ dimension, place, value }) => [dimension, place, value])),
    broken: tried
      .filter(({ dimension }) => dimension === PROMISE)
      .map(({ place, value }) => ({
        key: place,
        index: -1,
        cause: PROMISE,
        text: told(value === '' ? place : `${place}: ${value}`),
      })),
    cost,
    places: tried.length,
  };
}

function compare(
  before: ProbeTry,
  after: ProbeTry,
  dimensions: Readonly<Record<string, ProbeDimension>>,
): Compared {
  const [left, right] = [before, after].map(byPlace);
  const relations = Object.fromEntries(Object.keys(dimensions).map((name) => [name, 'equal' as Summary]));
  const differences = [...new Map([...(left ?? []), ...(right ?? [])])].flatMap(
    ([key, { dimension, place }]): Difference[] => {
      const options = dimensions[dimension];
      const [was, is] = [left?.get(key)?.value, right?.get(key)?.value];
      if (options === undefined) return [];
      const relation = was === undefined || is === undefined ? 'other' : relationOf(was, is, options);
      if (relation === 'equal') return [];
      relations[dimension] = combine([relations[dimension] ?? 'equal', relation]);
      return [
        {
          dimension,
          relation,
          index: -1,
          at: place === '' ? dimension : printable(place),
          cause: dimension,
          blamed: [{ place: [place] }],
          isPromised: false,
          before: toldBeside(was, is, options),
          after: toldBeside(is, was, options),
        },
      ];
    },
  );
  return { differences, relations };
}

const keyOf = ({ dimension, place }: Omit<ProbeObservation, 'value'>): string => `${dimension}\t${place}`;

const byPlace = (tried: ProbeTry): Map<string, ProbeObservation> =>
  new Map(tried.map((observation) => [keyOf(observation), observation]));

/** Observations of both sides, those left out that are the same on both. */
function shown(
  before: ProbeTry,
  after: ProbeTry,
  dimensions: Readonly<Record<string, ProbeDimension>>,
): Shown {
  const lines = (tried: ProbeTry, other: ProbeTry): string[] => {
    const beside = byPlace(other);
    return tried.flatMap(({ dimension, place, value }) => {
      const options = dimensions[dimension];
      const against = beside.get(keyOf({ dimension, place }))?.value;
      if (options !== undefined && value === against) return [];
      const text = options === undefined || value === '' ? told(value) : toldBeside(value, against, options);
      return [[dimension, told(place), text].filter((one) => one).join('  ')];
    });
  };
  const at = 'what the probe printed that is not the same, before and after';
  return { witness: [], traces: [{ at, before: lines(before, after), after: lines(after, before) }] };
}
