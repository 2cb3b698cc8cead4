/**
 * What the tracker knows so far: entries for symbols that are, hold or make a watched value, and entries for objects
 * (module namespaces, tables held by variables, classes and enums) that have such members.
 */
import type { Assigned } from './assigned.ts';
import type { SymbolHandle } from './compiler.ts';
import type { Flow, Target, UseKind } from './use.ts';

/** A symbol to watch, resolved. */
export interface WatchedSymbol {
  readonly target: Target;
  readonly symbol: SymbolHandle;
  /** Whether its values are worth following: functions and classes, not numbers. */
  readonly callable: boolean;
  /** The class, enum or namespace it is a member of. */
  readonly owner?: SymbolHandle;
  /** Key of the declaration of the one signature meant, of a function that has several. */
  readonly signature?: string;
  /** Whether giving it a value in an object literal is a use of it. */
  readonly isFilled?: boolean;
  /** True for a name imported from a package that is not installed: the import itself is all there is of it. */
  readonly isUnresolved?: boolean;
}

/** A symbol that is, holds or makes a watched value. */
export interface Entry {
  readonly target: Target;
  readonly via: readonly string[];
  readonly callable: boolean;
  /** Whether this is a function that returns the watched one: only what is done with its result matters. */
  readonly isMaker: boolean;
  /** For a variable that got the value by an assignment: where. */
  readonly assigned?: Assigned;
  /** Whether it is only one of several that a key may name. */
  readonly isOpen?: boolean;
}

/** An object whose named members reach watched symbols: a module's namespace, or a table held by a variable. */
export interface ObjectEntry {
  readonly members: ReadonlyMap<string, Entry>;
  /** Members that are namespaces themselves, with something watched inside. */
  readonly nested: ReadonlyMap<string, Entry>;
  /** Whether an unreadable use of the object is itself a finding (namespaces yes, tables no). */
  readonly isModule: boolean;
  readonly via: readonly string[];
}

/**
 * Where a value was stored first has been reported. Of what happens to it later only calls, passing on and storing
 * out of sight are told; comparing it, naming its type or giving it another local name is not.
 */
export function mattersOnRoad(kind: UseKind, flow: Flow | undefined): boolean {
  if (kind === 'type' || kind === 'import') return false;
  return flow === undefined || !['other', 'variable', 'field'].includes(flow.into);
}

/** Members of both, the later ones winning. */
export function merged(known: ObjectEntry, entry: ObjectEntry): ReadonlyMap<string, Entry> {
  return new Map([...known.members, ...entry.members]);
}

/** The first entry of those that the texts of a key name; open when one of the texts names nothing watched. */
export function mayBeAnother(found: readonly (Entry | undefined)[]): Entry | undefined {
  const entry = found.find((one) => one !== undefined);
  return entry === undefined || found.every((one) => one !== undefined) ? entry : { ...entry, isOpen: true };
}

/** All entries of an object. */
export function entriesOf(object: ObjectEntry): readonly Entry[] {
  return [...object.members.values(), ...object.nested.values()];
}
