/**
 * The places of a file that name other modules, by syntax alone: imports, re-exports, `import()`, `require`, types of
 * other modules, and the other roads: `import.meta.glob`, `new URL('…', import.meta.url)`, `require.resolve`, mocks of
 * test runners, `/// <reference path>`, types in comments of JavaScript files.
 */
import type { Compiler, SourceUnit, SyntaxNode } from './compiler.ts';
import { commentNamings } from './comment-namings.ts';
import { declaredModules, statementsInside } from './declared-modules.ts';
import { part, parts, textOf, walk } from './syntax.ts';

export type EdgeKind =
  | 'import'
  | 'export'
  | 'import-equals'
  | 'import()'
  | 'require'
  | 'import-type'
  | 'augmentation'
  /** Names a file that is loaded by other means, or may be. */
  | 'road'
  /** Names a module to a test runner that puts something else in its place, or loads the real one. */
  | 'mock'
  /** `/// <reference path>`. */
  | 'reference';

export interface Naming {
  readonly kind: EdgeKind;
  /** The declaration, call or type that names the module. */
  readonly node: SyntaxNode;
  /** The node that holds the name; `undefined` for what is written in a comment. */
  readonly specifier: SyntaxNode | undefined;
  /** The name, where it is known without folding constants. */
  readonly text?: string;
  /** Whether the words `import type` or a place in a type say that nothing is loaded. */
  readonly typeOnly: boolean;
  /** Where the node that holds the name starts, where that is known without it. */
  readonly specifierStart?: number;
  /**
   * The local names by which an import knows the whole module or its default, where they are known without its tree; none for a
   * re-export of single names. Absent where the node tells.
   */
  readonly wholes?: readonly string[] | undefined;
  /** How a road or mock is written: `import.meta.glob`, `jest.mock`. */
  readonly form?: string;
}

