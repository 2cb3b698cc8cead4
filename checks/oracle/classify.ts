/**
 * Tells from the syntax around a reference what is done with the symbol: called, stored, passed on, re-exported,
 * named in a type. Parentheses, assertions, conditions and `await` are looked through first.
 */
import type { Compiler, SyntaxNode } from './compiler.ts';
import { isPart, outermost, parentOf, part, textOf } from './syntax.ts';
import type { UseKind } from './use.ts';

/** The expression a name is the end of: `a.b.name`, `a['name']`, or the name itself. */
export function referenceExpression(compiler: Compiler, name: SyntaxNode): SyntaxNode {
  const parent = parentOf(name);
  if (parent === undefined) return name;
  const kind = compiler.kindOf(parent);
  if (kind === 'PropertyAccessExpression' && part(parent, 'name') === name) return parent;
  if (kind === 'ElementAccessExpression' && part(parent, 'argumentExpression') === name) return parent;
  return name;
}

/** Kind of use of a reference whose last name is `name`. `undefined` for a declaration's own name. */
export function classifyReference(compiler: Compiler, name: SyntaxNode): UseKind | undefined {
  const parent = parentOf(name);
  if (parent === undefined) return undefined;
  const direct = specifierKind(compiler, name, parent);
  if (direct !== 'none') return direct;
  if (isInType(compiler, name)) return 'type';
  if (isImportedName(compiler, name)) return 'import';
  const expression = outermost(compiler, referenceExpression(compiler, name));
  const user = parentOf(expression);
  return user === undefined ? 'value' : expressionKind(compiler, expression, user);
}

function specifierKind(
  compiler: Compiler,
  name: SyntaxNode,
  parent: SyntaxNode,
): UseKind | 'none' | undefined {
  switch (compiler.kindOf(parent)) {
    case 'ImportSpecifier':
      return part(parent, 'propertyName') === undefined || isPart(name, 'propertyName')
        ? 'import'
        : undefined;
    case 'ImportClause':
    case 'NamespaceImport':
    case 'ImportEqualsDeclaration':
      return 'import';
    case 'ExportSpecifier':
      return part(parent, 'propertyName') === undefined || isPart(name, 'propertyName')
        ? 'export'
        : undefined;
    case 'ExportAssignment':
    case 'NamespaceExport':
      return 'export';
    case 'BindingElement':
      if (isPart(name, 'initializer')) return 'none';
      return part(parent, 'propertyName') === undefined || isPart(name, 'propertyName') ? 'value' : undefined;
    case 'JsxClosingElement':
      return undefined;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return isPart(name, 'label') ? undefined : 'none';
    default:
      return isDeclarationName(compiler, name, parent) ? undefined : 'none';
  }
}

const DECLARATIONS = new Set([
  'FunctionDeclaration',
  'ClassDeclaration',
  'ClassExpression',
  'FunctionExpression',
  'InterfaceDeclaration',
  'TypeAliasDeclaration',
  'EnumDeclaration',
  'EnumMember',
  'ModuleDeclaration',
  'VariableDeclaration',
  'Parameter',
  'PropertyDeclaration',
  'PropertySignature',
  'PropertyAssignment',
  'MethodDeclaration',
  'MethodSignature',
  'GetAccessor',
  'SetAccessor',
  'TypeParameter',
  'NamespaceExportDeclaration',
]);

function isDeclarationName(compiler: Compiler, name: SyntaxNode, parent: SyntaxNode): boolean {
  return DECLARATIONS.has(compiler.kindOf(parent)) && part(parent, 'name') === name;
}

const TYPE_ROOTS = new Set([
  'TypeReference',
  'TypeQuery',
  'ImportType',
  'IndexedAccessType',
  'TypePredicate',
]);
const NAME_CHAIN = new Set(['QualifiedName', 'LiteralType', 'ParenthesizedType']);

function isInType(compiler: Compiler, name: SyntaxNode): boolean {
  for (let current = parentOf(name); current !== undefined; current = parentOf(current)) {
    const kind = compiler.kindOf(current);
    if (TYPE_ROOTS.has(kind)) return true;
    if (!NAME_CHAIN.has(kind))
      return kind === 'PropertyAccessExpression' && isTypeOwner(compiler, name, current);
  }
  return false;
}

/** `Owner` in `implements Owner.Type`, and in an interface's `extends`. */
function isTypeOwner(compiler: Compiler, name: SyntaxNode, access: SyntaxNode): boolean {
  let top = access;
  while (compiler.kindOf(top.parent) === 'PropertyAccessExpression') top = top.parent;
  const isHeritage = compiler.kindOf(top.parent) === 'ExpressionWithTypeArguments';
  return isHeritage && part(top, 'name') !== name && !isClassExtends(compiler, name);
}

/** Whether something stands in the `extends` of a class, which is an expression. */
export function isClassExtends(compiler: Compiler, node: SyntaxNode): boolean {
  for (let current = parentOf(node); current !== undefined; current = parentOf(current)) {
    if (compiler.kindOf(current) !== 'HeritageClause') continue;
    const owner = compiler.kindOf(current.parent);
    return /^extends\b/.test(current.getText()) && owner.startsWith('Class');
  }
  return false;
}

/** `import short = Long.name;` */
function isImportedName(compiler: Compiler, name: SyntaxNode): boolean {
  let current = parentOf(name);
  while (current !== undefined && compiler.kindOf(current) === 'QualifiedName') current = parentOf(current);
  return current !== undefined && compiler.kindOf(current) === 'ImportEqualsDeclaration';
}

/** Operators that give a variable or property a value. */
export const ASSIGNMENTS: ReadonlySet<string> = new Set([
  'EqualsToken',
  'BarBarEqualsToken',
  'QuestionQuestionEqualsToken',
]);

/** What the parent of an expression does with its value. */
export function expressionKind(compiler: Compiler, expression: SyntaxNode, user: SyntaxNode): UseKind {
  switch (compiler.kindOf(user)) {
    case 'CallExpression':
    case 'NewExpression':
    case 'Decorator':
      return isPart(expression, 'expression') ? 'call' : 'value';
    case 'TaggedTemplateExpression':
      return isPart(expression, 'tag') ? 'call' : 'value';
    case 'JsxOpeningElement':
    case 'JsxSelfClosingElement':
      return isPart(expression, 'tagName') ? 'call' : 'value';
    case 'PropertyAccessExpression':
      return isInvoker(compiler, user) ? 'call' : 'value';
    case 'HeritageClause':
      return 'extends';
    case 'ExportAssignment':
      return 'export';
    case 'BinaryExpression': {
      const operator = part(user, 'operatorToken');
      const isTarget = operator !== undefined && ASSIGNMENTS.has(compiler.kindOf(operator));
      return isTarget && isPart(expression, 'left') ? 'write' : 'value';
    }
    default:
      return 'value';
  }
}

/** `f.call(…)` and `f.apply(…)` call `f`; `f.bind(…)` makes a value of it. */
function isInvoker(compiler: Compiler, access: SyntaxNode): boolean {
  const name = part(access, 'name');
  if (name === undefined || !/^(?:call|apply)$/.test(textOf(name))) return false;
  const user = parentOf(outermost(compiler, access));
  return user !== undefined && compiler.kindOf(user) === 'CallExpression';
}
