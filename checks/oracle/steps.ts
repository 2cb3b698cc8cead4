/**
 * Where the value of a reference goes next: into a variable, a property, an argument, out of a function. The way is
 * followed out of parentheses, assertions, conditions and `await` first.
 */
import { ASSIGNMENTS, expressionKind, referenceExpression } from './classify.ts';
import type { Compiler, SyntaxNode } from './compiler.ts';
import { ancestor, outermost, parentOf, part, textOf } from './syntax.ts';
import type { Flow, UseKind } from './use.ts';

/** A value's next stop, and the node that names it when later references to that name carry the value on. */
export interface Step {
  readonly flow: Flow;
  /** Name node of the variable, property or accessor that now holds the value. */
  readonly carrier: SyntaxNode | undefined;
  /** For a property of an object literal held by a variable: that variable's name node. */
  readonly holder: SyntaxNode | undefined;
  /** Whether the carrier is a function that returns the value rather than being it. */
  readonly isMaker: boolean;
}

const NOWHERE: Step = {
  flow: { into: 'other', name: undefined, slot: undefined },
  carrier: undefined,
  holder: undefined,
  isMaker: false,
};

/** Where the value of a reference goes. */
export function nextStep(compiler: Compiler, name: SyntaxNode): Step {
  const parent = parentOf(name);
  if (parent !== undefined && compiler.kindOf(parent) === 'BindingElement') {
    return step('variable', part(parent, 'name'));
  }
  if (parent !== undefined && compiler.kindOf(parent) === 'ShorthandPropertyAssignment') {
    return propertyStep(compiler, parent, name);
  }
  const expression = outermost(compiler, referenceExpression(compiler, name));
  const user = parentOf(expression);
  return user === undefined ? NOWHERE : stepInto(compiler, expression, user);
}

function stepInto(compiler: Compiler, expression: SyntaxNode, user: SyntaxNode): Step {
  switch (compiler.kindOf(user)) {
    case 'VariableDeclaration':
    case 'BindingElement':
      return step('variable', part(user, 'name'));
    case 'Parameter':
      return step('variable', part(user, 'name'));
    case 'PropertyDeclaration':
      return step('field', part(user, 'name'));
    case 'PropertyAssignment':
      return propertyStep(compiler, user, part(user, 'name'));
    case 'ArrayLiteralExpression':
    case 'SpreadElement':
      return { ...NOWHERE, flow: { into: 'element', name: undefined, slot: undefined } };
    case 'CallExpression':
    case 'NewExpression':
      return { ...NOWHERE, flow: { into: 'argument', name: calleeName(user), slot: undefined } };
    case 'ReturnStatement':
    case 'ArrowFunction':
      return returnStep(compiler, user);
    case 'BinaryExpression':
      return assignmentStep(compiler, expression, user);
    case 'PropertyAccessExpression':
      return boundStep(compiler, user);
    default:
      return NOWHERE;
  }
}

/** `f.bind(x)` is `f` for our purposes: the step of the whole call. */
function boundStep(compiler: Compiler, access: SyntaxNode): Step {
  const name = part(access, 'name');
  const user = parentOf(outermost(compiler, access));
  if (name === undefined || textOf(name) !== 'bind' || user === undefined) return NOWHERE;
  if (compiler.kindOf(user) !== 'CallExpression') return NOWHERE;
  const bound = outermost(compiler, user);
  const next = parentOf(bound);
  return next === undefined ? NOWHERE : stepInto(compiler, bound, next);
}

function step(into: Flow['into'], name: SyntaxNode | undefined): Step {
  const text = name === undefined ? '' : textOf(name);
  return {
    flow: { into, name: text === '' ? undefined : text, slot: undefined },
    carrier: text === '' ? undefined : name,
    holder: undefined,
    isMaker: false,
  };
}

function calleeName(call: SyntaxNode): string | undefined {
  const callee = part(call, 'expression');
  const text = callee === undefined ? '' : textOf(part(callee, 'name') ?? callee);
  return text === '' ? undefined : text;
}

function propertyStep(compiler: Compiler, property: SyntaxNode, name: SyntaxNode | undefined): Step {
  const literal = parentOf(property);
  const own = step('property', name);
  if (literal === undefined || compiler.kindOf(literal) !== 'ObjectLiteralExpression') return own;
  const outer = outermost(compiler, literal);
  const owner = parentOf(outer);
  const isHeld = owner !== undefined && compiler.kindOf(owner) === 'VariableDeclaration';
  return {
    flow: { ...own.flow, slot: compiler.slotTypeOf(literal) },
    carrier: own.carrier,
    holder: isHeld ? part(owner, 'name') : undefined,
    isMaker: false,
  };
}

/** Kinds of nodes that are functions. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunction',
  'MethodDeclaration',
  'GetAccessor',
  'Constructor',
  'SetAccessor',
]);

/** A returned value is carried by the function's name (or the variable that holds the function). */
function returnStep(compiler: Compiler, user: SyntaxNode): Step {
  const isArrow = compiler.kindOf(user) === 'ArrowFunction';
  const owner = isArrow ? user : ancestor(compiler, user, FUNCTIONS);
  if (owner === undefined) return NOWHERE;
  const own = part(owner, 'name');
  if (own !== undefined) {
    return { ...step('return', own), isMaker: compiler.kindOf(owner) !== 'GetAccessor' };
  }
  const holder = parentOf(outermost(compiler, owner));
  const isNamed = holder !== undefined && /^(?:VariableDeclaration|Property)/.test(compiler.kindOf(holder));
  return { ...step('return', isNamed ? part(holder, 'name') : undefined), isMaker: true };
}

/** For a called function: the call, when it is called as such (`f()`, not `f.call()`). */
export function callOf(compiler: Compiler, name: SyntaxNode): SyntaxNode | undefined {
  const callee = outermost(compiler, referenceExpression(compiler, name));
  const call = parentOf(callee);
  return call !== undefined && compiler.kindOf(call) === 'CallExpression' ? call : undefined;
}

/** What is done with the value of any expression. */
export function useOfExpression(
  compiler: Compiler,
  expression: SyntaxNode,
): { readonly kind: UseKind; readonly step: Step } {
  const outer = outermost(compiler, expression);
  const user = parentOf(outer);
  if (user === undefined) return { kind: 'value', step: NOWHERE };
  return { kind: expressionKind(compiler, outer, user), step: stepInto(compiler, outer, user) };
}

function assignmentStep(compiler: Compiler, expression: SyntaxNode, user: SyntaxNode): Step {
  const operator = part(user, 'operatorToken');
  const left = part(user, 'left');
  if (operator === undefined || left === undefined || left === expression) return NOWHERE;
  if (!ASSIGNMENTS.has(compiler.kindOf(operator))) return NOWHERE;
  const isProperty = compiler.kindOf(left) === 'PropertyAccessExpression';
  return step(isProperty ? 'property' : 'variable', isProperty ? part(left, 'name') : left);
}
