/**
 * The compiler interface over TypeScript 6, as bundled by ts-morph. Symbols are compared by the places of their
 * declarations, so a property seen through an instantiated generic or a mapped type is still the declared one.
 */
import { ts } from '@ts-morph/common';
import type {
  Compiler,
  DeclarationPlace,
  EmitOptions,
  SlotType,
  SourceUnit,
  SymbolHandle,
  SyntaxNode,
} from './compiler.ts';
import type { Leads } from '../resolve/leads.ts';
import { createDeclared } from './ambient.ts';
import { emitOptionsOf } from './emit-options.ts';
import { kindNames } from './kind-names.ts';
import type { ProjectSource } from './opener.ts';
import { buildProgram, createParseCache, type BuiltProgram, type ParseCache } from './program-ts6.ts';

/** Opens a project. Throws `InputError` when its configuration cannot be used. */
export function openTypeScript6(source: ProjectSource, cache: ParseCache = createParseCache()): Compiler {
  return new TypeScript6(buildProgram(source, cache));
}

class TypeScript6 implements Compiler {
  readonly name = 'ts-morph';
  readonly files: readonly SourceUnit[];
  readonly named: ReadonlySet<string>;
  readonly inputs: readonly string[];
  readonly leads: Leads;
  readonly notes: readonly string[];
  private readonly built: BuiltProgram;
  private readonly checker: ts.TypeChecker;
  private readonly kinds = kindNames();
  private readonly units = new Map<string, SourceUnit>();
  private readonly keys = new Map<ts.Symbol, readonly string[]>();

  constructor(built: BuiltProgram) {
    this.built = built;
    this.leads = built.leads;
    this.notes = built.leads.notes;
    this.named = new Set(built.program.getRootFileNames());
    this.checker = built.program.getTypeChecker();
    this.files = built.program
      .getSourceFiles()
      .filter((file) => this.isOwn(file))
      .map((file) => this.unitOf(file))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    this.inputs = built.program.getSourceFiles().map((file) => file.fileName);
    for (const unit of this.files) this.units.set(unit.path, unit);
  }

  /** By its place alone: to the compiler a package of this repository is a library once it is linked. */
  private isOwn(file: ts.SourceFile): boolean {
    if (file.fileName.includes('/node_modules/')) return false;
    return !this.built.program.isSourceFileDefaultLibrary(file);
  }

  private unitOf(file: ts.SourceFile): SourceUnit {
    return { path: file.fileName, text: file.text, root: file, isDeclarationFile: file.isDeclarationFile };
  }

  readonly isDeclaredName = createDeclared(() => this.files);

  fileAt(path: string): SourceUnit | undefined {
    return this.units.get(path);
  }

  kindOf(node: Pick<SyntaxNode, 'kind'>): string {
    return this.kinds[node.kind] ?? 'Unknown';
  }

  symbolsAt(nodes: readonly SyntaxNode[]): readonly (SymbolHandle | undefined)[] {
    return nodes.map((node) => this.checker.getSymbolAtLocation(native(node)));
  }

  targetOf(symbol: SymbolHandle): SymbolHandle {
    const own = nativeSymbol(symbol);
    return (own.flags & ts.SymbolFlags.Alias) === 0 ? own : this.checker.getAliasedSymbol(own);
  }

  keysOf(symbol: SymbolHandle): readonly string[] {
    const own = nativeSymbol(symbol);
    const known = this.keys.get(own);
    if (known !== undefined) return known;
    const keys = (own.declarations ?? []).map(keyOf);
    this.keys.set(own, keys);
    return keys;
  }

  declarationsOf(symbol: SymbolHandle): readonly DeclarationPlace[] {
    return (nativeSymbol(symbol).declarations ?? []).map((node) => ({
      path: node.getSourceFile().fileName,
      kind: this.kindOf(node),
      node,
    }));
  }

  moduleOf(unit: SourceUnit): SymbolHandle | undefined {
    const file = native(unit.root) as ts.SourceFile;
    // The checker only tells that of files with import or export; of CommonJS modules the binder knows it.
    const found = this.checker.getSymbolAtLocation(file) ?? Reflect.get(file, 'symbol');
    return found === undefined ? undefined : this.checker.getMergedSymbol(found as ts.Symbol);
  }

  exportsOf(symbol: SymbolHandle): readonly SymbolHandle[] {
    return this.checker.getExportsOfModule(nativeSymbol(symbol));
  }

  membersOf(symbol: SymbolHandle): readonly SymbolHandle[] {
    const own = nativeSymbol(symbol);
    return [...(own.members?.values() ?? []), ...(own.exports?.values() ?? [])].filter(
      (member) => (member.flags & (ts.SymbolFlags.TypeParameter | ts.SymbolFlags.Prototype)) === 0,
    );
  }

  propertiesOf(symbol: SymbolHandle): readonly SymbolHandle[] {
    const type = this.checker.getTypeOfSymbol(nativeSymbol(symbol));
    return this.checker.getPropertiesOfType(this.checker.getNonNullableType(type));
  }

