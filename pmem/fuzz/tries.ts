/** One workload on several trees: it is run once on each, and runs that did the same are judged once. */
import { TooManyImagesError } from '#base/too-many-images.ts';
import type { Workload } from '../language/workload.ts';
import { judgePromise, type Ways, waysOf, withWays } from '../promise/promise.ts';
import { type Boot, type Run, runWorkload } from '../run/run.ts';
import { sameRuns } from '../run/same-run.ts';
import type { Tried } from '../tried.ts';

/** What came of a workload on one tree. */
export type Outcome = Tried | { readonly error: string; readonly hasTooManyImages: boolean };

export class Tries {
  readonly #boots: readonly Boot[];
  readonly #workload: Workload;
  readonly #outcomes = new Map<number, Outcome>();
  /** One of each that did the same. */
  readonly #different: Tried[] = [];

  constructor(boots: readonly Boot[], workload: Workload) {
    this.#boots = boots;
    this.#workload = workload;
  }

  /** What came of it on a tree, by the place of the tree. */
  on(tree: number): Outcome {
    const outcome = this.#outcomes.get(tree) ?? this.#tryOn(this.#boots[tree]);
    this.#outcomes.set(tree, outcome);
    return outcome;
  }

  #tryOn(boot: Boot | undefined): Outcome {
    if (boot === undefined) throw new RangeError('a tree that is not opened');
    try {
      return this.#triedOf(this.#run(boot), waysOf(boot, this.#workload));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { error: text, hasTooManyImages: error instanceof TooManyImagesError };
    }
  }

  #run(boot: Boot): Run {
    const [first] = this.#different;
    const start = { step: 0, configuration: this.#workload.boot };
    return runWorkload(boot, this.#workload, {}, first === undefined ? start : { ...start, like: first.run });
  }

  #triedOf(run: Run, ways: Ways | undefined): Tried {
    const workload = this.#workload;
    const known = this.#different.find(
      (tried) => sameRuns(tried.run, run) && tried.ways?.digest === ways?.digest,
    );
    if (known !== undefined) return { ...known, run };
    // Nobody keeps it, so any name will do that no other of these runs has.
    const digest = String(this.#different.length);
    const judgement = withWays(judgePromise(workload, run), ways);
    const tried = { workload, run, digest, judgement, ways };
    this.#different.push(tried);
    return tried;
  }
}
