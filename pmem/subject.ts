/** The pmem suite as a subject of the engine: workloads of its language, tried on a simulated machine, compared by what a power failure could leave. */
import { once, onceEach } from '#base/once.ts';
import { ownHash } from '#base/own-package.ts';
import { readTree, type TreeFiles } from '#base/tree-files.ts';
import type {
  Compared,
  Difference,
  Dimension,
  LinesRun,
  Subject,
  Traits,
  Tree,
  Workload as Named,
} from '#engine/subject.ts';
import { blameAt } from './compare/blame.ts';
import { compareRuns } from './compare/compare.ts';
import { syncedRelation } from './compare/compare-workload.ts';
import { type Observation, observe } from './compare/observe.ts';
import { checkWorkload } from './language/check-workload.ts';
import { DEFAULT_BOOT, formatWorkload, parseWorkload } from './language/notation.ts';
import { bootTraits, traitsOf } from './language/operation-traits.ts';
import { OPERATIONS } from './language/operations.ts';
import { simplerWorkloads } from './language/simpler.ts';
import { VOCABULARY } from './language/vocabulary.ts';
import type { Workload } from './language/workload.ts';
import { loadBoot } from './load-tree.ts';
import { judgePromise, promisedWords, type PromiseJudgement, waysOf } from './promise/promise.ts';
import { runWorkload } from './run/run.ts';
import { shownOf } from './report/shown.ts';
import { replayCommand } from './report/replay-command.ts';
import { causeOf } from './conditions.ts';
import { withLineCounts } from './run/lines-run.ts';
import { timelineOf, timelineTree } from './timeline/timeline.ts';
import { sourcesHash } from './sources-hash.ts';
import { loadMarked, partHashes } from './parts/entered.ts';
import type { SourceParts } from './parts/source-parts.ts';
import { factsOf, triedOf, type Tried } from './tried.ts';

/** What runs are compared by, the gravest first. */
export const DIMENSIONS: readonly (Dimension & { readonly name: Observation['dimension'] })[] = [
  { name: 'result', meaning: 'what each operation returns', isResult: true },
  { name: 'sysfs', meaning: 'what attributes read', isResult: true },
  {
    name: 'acked',
    meaning: 'images that a power failure may leave once an operation has returned',
    isResult: false,
    sort: 'images',
  },
  { name: 'in-flight', meaning: 'the same while it runs', isResult: false, sort: 'images' },
  { name: 'log', meaning: 'the kernel log', isResult: false },
  { name: 'cost', meaning: 'the instructions', isResult: false, sort: 'cost only' },
];

/** Remembers the judgement of the last digests of a workload: trees of a series hardly differ in most of them. */
function judgingOnce(): (text: string, digest: string, judge: () => PromiseJudgement) => PromiseJudgement {
  let last = { text: '', byDigest: new Map<string, PromiseJudgement>() };
  return (text, digest, judge) => {
    if (last.text !== text) last = { text, byDigest: new Map() };
    const known = last.byDigest.get(digest) ?? judge();
    last.byDigest.set(digest, known);
    return known;
  };
}

/** The suite with these workloads. */
export function pmemSubject(workloads: readonly Named[]): Subject<Tried> {
  const read = lastOnly((text: string): Workload => {
    const workload = parseWorkload(text);
    checkWorkload(workload);
    return workload;
  });
  const judgeOnce = judgingOnce();
  const partsOf = once(partsReader);
  return {
    name: 'pmem',
    hash: sourcesHash(),
    dimensions: DIMENSIONS,
    vocabulary: VOCABULARY,
    workloads,
    async open(tree) {
      const { boot, entered } = await loadMarked(tree.folder, filesOf(tree), await partsOf());
      return (text) => {
        const workload = read(text);
        const run = runWorkload(boot, workload);
        const ways = waysOf(boot, workload);
        const parts = entered();
        const judge = (digest: string): PromiseJudgement =>
          judgeOnce(text, digest, () => judgePromise(workload, run));
        return { ...triedOf(workload, run, ways, judge), entered: parts };
      };
    },
    facts: factsOf,
    parts: async (tree) => partHashes(filesOf(tree), await partsOf()),
    entered: ({ entered }) => entered,
    compare: compareTries,
    *simpler(text) {
      for (const simpler of simplerWorkloads(parseWorkload(text)))
        yield withoutDefaultBoot(formatWorkload(simpler));
    },
    show: (before, after, what) => shownOf(before, after, what),
    linesRun: async (tree, texts) => linesOf(tree.folder, texts),
    linesNeverRun: async (tree, lines, texts) => neverRun(tree.folder, lines, texts),
    lineChanger: {
      hash: ownHash('pmem/reach'),
      unnoticed: async (tree, lines, texts) => {
        const { unnoticedChanges } = await import('./reach/unnoticed.ts');
        return unnoticedChanges({ folder: tree.folder, files: filesOf(tree) }, lines, texts);
      },
    },
    unused: () => unusedOperations(workloads),
    timeline: async (before, after, text) => {
      const workload = read(text);
      return timelineOf([await timelineTree(before), await timelineTree(after)], workload);
    },
    replay: (before, after, text) => replayCommand(text, { before, after }),
  };
}

