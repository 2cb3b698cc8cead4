/** Comparing two trees by all workloads, without a contract: what a subject reports of that is its own business. */
import type { Paint } from '#base/paint.ts';
import type { EvidenceStore } from './store.ts';
import type { Tree } from './subject.ts';

/** What to compare. */
export interface EndsRequest {
  readonly before: Tree;
  readonly after: Tree;
  /** The trees between the two, in order, where they are the ends of a series. */
  readonly between: () => readonly Tree[];
  /** Only workloads that this text says something about. */
  readonly only?: string | undefined;
  /** A file with workloads of the user's own, in place of the subject's. */
  readonly file?: string | undefined;
  /** Say also what of the subject's model no workload made use of. */
  readonly withCoverage: boolean;
  readonly store: EvidenceStore;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What came of it. */
export interface EndsReport {
  /** Plain data, for machines to read. */
  readonly data: unknown;
  /** How many workloads are not as expected. */
  readonly wrongCount: number;
  /** One sentence. */
  readonly verdict: string;
  /** The report, at length when it is `isVerbose`. */
  readonly text: (isVerbose: boolean, paint: Paint) => string;
}

/** Throws `InputError` when nothing is left to compare. */
export type EndsReporter = (request: EndsRequest) => Promise<EndsReport>;
