/**
 * Finds every place that reaches one of the watched symbols. It starts from the declarations, looks only at names
 * under which something watched is known so far, and repeats with each new name it learns: aliases of imports and
 * exports, modules that expose a watched symbol, namespace objects, and *carriers* (variables, fields, accessors and
 * functions a watched function was stored in or is returned by). What it cannot follow it reports as unproved.
 */
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { callOf, classifyReference, nextStep, useOfExpression, type Step } from './classify.ts';
import {
  entriesOf,
  mattersOnRoad,
  merged,
  type Entry,
  type ObjectEntry,
  type WatchedSymbol,
} from './entries.ts';
import type { ModuleEdge, ModuleGraph } from './modules.ts';
import { isPart, parentOf, part, parts, textOf } from './syntax.ts';
import { exportsAndAssignment } from './exports.ts';
import type { Target, Use, UseKind } from './use.ts';
import { assignedAt, isBefore, type Assigned } from './assigned.ts';
import { propertiesFilled } from './filled.ts';
import { ObjectReader, type ReaderHost } from './object-reader.ts';
import type { WordIndex } from './word-index.ts';

/** How many carriers a value is followed through. */
const ROAD_LENGTH_MAX = 8;

/** Bindings that rename: the local or exported name later references use. */
const RENAMING = new Set(['ImportSpecifier', 'ExportSpecifier', 'ImportEqualsDeclaration']);
/** Declarations that may carry a value; a field of an interface may not, since many objects share it. */
const CARRYING =
  /^(?:VariableDeclaration|BindingElement|Parameter|PropertyAssignment|ShorthandPropertyAssignment|PropertyDeclaration|GetAccessor|MethodDeclaration|FunctionDeclaration|FunctionExpression|BinaryExpression|PropertyAccessExpression)$/;

