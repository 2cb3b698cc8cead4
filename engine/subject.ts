/**
 * What the engine must know of a thing under test. A workload is text; what came of trying it on one tree is opaque to the
 * engine; what two tries differ in and what one try fails to keep are plain data. The pmem suite, a user's probe and
 * recordings of real builds are subjects.
 */
import type { Timeline } from '#base/timeline.ts';
import type { TreeFiles } from '#base/tree-files.ts';

/** How one dimension differs. `stronger`: fewer ways to do harm than before; `other`: different, and no order to speak of. */
export const RELATIONS = ['stronger', 'weaker', 'incomparable', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

/** A relation over many comparisons, `equal` when none differs. */
export type Summary = Relation | 'equal';

/** A tree of files that can be tried. */
export interface Tree {
  /** As people write it on the command line: `before`, `step-3`, `as-posted@3`, a folder. */
  readonly name: string;
  /** Absolute folder that holds its files. */
  readonly folder: string;
  /** The hash of its files: trees of one hash behave alike. */
  readonly hash: string;
  /** Its files, where these are known without its folder being read. */
  readonly files?: () => TreeFiles;
  /** What its code is made of, for a tree that shares folders with others; those lie in the root of the project. */
  readonly sources?: () => TreeFiles;
}

/** Something to try. */
export interface Workload {
  readonly name: string;
  readonly text: string;
}

/** What an operation is like: each word of the vocabulary with the values that hold. */
export type Traits = Readonly<Record<string, readonly string[]>>;

/** The words of conditions with the values each may have; `text` for values that nobody can list. */
export type Vocabulary = Readonly<Record<string, readonly string[] | 'text'>>;

/** One dimension in which tries are compared. */
export interface Dimension {
  readonly name: string;
  readonly meaning: string;
  /** It is what callers get back, so that a difference nobody declared is a wrong result. */
  readonly isResult: boolean;
  /** What verdicts on variants call a difference of it, where none is graver and it is no result; its name when absent. */
  readonly sort?: string;
}

/** What two tries of one workload differ in, at one place. */
export interface Difference {
  readonly dimension: string;
  readonly relation: Relation;
  /** Place in the workload, counted from 0; -1 for the whole of it. */
  readonly index: number;
  /** What was done there, as text. */
  readonly at: string;
  /** What was done where it comes from: differences of one cause are told once. */
  readonly cause: string;
  /** What each operation to blame is like. A contract must speak of every one of them. */
  readonly blamed: readonly Traits[];
  /** A promise covers what differs, so that `weaker` and `incomparable` are never excused. */
  readonly isPromised: boolean;
  /** What it was and what it is, in a few words. */
  readonly before: string;
  readonly after: string;
}

/** Something owed to users, by whatever tree, that a try does not give. */
export interface Broken {
  /** Two trees break the same promise when their keys agree. */
  readonly key: string;
  readonly index: number;
  readonly cause: string;
  /** A sentence. */
  readonly text: string;
}

/** What one try gave, as plain data that can be kept. */
export interface Facts {
  /** Tries of one digest cannot be told apart in any dimension. */
  readonly digest: string;
  readonly broken: readonly Broken[];
  /** What it cost, by name of cost. */
  readonly cost: Readonly<Record<string, number>>;
  /** How many places of it are compared. */
  readonly places: number;
}

/** What two tries of one workload differ in, as plain data that can be kept. */
export interface Compared {
  readonly differences: readonly Difference[];
  /** The relation over all places, under names that reports show: `acknowledged`, `synced`. */
  readonly relations: Readonly<Record<string, Summary>>;
}

/** What was done at one place on both sides, a line an instruction or observation. */
export interface SideBySide {
  readonly at: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Bytes of one place in a state that only one side may leave, and in the nearest that the other side may. */
export interface WitnessBytes {
  /** A disk, a file; `offset` bytes from its beginning. */
  readonly place: string;
  readonly offset: number;
  /** Hexadecimal digits. */
  readonly holds: string;
  readonly otherHolds: string;
  /** Who stored these, in words. */
  readonly storedBy: string;
  readonly otherStoredBy: string;
}

/** A state that tells two tries apart. */
export interface WitnessState {
  /** The side that may leave it. */
  readonly side: 'before' | 'after';
  /** In words, as `once 'fsync pmem0:/f' has returned`; and the place in the workload, counted from 0. */
  readonly when: string;
  readonly index: number;
  readonly bytes: readonly WitnessBytes[];
  /** Where both hold the same and it matters. */
  readonly given?: string;
}

/** What shows a difference to a reader. */
export interface Shown {
  /** Lines about one state that tells the two apart. */
  readonly witness: readonly string[];
  /** The same as data, where the subject has it. */
  readonly states?: readonly WitnessState[];
  readonly traces: readonly SideBySide[];
}

/** Which lines of a tree's files ran, counted from 1; files relative to the tree, with `/`. */
export type LinesRun = ReadonlyMap<string, readonly number[]>;

/** Lines of one file. */
export interface FileLines {
  readonly file: string;
  /** Counted from 1, ascending. */
  readonly lines: readonly number[];
}

/** A change of one thing in a line that no workload notices: all comes out as without it. */
export interface Unnoticed {
  readonly file: string;
  readonly line: number;
  /** The code that was changed, in one line, shortened. */
  readonly code: string;
  /** What was done: left out, or, for a condition, forced to be this. */
  readonly change: 'left out' | 'true' | 'false';
  /** Workloads that get there, where forcing a condition would change it; and those of them in which it was tried. */
  readonly reached: number;
  readonly tried: number;
}

/** What came of changing lines. */
export interface UnnoticedChanges {
  readonly changes: readonly Unnoticed[];
  /** Lines of code in which nothing could be changed. */
  readonly untried: readonly FileLines[];
}

/** Tries changes of single lines of a tree. */
export interface LineChanger {
  /** Of all that decides what it finds, besides subject and tree. */
  readonly hash: string;
  /** Changes of `lines` of a tree that none of the workloads notices, the first of which are tried first. */
  readonly unnoticed: (
    tree: Tree,
    lines: LinesRun,
    workloads: readonly string[],
  ) => Promise<UnnoticedChanges>;
}

export interface Subject<Try = unknown> {
  readonly name: string;
  /** The hash of all that a try and a comparison follow from besides trees and workload. */
  readonly hash: string;
  /** In order of weight, the gravest first. */
  readonly dimensions: readonly Dimension[];
  readonly vocabulary: Vocabulary;
  readonly workloads: readonly Workload[];
  /** How often a workload is tried on each side before a difference is believed; once where a tree cannot differ from itself. */
  readonly triesToBelieve?: number;
  /** How many trees may be tried at a time; one where a try keeps the whole process busy. */
  readonly treesAtATime?: number;
  /** Nothing is tried for now: ends what tries have left behind. */
  rest?(): void;
  /** Opens a tree. What it gives throws `InputError` for text that is no workload. */
  open(tree: Tree): Promise<(workload: string) => Try | Promise<Try>>;
  facts(tried: Try): Facts;
  /** The hashes of all parts of a tree; nothing where its parts are not to be told apart. */
  parts?(tree: Tree): Promise<ReadonlySet<string> | undefined>;
  /**
   * The hashes of the parts that a try entered. A tree that has all of these gives the same facts: what decides which part is
   * entered next is in the hashes too. Nothing where it was not noted.
   */
  entered?(tried: Try): readonly string[] | undefined;
  compare(before: Try, after: Try): Compared;
  /** Workloads one simplification away that can be run, the boldest first. */
  simpler?(workload: string): Iterable<string>;
  /** What shows a difference, or without one the promise that `after` breaks. */
  show?(before: Try, after: Try, what: Difference | Broken): Shown;
  /** Tries each workload on a tree again and says which lines ran: one answer a workload, in order. */
  linesRun?(tree: Tree, workloads: readonly string[]): Promise<readonly LinesRun[]>;
  /** Of some lines of a tree's files, those that are code and that none of the workloads runs; nothing where that cannot be counted. */
  linesNeverRun?(tree: Tree, lines: LinesRun, workloads: readonly string[]): Promise<LinesRun | undefined>;
  /** Changes single lines of a tree, to find those that no outcome depends on. */
  readonly lineChanger?: LineChanger;
  /** What of its language no workload makes use of. */
  unused?(): readonly string[];
  /** What a power failure may leave at every instant of a workload on both trees, instruction by instruction. */
  timeline?(before: Tree, after: Tree, workload: string): Promise<Timeline>;
  /** The command that tries one workload on two trees again, as a shell reads it. */
  replay?(before: string, after: string, workload: string): string;
}
