/** What can be said of one place where a watched name stands, before other files are looked at. Plain data. */

/** Kinds of use a rule may choose among. */
export const USE_KINDS = [
  'call',
  'value',
  'slot',
  'argument',
  'type',
  'stored',
  'macro-body',
  'macro-definition',
  'macro-undef',
  'paste',
  'alias',
  'assembly',
  'condition',
  'include',
  'definition',
  'declaration',
  'export',
  'named',
  'text',
] as const;

/**
 * - `text`: a string that is exactly the name, given to something that looks names up;
 * - `named`: the grammar could not read the place;
 * - others: as they say.
 */
export type UseKind = (typeof USE_KINDS)[number];

/** `enumerator` and `tag` are settled when all files are known: they are the symbol only where nothing else is. */
export type RawKind = UseKind | 'enumerator' | 'tag' | 'silent';

/** How a constant is used. */
export type ConstantUse = 'test' | 'set' | 'clear' | 'compare' | 'argument';

/** The way from an object to a field, outermost first. */
export type SlotStep =
  | { readonly field: string }
  | { readonly index: number }
  /** An element of an array, or what a pointer points to. */
  | { readonly element: true };

/** Where a value is stored: a field of something. */
export interface SlotSite {
  /** Name of the variable, when it has one. */
  readonly object?: string;
  /** Type as written: `struct T`, `T`; absent when only the object's declaration says it. */
  readonly type?: string;
  readonly isArray?: boolean;
  readonly steps: readonly SlotStep[];
  readonly isByPosition: boolean;
}

/** A name that now stands for the watched one. */
export interface Learnt {
  readonly name: string;
  readonly how: 'macro' | 'variable' | 'wrapper' | 'typedef' | 'alias';
  /** Where it does: one function (offsets), this file, wherever this header is reached, or everywhere. */
  readonly reach: 'function' | 'file' | 'header' | 'program';
  readonly from?: number;
  readonly to?: number;
}

export interface Reading {
  readonly kind: RawKind;
  /** Reason for silence. */
  readonly why?: string;
  /** For a local variable: what its use would be, which counts where the variable itself stands for a watched name. */
  readonly hidden?: RawKind;
  /** For a field that is read: how; `slot` then says which field of what, where that is known (not in a macro). */
  readonly fieldUse?: 'call' | 'value';
  /** Function or macro around the place. */
  readonly in?: string;
  /** What it is an argument of. */
  readonly of?: string;
  /** Variable it is stored in. */
  readonly into?: string;
  readonly slot?: SlotSite;
  readonly use?: ConstantUse;
  readonly learns?: readonly Learnt[];
  readonly isStatic?: boolean;
  /** The grammar failed around the place; the kind is what the tokens beside it say. */
  readonly isNotParsed?: boolean;
  /** A definition of what: decides whether a learnt variable may be followed, and what a constant is. */
  readonly what?: 'function' | 'variable' | 'macro' | 'constant' | 'type';
}

/** A place with its reading. Lines and columns count from 1; columns and offsets are bytes. */
export interface Hit extends Reading {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
  readonly condition: readonly string[];
  /** Text of the line. */
  readonly source: string;
  /** Hash of the words of the statement. */
  readonly statement: string;
}
