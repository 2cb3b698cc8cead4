/**
 * The compiler interface over the native TypeScript 7 and its (still "unstable") API: an independent resolver, and a
 * fast one. The compiler runs as a process of its own; trees and symbols are fetched when they are first looked at,
 * so texts are read from disk and questions are asked in batches.
 */
import {
  SignatureKind,
  SymbolFlags,
  TypeFlags,
  type NodeHandle,
  type Project,
  type Symbol as NativeSymbol,
  type Type,
  type TypeReference,
} from 'typescript/unstable/sync';
import path from 'node:path';
import { SyntaxKind, type Expression, type Node } from 'typescript/unstable/ast';
import { InputError } from '#base/input-error.ts';
import type {
  Compiler,
  DeclarationPlace,
  EmitOptions,
  LateReading,
  SlotType,
  SourceUnit,
  SymbolHandle,
  SyntaxNode,
} from './compiler.ts';
import { createDeclared } from './ambient.ts';
import { lateReading } from './late-ts7.ts';
import type { Leads } from '../resolve/leads.ts';
import { emitOptionsOf } from './emit-options.ts';
import { noteOnLateMembers } from './late-members.ts';
import { LazyUnit } from './lazy-unit.ts';

/** Names of node kinds by number; of several names for one number the first is the real one. */
function kindNames(): readonly string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(SyntaxKind)) {
    if (typeof value === 'number' && names[value] === undefined) names[value] = name;
  }
  return names;
}

/** `jsx: react` by number in this compiler. */
const JSX_REACT = 3;

/** One opened project as the checks see it. */
export class TypeScript7 implements Compiler {
  readonly name = 'typescript-7';
  readonly files: readonly SourceUnit[];
  readonly named: ReadonlySet<string>;
  readonly inputs: readonly string[];
  private readonly project: Project;
  private readonly kinds = kindNames();
  private readonly units = new Map<string, SourceUnit>();
  private readonly aliases = new Map<NativeSymbol, NativeSymbol>();
  private readonly exported = new Map<NativeSymbol, readonly NativeSymbol[]>();
  private readonly modules = new Map<string, SymbolHandle | undefined>();
  readonly late: LateReading;
  readonly leads: Leads;
  readonly notes: readonly string[];

  private readonly keepsImports: boolean;

  private readonly leave: () => void;

  /** `leave` is called once nobody asks anything any more. */
  constructor(
    { project, leave }: { readonly project: Project; readonly leave: () => void },
    leads: Leads,
    config: string,
    notes: readonly string[] = leads.notes,
  ) {
    this.leave = leave;
    // This compiler no longer knows the option.
    const { importsNotUsedAsValues: kept } = leads.mappings(config);
    this.keepsImports = kept === 'preserve' || kept === 'error';
    this.project = project;
    this.leads = leads;
    this.late = lateReading(this, project);
    this.named = new Set(project.rootFiles.filter((name) => !leads.isOutput(name)));
    this.inputs = project.program
      .getSourceFileNames()
      .filter((name) => name.startsWith('/') && !leads.isOutput(name));
    const names = this.inputs.filter((name) => !name.includes('/node_modules/'));
    this.files = [...names].sort().map((name) => unitOf(project, name));
    for (const unit of this.files) this.units.set(unit.path, unit);
    this.notes = [...notes, ...noteOnLateMembers(this.files, path.dirname(config))];
  }

  readonly isDeclaredName = createDeclared(() => this.files);

  fileAt(file: string): SourceUnit | undefined {
    return this.units.get(file);
  }

  kindOf(node: Pick<SyntaxNode, 'kind'>): string {
    return this.kinds[node.kind] ?? 'Unknown';
  }

  symbolsAt(nodes: readonly SyntaxNode[]): readonly (SymbolHandle | undefined)[] {
    return nodes.length === 0 ? [] : this.project.checker.getSymbolAtLocation(nodes.map(native));
  }

