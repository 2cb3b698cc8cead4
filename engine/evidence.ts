/**
 * Gathers what is known of workloads on trees and on pairs of trees: from the store, or by trying. A workload is tried once
 * on each tree that needs it and then forgotten, so memory does not grow with the series. Tries of one digest are equal;
 * comparisons are known by digests, so trees that behave as others did need none.
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
  const tables: Tables = {
    facts: new Map([...all.values()].map((tree) => [tree.hash, factsTable(store, subject, tree)])),
    comparisons: store.table('compared', [subject.hash]),
  };
  const missing = subject.workloads.filter(({ text }) => isMissing(text, pairs, tables));
  const open = openerOf(subject, all);
  for (const [index, workload] of missing.entries()) {
    onProgress?.(index, missing.length);
    await tryWorkload(subject, workload, pairs, tables, open);
    if (index % SAVE_EVERY === SAVE_EVERY - 1) store.save();
  }
  store.save();
  return {
    tried: (tree, { text }) => known(tables.facts.get(tree.hash)?.get(text), tree.name),
    compared: (pair, { text }) => {
      const names = `${pair.before.name} and ${pair.after.name}`;
      const digests = digestsOf(pair, text, tables);
      return digests === undefined ? NOTHING : known(tables.comparisons.get(rowOf(text, digests)), names);
    },
  };
}

function known<Row>(row: Row | undefined, name: string): Row {
  if (row === undefined) throw new RangeError(`no evidence of ${name}: ask for it when gathering`);
  return row;
}

/** Facts by tree; comparisons by workload and digests, whichever trees these are of. */
interface Tables {
  readonly facts: ReadonlyMap<string, Table<Tried>>;
  readonly comparisons: Table<Compared>;
}

/** What is known of workloads on one tree; it follows from nothing but subject and tree. */
export const factsTable = (store: EvidenceStore, subject: Pick<Subject, 'hash'>, tree: Tree): Table<Tried> =>
  store.table('tried', [subject.hash, tree.hash]);

type Digests = readonly [before: string, after: string];

const rowOf = (text: string, digests: Digests): string => [text, ...digests].join('\0');

/** The digests of both sides, when both ran and there is something to compare. */
function digestsOf({ before, after }: Pair, text: string, { facts }: Tables): Digests | undefined {
  const [left, right] = [facts.get(before.hash)?.get(text), facts.get(after.hash)?.get(text)];
  if (left === undefined || right === undefined || 'error' in left || 'error' in right) return undefined;
  return left.digest === right.digest ? undefined : [left.digest, right.digest];
}

function isMissing(text: string, pairs: readonly Pair[], tables: Tables): boolean {
  if ([...tables.facts.values()].some((table) => table.get(text) === undefined)) return true;
  return pairs.some((pair) => {
    const digests = digestsOf(pair, text, tables);
    return digests !== undefined && tables.comparisons.get(rowOf(text, digests)) === undefined;
  });
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
  tables: Tables,
  open: Open,
): Promise<void> {
  const tries = new Map<string, Promise<Outcome>>();
  const tryOn = (hash: string): Promise<Outcome> => {
    let outcome = tries.get(hash);
    if (outcome === undefined) tries.set(hash, (outcome = attempt(open, hash, text)));
    return outcome;
  };
  for (const [hash, table] of tables.facts) {
    if (table.get(text) !== undefined) continue;
    const outcome = await tryOn(hash);
    table.set(text, 'error' in outcome ? outcome : subject.facts(outcome.tried));
  }
  for (const pair of pairs) {
    const digests = digestsOf(pair, text, tables);
    if (digests === undefined || tables.comparisons.get(rowOf(text, digests)) !== undefined) continue;
    const [before, after] = [await tryOn(pair.before.hash), await tryOn(pair.after.hash)];
    const isWhole = 'tried' in before && 'tried' in after;
    tables.comparisons.set(
      rowOf(text, digests),
      isWhole ? subject.compare(before.tried, after.tried) : NOTHING,
    );
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
