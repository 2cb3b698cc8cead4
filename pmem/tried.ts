/** One try of a workload on a tree, and the facts that are kept of it. */
import { hashOfParts } from '#base/hash.ts';
import type { Broken, Facts } from '#engine/subject.ts';
import { causeOf } from './conditions.ts';
import type { Workload } from './language/workload.ts';
import { judgePromise, type PromiseJudgement, type Ways, withWays } from './promise/promise.ts';
import { type Cost, costOf } from './run/cost.ts';
import { digestOfRun } from './run/digest.ts';
import type { Run } from './run/run.ts';

/** One try: the workload as it was read, what came of it, and what it owes. */
export interface Tried {
  readonly workload: Workload;
  readonly run: Run;
  /** Runs of one digest are owed, and give, the same. */
  readonly digest: string;
  readonly judgement: PromiseJudgement;
  /** What the ways came to that the workload can go, where it can go several. */
  readonly ways?: Ways | undefined;
  /** The parts of the tree that it entered, where the tree was loaded so that it says (`pmem/parts`). */
  readonly entered?: readonly string[] | undefined;
}

/** A run as a try: named and judged, with the ways that its workload can go. */
export function triedOf(
  workload: Workload,
  run: Run,
  ways?: Ways,
  judge: (digest: string) => PromiseJudgement = () => judgePromise(workload, run),
): Tried {
  const digest = digestOfRun(run);
  const judgement = withWays(judge(digest), ways);
  return {
    workload,
    run,
    digest: ways === undefined ? digest : hashOfParts([digest, ways.digest]),
    judgement,
    ways,
  };
}

/** What is kept of a try. */
export function factsOf({ workload, run, digest, judgement }: Tried): Facts {
  return {
    digest,
    broken: judgement.findings.map(({ key, index, writerIndex, text }): Broken => ({
      key,
      index,
      cause: causeOf(workload, writerIndex < 0 ? index : writerIndex),
      text,
    })),
    cost: namedCost(costOf(run.counts)),
    places: run.outcomes.length,
  };
}

/** A cost under the names that reports show. */
function namedCost({ movnti, cachedStores, writeBacks, sfence, mfence, flushHints }: Cost): Facts['cost'] {
  return {
    movnti,
    'cached stores': cachedStores,
    'write-backs': writeBacks,
    sfence,
    mfence,
    'flush hints': flushHints,
  };
}
