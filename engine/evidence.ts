/**
 * Gathers what is known of workloads on trees and on pairs of trees: from the store, or by trying. A workload is tried once
 * on each tree that needs it and then forgotten, so memory does not grow with the series. Tries of one digest are equal;
 * two pairs of tries with the same digests are compared once.
 */
import { InputError } from '#base/input-error.ts';
import type { EvidenceStore, Table } from './store.ts';
import type { Compared, Facts, Subject, Tree, Workload } from './subject.ts';

/** Two trees to compare. */
export interface Pair {
  readonly before: Tree;
  readonly after: Tree;
}

/** What came of one workload on one tree: facts, or the error that it ended in. */
export type Tried = Facts | { readonly error: string };

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

/** Workloads between two savings, so that a run that is killed has not been for nothing. */
const SAVE_EVERY = 64;

/** Everything about the workloads of the subject on `trees`, and on each of `pairs`, whose trees need not be among them. */
export async function gather(
  { subject, store, onProgress }: Gathering,
  trees: readonly Tree[],
  pairs: readonly Pair[],
): Promise<Evidence> {
  const all = new Map(
    [...trees, ...pairs.flatMap(({ before, after }) => [before, after])].map((tree) => [tree.hash, tree]),
  );
  const facts = new Map([...all.values()].map((tree) => [tree.hash, factsTable(store, subject, tree)]));
  const comparisons = new Map(pairs.map((pair) => [pairKey(pair), pairTable(store, subject, pair)]));
  const tables = { facts, comparisons };
  const missing = subject.workloads.filter((workload) => isMissing(workload, pairs, tables));
  const open = openerOf(subject, all);
  for (const [index, workload] of missing.entries()) {
    onProgress?.(index, missing.length);
    await tryWorkload(subject, workload, pairs, tables, open);
    if (index % SAVE_EVERY === SAVE_EVERY - 1) store.save();
  }
  store.save();
  return {
    tried: (tree, { text }) => known(facts.get(tree.hash)?.get(text), tree.name),
    compared: (pair, { text }) =>
      known(comparisons.get(pairKey(pair))?.get(text), `${pair.before.name} and ${pair.after.name}`),
  };
}

function known<Row>(row: Row | undefined, name: string): Row {
  if (row === undefined) throw new RangeError(`no evidence of ${name}: ask for it when gathering`);
  return row;
}

interface Tables {
  readonly facts: ReadonlyMap<string, Table<Tried>>;
  readonly comparisons: ReadonlyMap<string, Table<Compared>>;
}

const pairKey = ({ before, after }: Pair): string => `${before.hash} ${after.hash}`;

const factsTable = (store: EvidenceStore, subject: Subject, tree: Tree): Table<Tried> =>
  store.table('tried', [subject.hash, tree.hash]);

const pairTable = (store: EvidenceStore, subject: Subject, { before, after }: Pair): Table<Compared> =>
  store.table('compared', [subject.hash, before.hash, after.hash]);

function isMissing({ text }: Workload, pairs: readonly Pair[], { facts, comparisons }: Tables): boolean {
  return (
    [...facts.values()].some((table) => table.get(text) === undefined) ||
    pairs.some((pair) => comparisons.get(pairKey(pair))?.get(text) === undefined)
  );
}

/** Gives a tree's runner; a tree is opened once, when it is first needed. */
export function openerOf(
  subject: Subject,
  trees: ReadonlyMap<string, Tree>,
): (hash: string) => Promise<(workload: string) => unknown> {
  const opened = new Map<string, Promise<(workload: string) => unknown>>();
  return (hash) => {
    const tree = trees.get(hash);
    if (tree === undefined) throw new RangeError(`no tree ${hash}`);
    let opening = opened.get(hash);
    if (opening === undefined) opened.set(hash, (opening = subject.open(tree)));
    return opening;
  };
}

type Open = ReturnType<typeof openerOf>;

/** A try that went well, or the error it ended in. */
type Outcome = { readonly tried: unknown } | { readonly error: string };

async function tryWorkload(
  subject: Subject,
  { text }: Workload,
  pairs: readonly Pair[],
  { facts, comparisons }: Tables,
  open: Open,
): Promise<void> {
  const tries = new Map<string, Promise<Outcome>>();
  const tryOn = (hash: string): Promise<Outcome> => {
    let outcome = tries.get(hash);
    if (outcome === undefined) tries.set(hash, (outcome = attempt(open, hash, text)));
    return outcome;
  };
  for (const [hash, table] of facts) {
    if (table.get(text) !== undefined) continue;
    const outcome = await tryOn(hash);
    table.set(text, 'error' in outcome ? outcome : subject.facts(outcome.tried));
  }
  const byDigests = new Map<string, Compared>();
  for (const pair of pairs) {
    const table = comparisons.get(pairKey(pair));
    if (table === undefined || table.get(text) !== undefined) continue;
    const [left, right] = [pair.before, pair.after].map(({ hash }) => facts.get(hash)?.get(text));
    if (
      left === undefined ||
      right === undefined ||
      'error' in left ||
      'error' in right ||
      left.digest === right.digest
    ) {
      table.set(text, NOTHING);
      continue;
    }
    const digests = `${left.digest} ${right.digest}`;
    let compared = byDigests.get(digests);
    if (compared === undefined) {
      const [before, after] = [await tryOn(pair.before.hash), await tryOn(pair.after.hash)];
      compared = 'error' in before || 'error' in after ? NOTHING : subject.compare(before.tried, after.tried);
      byDigests.set(digests, compared);
    }
    table.set(text, compared);
  }
}

async function attempt(open: Open, hash: string, text: string): Promise<Outcome> {
  try {
    const run = await open(hash);
    return { tried: await run(text) };
  } catch (error) {
    // Text that is no workload is the user's business; anything else the tree's.
    if (error instanceof InputError) throw error;
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
