/**
 * Finds every place that reaches one of the watched symbols. It starts from the declarations, looks only at names
 * under which something watched is known so far, and repeats with each new name it learns: aliases of imports and
 * exports, modules that expose a watched symbol, namespace objects, and *carriers* (variables, fields, accessors and
 * functions a watched function was stored in or is returned by). What it cannot follow it reports as unproved.
 */
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { classifyReference } from './classify.ts';
import { isCommonJsExport } from './commonjs-export.ts';
import { mattersOnRoad, mayBeAnother, type Entry, type ObjectEntry, type WatchedSymbol } from './entries.ts';
import { Exposure } from './exposure.ts';
import { Known } from './known.ts';
import type { ModuleGraph } from './modules.ts';
import { isExported, isPart, parentOf, part, textOf } from './syntax.ts';
import type { Use, UseKind } from './use.ts';
import { assignedAt, isBefore, type Assigned } from './assigned.ts';
import { callOf, nextStep, useOfExpression, type Step } from './steps.ts';
import { propertiesFilled, propertiesTaken } from './filled.ts';
import { ObjectReader, type ReaderHost } from './object-reader.ts';
import type { WordIndex } from './word-index.ts';

/** Bindings that rename: the local or exported name later references use. */
const RENAMING = new Set(['ImportSpecifier', 'ExportSpecifier', 'ImportEqualsDeclaration']);
/** Declarations that may carry a value; a field of an interface may not, since many objects share it. */
const CARRYING =
  /^(?:VariableDeclaration|BindingElement|Parameter|PropertyAssignment|ShorthandPropertyAssignment|PropertyDeclaration|GetAccessor|MethodDeclaration|FunctionDeclaration|FunctionExpression|BinaryExpression|PropertyAccessExpression)$/;

/** Everything that reaches the watched symbols in a project. */
export function trackUses(
  compiler: Compiler,
  words: WordIndex,
  graph: ModuleGraph,
  watched: readonly WatchedSymbol[],
): readonly Use[] {
  const tracker = new Tracker(compiler, words, graph);
  for (const symbol of watched) tracker.known.watch(symbol);
  return tracker.run().map((use) => ({ ...use, modules: tracker.exposure.modulesBetween(use) }));
}

type FoundUse = Omit<Use, 'modules'>;

class Tracker implements ReaderHost {
  readonly known: Known;
  readonly exposure: Exposure;
  readonly handled = new Set<SyntaxNode>();
  private readonly uses: FoundUse[] = [];
  /** New names that have been looked for: in `import Sql = Db.Sql` the new name is found under its own. */
  private readonly renamed = new Set<SyntaxNode>();
  private readonly resolved = new Map<SyntaxNode, readonly string[]>();
  private readonly objectReader: ObjectReader;
  private readonly compiler: Compiler;
  private readonly words: WordIndex;

  constructor(compiler: Compiler, words: WordIndex, graph: ModuleGraph) {
    this.compiler = compiler;
    this.words = words;
    this.known = new Known(compiler);
    this.objectReader = new ObjectReader(compiler, this);
    this.exposure = new Exposure(compiler, graph, this.known, {
      emit: (kind, node, unit, entry) => this.emit(kind, node, unit, entry),
      readNamespace: (expression, unit, object) => this.objectReader.read(expression, unit, object),
    });
  }

  addObject(symbol: SymbolHandle, entry: ObjectEntry, unit: SourceUnit | undefined): void {
    this.known.addObject(symbol, entry, unit);
  }

  run(): readonly FoundUse[] {
    let exposedBefore = -1;
    while (
      this.known.queue.length > 0 ||
      this.known.starts.length > 0 ||
      exposedBefore !== this.exposure.size
    ) {
      exposedBefore = this.exposure.size;
      this.exposure.exposeModules();
      for (let next = this.known.queue.shift(); next !== undefined; next = this.known.queue.shift()) {
        this.scan(next.word, next.unit);
      }
      this.scanKeys();
    }
    return this.uses;
  }