/** What a file that passes on something of another has in its text. */
const PASSES_ON = /\bexport\s*(?:\/|type\b|\{|\*|default\b|=|import\b|as\b)|\bexports\b/;

/** Exports that a star export leaves out. */
const WHOLE = new Set(['default', 'export=']);

/** Everything that reaches the watched symbols in a project. */
export function trackUses(
  compiler: Compiler,
  words: WordIndex,
  graph: ModuleGraph,
  watched: readonly WatchedSymbol[],
): readonly Use[] {
  const tracker = new Tracker(compiler, words, graph);
  for (const symbol of watched) tracker.watch(symbol);
  return tracker.run().map((use) => ({ ...use, modules: tracker.modulesBetween(use) }));
}

type FoundUse = Omit<Use, 'modules'>;

class Tracker implements ReaderHost {
  private readonly entries = new Map<string, Entry>();
  private readonly objects = new Map<string, ObjectEntry>();
  private readonly uses: FoundUse[] = [];
  readonly handled = new Set<SyntaxNode>();
  /** Names of watched members that keys have not been looked at for. */
  private readonly memberNames = new Set<string>();
  /** Names of watched members that are also used where an object literal gives them a value. */
  private readonly filled = new Set<string>();
  private readonly passed = new Set<string>();
  /** New names that have been looked for: in `import Sql = Db.Sql` the new name is found under its own. */
  private readonly renamed = new Set<SyntaxNode>();
  private readonly homes = new Map<Target, ReadonlySet<string>>();
  private readonly resolved = new Map<SyntaxNode, readonly string[]>();
  private readonly queue: { readonly word: string; readonly unit: SourceUnit | undefined }[] = [];
  private readonly starts: SymbolHandle[] = [];
  private readonly exposed = new Map<string, string>();
  /** Keys of exposing modules by their file. */
  private readonly exposing = new Map<string, string>();
  private readonly objectReader: ObjectReader;
  private readonly compiler: Compiler;
  private readonly words: WordIndex;
  private readonly graph: ModuleGraph;

  constructor(compiler: Compiler, words: WordIndex, graph: ModuleGraph) {
    this.compiler = compiler;
    this.words = words;
    this.graph = graph;
    this.objectReader = new ObjectReader(compiler, this);
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
    const members = new Map([[isWhole ? target.name : symbol.name, entry]]);
    this.addObject(owner, { members, nested: new Map(), isModule: isWhole, via: [] }, undefined);
  }

  run(): readonly FoundUse[] {
    let exposedBefore = -1;
    while (this.queue.length > 0 || this.starts.length > 0 || exposedBefore !== this.exposed.size) {
      exposedBefore = this.exposed.size;
      this.exposeModules();
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        this.scan(next.word, next.unit);
      }
      this.scanKeys();
    }
    return this.uses;
  }

  /** Members taken by keys that are no literals, once: nobody gets a member's name by looking at them. */
  private scanKeys(): void {
    const names = new Set(this.memberNames);
    this.memberNames.clear();
    if (names.size === 0) return;
    for (const { unit, key, object, texts } of this.words.keyedAccesses()) {
      const entry = texts
        .filter((text) => names.has(text) && !this.handled.has(key))
        .flatMap((text) => this.keysOfTarget(this.compiler.propertyAt(object, text)))
        .map((one) => this.entries.get(one))
        .find((found) => found !== undefined);
      if (entry !== undefined) this.readReference(key, unit, entry);
    }
  }

  /** The files a use's import passes through on its way to a declaration, nearest first. */
  modulesBetween(use: FoundUse): readonly string[] {
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
    const object = key === undefined ? undefined : this.objects.get(key);
    return object !== undefined && entriesOf(object).some((entry) => entry.target === target);
  }

  private declares(unit: SourceUnit, target: Target): boolean {
    return this.homes.get(target)?.has(unit.path) === true;
  }

  private addEntry(symbol: SymbolHandle, entry: Entry): void {
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

  /** Marks the modules through which something watched can be had, and looks at who imports them. */
  private exposeModules(): void {
    const waiting = this.starts.splice(0).flatMap((symbol) => this.modulesDeclaring(symbol));
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const key = this.compiler.keysOf(next)[0];
      if (key === undefined) continue;
      const object = this.exposedBy(next);
      const stamp = [...object.members.keys(), ...object.nested.keys()].join();
      if (stamp === '' || this.exposed.get(key) === stamp) continue;
      this.exposed.set(key, stamp);
      for (const { kind, path } of this.compiler.declarationsOf(next))
        if (kind === 'SourceFile') this.exposing.set(path, key);
      this.objects.set(key, object);
      for (const name of [...object.members.keys(), ...object.nested.keys()])
        this.queue.push({ word: name, unit: undefined });
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
      const keys = this.keysOfTarget(symbol);
      const entry = keys.map((key) => this.entries.get(key)).find((found) => found !== undefined);
      if (entry !== undefined) members.set(symbol.name, entry);
      const inner = keys.map((key) => this.objects.get(key)).find((found) => found !== undefined);
      const first = inner?.isModule === true ? entriesOf(inner)[0] : undefined;
      if (entry === undefined && first !== undefined) nested.set(symbol.name, first);
    }
    return { members, nested, isModule: true, via: [] };
  }

  /** Learns the local names an import of an exposing module binds, and reports what a star export passes on. */
  private readEdge(edge: ModuleEdge, object: ObjectEntry): void {
    const clause = part(edge.node, 'importClause');
    const bindings = clause === undefined ? undefined : part(clause, 'namedBindings');
    for (const named of [clause, bindings, edge.kind === 'import-equals' ? edge.node : undefined]) {
      const name = named === undefined ? undefined : part(named, 'name');
      if (name !== undefined) this.queue.push({ word: textOf(name), unit: edge.from });
    }
    if (edge.kind === 'export') this.readExport(edge, object);
    if (edge.kind === 'import-equals' && this.isExported(edge.node))
      this.passOn(edge.node, edge.from, object);
    if (edge.kind === 'import()' || edge.kind === 'require')
      this.objectReader.read(edge.node, edge.from, object);
  }

  private readExport(edge: ModuleEdge, object: ObjectEntry): void {
    const clause = part(edge.node, 'exportClause');
    const name = clause === undefined ? undefined : part(clause, 'name');
    if (name !== undefined) this.queue.push({ word: textOf(name), unit: undefined });
    if (clause !== undefined && name === undefined) return;
    const members = [...object.members].filter(([exported]) => name !== undefined || !WHOLE.has(exported));
    this.passOn(edge.node, edge.from, { ...object, members: new Map(members) });
  }

  private passOn(node: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    for (const entry of new Set(entriesOf(object))) {
      const key = `${unit.path}:${node.pos}:${entry.target.label}`;
      if (entry.isMaker || this.passed.has(key)) continue;
      this.passed.add(key);
      this.emit('export', node, unit, entry);
    }
  }

  private isExported(node: SyntaxNode): boolean {
    return parts(node, 'modifiers').some((modifier) => this.compiler.kindOf(modifier) === 'ExportKeyword');
  }

  private scan(word: string, only: SourceUnit | undefined): void {
    for (const unit of only === undefined ? this.words.filesWith(word) : [only]) {
      const nodes = this.words.nodesNamed(unit, word).filter((node) => !this.handled.has(node));
      this.resolveAll(nodes);
      for (const node of nodes) this.match(node, unit);
    }
  }

  private match(node: SyntaxNode, unit: SourceUnit): void {
    const into = this.filled.has(textOf(node)) ? propertiesFilled(this.compiler, node) : [];
    const written = into.flatMap((one) => this.keysOfTarget(one)).map((key) => this.entries.get(key));
    const entry = written.find((one) => one !== undefined);
    if (entry !== undefined) {
      this.handled.add(node);
      return this.emit('write', node, unit, entry);
    }
    for (const key of this.resolved.get(node) ?? []) {
      const entry = this.entries.get(key);
      if (entry !== undefined) return this.readReference(node, unit, entry);
      const object = this.objects.get(key);
      if (object !== undefined) return this.readObjectName(node, unit, object);
    }
  }

  private resolveAll(nodes: readonly SyntaxNode[]): void {
    const open = nodes.filter((node) => !this.resolved.has(node));
    const symbols = this.compiler.symbolsAt(open);
    for (const [index, node] of open.entries()) this.resolved.set(node, this.keysAt(node, symbols[index]));
  }

  private keysAt(node: SyntaxNode, symbol: SymbolHandle | undefined): readonly string[] {
    const parent = parentOf(node);
    const kind = parent === undefined ? '' : this.compiler.kindOf(parent);
    if (kind === 'ShorthandPropertyAssignment') {
      const value = this.compiler.shorthandValueOf(node);
      return [...(value === undefined ? [] : this.keysOfTarget(value)), ...this.keysOfTarget(symbol)];
    }
    if (parent !== undefined && kind === 'BindingElement' && isTakenByName(parent, node)) {
      const property = this.compiler.propertyAt(parent.parent, textOf(node));
      return [...this.keysOfTarget(property), ...this.keysOfTarget(symbol)];
    }
    return this.keysOfTarget(symbol);
  }

  /** Keys of what a symbol finally stands for; of an import that leads nowhere, its own. */
  private keysOfTarget(symbol: SymbolHandle | undefined): readonly string[] {
    if (symbol === undefined) return [];
    const keys = this.compiler.keysOf(this.compiler.targetOf(symbol));
    return keys.length > 0 ? keys : this.compiler.keysOf(symbol);
  }

  readReference(node: SyntaxNode, unit: SourceUnit, entry: Entry): void {
    this.handled.add(node);
    if (entry.assigned !== undefined && isBefore(this.compiler, node, unit, entry.assigned)) return;
    this.learnRename(node, unit);
    const kind = classifyReference(this.compiler, node);
    // A new value for a carrier takes the watched one away.
    if (kind === undefined || (kind === 'write' && entry.via.length > 0)) return;
    if (!entry.isMaker) this.emit(kind, node, unit, entry);
    if (kind === 'value' && entry.callable) this.follow(nextStep(this.compiler, node), node, unit, entry);
    if (kind === 'call' && entry.isMaker) this.readMade(node, unit, entry);
  }

  /** A call that returns the watched function: its value is called, stored or passed on. */
  private readMade(node: SyntaxNode, unit: SourceUnit, entry: Entry): void {
    const call = callOf(this.compiler, node);
    if (call === undefined) return;
    const { kind, step } = useOfExpression(this.compiler, call);
    const { into } = step.flow;
    if (kind === 'call' || into === 'argument' || into === 'element') this.emit(kind, node, unit, entry);
    if (kind === 'value') this.follow(step, node, unit, { ...entry, isMaker: false });
  }

  private learnRename(node: SyntaxNode, unit: SourceUnit): void {
    let parent = parentOf(node);
    while (parent !== undefined && this.compiler.kindOf(parent) === 'QualifiedName')
      parent = parentOf(parent);
    if (parent === undefined) return;
    const kind = this.compiler.kindOf(parent);
    const name = RENAMING.has(kind) ? part(parent, 'name') : undefined;
    if (name === undefined || name === node || this.renamed.has(name)) return;
    this.renamed.add(name);
    const isSeenElsewhere = kind === 'ExportSpecifier' || this.isExported(parent);
    this.queue.push({ word: textOf(name), unit: isSeenElsewhere ? undefined : unit });
  }

  emit(kind: UseKind, node: SyntaxNode, unit: SourceUnit, entry: Entry): void {
    const flow = kind === 'value' ? nextStep(this.compiler, node).flow : undefined;
    const isTaken = kind === 'value' && this.compiler.kindOf(node.parent) === 'BindingElement';
    if (entry.via.length > 0 && !isTaken && !mattersOnRoad(kind, flow)) return;
    const proved = kind !== 'namespace';
    this.uses.push({ target: entry.target, kind, unit, node, via: entry.via, flow, proved });
  }

  /** Remembers where a watched function is stored, so that uses of that place are found too. */
  follow(step: Step, node: SyntaxNode, unit: SourceUnit, entry: Entry): void {
    const { carrier, holder } = step;
    if (carrier === undefined) return;
    const name = textOf(carrier);
    const isExport = isCommonJsExport(this.compiler, carrier);
    const stop = `${name} (${unit.path}:${lineOf(unit, node)})`;
    const via = isExport ? entry.via : [stop, ...entry.via];
    const isMaker = step.isMaker || entry.isMaker;
    const assigned: Assigned | undefined = assignedAt(this.compiler, carrier, unit);
    const kept = assigned === undefined ? {} : { assigned };
    const carried: Entry = { target: entry.target, via, callable: true, isMaker, ...kept };
    const [symbol] = this.compiler.symbolsAt([carrier]);
    if (symbol !== undefined && this.mayCarry(symbol)) {
      this.addEntry(symbol, carried);
      // The compiler's own name of a private field is not the written one.
      this.queue.push({ word: name, unit: undefined });
    }
    const [table] = holder === undefined ? [] : this.compiler.symbolsAt([holder]);
    if (table === undefined) return;
    const members = new Map([[name, carried]]);
    this.addObject(table, { members, nested: new Map(), isModule: false, via }, undefined);
  }

  private mayCarry(symbol: SymbolHandle): boolean {
    const places = this.compiler.declarationsOf(symbol);
    return places.length > 0 && places.every(({ kind }) => CARRYING.test(kind));
  }

  private readObjectName(node: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    this.learnRename(node, unit);
    const parent = parentOf(node);
    const kind = parent === undefined ? '' : this.compiler.kindOf(parent);
    const isExport = kind === 'ExportSpecifier' || kind === 'ExportAssignment';
    if (isExport && object.isModule && classifyReference(this.compiler, node) === 'export') {
      this.passOn(node, unit, object);
    }
    if (isExport || /^(?:Import|Namespace)/.test(kind)) return;
    const access = parent !== undefined && kind === 'PropertyAccessExpression' && isPart(node, 'name');
    if (classifyReference(this.compiler, node) === undefined) return;
    this.objectReader.read(access ? parent : node, unit, object);
  }
}

/** `module.exports = { name }`, `module.exports.name =` and `exports.name =` pass a value on under its own flag. */
function isCommonJsExport(compiler: Compiler, carrier: SyntaxNode): boolean {
  const holder = parentOf(carrier);
  const literal = holder === undefined ? undefined : parentOf(holder);
  if (holder === undefined || literal === undefined) return false;
  if (compiler.kindOf(holder) === 'PropertyAccessExpression') {
    return /^(?:module\.)?exports$/.test(part(holder, 'expression')?.getText() ?? '');
  }
  const assignment = compiler.kindOf(literal) === 'ObjectLiteralExpression' ? parentOf(literal) : undefined;
  const left = assignment === undefined ? undefined : part(assignment, 'left');
  return left !== undefined && left.getText() === 'module.exports';
}

/** In `{ name }` and `{ name: other }` of a pattern: whether `node` is the property's name. */
function isTakenByName(element: SyntaxNode, node: SyntaxNode): boolean {
  const taken = part(element, 'propertyName') ?? part(element, 'name');
  return taken === node;
}

function lineOf(unit: SourceUnit, node: SyntaxNode): number {
  return unit.text.slice(0, node.getStart()).split('\n').length;
}