  targetOf(symbol: SymbolHandle): SymbolHandle {
    const own = nativeSymbol(symbol);
    if ((own.flags & SymbolFlags.Alias) === 0) return own;
    const known = this.aliases.get(own);
    if (known !== undefined) return known;
    const { checker } = this.project;
    let target = checker.getAliasedSymbol(own);
    // Where a script also declares types in comments, `module.exports = …` is an alias of its own.
    if (target !== own && (target.flags & SymbolFlags.Alias) !== 0) target = checker.getAliasedSymbol(target);
    this.aliases.set(own, target);
    return target;
  }

  keysOf(symbol: SymbolHandle): readonly string[] {
    return nativeSymbol(symbol).declarations.map((place) => `${place.path}:${place.index}`);
  }

  declarationsOf(symbol: SymbolHandle): readonly DeclarationPlace[] {
    return nativeSymbol(symbol).declarations.map((handle) => new LazyPlace(handle, this.kinds));
  }

  moduleOf(unit: SourceUnit): SymbolHandle | undefined {
    if (!this.modules.has(unit.path)) this.modules.set(unit.path, this.symbolsAt([unit.root])[0]);
    return this.modules.get(unit.path);
  }

  exportsOf(symbol: SymbolHandle): readonly SymbolHandle[] {
    const own = nativeSymbol(symbol);
    const known = this.exported.get(own) ?? this.project.checker.getExportsOfModule(own);
    this.exported.set(own, known);
    return known;
  }

  membersOf(symbol: SymbolHandle): readonly SymbolHandle[] {
    const own = nativeSymbol(symbol);
    return [...own.getMembers().values(), ...own.getExports().values()].filter(
      (member) => (member.flags & (SymbolFlags.TypeParameter | SymbolFlags.Prototype)) === 0,
    );
  }

  propertiesOf(symbol: SymbolHandle): readonly SymbolHandle[] {
    const { checker } = this.project;
    const type = checker.getTypeOfSymbol(nativeSymbol(symbol));
    if (type === undefined) return [];
    const present = type.isUnionType() ? (checker.getNonNullableType(type) ?? type) : type;
    return checker.getPropertiesOfType(present);
  }

  shorthandValueOf(node: SyntaxNode): SymbolHandle | undefined {
    return this.project.checker.getShorthandAssignmentValueSymbol(native(node.parent));
  }

  propertyAt(node: SyntaxNode, name: string): SymbolHandle | undefined {
    const type = this.typeAt(node);
    return type === undefined ? undefined : this.project.checker.getPropertyOfType(type, name);
  }

  expectedProperties(literal: SyntaxNode, name: string): readonly SymbolHandle[] {
    const { checker } = this.project;
    const expected = checker.getContextualType(native(literal) as Expression);
    const type = expected === undefined ? undefined : (checker.getNonNullableType(expected) ?? expected);
    const members = type?.isUnionType() === true ? type.getTypes() : type === undefined ? [] : [type];
    return members.flatMap((member) => checker.getPropertyOfType(member, name) ?? []);
  }

  literalsAt(node: SyntaxNode): readonly string[] | undefined {
    return this.literalsOf([node])[0];
  }

  literalsOf(nodes: readonly SyntaxNode[]): readonly (readonly string[] | undefined)[] {
    return nodes.length === 0
      ? []
      : this.project.checker
          .getTypeAtLocation(nodes.map(native))
          .map((type) => literalTexts(type && this.extendedBy(type)));
  }

  /** What a key of its own type extends; any other type itself. */
  private extendedBy(type: Type): Type {
    const given = type.isTypeParameter() ? this.project.checker.getBaseConstraintOfType(type) : undefined;
    return given ?? type;
  }

  isAny(nodes: readonly SyntaxNode[]): readonly boolean[] {
    if (nodes.length === 0) return [];
    const types = this.project.checker.getTypeAtLocation(nodes.map(native));
    return types.map((type) => type === undefined || (type.flags & TypeFlags.Any) !== 0);
  }

  mayBeMissing(node: SyntaxNode): boolean {
    return this.membersOfType(node).some(
      (type) => (type.flags & (TypeFlags.Undefined | TypeFlags.Null)) !== 0,
    );
  }