  /** Members taken by keys that are no literals, once: nobody gets a member's name by looking at them. */
  private scanKeys(): void {
    const names = new Set(this.known.memberNames);
    this.known.memberNames.clear();
    if (names.size === 0) return;
    for (const { unit, key, object, texts } of this.words.keyedAccesses()) {
      if (this.handled.has(key)) continue;
      const found = texts.map((text) => (names.has(text) ? this.memberAt(object, text) : undefined));
      const entry = mayBeAnother(found);
      if (entry !== undefined) this.readReference(key, unit, entry);
    }
  }

  /** The watched member of a name that an object's type has. */
  private memberAt(object: SyntaxNode, name: string): Entry | undefined {
    const keys = this.known.keysOfTarget(this.compiler.propertyAt(object, name));
    return keys.map((key) => this.known.entries.get(key)).find((found) => found !== undefined);
  }

  private scan(word: string, only: SourceUnit | undefined): void {
    for (const unit of only === undefined ? this.words.filesWith(word) : [only]) {
      const nodes = this.words.nodesNamed(unit, word).filter((node) => !this.handled.has(node));
      this.resolveAll(nodes);
      for (const node of nodes) this.match(node, unit);
    }
  }

  private match(node: SyntaxNode, unit: SourceUnit): void {
    const isFilled = this.known.filled.has(textOf(node));
    const into = (isFilled ? propertiesFilled : propertiesTaken)(this.compiler, node);
    const written = into
      .flatMap((one) => this.known.keysOfTarget(one))
      .map((key) => this.known.entries.get(key));
    const entry = written.find((one) => one !== undefined);
    if (entry !== undefined) {
      this.handled.add(node);
      return this.emit(isFilled ? 'write' : 'value', node, unit, entry);
    }
    for (const key of this.resolved.get(node) ?? []) {
      const entry = this.known.entries.get(key);
      if (entry !== undefined) return this.readReference(node, unit, entry);
      const object = this.known.objects.get(key);
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
      return [
        ...(value === undefined ? [] : this.known.keysOfTarget(value)),
        ...this.known.keysOfTarget(symbol),
      ];
    }
    if (parent !== undefined && kind === 'BindingElement' && isTakenByName(parent, node)) {
      const property = this.known.keysOfTarget(this.compiler.propertyAt(parent.parent, textOf(node)));
      // Where it is also the new name, the symbol is what is declared here.
      return isPart(node, 'name') ? property : [...property, ...this.known.keysOfTarget(symbol)];
    }
    return this.known.keysOfTarget(symbol);
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
    const isSeenElsewhere = kind === 'ExportSpecifier' || isExported(this.compiler, parent);
    this.known.queue.push({ word: textOf(name), unit: isSeenElsewhere ? undefined : unit });
  }

  emit(kind: UseKind, node: SyntaxNode, unit: SourceUnit, entry: Entry): void {
    const flow = kind === 'value' ? nextStep(this.compiler, node).flow : undefined;
    const isTaken = kind === 'value' && this.compiler.kindOf(node.parent) === 'BindingElement';
    if (entry.via.length > 0 && !isTaken && !mattersOnRoad(kind, flow)) return;
    const proved = kind !== 'namespace' && entry.isOpen !== true;
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
    const { target, isOpen = false } = entry;
    const carried: Entry = { target, via, callable: true, isMaker, isOpen, ...kept };
    const [symbol] = this.compiler.symbolsAt([carrier]);
    if (symbol !== undefined && this.mayCarry(symbol)) {
      this.known.addEntry(symbol, carried);
      // The compiler's own name of a private field is not the written one.
      this.known.queue.push({ word: name, unit: undefined });
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
      this.exposure.passOn(node, unit, object);
    }
    if (isExport || /^(?:Import|Namespace)/.test(kind)) return;
    const access = parent !== undefined && kind === 'PropertyAccessExpression' && isPart(node, 'name');
    if (classifyReference(this.compiler, node) === undefined) return;
    this.objectReader.read(access ? parent : node, unit, object);
  }
}

/** In `{ name }` and `{ name: other }` of a pattern: whether `node` is the property's name. */
function isTakenByName(element: SyntaxNode, node: SyntaxNode): boolean {
  const taken = part(element, 'propertyName') ?? part(element, 'name');
  return taken === node;
}

function lineOf(unit: SourceUnit, node: SyntaxNode): number {
  return unit.text.slice(0, node.getStart()).split('\n').length;
}
