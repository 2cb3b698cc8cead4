/** Comparing two trees by all workloads, without a contract: what a subject reports of that is its own business. */
import type { Paint } from '#base/paint.ts';
import type { Share } from './share.ts';
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
  /** Only these workloads are tried, for somebody else to report on. */
  readonly share?: Share | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What came of it. */
export interface EndsReport {
  /** Plain data, for machines to read. */
  readonly data: unknown;
  /** What each workload is held to, by name, with what is wrong; nothing where all are told at once. */
  readonly cases?: readonly { readonly name: string; readonly problems: readonly string[] }[];
  /** How many workloads are not as expected. */
  readonly wrongCount: number;
  /** One sentence. */
  readonly verdict: string;
  /** The report, at length when it is `isVerbose`. */
  readonly text: (isVerbose: boolean, paint: Paint) => string;
}

/** Throws `InputError` when nothing is left to compare. */
export type EndsReporter = (request: EndsRequest) => Promise<EndsReport>;