/** Texts without which a file has no naming below its statements. `new URL` names a module only beside `import.meta.url`. */
const DEEP =
  /\bimport\s*(?:\/[*/]|\()|import\s*\.\s*meta|[rR]equire(?!d\b|s\b|ments?\b)|REQUIRE|\b(?:jest|vi|mock)\s*\./;

/** Whether what is called was made with `createRequire`. */
export type IsMadeRequire = (callee: SyntaxNode) => boolean;

/** All namings of a file, in its order. */
export function namingsOf(
  compiler: Compiler,
  unit: SourceUnit,
  isMade: IsMadeRequire = (callee) => isMadeByCreateRequire(compiler, callee),
): readonly Naming[] {
  const found: Naming[] = [];
  const inMock = new Set<SyntaxNode>();
  const isScript = /\.[cm]?jsx?$/.test(unit.path);
  const own = declaredModules(compiler, unit);
  const visit = (node: SyntaxNode): void => {
    if (own.nodes.has(node)) return;
    const naming = namingOf(compiler, node, isMade);
    // Types in comments of JavaScript files are nodes for one compiler and not for the other; they are read as text.
    if (naming === undefined || (isScript && naming.kind === 'import-type') || inMock.has(node)) return;
    // What a file declares itself is found there.
    if (/^(?:export|import|import-type)$/.test(naming.kind) && own.names.has(specifierText(naming))) return;
    if (naming.kind === 'mock' && naming.specifier !== undefined) inMock.add(naming.specifier.parent);
    found.push(naming);
  };
  if (DEEP.test(unit.text)) walk(unit.root, visit);
  else
    unit.root.forEachChild((statement) => {
      for (const one of [statement, ...statementsInside(compiler, statement)]) visit(one);
    });
  return [...found, ...commentNamings(unit, isScript)];
}

function specifierText({ specifier }: Naming): string {
  return specifier === undefined ? '' : textOf(specifier);
}

function namingOf(compiler: Compiler, node: SyntaxNode, isMade: IsMadeRequire): Naming | undefined {
  switch (compiler.kindOf(node)) {
    case 'ImportDeclaration': {
      const clause = part(node, 'importClause');
      return declared('import', node, clause !== undefined && isTypeImport(compiler, clause));
    }
    case 'ExportDeclaration':
      return (
        part(node, 'moduleSpecifier') && declared('export', node, Reflect.get(node, 'isTypeOnly') === true)
      );
    case 'ImportEqualsDeclaration': {
      const reference = part(node, 'moduleReference');
      const specifier = reference === undefined ? undefined : part(reference, 'expression');
      if (specifier === undefined) return undefined;
      return { kind: 'import-equals', node, specifier, typeOnly: Reflect.get(node, 'isTypeOnly') === true };
    }
    case 'ImportType': {
      const argument = part(node, 'argument');
      const specifier = argument === undefined ? undefined : part(argument, 'literal');
      return { kind: 'import-type', node, specifier, typeOnly: true };
    }
    case 'ModuleDeclaration': {
      const name = part(node, 'name');
      if (name === undefined || compiler.kindOf(name) !== 'StringLiteral') return undefined;
      return { kind: 'augmentation', node, specifier: name, typeOnly: true };
    }
    case 'NewExpression':
      return urlNaming(node);
    case 'CallExpression':
      return calledNaming(compiler, node, isMade);
    default:
      return undefined;
  }
}

function declared(kind: EdgeKind, node: SyntaxNode, typeOnly: boolean): Naming {
  return { kind, node, specifier: part(node, 'moduleSpecifier'), typeOnly };
}

function isTypeImport(compiler: Compiler, clause: SyntaxNode): boolean {
  const phase: unknown = Reflect.get(clause, 'phaseModifier');
  return typeof phase === 'number' && compiler.kindOf({ kind: phase }) === 'TypeKeyword';
}

/** `new URL('./worker.js', import.meta.url)`: bundlers follow exactly this form. */
function urlNaming(node: SyntaxNode): Naming | undefined {
  const [specifier, base] = parts(node, 'arguments');
  if (part(node, 'expression')?.getText() !== 'URL' || base?.getText() !== 'import.meta.url')
    return undefined;
  return specifier && { kind: 'road', node, specifier, typeOnly: false, form: 'new URL' };
}

const MOCKS =
  /^(?:(?:jest|vi)\.(?:(?:unstable_)?(?:mock|unmock)(?:Module)?|do(?:Mock|Unmock)|dontMock|setMock|(?:require|import)(?:Actual|Mock)|(?:createMock|genMock)FromModule)|(?:\w+\.)?mock\.module)$/;
const ROADS = /^(?:import\.meta\.(?:glob|globEager|resolve)|require\.context)$/;

function calledNaming(compiler: Compiler, node: SyntaxNode, isMade: IsMadeRequire): Naming | undefined {
  const callee = part(node, 'expression');
  const specifier = parts(node, 'arguments')[0];
  if (callee === undefined) return undefined;
  if (compiler.kindOf(callee) === 'ImportKeyword')
    return { kind: 'import()', node, specifier, typeOnly: false };
  if (specifier === undefined) return undefined;
  if (isRequire(compiler, callee, isMade)) return { kind: 'require', node, specifier, typeOnly: false };
  if (compiler.kindOf(callee) !== 'PropertyAccessExpression') return undefined;
  const form = callee.getText().replaceAll(/\s/g, '');
  const owner = part(callee, 'expression');
  if (form.endsWith('.resolve') && owner !== undefined && isRequire(compiler, owner, isMade))
    return { kind: 'road', node, specifier, typeOnly: false, form: 'require.resolve' };
  if (ROADS.test(form)) return { kind: 'road', node, specifier, typeOnly: false, form };
  if (!MOCKS.test(form)) return undefined;
  const inner = calledNaming(compiler, specifier, isMade);
  const named = inner?.kind === 'import()' ? inner.specifier : specifier;
  return { kind: 'mock', node, specifier: named, typeOnly: false, form };
}

/** What stands between parentheses or before `as` is what is called. */
const WRAPPED = /^(?:Parenthesized|As|NonNull|Satisfies)Expression$/;

/** `require`, `module.require`, `require.resolve` aside; also what `createRequire` returned under that name. */
function isRequire(compiler: Compiler, callee: SyntaxNode, isMade: IsMadeRequire): boolean {
  const inner = WRAPPED.test(compiler.kindOf(callee)) ? part(callee, 'expression') : undefined;
  if (inner !== undefined) return isRequire(compiler, inner, isMade);
  const kind = compiler.kindOf(callee);
  if (kind === 'Identifier') return textOf(callee) === 'require' || isMade(callee);
  if (kind === 'CallExpression') return makesRequire(compiler, callee);
  if (kind !== 'PropertyAccessExpression') return false;
  const name = part(callee, 'name');
  const owner = part(callee, 'expression');
  return (
    name !== undefined && textOf(name) === 'require' && owner !== undefined && textOf(owner) === 'module'
  );
}

function isMadeByCreateRequire(compiler: Compiler, callee: SyntaxNode): boolean {
  if (!/require/i.test(callee.getText()) && !/createRequire/.test(rootText(callee))) return false;
  const [symbol] = compiler.symbolsAt([callee]);
  if (symbol === undefined) return false;
  const declaration = compiler.declarationsOf(compiler.targetOf(symbol))[0]?.node;
  const initializer = declaration === undefined ? undefined : part(declaration, 'initializer');
  return initializer !== undefined && makesRequire(compiler, initializer);
}

function rootText(node: SyntaxNode): string {
  let current = node;
  for (let parent: SyntaxNode | undefined = node.parent; parent !== undefined; parent = parent.parent)
    current = parent;
  return textOf(current);
}

/** Whether something is a call of `createRequire`, whatever the import calls it. */
function makesRequire(compiler: Compiler, node: SyntaxNode): boolean {
  const callee = part(node, 'expression');
  if (callee === undefined || !rootText(node).includes('createRequire')) return false;
  if ((part(callee, 'name') ?? callee).getText() === 'createRequire') return true;
  const [symbol] = compiler.kindOf(callee) === 'Identifier' ? compiler.symbolsAt([callee]) : [];
  const declarations = symbol === undefined ? [] : compiler.declarationsOf(symbol);
  return declarations.some(
    ({ node: one }) => one !== undefined && part(one, 'propertyName')?.getText() === 'createRequire',
  );
}
