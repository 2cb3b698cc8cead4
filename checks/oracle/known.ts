/**
 * What the tracker has learned so far: which symbols are, hold or make a watched value, which objects have such members,
 * and which names are still to be looked for.
 */
import type { Compiler, SourceUnit, SymbolHandle } from './compiler.ts';
import { merged, type Entry, type ObjectEntry, type WatchedSymbol } from './entries.ts';
import { isOfInstances } from './instance-members.ts';
import type { Target } from './use.ts';

/** How many carriers a value is followed through. */
const ROAD_LENGTH_MAX = 8;

/** A name to look for, in one file or in all. */
export interface WantedName {
  readonly word: string;
  readonly unit: SourceUnit | undefined;
}

export class Known {
  readonly entries = new Map<string, Entry>();
  readonly objects = new Map<string, ObjectEntry>();
  readonly queue: WantedName[] = [];
  /** Symbols learned since the modules that have them were last looked for. */
  readonly starts: SymbolHandle[] = [];
  /** Names of watched members that keys have not been looked at for. */
  readonly memberNames = new Set<string>();
  /** Names of watched members that are also used where an object literal gives them a value. */
  readonly filled = new Set<string>();
  /** Files that declare a target. */
  readonly homes = new Map<Target, ReadonlySet<string>>();
  private readonly compiler: Compiler;

  constructor(compiler: Compiler) {
    this.compiler = compiler;
  }

  watch({ target, symbol, callable, owner, isUnresolved, isFilled }: WatchedSymbol): void {
    this.homes.set(target, new Set(this.compiler.declarationsOf(symbol).map((place) => place.path)));
    const entry: Entry = { target, via: [], callable, isMaker: false };
    if (isFilled === true) this.filled.add(symbol.name);
    // The import of a whole missing package is an object only: its members are what is watched.
    const isWhole = isUnresolved === true && owner !== undefined;
    if (!isWhole) this.addEntry(symbol, entry);
    if (owner === undefined) return;
    if (isUnresolved !== true) this.memberNames.add(symbol.name);
    if (isOfInstances(this.compiler, owner, symbol)) return;
    const members = new Map([[isWhole ? target.name : symbol.name, entry]]);
    this.addObject(owner, { members, nested: new Map(), isModule: isWhole, via: [] }, undefined);
  }

  addEntry(symbol: SymbolHandle, entry: Entry): void {
    const fresh = this.compiler.keysOf(symbol).filter((key) => !this.entries.has(key));
    if (fresh.length === 0 || entry.via.length > ROAD_LENGTH_MAX) return;
    for (const key of fresh) this.entries.set(key, entry);
    this.starts.push(symbol);
    this.queue.push({ word: symbol.name, unit: undefined });
  }

  addObject(symbol: SymbolHandle, entry: ObjectEntry, unit: SourceUnit | undefined): void {
    const keys = this.compiler.keysOf(symbol);
    const isKnown = keys.every((key) => {
      const known = this.objects.get(key);
      return known !== undefined && [...entry.members.keys()].every((name) => known.members.has(name));
    });
    if (isKnown || entry.via.length > ROAD_LENGTH_MAX) return;
    for (const key of keys) {
      const known = this.objects.get(key);
      this.objects.set(key, known === undefined ? entry : { ...entry, members: merged(known, entry) });
    }
    this.queue.push({ word: symbol.name, unit });
    this.starts.push(symbol);
  }

  /** Keys of what a symbol finally stands for; of an import that leads nowhere, its own. */
  keysOfTarget(symbol: SymbolHandle | undefined): readonly string[] {
    if (symbol === undefined) return [];
    const keys = this.compiler.keysOf(this.compiler.targetOf(symbol));
    return keys.length > 0 ? keys : this.compiler.keysOf(symbol);
  }
}
