/**
 * The modules through which something watched can be had: those that declare it, and those that pass it on. Who imports
 * one learns names for it; what a star export passes on is a use.
 */
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { entriesOf, type Entry, type ObjectEntry } from './entries.ts';
import { exportsAndAssignment } from './exports.ts';
import type { Known } from './known.ts';
import type { ModuleEdge, ModuleGraph } from './modules.ts';
import { isExported, parentOf, part, textOf } from './syntax.ts';
import type { Target, UseKind } from './use.ts';

/** What a file that passes on something of another has in its text. */
const PASSES_ON = /\bexport\s*(?:\/|type\b|\{|\*|default\b|=|import\b|as\b)|\bexports\b/;

/** Exports that a star export leaves out. */
const WHOLE = new Set(['default', 'export=']);

/** What this needs of the tracker. */
export interface ExposureHost {
  readonly emit: (kind: UseKind, node: SyntaxNode, unit: SourceUnit, entry: Entry) => void;
  /** Reads what is done with a module's namespace. */
  readonly readNamespace: (expression: SyntaxNode, unit: SourceUnit, object: ObjectEntry) => void;
}

/** A place that reaches a target by a module. */
interface Reaching {
  readonly unit: SourceUnit;
  readonly target: Target;
}

export class Exposure {
  private readonly passed = new Set<string>();
  private readonly exposed = new Map<string, string>();
  /** Keys of exposing modules by their file. */
  private readonly exposing = new Map<string, string>();
  private readonly compiler: Compiler;
  private readonly graph: ModuleGraph;
  private readonly known: Known;
  private readonly host: ExposureHost;

  constructor(compiler: Compiler, graph: ModuleGraph, known: Known, host: ExposureHost) {
    this.compiler = compiler;
    this.graph = graph;
    this.known = known;
    this.host = host;
  }

  /** How many modules expose something. */
  get size(): number {
    return this.exposed.size;
  }

  /** The files a use's import passes through on its way to a declaration, nearest first. */
  modulesBetween(use: Reaching): readonly string[] {
    const seen = new Set<SourceUnit>([use.unit]);
    let front: { readonly at: SourceUnit; readonly road: readonly string[] }[] = [{ at: use.unit, road: [] }];
    while (front.length > 0) {
      const next: typeof front = [];
      for (const { at, road } of front) {
        for (const { to } of this.graph.edgesFrom(at)) {
          if (to === undefined || seen.has(to) || !this.exposes(to, use.target)) continue;
          if (this.declares(to, use.target)) return road;
          seen.add(to);
          next.push({ at: to, road: [...road, to.path] });
        }
      }
      front = next;
    }
    return [];
  }

  private exposes(unit: SourceUnit, target: Target): boolean {
    const key = this.exposing.get(unit.path);
    const object = key === undefined ? undefined : this.known.objects.get(key);
    return object !== undefined && entriesOf(object).some((entry) => entry.target === target);
  }

  private declares(unit: SourceUnit, target: Target): boolean {
    return this.known.homes.get(target)?.has(unit.path) === true;
  }

  /** Marks the modules through which something watched can be had, and looks at who imports them. */
  exposeModules(): void {
    const waiting = this.known.starts.splice(0).flatMap((symbol) => this.modulesDeclaring(symbol));
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const key = this.compiler.keysOf(next)[0];
      if (key === undefined) continue;
      const object = this.exposedBy(next);
      const stamp = [...object.members.keys(), ...object.nested.keys()].join();
      if (stamp === '' || this.exposed.get(key) === stamp) continue;
      this.exposed.set(key, stamp);
      for (const { kind, path } of this.compiler.declarationsOf(next))
        if (kind === 'SourceFile') this.exposing.set(path, key);
      this.known.objects.set(key, object);
      for (const name of [...object.members.keys(), ...object.nested.keys()])
        this.known.queue.push({ word: name, unit: undefined });
      for (const edge of this.graph.edgesToModule(next)) {
        this.readEdge(edge, object);
        const importer = PASSES_ON.test(edge.from.text) ? this.compiler.moduleOf(edge.from) : undefined;
        if (importer !== undefined) waiting.push(importer);
      }
    }
  }

  private modulesDeclaring(symbol: SymbolHandle): readonly SymbolHandle[] {
    return this.compiler.declarationsOf(symbol).flatMap(({ node, path }) => {
      const unit = this.compiler.fileAt(path);
      const own = unit === undefined ? undefined : this.compiler.moduleOf(unit);
      return own === undefined ? this.ambientModules(node) : [own];
    });
  }

  /** Modules outside the project that declare a watched symbol: those the project imports are tried. */
  private ambientModules(declaration: SyntaxNode): readonly SymbolHandle[] {
    const found = new Map<string, SymbolHandle>();
    if (parentOf(declaration) === undefined) return [];
    for (const edge of this.graph.edges) {
      const key = edge.module === undefined ? undefined : this.compiler.keysOf(edge.module)[0];
      if (edge.module !== undefined && edge.to === undefined && key !== undefined)
        found.set(key, edge.module);
    }
    return [...found.values()];
  }

  private exposedBy(module: SymbolHandle): ObjectEntry {
    const members = new Map<string, Entry>();
    const nested = new Map<string, Entry>();
    for (const symbol of exportsAndAssignment(this.compiler, module)) {
      const keys = this.known.keysOfTarget(symbol);
      const entry = keys.map((key) => this.known.entries.get(key)).find((found) => found !== undefined);
      if (entry !== undefined) members.set(symbol.name, entry);
      const inner = keys.map((key) => this.known.objects.get(key)).find((found) => found !== undefined);
      const first = inner?.isModule === true ? entriesOf(inner)[0] : undefined;
      if (entry === undefined && first !== undefined) nested.set(symbol.name, first);
    }
    return { members, nested, isModule: true, via: [] };
  }

  /** Learns the local names an import of an exposing module binds, and reports what a star export passes on. */
  private readEdge(edge: ModuleEdge, object: ObjectEntry): void {
    if (edge.wholes !== undefined) {
      for (const word of edge.wholes) this.known.queue.push({ word, unit: edge.from });
      return;
    }
    const clause = part(edge.node, 'importClause');
    const bindings = clause === undefined ? undefined : part(clause, 'namedBindings');
    for (const named of [clause, bindings, edge.kind === 'import-equals' ? edge.node : undefined]) {
      const name = named === undefined ? undefined : part(named, 'name');
      if (name !== undefined) this.known.queue.push({ word: textOf(name), unit: edge.from });
    }
    if (edge.kind === 'export') this.readExport(edge, object);
    if (edge.kind === 'import-equals' && isExported(this.compiler, edge.node))
      this.passOn(edge.node, edge.from, object);
    if (edge.kind === 'import()' || edge.kind === 'require')
      this.host.readNamespace(edge.node, edge.from, object);
  }

  private readExport(edge: ModuleEdge, object: ObjectEntry): void {
    const clause = part(edge.node, 'exportClause');
    const name = clause === undefined ? undefined : part(clause, 'name');
    if (name !== undefined) this.known.queue.push({ word: textOf(name), unit: undefined });
    if (clause !== undefined && name === undefined) return;
    const members = [...object.members].filter(([exported]) => name !== undefined || !WHOLE.has(exported));
    this.passOn(edge.node, edge.from, { ...object, members: new Map(members) });
  }

  passOn(node: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    for (const entry of new Set(entriesOf(object))) {
      const key = `${unit.path}:${node.pos}:${entry.target.label}`;
      if (entry.isMaker || this.passed.has(key)) continue;
      this.passed.add(key);
      this.host.emit('export', node, unit, entry);
    }
  }
}
