/**
 * What the checks need from a TypeScript compiler: syntax trees, and answers about symbols. Two compilers stand
 * behind this interface (TypeScript 6 as bundled by ts-morph, and the native TypeScript 7), whose syntax trees have
 * the same shape; everything above it is written once. A symbol is an opaque handle; two handles mean the same thing
 * exactly when they share a declaration key.
 */
import type { Naming } from './namings.ts';
import type { Leads } from '../resolve/leads.ts';

/** A node of a syntax tree. `pos` includes leading trivia, `getStart()` does not; both are UTF-16 offsets. */
export interface SyntaxNode {
  readonly kind: number;
  readonly pos: number;
  readonly end: number;
  readonly parent: SyntaxNode;
  getStart(): number;
  getText(): string;
  forEachChild<T>(visit: (node: SyntaxNode) => T | undefined): T | undefined;
}

/** One file of the program. */
export interface SourceUnit {
  /** Absolute path with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly root: SyntaxNode;
  readonly isDeclarationFile: boolean;
}

/** An opaque symbol of one compiler; never mixed between compilers. */
export interface SymbolHandle {
  readonly name: string;
}

/** Where a declaration is. The node may be fetched only when it is read. */
export interface DeclarationPlace {
  readonly path: string;
  /** Name of the node's kind. */
  readonly kind: string;
  readonly node: SyntaxNode;
}

/** The field of a named type that an object literal's property fills. */
export interface SlotType {
  /** Name of the interface, class or type alias. */
  readonly name: string;
  /** File that declares it. */
  readonly path: string;
}

/** What decides whether an import is left in the emitted code. */
export interface EmitOptions {
  /** `verbatimModuleSyntax`: what is written stays. */
  readonly verbatim: boolean;
  /** `isolatedModules`. */
  readonly isolated: boolean;
  /** `emitDecoratorMetadata`. */
  readonly decoratorMetadata: boolean;
  /** `strictNullChecks`. */
  readonly strictNulls: boolean;
  /** Whether constant enums exist when the code runs. */
  readonly keepsConstEnums: boolean;
  /** Whether an import of types only is left as a load (`importsNotUsedAsValues` of older compilers). */
  readonly keepsImports: boolean;
  /** Whether the file is a CommonJS module by the package it lies in. */
  readonly isCommonJs: boolean;
  /** Name every JSX element calls on, with `jsx: react`. */
  readonly jsxFactory: string | undefined;
}

/** How names of modules are read where trees and symbols are dear: from texts, asking the compiler only in the end. */
export interface LateReading {
  readonly namingsOf: (unit: SourceUnit) => readonly Naming[];
  /** Whether a name that leads to no file is one of a module all the same: a declared one. */
  readonly isKnown: (unit: SourceUnit, naming: Naming, specifier: string | undefined) => boolean;
  /** The symbol of a module outside the project that a naming names. */
  readonly moduleAt: (unit: SourceUnit, naming: Naming) => SymbolHandle | undefined;
}

export type CompilerName = 'ts-morph' | 'typescript-7';

export interface Compiler {
  readonly name: CompilerName;
  /** Files of the project: neither default libraries nor files below `node_modules`. Sorted by path. */
  readonly files: readonly SourceUnit[];
  /** Absolute paths of the files the configuration itself names; the others came by imports. */
  readonly named: ReadonlySet<string>;
  /** Absolute paths of everything that was read, packages included. */
  readonly inputs: readonly string[];
  /** What of the configuration could not be found or is not honoured, in sentences. */
  readonly notes: readonly string[];
  fileAt(path: string): SourceUnit | undefined;
  /** Whether the project declares a module of this name, for what comments name: no symbol tells. */
  isDeclaredName(specifier: string): boolean;
  /** Name of a node's kind, for example `CallExpression`. */
  kindOf(node: Pick<SyntaxNode, 'kind'>): string;
  /** Symbols of several nodes of one file, asked at once. */
  symbolsAt(nodes: readonly SyntaxNode[]): readonly (SymbolHandle | undefined)[];
  /** The symbol an alias (import, re-export) finally stands for; the symbol itself when it is no alias. */
  targetOf(symbol: SymbolHandle): SymbolHandle;
  /** Keys of all declarations; equal keys mean the same declaration. */
  keysOf(symbol: SymbolHandle): readonly string[];
  declarationsOf(symbol: SymbolHandle): readonly DeclarationPlace[];
  /** The symbol of a file that is a module, else `undefined`. */
  moduleOf(unit: SourceUnit): SymbolHandle | undefined;
  /** Exports of a module, namespace or enum, `export *` included. */
  exportsOf(symbol: SymbolHandle): readonly SymbolHandle[];
  /** Members of a class (static ones too), interface or type literal. */
  membersOf(symbol: SymbolHandle): readonly SymbolHandle[];
  /** Properties of the type of a value that is there. */
  propertiesOf(symbol: SymbolHandle): readonly SymbolHandle[];
  /** For `{ name }` in an object literal: the symbol whose value is stored. */
  shorthandValueOf(node: SyntaxNode): SymbolHandle | undefined;
  /** The property `name` of the type of an expression or pattern. */
  propertyAt(node: SyntaxNode, name: string): SymbolHandle | undefined;
  /** Properties `name` of the types that an object literal, or the attributes of a JSX element, may have at their place. */
  expectedProperties(literal: SyntaxNode, name: string): readonly SymbolHandle[];
  /** String literal types of an expression, when its type is one or a union of only such. */
  literalsAt(node: SyntaxNode): readonly string[] | undefined;
  /** The same of many expressions, asked at once. */
  literalsOf(nodes: readonly SyntaxNode[]): readonly (readonly string[] | undefined)[];
  /** Whether an expression's type is `any` (an unresolved name counts). */
  isAny(nodes: readonly SyntaxNode[]): readonly boolean[];
  /** Whether an expression's narrowed type still includes `undefined` or `null`. */
  mayBeMissing(node: SyntaxNode): boolean;
  /** Whether a value of the symbol can be called or constructed. */
  isCallable(symbol: SymbolHandle, node: SyntaxNode): boolean;
  /** The type an object literal is expected to have at its place. */
  slotTypeOf(objectLiteral: SyntaxNode): SlotType | undefined;
  /** Key of the declaration of the one signature a call means, of several that a function may have. */
  signatureKeyAt(call: SyntaxNode): string | undefined;
  /** Names of what the place of a promise expects it to bring; `undefined` when the place expects nothing special. */
  expectedNames(promise: SyntaxNode): readonly string[] | undefined;
  /** Set where trees are fetched one by one: names of modules are then read without them. */
  readonly late?: LateReading;
  /** Where imports lead beyond what the compiler sees; the same for every compiler. */
  readonly leads: Leads;
  /** Options for emitting a file, of the project it belongs to. */
  emitOptions(path: string): EmitOptions;
  /** Whether a symbol stands for a value (also), and not for a type only. */
  hasValue(symbol: SymbolHandle): boolean;
  /** The file a specifier leads to from a file by the compiler's own rules, without an import that exists. */
  resolveSpecifier(fromPath: string, specifier: string): string | undefined;
  /** Type of an expression or declaration as text, for API reports. */
  typeText(node: SyntaxNode): string;
  /** Frees what the compiler holds; the object cannot be used afterwards. */
  close(): void;
}