  isCallable(symbol: SymbolHandle, node: SyntaxNode): boolean {
    const { checker } = this.project;
    const type = checker.getTypeOfSymbolAtLocation(nativeSymbol(symbol), native(node));
    const members = type.isUnionType() ? type.getTypes() : [type];
    return members.some(
      (member) =>
        checker.getSignaturesOfType(member, SignatureKind.Call).length > 0 ||
        checker.getSignaturesOfType(member, SignatureKind.Construct).length > 0,
    );
  }

  slotTypeOf(objectLiteral: SyntaxNode): SlotType | undefined {
    const { checker } = this.project;
    const expected = checker.getContextualType(native(objectLiteral) as Expression);
    const type = expected === undefined ? undefined : (checker.getNonNullableType(expected) ?? expected);
    const symbol = type?.getAliasSymbol() ?? type?.getSymbol();
    const declaration = symbol?.declarations[0];
    return symbol === undefined || declaration === undefined
      ? undefined
      : { name: symbol.name, path: declaration.path };
  }

  resolveSpecifier(fromPath: string, specifier: string): string | undefined {
    return this.leads.to(fromPath, specifier).file;
  }

  signatureKeyAt(call: SyntaxNode): string | undefined {
    const declaration = this.project.checker.getResolvedSignature(native(call))?.declaration;
    return declaration === undefined ? undefined : `${declaration.path}:${declaration.index}`;
  }

  expectedNames(promise: SyntaxNode): readonly string[] | undefined {
    const { checker } = this.project;
    const type = checker.getContextualType(native(promise) as Expression);
    const isPromise = type !== undefined && /^Promise(?:Like)?$/.test(type.getSymbol()?.name ?? '');
    const [brought] = isPromise ? checker.getTypeArguments(type as TypeReference) : [];
    if (brought === undefined || (brought.flags & TypeFlags.Object) === 0) return undefined;
    const found = checker.getPropertiesOfType(brought).map(({ name }) => name);
    return found.length === 0 ? undefined : found;
  }

  emitOptions(path: string): EmitOptions {
    const options = this.project.compilerOptions;
    return emitOptionsOf(options, options.jsx === JSX_REACT, path, this.keepsImports);
  }

  hasValue(symbol: SymbolHandle): boolean {
    return (nativeSymbol(symbol).flags & SymbolFlags.Value) !== 0;
  }

  typeText(node: SyntaxNode): string {
    const type = this.typeAt(node);
    return type === undefined ? 'any' : this.project.checker.typeToString(type, native(node));
  }

  close(): void {
    this.aliases.clear();
    this.leave();
  }

  private typeAt(node: SyntaxNode): Type | undefined {
    return this.project.checker.getTypeAtLocation(native(node));
  }

  private membersOfType(node: SyntaxNode): readonly Type[] {
    const type = this.typeAt(node);
    if (type === undefined) return [];
    return type.isUnionType() ? type.getTypes() : [type];
  }
}

/** Texts of a literal type or a union of only such. */
function literalTexts(type: Type | undefined): readonly string[] | undefined {
  const members = type === undefined ? [] : type.isUnionType() ? type.getTypes() : [type];
  const texts = members.flatMap((member) => (member.isStringLiteralType() ? [member.value] : []));
  return texts.length > 0 && texts.length === members.length ? texts : undefined;
}

/** A file whose tree the compiler is asked for. */
function unitOf(project: Project, name: string): SourceUnit {
  return new LazyUnit(name, ({ path }) => {
    const root = project.program.getSourceFile(path);
    if (root === undefined) throw new InputError(`${path}: the compiler does not know this file.`);
    return root;
  });
}

class LazyPlace implements DeclarationPlace {
  readonly path: string;
  readonly kind: string;
  private readonly handle: NodeHandle;

  constructor(handle: NodeHandle, kinds: readonly string[]) {
    this.handle = handle;
    this.path = handle.path;
    this.kind = kinds[handle.kind] ?? 'Unknown';
  }

  get node(): SyntaxNode {
    const node = this.handle.resolve();
    if (node === undefined) throw new InputError(`${this.path}: the compiler does not know this file.`);
    return node;
  }
}

/** Every node and symbol this class hands out is the compiler's own object; these two take it back. */
function native(node: SyntaxNode): Node {
  return node as Node;
}

function nativeSymbol(symbol: SymbolHandle): NativeSymbol {
  return symbol as NativeSymbol;
}