const filesOf = ({ folder, files = () => readTree(folder) }: Tree): TreeFiles => files();

/**
 * Reads the parts of a file, each text once: files of a series are mostly the same from tree to tree. The parser is loaded when
 * there is something to parse, because it takes longer than all else that a start takes.
 */
async function partsReader(): Promise<(text: string) => SourceParts> {
  const { sourceParts } = await import('./parts/source-parts.ts');
  return onceEach(sourceParts);
}

/** Which lines of a tree run in each workload. */
async function linesOf(folder: string, texts: readonly string[]): Promise<LinesRun[]> {
  return withLineCounts(
    () => loadBoot(folder),
    async ({ boot }, count) => {
      await count(() => {});
      const lines: LinesRun[] = [];
      for (const text of texts)
        lines.push((await count(() => void runWorkload(boot, parseWorkload(text)))).ran);
      return lines;
    },
  );
}

/** Workloads that are run between two looks at the counters; more and more, since few lines are left for the last ones. */
const FIRST_RUNS = 8;

/** Of some lines of a tree those that are code and that no workload runs; nothing where runs cannot be counted. */
async function neverRun(
  folder: string,
  lines: LinesRun,
  texts: readonly string[],
): Promise<LinesRun | undefined> {
  return withLineCounts(
    () => loadBoot(folder),
    async ({ boot }, count) => {
      const { counted } = await count(() => {});
      if (![...counted.values()].some((own) => own.length > 0)) return undefined;
      let left = linesIn(lines, (file, line) => counted.get(file)?.includes(line) === true);
      for (let next = 0, runs = FIRST_RUNS; next < texts.length && left.size > 0; next += runs, runs *= 2) {
        const { ran } = await count(() => {
          for (const text of texts.slice(next, next + runs)) runWorkload(boot, parseWorkload(text));
        });
        left = linesIn(left, (file, line) => ran.get(file)?.includes(line) !== true);
      }
      return left;
    },
  );
}

/** The lines for which `isIn` holds, without files that have none. */
function linesIn(lines: LinesRun, isIn: (file: string, line: number) => boolean): LinesRun {
  return new Map(
    [...lines].flatMap(([file, own]) => {
      const kept = own.filter((line) => isIn(file, line));
      return kept.length === 0 ? [] : [[file, kept] as const];
    }),
  );
}

/** `make`, which remembers what it made last: one workload is tried on many trees, one after another. */
function lastOnly<Result>(make: (text: string) => Result): (text: string) => Result {
  let last: { readonly text: string; readonly result: Result } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, result: make(text) };
    return last.result;
  };
}

/** What two tries differ in; `isBrief`: all but what it was and what it is, in words. */
export function compareTries(before: Tried, after: Tried, isBrief = false): Compared {
  const { workload } = after;
  const comparison = compareRuns(before.run, after.run);
  const traits = traitsOf(workload);
  return {
    relations: { acknowledged: comparison.acked, synced: syncedRelation(workload, comparison) },
    differences: observe(workload, before.run, after.run, comparison, isBrief).map((observation) =>
      differenceOf(before, after, observation, traits),
    ),
  };
}

function differenceOf(
  before: Tried,
  after: Tried,
  { comparison, operationText, ...observation }: Observation,
  traits: readonly (Traits | undefined)[],
): Difference {
  const { workload } = after;
  const { index, dimension } = observation;
  const isOfImages = dimension === 'acked' || dimension === 'in-flight';
  const blame =
    isOfImages && comparison !== undefined
      ? blameAt({
          before: before.run,
          after: after.run,
          outcome: comparison.before,
          isInFlight: dimension === 'in-flight',
        })
      : { operations: [index], words: [] };
  const isPromised =
    dimension === 'acked' &&
    comparison !== undefined &&
    blame.words.some(promisedWords(after.judgement, index));
  return {
    ...observation,
    at: operationText,
    cause: causeOf(workload, blame.operations[0] ?? index),
    blamed: blame.operations.map((one) => traits[one] ?? bootTraits(workload)),
    isPromised,
  };
}

/** Workloads are shown without a boot line that says nothing. */
function withoutDefaultBoot(text: string): string {
  const [first, ...others] = text.split('\n');
  return first === DEFAULT_BOOT ? others.join('\n') : text;
}

function unusedOperations(workloads: readonly Named[]): string[] {
  const used = new Set(
    workloads.flatMap(({ text }) => parseWorkload(text).steps.map(({ operation }) => operation.kind)),
  );
  return OPERATIONS.filter(({ kind }) => !used.has(kind)).map(({ name }) => name);
}
