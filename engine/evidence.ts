/**
 * Gathers what is known of workloads on trees and on pairs of trees: from the store, or by trying. A workload is tried once
 * on each tree that needs it and then forgotten, so memory does not grow with the series. Tries of one digest are equal;
 * comparisons are known by digests, so trees that behave as others did need none.
 */
import { InputError } from '#base/input-error.ts';
import { eachOf } from '#base/each-of.ts';
import { onceEach } from '#base/once.ts';
import type { EvidenceStore, Table } from './store.ts';
import type { Compared, Facts, Subject, Tree, Workload } from './subject.ts';

/** Two trees to compare. */
export interface Pair {
  readonly before: Tree;
  readonly after: Tree;
}

/** A workload of which nothing can be said on a tree: it ended in an error, or does not give the same each time. */
export interface Failed {
  readonly error: string;
  readonly flickers?: boolean;
}

/** What came of one workload on one tree. */
export type Tried = Facts | Failed;

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
  const tables: Tables = {
    facts: new Map([...all.values()].map((tree) => [tree.hash, factsTable(store, subject, tree)])),
    comparisons: store.table('compared', [subject.hash]),
  };
  const missing = subject.workloads.filter(({ text }) => isMissing(text, pairs, tables));
  const open = openerOf(subject, all);
  let savedAt = performance.now();
  for (const [index, workload] of missing.entries()) {
    onProgress?.(index, missing.length);
    await tryWorkload(subject, workload, pairs, tables, open);
    if (index % SAVE_EVERY !== SAVE_EVERY - 1 && performance.now() - savedAt < SAVE_EVERY_MS) continue;
    store.save();
    savedAt = performance.now();
  }
  store.save();
  if (missing.length > 0) subject.rest?.();
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
function openerOf(
  subject: Subject,
  trees: ReadonlyMap<string, Tree>,
): (hash: string) => Promise<(workload: string) => unknown> {
  return onceEach((hash) => {
    const tree = trees.get(hash);
    if (tree === undefined) throw new RangeError(`no tree ${hash}`);
    return subject.open(tree);
  });
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
  const tryOn = onceEach((hash: string) => attempt(open, hash, text));
  const triedNow = new Set<string>();
  const missing = [...tables.facts].filter(([, table]) => table.get(text) === undefined);
  await eachOf(missing, subject.treesAtATime ?? 1, async ([hash, table]) => {
    const outcome = await tryOn(hash);
    table.set(text, 'error' in outcome ? outcome : subject.facts(outcome.tried));
    triedNow.add(hash);
  });
  const flickerOn = onceEach(async (hash: string) =>
    flickerOf(
      subject,
      () => tryOn(hash),
      () => attempt(open, hash, text),
    ),
  );
  for (const pair of pairs) {
    const digests = digestsOf(pair, text, tables);
    const { before: one, after: other } = pair;
    if (digests === undefined) continue;
    const isKnown = tables.comparisons.get(rowOf(text, digests)) !== undefined;
    for (const { hash } of [one, other]) {
      const flicker = isKnown && !triedNow.has(hash) ? undefined : await flickerOn(hash);
      if (flicker !== undefined) tables.facts.get(hash)?.set(text, { error: flicker, flickers: true });
    }
    if (isKnown || digestsOf(pair, text, tables) === undefined) continue;
    const [before, after] = [await tryOn(one.hash), await tryOn(other.hash)];
    const isWhole = 'tried' in before && 'tried' in after;
    tables.comparisons.set(
      rowOf(text, digests),
      isWhole ? subject.compare(before.tried, after.tried) : NOTHING,
    );
  }
}

/** What a workload differs from itself in when it is tried again on the same tree; nothing when it gives the same each time. */
async function flickerOf(
  subject: Subject,
  tryFirst: () => Promise<Outcome>,
  tryAgain: () => Promise<Outcome>,
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
