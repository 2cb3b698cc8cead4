/**
 * Where something wrong comes from. A step that first leads to a mistake is not always the one that made it: so of the lines
 * that run in a workload which goes wrong, and did not run in it one step before, those are suspected that hardly run in
 * workloads which go well, and the step is named that brought them in. The measure is that of spectrum-based fault localisation
 * (Ochiai; Abreu, Zoeteweij, van Gemund 2007): failed / sqrt(all failed * (failed + passed)).
 */
import type { OriginOf } from './explain.ts';
import type { Group, Origin } from './failure.ts';
import type { StepToJudge } from './judge.ts';
import { chainTo } from './series/chain.ts';
import { lineOrigins, linesBefore, type TreeOfStep } from './series/line-origins.ts';
import type { LinesRun, Subject } from './subject.ts';

/** Workloads that are tried again: of all that fail, and of those that pass. More would hardly change the order of suspects. */
const FAILED_MAX = 24;
const PASSED_MAX = 28;

/** Suspects that are named. */
const SUSPECTS_MAX = 3;

/** Finds origins at `step`, whose findings are in `groups`: workloads of no group are those that pass. */
export function originsAt(
  subject: Subject,
  step: StepToJudge,
  groups: readonly Group[],
): OriginOf | undefined {
  const { linesRun } = subject;
  if (linesRun === undefined) return undefined;
  const perGroup = Math.max(1, Math.min(4, Math.floor(FAILED_MAX / groups.length)));
  const wrong = [
    ...new Set(groups.flatMap((group) => group.slice(0, perGroup).map(({ workload }) => workload.text))),
  ];
  const right = subject.workloads.map(({ text }) => text).filter((text) => !isIn(groups, text));
  const texts = [...wrong, ...spread(right, PASSED_MAX)];
  let spectrum: Promise<Spectrum> | undefined;
  const runAll = async (): Promise<Spectrum> => {
    const [after, before] = [await linesRun(step.after, texts), await linesRun(step.before, wrong)];
    const lines = new LinesOfChain(chainTo(step));
    const failed = new Map(
      wrong.map((text, index) => {
        const run = { before: before[index] ?? NO_LINES, after: after[texts.indexOf(text)] ?? NO_LINES };
        return [text, newLines(lines, run)];
      }),
    );
    const passed = countLines(after.filter((_, index) => !failed.has(texts[index] ?? '')));
    return { lines, failed, passed };
  };
  return async (group) => {
    const { lines, failed, passed } = await (spectrum ??= runAll());
    const own = new Set(group.map(({ workload }) => workload.text));
    const ran = [...own].flatMap((text) => failed.get(text) ?? []);
    return suspectsAmong(lines, step.step, ran, passed);
  };
}

const isIn = (groups: readonly Group[], text: string): boolean =>
  groups.some((group) => group.some(({ workload }) => workload.text === text));

/** At most `count` of `items`, at even distances. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, index) => items[Math.floor(index * step)] as Item,
  );
}

/** What all workloads ran: the new lines of each that goes wrong, and how often those that pass ran which line. */
interface Spectrum {
  readonly lines: LinesOfChain;
  readonly failed: ReadonlyMap<string, LinesRun>;
  readonly passed: LineCounts;
}

const NO_LINES: LinesRun = new Map();

/** Which lines one workload that goes wrong ran on the tree of a step, and on the one before. */
export interface FailedRun {
  readonly before: LinesRun;
  readonly after: LinesRun;
}

interface Suspect {
  readonly file: string;
  readonly line: number;
  readonly score: number;
  readonly step: number;
}

/**
 * The origin that the lines run by failing and by passing workloads point to: the step itself where nothing new runs, since then
 * something that ran no longer does.
 */
export function originOf(
  chain: readonly TreeOfStep[],
  reachableAt: number,
  failed: readonly FailedRun[],
  passed: readonly LinesRun[],
): Origin {
  const lines = new LinesOfChain(chain);
  return suspectsAmong(
    lines,
    reachableAt,
    failed.map((run) => newLines(lines, run)),
    countLines(passed),
  );
}

function suspectsAmong(
  lines: LinesOfChain,
  reachableAt: number,
  failed: readonly LinesRun[],
  passed: LineCounts,
): Origin {
  const suspects = [...countLines(failed)].flatMap(([file, counts]) => {
    const origins = lines.origins(file);
    return [...counts].flatMap(([line, count]): Suspect[] => {
      const step = origins[line - 1] ?? null;
      if (step === null) return [];
      const score = count / Math.sqrt(failed.length * (count + (passed.get(file)?.get(line) ?? 0)));
      return [{ file, line, score, step }];
    });
  });
  const sorted = suspects.sort((left, right) => right.score - left.score || left.step - right.step);
  return {
    cameInAt: sorted[0]?.step ?? reachableAt,
    reachableAt,
    suspects: sorted.slice(0, SUSPECTS_MAX).map(({ file, line, step }) => ({
      place: `${file}:${line}`,
      text: lines.text(file)[line - 1]?.trim() ?? '',
      step,
    })),
  };
}

/** The lines of the last tree that ran there and did not run in the tree before, or were not there. */
function newLines(lines: LinesOfChain, { before, after }: FailedRun): LinesRun {
  return new Map(
    [...after].map(([file, ran]) => {
      const ranBefore = new Set(before.get(file));
      const earlier = lines.inPrevious(file);
      return [file, ran.filter((line) => !ranBefore.has(earlier[line - 1] ?? 0))];
    }),
  );
}

/** What is asked of the lines of the last tree of a chain, worked out once a file. */
class LinesOfChain {
  readonly #chain: readonly TreeOfStep[];
  readonly #origins = new Map<string, readonly (number | null)[]>();
  readonly #inPrevious = new Map<string, readonly (number | undefined)[]>();

  constructor(chain: readonly TreeOfStep[]) {
    this.#chain = chain;
  }

  text(file: string): readonly string[] {
    return this.#chain.at(-1)?.files.get(file)?.split('\n') ?? [];
  }

  /** The step that brought in each line. */
  origins(file: string): readonly (number | null)[] {
    const known = this.#origins.get(file) ?? lineOrigins(this.#chain, file);
    this.#origins.set(file, known);
    return known;
  }

  /** The number of each line in the tree before, where it is there. */
  inPrevious(file: string): readonly (number | undefined)[] {
    const [before, after] = [this.#chain.at(-2), this.#chain.at(-1)].map(
      (tree) => tree?.files.get(file) ?? '',
    );
    const known = this.#inPrevious.get(file) ?? linesBefore(before ?? '', after ?? '');
    this.#inPrevious.set(file, known);
    return known;
  }
}

type LineCounts = ReadonlyMap<string, ReadonlyMap<number, number>>;

function countLines(runs: readonly LinesRun[]): LineCounts {
  const counts = new Map<string, Map<number, number>>();
  for (const run of runs)
    for (const [file, lines] of run) {
      const own = counts.get(file) ?? new Map<number, number>();
      for (const line of lines) own.set(line, (own.get(line) ?? 0) + 1);
      counts.set(file, own);
    }
  return counts;
}
