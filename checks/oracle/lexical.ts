/**
 * What names mean by the text of files alone: the declaration a name in a file stands for, and the declarations an
 * import finally leads to, through re-exports, in files of the project. Types are never asked for.
 */
import { ts } from '@ts-morph/common';
import type { SyntaxNode } from './compiler.ts';
import { needsCompiler } from './needs-compiler.ts';

/** A file's tree with what its parts declare. */
export type BoundFile = ts.SourceFile;

/** Where a specifier in a file leads: a file of the project, `undefined` for what lies outside of it. */
export type FileOf = (fromPath: string, specifier: string) => BoundFile | undefined;

interface Scoped {
  readonly locals?: ReadonlyMap<ts.__String, ts.Symbol>;
  readonly symbol?: ts.Symbol;
}

interface Binder {
  readonly bindSourceFile: (file: ts.SourceFile, options: ts.CompilerOptions) => void;
  readonly getModuleInstanceState: (node: ts.ModuleDeclaration) => number;
}

/** Parts of the compiler that are exported but not declared. */
const binder = ts as unknown as Binder;

/** Parses a file and lets it learn what its parts declare. */
export function boundFile(path: string, text: string): BoundFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors,
  };
  const file = ts.createSourceFile(path, text, options, true);
  binder.bindSourceFile(file, {});
  return file;
}

/** The declarations the name of an identifier means at its place. */
export function meantBy(node: ts.Node): readonly ts.Declaration[] {
  const name = ts.isIdentifier(node) ? node.escapedText : undefined;
  if (name === undefined) return [];
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    const { locals, symbol } = at as Scoped;
    const own =
      ts.isModuleDeclaration(at) || ts.isEnumDeclaration(at) ? symbol?.exports?.get(name) : undefined;
    const found = locals?.get(name) ?? own ?? named(at, name);
    if (found !== undefined) return found.declarations ?? [];
  }
  return [];
}

/** Expressions that are known inside by a name of their own. */
function named(node: ts.Node, name: ts.__String): ts.Symbol | undefined {
  const isNamed =
    (ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name?.escapedText === name;
  return isNamed ? (node as Scoped).symbol : undefined;
}

/** Declarations an import or re-export finally means; none for what lies outside of the project. */
export function finallyMeant(node: ts.Node, fileOf: FileOf, depth = 0): readonly ts.Declaration[] {
  const alias = aliasOf(node);
  if (alias === undefined || depth > 20) return needsCompiler();
  const file = fileOf(node.getSourceFile().fileName, alias.specifier);
  if (file === undefined) return [];
  return alias.name === '*' ? [file] : exported(file, alias.name, fileOf, depth + 1);
}

/** What `import name = require()` takes of a module: what it assigns to its exports, else the whole of it. */
const WHOLE = 'export=';

interface Alias {
  readonly specifier: string;
  /** Name in the other module; `*` for the whole of it. */
  readonly name: string;
}

function aliasOf(node: ts.Node): Alias | undefined {
  if (ts.isImportEqualsDeclaration(node)) {
    const reference = node.moduleReference;
    const given = ts.isExternalModuleReference(reference) ? reference.expression : undefined;
    return given && ts.isStringLiteral(given) ? { specifier: given.text, name: WHOLE } : undefined;
  }
  const declaration = ts.findAncestor(
    node,
    (at): at is ts.ImportDeclaration | ts.ExportDeclaration =>
      ts.isImportDeclaration(at) || ts.isExportDeclaration(at),
  );
  const literal = declaration?.moduleSpecifier;
  if (literal === undefined || !ts.isStringLiteral(literal)) return undefined;
  const specifier = literal.text;
  if (ts.isNamespaceImport(node) || ts.isNamespaceExport(node)) return { specifier, name: '*' };
  if (ts.isImportClause(node)) return { specifier, name: 'default' };
  if (!ts.isImportSpecifier(node) && !ts.isExportSpecifier(node)) return undefined;
  return { specifier, name: (node.propertyName ?? node.name).text };
}

/** What a module exports under a name, by its own declarations, its imports and the modules it re-exports. */
function exported(file: BoundFile, name: string, fileOf: FileOf, depth: number): readonly ts.Declaration[] {
  if (file.fileName.endsWith('.json')) return [file];
  const exports = (file as Scoped).symbol?.exports;
  const whole = exports?.get(WHOLE as ts.__String)?.declarations;
  if (name === WHOLE) return whole?.flatMap((node) => behind(node, fileOf, depth)) ?? [file];
  // What else is taken of such a module depends on options.
  if (whole !== undefined) return needsCompiler();
  const own = exports?.get(name as ts.__String)?.declarations;
  if (own !== undefined) return own.flatMap((node) => behind(node, fileOf, depth));
  if (name === 'default') return [];
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || statement.exportClause !== undefined) continue;
    const literal = statement.moduleSpecifier;
    if (literal === undefined || !ts.isStringLiteral(literal)) continue;
    const next = fileOf(file.fileName, literal.text);
    // A package may export anything.
    if (next === undefined) return needsCompiler();
    const found = depth > 20 ? [] : exported(next, name, fileOf, depth + 1);
    if (found.length > 0) return found;
  }
  return [];
}

/** What an exported name stands for: a declaration, or what a local name or another module's means. */
function behind(node: ts.Declaration, fileOf: FileOf, depth: number): readonly ts.Declaration[] {
  if (ts.isExportSpecifier(node)) {
    if (node.parent.parent.moduleSpecifier !== undefined) return finallyMeant(node, fileOf, depth + 1);
    return meantBy(node.propertyName ?? node.name).flatMap((one) => behindLocal(one, fileOf, depth));
  }
  if (ts.isNamespaceExport(node)) return finallyMeant(node, fileOf, depth + 1);
  if (ts.isExportAssignment(node)) {
    if (!ts.isIdentifier(node.expression)) return [node];
    return meantBy(node.expression).flatMap((one) => behindLocal(one, fileOf, depth));
  }
  return [node];
}

function behindLocal(node: ts.Declaration, fileOf: FileOf, depth: number): readonly ts.Declaration[] {
  const isAlias = ts.isImportClause(node) || ts.isNamespaceImport(node) || ts.isImportSpecifier(node);
  if (ts.isImportEqualsDeclaration(node)) return needsCompiler();
  return isAlias ? finallyMeant(node, fileOf, depth + 1) : [node];
}

/** Whether a declaration brings something that exists when the code runs. */
export function isValueDeclaration(node: ts.Node): boolean {
  if (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeParameterDeclaration(node)
  )
    return false;
  return !ts.isModuleDeclaration(node) || binder.getModuleInstanceState(node) !== 0;
}

/** Whether a constant may have fields of one text only: its type is written, or its value is no result of a call or loop. */
export function hasKnownFields(node: ts.Node): boolean {
  if (!ts.isVariableDeclaration(node) || (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) === 0)
    return false;
  const { type, initializer: value } = node;
  if (type !== undefined || value === undefined) return type !== undefined;
  const isMade = ts.isCallExpression(value)
    ? value.expression.getText() !== 'Object.freeze'
    : ts.isNewExpression(value);
  return !isMade && !ts.isAwaitExpression(value);
}

/** The text of a string that is written out. */
export function literalText(node: SyntaxNode | undefined): string | undefined {
  const own = node as ts.Node | undefined;
  return own !== undefined && ts.isStringLiteralLike(own) ? own.text : undefined;
}

/** Whether a declaration only passes on what another one means. */
export function isAlias(node: ts.Node): boolean {
  return (
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node) ||
    ts.isImportSpecifier(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isExportSpecifier(node)
  );
}
