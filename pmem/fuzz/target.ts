/**
 * Generated workloads on trees of the suite. Each is run on two trees, held to the promise on both, and where the records differ the
 * exact sets of images are compared and held to the contracts of the steps between. Standing defects count by name.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import type { Finding } from '#engine/failure.ts';
import type { FuzzFinding, FuzzJudgement, FuzzTarget } from '#engine/fuzz/target.ts';
import type { Broken, Difference } from '#engine/subject.ts';
import { canRun } from '../language/check-workload.ts';
import { formatWorkload, parseWorkload } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import { loadTree } from '../load-tree.ts';
import type { PromiseFinding } from '../promise/promise.ts';
import { replayCommand } from '../report/replay-command.ts';
import type { Boot } from '../run/run.ts';
import { DIMENSIONS, pmemSubject } from '../subject.ts';
import { factsOf, type Tried } from '../tried.ts';
import { generator } from './generate.ts';
import { undeclared } from './hold.ts';
import { type FuzzOptions, neighboursOf, type Pair } from './pairs.ts';
import { defectOf, differenceDefectOf } from './standing-defects.ts';
import { Tries } from './tries.ts';

/** Opens the target for the engine, in whatever thread. */
export async function openFuzz(options: FuzzOptions): Promise<FuzzTarget> {
  const boots = await Promise.all(options.trees.map(({ folder }) => loadTree(folder)));
  const make = generator();
  const { simpler } = pmemSubject([]);
  const named = [options.pair, ...options.neighbours];
  const judging = (workload: Workload, pairs: readonly Pair[]): FuzzJudgement =>
    new Judging(options, boots, workload).judge(pairs);
  return {
    judge: (number) => {
      const neighbours = neighboursOf(options, number);
      const pairs = neighbours === undefined ? [options.pair] : [options.pair, neighbours];
      return judging(make(options.seed, number), pairs);
    },
    judgeText: (text, before, after) => {
      const pair = named.find(
        (one) => options.trees[one.before]?.name === before && options.trees[one.after]?.name === after,
      );
      if (pair === undefined) throw new RangeError(`nothing is tried on ${before} and ${after}`);
      const workload = parseWorkload(text);
      return canRun(workload) ? judging(workload, [pair]) : undefined;
    },
    simpler: (text) => simpler?.(text) ?? [],
    replay: (text, before, after) => replayCommand(text, { before, after }),
  };
}

/** One workload while it is judged: it is run once on each tree that needs it. */
class Judging {
  readonly #options: FuzzOptions;
  readonly #workload: Workload;
  readonly #tries: Tries;
  readonly #counted: string[] = ['workloads'];
  readonly #findings: FuzzFinding[] = [];
  #text: string | undefined;

  constructor(options: FuzzOptions, boots: readonly Boot[], workload: Workload) {
    this.#options = options;
    this.#workload = workload;
    this.#tries = new Tries(boots, workload);
  }

  judge(pairs: readonly Pair[]): FuzzJudgement {
    for (const pair of pairs) this.#judgePair(pair, pair === pairs[0]);
    return { findings: this.#findings, counted: this.#counted };
  }

  get #named() {
    this.#text ??= formatWorkload(this.#workload);
    return { name: 'generated', text: this.#text };
  }

  /** `isFirst`: the pair whose standing defects count, so that no workload counts twice. */
  #judgePair(pair: Pair, isFirst: boolean): void {
    const [before, after] = [this.#tries.on(pair.before), this.#tries.on(pair.after)];
    if ([before, after].some((one) => 'error' in one && one.hasTooManyImages)) {
      if (isFirst) this.#counted.push('too many images to compare');
      return;
    }
    if ('error' in after || 'error' in before) {
      const text = 'error' in after ? after.error : 'error' in before ? before.error : '';
      this.#add(pair, { kind: 'does not run', cause: text, workload: this.#named, text });
      return;
    }
    const isEqual = before.digest === after.digest;
    if (isFirst) this.#counted.push(sortOf(after, isEqual));
    for (const what of this.#brokenAnew(pair, before, after, isFirst))
      this.#add(pair, {
        kind: 'broken promise',
        cause: what.cause,
        workload: this.#named,
        what,
        text: what.text,
      });
    if (!isEqual) this.#holdDifferences(pair, before, after, isFirst);
  }

  #holdDifferences(pair: Pair, before: Tried, after: Tried, isFirst: boolean): void {
    try {
      const died = [before, after].flatMap(({ run }) =>
        run.outcomes.flatMap(({ result }) => result.oops ?? []),
      );
      for (const what of undeclared(before, after, pair.declarations)) {
        const defect = differenceDefectOf(died, this.#named.text);
        if (defect === undefined) this.#add(pair, this.#finding(what));
        else if (isFirst) this.#counted.push(`defect ${defect}`);
      }
    } catch (error) {
      if (!(error instanceof TooManyImagesError)) throw error;
      this.#counted.push('too many images to compare');
    }
  }

  #finding(what: Difference): Finding {
    const { dimension, relation, at, before, after, cause } = what;
    const isResult = DIMENSIONS.find(({ name }) => name === dimension)?.isResult === true;
    const kind = isResult ? 'wrong result' : 'undeclared difference';
    const text = `${dimension} ${relation} at '${at}': before ${before}; after ${after}`;
    return { kind, cause, workload: this.#named, what, text };
  }

  /** What is broken and is no standing defect: on the later tree, or on both, or on the earlier alone. */
  #brokenAnew(pair: Pair, before: Tried, after: Tried, isFirst: boolean): Broken[] {
    const isEnd = pair.after === this.#options.trees.length - 1;
    const [earlier, later] = [before, after].map(({ judgement }) => judgement.findings);
    const left = new Set<string>();
    const hold = (finding: PromiseFinding, kind: 'new' | 'shared' | 'gone'): void => {
      const defect = defectOf(finding, this.#named.text, isEnd && kind !== 'gone', kind === 'new');
      if (defect === undefined) left.add(finding.key);
      else if (isFirst) this.#counted.push(`defect ${defect}`);
    };
    for (const finding of later ?? []) hold(finding, hasKey(earlier, finding) ? 'shared' : 'new');
    for (const finding of earlier ?? []) if (!hasKey(later, finding)) hold(finding, 'gone');
    if (left.size === 0) return [];
    const all = [...factsOf(after).broken, ...factsOf(before).broken];
    return [...left].flatMap((key) => all.find((one) => one.key === key) ?? []);
  }

  #add({ before, after }: Pair, finding: Finding): void {
    const { trees } = this.#options;
    this.#findings.push({
      ...finding,
      before: trees[before]?.name ?? '',
      after: trees[after]?.name ?? '',
    });
  }
}

/** What a workload counts as. */
function sortOf({ ways }: Tried, isEqual: boolean): string {
  if (ways !== undefined) return 'several ways inside an operation';
  return isEqual ? 'equal records' : 'records that differ';
}

const hasKey = (findings: readonly PromiseFinding[] = [], { key }: PromiseFinding): boolean =>
  findings.some((one) => one.key === key);
