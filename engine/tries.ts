/**
 * Tries of workloads on trees: made where nothing is known yet, and kept as facts. A try also stands for every tree in which all
 * parts that it entered are the same ones, so an edit costs only the workloads that enter what was edited.
 */
import { InputError } from '#base/input-error.ts';
import { once, onceEach } from '#base/once.ts';
import type { EvidenceStore, Table } from './store.ts';
import type { Facts, Subject, Tree } from './subject.ts';

/** A workload of which nothing can be said on a tree: it ended in an error, or does not give the same each time. */
export interface Failed {
  readonly error: string;
  readonly flickers?: boolean;
}

/** What came of one workload on one tree. */
export type Tried = Facts | Failed;

/** A try that went well, or the error it ended in. */
export type Outcome<Try> = { readonly tried: Try } | { readonly error: string };

/** Facts, and the parts of a tree that are all they follow from. */
interface StandIn {
  readonly parts: readonly string[];
  readonly facts: Facts;
}

/** So many tries of one workload are kept to stand for other trees; the oldest go first. */
const STAND_INS = 24;

/** Tries that stand for other trees, on disk: how many there were of a workload, and each in a row of its own. */
class StandIns {
  readonly #counts: Table<number>;
  readonly #rows: Table<StandIn>;
  readonly #of = onceEach((text: string): StandIn[] =>
    Array.from({ length: Math.min(this.#counts.get(text) ?? 0, STAND_INS) }, (_, place) =>
      this.#rows.get(rowAt(text, place)),
    ).filter((row) => row !== undefined),
  );

  constructor(store: EvidenceStore, subjectHash: string) {
    this.#counts = store.table('entered-counts', [subjectHash]);
    this.#rows = store.table('entered', [subjectHash]);
  }

  add(text: string, standIn: StandIn): void {
    const count = this.#counts.get(text) ?? 0;
    const place = count % STAND_INS;
    this.#of(text)[place] = standIn;
    this.#rows.set(rowAt(text, place), standIn);
    this.#counts.set(text, count + 1);
  }

  /** What a try of `text` gave on another tree that has `own` parts and cannot give anything else on this one. */
  find(text: string, own: ReadonlySet<string>): Facts | undefined {
    return this.#of(text).find(({ parts }) => parts.every((part) => own.has(part)))?.facts;
  }
}

const rowAt = (text: string, place: number): string => `${text}\0${place}`;

/** Tries of one subject's workloads on some trees. */
export class Tries<Try> {
  readonly #subject: Subject<Try>;
  readonly #facts: (hash: string) => Table<Tried>;
  readonly #standIns: () => StandIns;
  readonly #open: (hash: string) => Promise<(workload: string) => Try | Promise<Try>>;
  readonly #partsOf: (hash: string) => Promise<ReadonlySet<string> | undefined>;
  /** Tries of the workload of last; they may be large. */
  #last = { text: '', onTree: new Map<string, Promise<Outcome<Try>>>() };

  constructor(subject: Subject<Try>, store: EvidenceStore, trees: readonly Tree[]) {
    const byHash = new Map(trees.map((tree) => [tree.hash, tree]));
    const treeOf = (hash: string): Tree => {
      const tree = byHash.get(hash);
      if (tree === undefined) throw new RangeError(`no tree ${hash}`);
      return tree;
    };
    this.#subject = subject;
    this.#facts = onceEach((hash) => store.table('tried', [subject.hash, treeOf(hash).hash]));
    this.#standIns = once(() => new StandIns(store, subject.hash));
    this.#open = onceEach((hash) => subject.open(treeOf(hash)));
    this.#partsOf = onceEach(async (hash) => subject.parts?.(treeOf(hash)));
  }

  /** What is known of a workload on a tree without trying anything. */
  known(hash: string, text: string): Tried | undefined {
    return this.#facts(hash).get(text);
  }

  /** Notes what came of a workload on a tree. */
  note(hash: string, text: string, tried: Tried): void {
    this.#facts(hash).set(text, tried);
  }

  /** What comes of a workload on a tree, and whether it was tried for it. */
  async facts(hash: string, text: string): Promise<{ readonly facts: Tried; readonly isNew: boolean }> {
    const known = this.known(hash, text);
    if (known !== undefined) return { facts: known, isNew: false };
    const standIn = await this.#standInFor(hash, text);
    const facts = standIn ?? (await this.#tryOut(hash, text));
    this.note(hash, text, facts);
    return { facts, isNew: standIn === undefined };
  }

  /** Tries a workload on a tree, once while no other workload is asked about. */
  attempt(hash: string, text: string): Promise<Outcome<Try>> {
    if (this.#last.text !== text) this.#last = { text, onTree: new Map() };
    const { onTree } = this.#last;
    const outcome = onTree.get(hash) ?? this.attemptAgain(hash, text);
    onTree.set(hash, outcome);
    return outcome;
  }

  /** Tries a workload on a tree whether or not that was done before. */
  async attemptAgain(hash: string, text: string): Promise<Outcome<Try>> {
    try {
      const run = await this.#open(hash);
      return { tried: await run(text) };
    } catch (error) {
      // Text that is no workload is the user's business; anything else the tree's.
      if (error instanceof InputError) throw error;
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  async #tryOut(hash: string, text: string): Promise<Tried> {
    const outcome = await this.attempt(hash, text);
    if ('error' in outcome) return outcome;
    const facts = this.#subject.facts(outcome.tried);
    const parts = this.#subject.entered?.(outcome.tried);
    if (parts !== undefined) this.#standIns().add(text, { parts, facts });
    return facts;
  }

  async #standInFor(hash: string, text: string): Promise<Facts | undefined> {
    const own = await this.#partsOf(hash);
    return own && this.#standIns().find(text, own);
  }
}
