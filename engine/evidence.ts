/**
 * Gathers what is known of workloads on trees and on pairs of trees: from the store, or by trying. A workload is tried once
 * on each tree that needs it and then forgotten, so memory does not grow with the series. Tries of one digest are equal;
 * comparisons are known by digests, so trees that behave as others did need none.
 */
import { eachOf } from '#base/each-of.ts';
import { onceEach } from '#base/once.ts';
import type { EvidenceStore, Table } from './store.ts';
import type { Compared, Subject, Tree, Workload } from './subject.ts';
import { type Outcome, type Tried, Tries } from './tries.ts';

/** Two trees to compare. */
export interface Pair {
  readonly before: Tree;
  readonly after: Tree;
}

/** Evidence about all workloads of a subject on some trees. */
export interface Evidence {
  /** Throws `RangeError` for a tree that was not asked for. */
  readonly tried: (tree: Tree, workload: Workload) => Tried;
  /** Nothing where either side ended in an error. */
  readonly compared: (pair: Pair, workload: Workload) => Compared;
}

export interface Gathering {
  readonly subject: Subject;
  readonly store: EvidenceStore;
  /** Hears of each workload that has to be tried, before it is. */
  readonly onProgress?: (done: number, total: number) => void;
}

const NOTHING: Compared = { differences: [], relations: {} };

/** Workloads, or milliseconds of trying, between two savings, so that a run that is killed has not been for nothing. */
const SAVE_EVERY = 64;
const SAVE_EVERY_MS = 2000;

/** Everything about the workloads of the subject on `trees`, and on each of `pairs`, whose trees need not be among them. */
export async function gather(
  { subject, store, onProgress }: Gathering,
  trees: readonly Tree[],
  pairs: readonly Pair[],
): Promise<Evidence> {
  const all = new Map(
    [...trees, ...pairs.flatMap(({ before, after }) => [before, after])].map((tree) => [tree.hash, tree]),
  );
  const known: Known = {
    hashes: [...all.keys()],
    tries: new Tries(subject, store, [...all.values()]),
    comparisons: store.table('compared', [subject.hash]),
  };
  const missing = subject.workloads.filter(({ text }) => isMissing(text, pairs, known));
  let savedAt = performance.now();
  for (const [index, workload] of missing.entries()) {
    onProgress?.(index, missing.length);
    await tryWorkload(subject, workload, pairs, known);
    if (index % SAVE_EVERY !== SAVE_EVERY - 1 && performance.now() - savedAt < SAVE_EVERY_MS) continue;
    store.save();
    savedAt = performance.now();
  }
  store.save();
  if (missing.length > 0) subject.rest?.();
  return {
    tried: (tree, { text }) => there(known.tries.known(tree.hash, text), tree.name),
    compared: (pair, { text }) => {
      const names = `${pair.before.name} and ${pair.after.name}`;
      const digests = digestsOf(pair, text, known);
      return digests === undefined ? NOTHING : there(known.comparisons.get(rowOf(text, digests)), names);
    },
  };
}

function there<Row>(row: Row | undefined, name: string): Row {
  if (row === undefined) throw new RangeError(`no evidence of ${name}: ask for it when gathering`);
  return row;
}

/** What is known of some trees; comparisons by workload and digests, whichever trees these are of. */
interface Known {
  readonly hashes: readonly string[];
  readonly tries: Tries<unknown>;
  readonly comparisons: Table<Compared>;
}

type Digests = readonly [before: string, after: string];

const rowOf = (text: string, digests: Digests): string => [text, ...digests].join('\0');

/** The digests of both sides, when both ran and there is something to compare. */
function digestsOf({ before, after }: Pair, text: string, { tries }: Known): Digests | undefined {
  const [left, right] = [tries.known(before.hash, text), tries.known(after.hash, text)];
  if (left === undefined || right === undefined || 'error' in left || 'error' in right) return undefined;
  return left.digest === right.digest ? undefined : [left.digest, right.digest];
}

function isMissing(text: string, pairs: readonly Pair[], known: Known): boolean {
  if (known.hashes.some((hash) => known.tries.known(hash, text) === undefined)) return true;
  return pairs.some((pair) => {
    const digests = digestsOf(pair, text, known);
    return digests !== undefined && known.comparisons.get(rowOf(text, digests)) === undefined;
  });
}

async function tryWorkload(
  subject: Subject,
  { text }: Workload,
  pairs: readonly Pair[],
  known: Known,
): Promise<void> {
  const { tries, comparisons } = known;
  const triedNow = new Set<string>();
  await eachOf(known.hashes, subject.treesAtATime ?? 1, async (hash) => {
    if ((await tries.facts(hash, text)).isNew) triedNow.add(hash);
  });
  const flickerOn = onceEach((hash: string) =>
    flickerOf(
      subject,
      () => tries.attempt(hash, text),
      () => tries.attemptAgain(hash, text),
    ),
  );
  for (const pair of pairs) {
    const digests = digestsOf(pair, text, known);
    const { before: one, after: other } = pair;
    if (digests === undefined) continue;
    const isKnown = comparisons.get(rowOf(text, digests)) !== undefined;
    for (const { hash } of [one, other]) {
      const flicker = isKnown && !triedNow.has(hash) ? undefined : await flickerOn(hash);
      if (flicker !== undefined) tries.note(hash, text, { error: flicker, flickers: true });
    }
    if (isKnown || digestsOf(pair, text, known) === undefined) continue;
    const [before, after] = [await tries.attempt(one.hash, text), await tries.attempt(other.hash, text)];
    const isWhole = 'tried' in before && 'tried' in after;
    comparisons.set(rowOf(text, digests), isWhole ? subject.compare(before.tried, after.tried) : NOTHING);
  }
}

/** What a workload differs from itself in when it is tried again on the same tree; nothing when it gives the same each time. */
async function flickerOf(
  subject: Subject,
  tryFirst: () => Promise<Outcome<unknown>>,
  tryAgain: () => Promise<Outcome<unknown>>,
): Promise<string | undefined> {
  for (let tries = 1; tries < (subject.triesToBelieve ?? 1); tries++) {
    const [first, other] = [await tryFirst(), await tryAgain()];
    if ('error' in first) return undefined;
    if ('error' in other) return `ran once, and the next time: ${other.error}`;
    const [difference] = subject.compare(first.tried, other.tried).differences;
    if (difference !== undefined) {
      const { dimension, at, before, after } = difference;
      return `differs from itself when tried again: ${dimension} at '${at}' was ${before}, then ${after}`;
    }
    const [one, next] = [first.tried, other.tried].map((tried) => brokenKeys(subject, tried));
    if (one !== next)
      return `differs from itself when tried again: promises broken were ${one}, then ${next}`;
  }
  return undefined;
}

function brokenKeys(subject: Subject, tried: unknown): string {
  const keys = subject.facts(tried).broken.map(({ key }) => key);
  return keys.length === 0 ? 'none' : keys.join(', ');
}
