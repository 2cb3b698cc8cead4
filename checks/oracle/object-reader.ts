/**
 * Reads what is done with an object that has watched members: a member taken by name or by a constant key, the object
 * taken apart, kept in a variable, or (for a module's namespace) used so that nobody can tell which member is taken.
 */
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { nextStep, type Step } from './steps.ts';
import { possibleTexts } from './constants.ts';
import { entriesOf, mayBeAnother, type Entry, type ObjectEntry } from './entries.ts';
import { isPart, outermost, parentOf, part, parts, textOf } from './syntax.ts';
import type { UseKind } from './use.ts';

/** What the reader needs from the tracker. */
export interface ReaderHost {
  readonly handled: Set<SyntaxNode>;
  readonly readReference: (node: SyntaxNode, unit: SourceUnit, entry: Entry) => void;
  readonly emit: (kind: UseKind, node: SyntaxNode, unit: SourceUnit, entry: Entry) => void;
  readonly addObject: (symbol: SymbolHandle, entry: ObjectEntry, unit: SourceUnit | undefined) => void;
  readonly follow: (step: Step, node: SyntaxNode, unit: SourceUnit, entry: Entry) => void;
}

/** Reads uses of objects; tells the tracker what it finds. */
export class ObjectReader {
  private readonly compiler: Compiler;
  private readonly host: ReaderHost;

  constructor(compiler: Compiler, host: ReaderHost) {
    this.compiler = compiler;
    this.host = host;
  }

  /** Reads what is done with an expression whose value is a namespace or a table. */
  read(expression: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    const outer = outermost(this.compiler, expression);
    const user = parentOf(outer);
    if (user === undefined || this.host.handled.has(expression)) return;
    switch (this.compiler.kindOf(user)) {
      case 'PropertyAccessExpression':
        return this.readMember(user, unit, object);
      case 'ElementAccessExpression':
        return isPart(outer, 'expression')
          ? this.readElement(user, unit, object)
          : this.hide(expression, unit, object);
      case 'VariableDeclaration':
      case 'Parameter':
      case 'BindingElement':
        return this.readHolder(user, expression, unit, object);
      case 'ExpressionStatement':
      case 'TypeQuery':
      case 'QualifiedName':
      case 'TypeReference':
      case 'TypeOfExpression':
        return;
      default:
        return this.readEscape(outer, expression, unit, object);
    }
  }

  /** A namespace goes out of sight. Where only some members are expected of a promise for it, no others are taken. */
  private readEscape(outer: SyntaxNode, expression: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    const callee = part(expression, 'expression');
    const isImport = callee !== undefined && this.compiler.kindOf(callee) === 'ImportKeyword';
    const expected = isImport ? this.compiler.expectedNames(outer) : undefined;
    if (expected === undefined) return this.hide(expression, unit, object);
    for (const name of expected) {
      const entry = object.members.get(name) ?? object.nested.get(name);
      if (entry !== undefined) this.host.emit('value', expression, unit, entry);
    }
  }

  private hide(node: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    if (!object.isModule || this.host.handled.has(node)) return;
    this.host.handled.add(node);
    for (const entry of new Set(entriesOf(object))) {
      if (!entry.isMaker) this.host.emit('namespace', node, unit, entry);
    }
  }

  private readMember(access: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    const name = part(access, 'name');
    if (name === undefined || this.host.handled.has(name)) return;
    const entry = object.members.get(textOf(name));
    if (entry !== undefined) return this.host.readReference(name, unit, entry);
    if (textOf(name) === 'then') this.readThen(access, unit, object);
  }

  /** `import('…').then(module => …)`: the callback's parameter is the namespace. */
  private readThen(access: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    const call = parentOf(access);
    const callback = call === undefined ? undefined : parts(call, 'arguments')[0];
    const parameter = callback === undefined ? undefined : parts(callback, 'parameters')[0];
    if (parameter !== undefined) this.bind(parameter, access, unit, object);
    else if (callback !== undefined) this.hide(access, unit, object);
  }

  private readElement(access: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    const key = part(access, 'argumentExpression');
    if (key === undefined || this.host.handled.has(key)) return;
    const texts = possibleTexts(this.compiler, key);
    if (texts === undefined) return this.hide(access, unit, object);
    const entry = mayBeAnother(texts.map((text) => object.members.get(text)));
    if (entry !== undefined) this.host.readReference(key, unit, entry);
  }

  private readHolder(
    declaration: SyntaxNode,
    expression: SyntaxNode,
    unit: SourceUnit,
    object: ObjectEntry,
  ): void {
    if (part(declaration, 'type') !== undefined) return this.hide(expression, unit, object);
    this.bind(declaration, expression, unit, object);
  }

  /** A namespace or table becomes the value of a variable or parameter, whole or taken apart. */
  private bind(owner: SyntaxNode, value: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    const name = part(owner, 'name');
    if (name === undefined) return;
    const elements = parts(name, 'elements');
    if (this.compiler.kindOf(name) === 'Identifier') {
      const [symbol] = this.compiler.symbolsAt([name]);
      if (symbol !== undefined)
        this.host.addObject(symbol, { ...object, via: [textOf(name), ...object.via] }, unit);
    }
    for (const element of elements) this.bindElement(element, value, unit, object);
  }

  private bindElement(element: SyntaxNode, value: SyntaxNode, unit: SourceUnit, object: ObjectEntry): void {
    const taken = part(element, 'propertyName') ?? part(element, 'name');
    if (taken === undefined) return;
    const isComputed = this.compiler.kindOf(taken) === 'ComputedPropertyName';
    const key = isComputed ? part(taken, 'expression') : undefined;
    const texts = key === undefined ? [textOf(taken)] : possibleTexts(this.compiler, key);
    if (texts === undefined || part(element, 'dotDotDotToken') !== undefined) {
      return this.hide(value, unit, object);
    }
    const entry = mayBeAnother(texts.map((text) => object.members.get(text)));
    if (entry === undefined || this.host.handled.has(taken)) return;
    this.host.handled.add(taken);
    if (!entry.isMaker) this.host.emit('value', taken, unit, entry);
    if (!entry.callable) return;
    const bound = isComputed ? (part(element, 'name') ?? taken) : taken;
    this.host.follow(nextStep(this.compiler, bound), bound, unit, entry);
  }
}
