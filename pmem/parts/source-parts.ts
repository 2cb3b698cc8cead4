/** The parts of one source file: functions that a run may enter, and values and imports that they use. Types are no part of anything. */
import { ts } from '@ts-morph/common';

/** A function at the top of a file. */
export interface FunctionPart {
  readonly name: string;
  readonly text: string;
  /** Identifiers in it, whatever they mean there. */
  readonly names: readonly string[];
  /** Its body in the file, from the offset of its first character to behind its last. */
  readonly body: { readonly from: number; readonly to: number; readonly isBlock: boolean };
}

/** Anything else at the top of a file that is there when it runs: a constant, or a statement. */
export interface ValuePart {
  /** What it declares; nothing for a statement. */
  readonly declares: readonly string[];
  readonly text: string;
  readonly names: readonly string[];
  /** Those that stand in a call, so that what they mean may run while the file is loaded. */
  readonly namesCalled: ReadonlySet<string>;
}

/** Where a name of a file comes from: another file's name. */
export interface Origin {
  readonly specifier: string;
  /** The name over there; `*` for the whole module. */
  readonly name: string;
}

export interface SourceParts {
  readonly functions: readonly FunctionPart[];
  readonly values: readonly ValuePart[];
  /** What is imported, by the name it has here. */
  readonly imports: ReadonlyMap<string, Origin>;
  /** What is handed on from other files, by the name it has for importers. */
  readonly reExports: ReadonlyMap<string, Origin>;
}

/** Reads the TypeScript of one file. */
export function sourceParts(text: string): SourceParts {
  const file = ts.createSourceFile('part.ts', text, ts.ScriptTarget.Latest, true);
  const parts = {
    functions: [] as FunctionPart[],
    values: [] as ValuePart[],
    imports: new Map<string, Origin>(),
    reExports: new Map<string, Origin>(),
  };
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) continue;
    if (ts.isImportDeclaration(statement)) noteImports(statement, parts.imports);
    else if (ts.isExportDeclaration(statement)) noteExports(statement, parts.reExports);
    else if (ts.isFunctionDeclaration(statement)) noteFunction(statement, parts.functions);
    else if (ts.isVariableStatement(statement)) noteVariables(statement, parts);
    else parts.values.push(valuePart([], statement));
  }
  return parts;
}

function noteImports(
  { moduleSpecifier, importClause }: ts.ImportDeclaration,
  into: Map<string, Origin>,
): void {
  if (importClause === undefined || importClause.isTypeOnly) return;
  const specifier = textOf(moduleSpecifier);
  const { name, namedBindings } = importClause;
  if (name !== undefined) into.set(name.text, { specifier, name: 'default' });
  if (namedBindings === undefined) return;
  if (ts.isNamespaceImport(namedBindings)) into.set(namedBindings.name.text, { specifier, name: '*' });
  else noteNames(namedBindings.elements, specifier, into);
}

function noteExports(
  { moduleSpecifier, exportClause, isTypeOnly }: ts.ExportDeclaration,
  into: Map<string, Origin>,
): void {
  if (moduleSpecifier === undefined || exportClause === undefined || isTypeOnly) return;
  if (ts.isNamedExports(exportClause)) noteNames(exportClause.elements, textOf(moduleSpecifier), into);
}

function noteNames(
  elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[],
  specifier: string,
  into: Map<string, Origin>,
): void {
  for (const { name, propertyName, isTypeOnly } of elements)
    if (!isTypeOnly) into.set(name.text, { specifier, name: (propertyName ?? name).text });
}

const textOf = (node: ts.Expression): string => (ts.isStringLiteral(node) ? node.text : node.getText());

function noteFunction(declaration: ts.FunctionDeclaration, into: FunctionPart[]): void {
  const { name, body } = declaration;
  if (name !== undefined && body !== undefined) into.push(functionPart(name.text, declaration, body));
}

function noteVariables(
  statement: ts.VariableStatement,
  parts: { readonly functions: FunctionPart[]; readonly values: ValuePart[] },
): void {
  for (const declaration of statement.declarationList.declarations) {
    const { name, initializer } = declaration;
    if (ts.isIdentifier(name) && initializer !== undefined && isFunction(initializer))
      parts.functions.push(functionPart(name.text, declaration, initializer.body));
    else parts.values.push(valuePart(namesIn(name), declaration));
  }
}

const isFunction = (node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression =>
  ts.isArrowFunction(node) || ts.isFunctionExpression(node);

function functionPart(name: string, whole: ts.Node, body: ts.ConciseBody): FunctionPart {
  return {
    name,
    text: whole.getText(),
    names: namesIn(whole),
    body: { from: body.getStart(), to: body.getEnd(), isBlock: ts.isBlock(body) },
  };
}

const valuePart = (declares: readonly string[], whole: ts.Node): ValuePart => ({
  declares,
  text: whole.getText(),
  names: namesIn(whole),
  namesCalled: new Set(callsIn(whole).flatMap(namesIn)),
});

/** Every identifier below a node, once. */
function namesIn(node: ts.Node): string[] {
  const names = new Set<string>();
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) names.add(child.text);
    else ts.forEachChild(child, visit);
  };
  visit(node);
  return [...names];
}

/** The outermost expressions that may call something when the node runs: what stands in functions inside it does not run with it. */
function callsIn(node: ts.Node): ts.Node[] {
  if (ts.isFunctionLike(node)) return [];
  if (CALLS.some((isCall) => isCall(node))) return [node];
  const calls: ts.Node[] = [];
  ts.forEachChild(node, (child) => void calls.push(...callsIn(child)));
  return calls;
}

/** Getters, iterators and conversions to text are calls too. */
const CALLS: readonly ((node: ts.Node) => boolean)[] = [
  ts.isCallExpression,
  ts.isNewExpression,
  ts.isTaggedTemplateExpression,
  ts.isTemplateExpression,
  ts.isPropertyAccessExpression,
  ts.isElementAccessExpression,
  ts.isSpreadAssignment,
  ts.isSpreadElement,
];