  shorthandValueOf(node: SyntaxNode): SymbolHandle | undefined {
    return this.checker.getShorthandAssignmentValueSymbol(native(node.parent));
  }

  propertyAt(node: SyntaxNode, name: string): SymbolHandle | undefined {
    return this.checker.getPropertyOfType(this.typeAt(node), name);
  }

  expectedProperties(literal: SyntaxNode, name: string): readonly SymbolHandle[] {
    const expected = this.checker.getContextualType(native(literal) as ts.Expression);
    const type = expected && this.checker.getNonNullableType(expected);
    const members = type?.isUnion() === true ? type.types : type === undefined ? [] : [type];
    return members.flatMap((member) => this.checker.getPropertyOfType(member, name) ?? []);
  }

  literalsAt(node: SyntaxNode): readonly string[] | undefined {
    const given = this.typeAt(node);
    // A key of its own type is one of those it extends.
    const type = (given.isTypeParameter() ? this.checker.getBaseConstraintOfType(given) : undefined) ?? given;
    const members = type.isUnion() ? type.types : [type];
    const texts = members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
    return texts.length > 0 && texts.length === members.length ? texts : undefined;
  }

  literalsOf(nodes: readonly SyntaxNode[]): readonly (readonly string[] | undefined)[] {
    return nodes.map((node) => this.literalsAt(node));
  }

  isAny(nodes: readonly SyntaxNode[]): readonly boolean[] {
    return nodes.map((node) => (this.typeAt(node).flags & ts.TypeFlags.Any) !== 0);
  }

  mayBeMissing(node: SyntaxNode): boolean {
    const type = this.typeAt(node);
    const missing = ts.TypeFlags.Undefined | ts.TypeFlags.Null;
    return (type.isUnion() ? type.types : [type]).some((member) => (member.flags & missing) !== 0);
  }

  isCallable(symbol: SymbolHandle, node: SyntaxNode): boolean {
    const type = this.checker.getTypeOfSymbolAtLocation(nativeSymbol(symbol), native(node));
    const parts = type.isUnion() ? type.types : [type];
    return parts.some(
      (member) => member.getCallSignatures().length > 0 || member.getConstructSignatures().length > 0,
    );
  }

  slotTypeOf(objectLiteral: SyntaxNode): SlotType | undefined {
    const node = native(objectLiteral);
    if (!ts.isObjectLiteralExpression(node)) return undefined;
    const expected = this.checker.getContextualType(node);
    const type = expected === undefined ? undefined : this.checker.getNonNullableType(expected);
    const symbol = type?.aliasSymbol ?? type?.symbol;
    const declaration = symbol?.declarations?.[0];
    if (symbol === undefined || declaration === undefined) return undefined;
    return { name: symbol.name, path: declaration.getSourceFile().fileName };
  }

  signatureKeyAt(call: SyntaxNode): string | undefined {
    const declaration = this.checker.getResolvedSignature(native(call) as ts.CallLikeExpression)?.declaration;
    return declaration === undefined ? undefined : keyOf(declaration);
  }

  expectedNames(promise: SyntaxNode): readonly string[] | undefined {
    const type = this.checker.getContextualType(native(promise) as ts.Expression);
    const isPromise = type !== undefined && /^Promise(?:Like)?$/.test(type.symbol?.name ?? '');
    const [brought] = isPromise ? this.checker.getTypeArguments(type as ts.TypeReference) : [];
    if (brought === undefined || (brought.flags & ts.TypeFlags.Object) === 0) return undefined;
    const found = this.checker.getPropertiesOfType(brought).map(({ name }) => name);
    return found.length === 0 ? undefined : found;
  }

  emitOptions(path: string): EmitOptions {
    const options = this.built.optionsOf(path);
    const { importsNotUsedAsValues: kept } = options as { readonly importsNotUsedAsValues?: number };
    return emitOptionsOf(options, options.jsx === ts.JsxEmit.React, path, (kept ?? 0) > 0);
  }

  hasValue(symbol: SymbolHandle): boolean {
    return (nativeSymbol(symbol).flags & ts.SymbolFlags.Value) !== 0;
  }

  resolveSpecifier(fromPath: string, specifier: string): string | undefined {
    return this.built.resolve(fromPath, specifier);
  }

  typeText(node: SyntaxNode): string {
    const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
    return this.checker.typeToString(this.typeAt(node), native(node), flags);
  }

  close(): void {
    this.keys.clear();
  }

  private typeAt(node: SyntaxNode): ts.Type {
    return this.checker.getTypeAtLocation(native(node));
  }
}

function keyOf(node: ts.Node): string {
  return `${node.getSourceFile().fileName}:${node.pos}:${node.end}:${node.kind}`;
}

/** Every node and symbol this class hands out is the compiler's own object; these two take it back. */
function native(node: SyntaxNode): ts.Node {
  return node as ts.Node;
}

function nativeSymbol(symbol: SymbolHandle): ts.Symbol {
  return symbol as ts.Symbol;
}
