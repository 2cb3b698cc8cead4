/** What kind of use a name in C code is, read from the grammar's tree; names and heads of functions from tokens (`head.ts`). */
import type { Node } from './parser.ts';
import { useOf } from './constant-use.ts';
import type { Learnt, Reading } from './reading.ts';
import {
  around,
  declaredName,
  hasStorage,
  isFunction,
  isHidden,
  isStatement,
  localOf,
  mayPoint,
  same,
} from './scope.ts';
import { assignedSlot, initializedSlot } from './slots.ts';

const silent = (why: string): Reading => ({ kind: 'silent', why });

/** A field, read or stored into: it is no use of the name, whatever the grammar makes of the place. */
export function fieldReading(node: Node | null): Reading {
  const read = node?.parent?.type === 'field_expression' ? node.parent : null;
  const isTarget =
    read?.parent?.type === 'assignment_expression' && same(read.parent.childForFieldName('left'), read);
  const slot = read === null || isTarget ? undefined : assignedSlot(read);
  if (read === null || slot === undefined || !('steps' in slot)) return silent('field');
  let at = read;
  while (at.parent !== null && /^(?:parenthesized|pointer|subscript)_expression$/.test(at.parent.type))
    at = at.parent;
  const isCall = at.parent?.type === 'call_expression' && same(at.parent.childForFieldName('function'), at);
  return { ...silent('field'), slot, fieldUse: isCall ? 'call' : 'value' };
}

/** Classifies the node of a name. `isLocal`: the tree is a function's body. */
export function classify(node: Node, name: string, isLocal: boolean): Reading {
  const isBroken = around(node, 'ERROR') !== null || node.type === 'ERROR';
  const reading = read(node, name, isLocal);
  return isBroken ? doubted(reading, node, name) : reading;
}

/**
 * A reading where the grammar failed: what it takes for a declaration or a type may be none, and nothing is left out because of a
 * local variable that it only thinks it saw.
 */
function doubted(reading: Reading, node: Node, name: string): Reading {
  if (reading.kind === 'silent') {
    const local = reading.hidden === undefined ? undefined : localOf(node, name);
    const isDoubtful = local !== undefined && around(local.declaration, 'ERROR') !== null;
    return isDoubtful ? { kind: 'named', isNotParsed: true } : reading;
  }
  const isCall =
    /^\s*\(/.test(textAfter(node)) &&
    /(?:^|[;{}=(,!&|?:+<>-]|\breturn|\belse|\bdo)\s*$/.test(textBefore(node));
  if (/^(?:declaration|definition|type|value|named)$/.test(reading.kind))
    return { kind: isCall ? 'call' : 'named', isNotParsed: true };
  return { ...reading, isNotParsed: true };
}

/** Letters around a node that are looked at. */
const NEAR = 200;

function textBefore(node: Node): string {
  return wholeText(node).slice(Math.max(0, node.startIndex - NEAR), node.startIndex);
}

function textAfter(node: Node): string {
  return wholeText(node).slice(node.endIndex, node.endIndex + NEAR);
}

function wholeText(node: Node): string {
  return node.tree.rootNode.text;
}

function read(node: Node, name: string, isLocal: boolean): Reading {
  if (node.type === 'field_identifier') return silent('field');
  if (node.type === 'statement_identifier') return silent('label');
  const parent = node.parent;
  if (parent === null) return { kind: 'named', isNotParsed: true };
  if (parent.type === 'enumerator' && same(parent.childForFieldName('name'), node))
    return { kind: 'enumerator', what: 'type' };
  const misread = misreadCall(node);
  if (misread !== undefined) return misread;
  const declared = declarationOf(node);
  if (declared !== undefined && isStatement(declared.holder))
    return doubted({ kind: 'declaration' }, node, name);
  if (declared !== undefined) return declarationKind(declared, isLocal);
  if (isHidden(node, name))
    return {
      ...expressionKind(node, isLocal),
      kind: 'silent',
      why: 'local variable',
      hidden: expressionKind(node, isLocal).kind,
    };
  if (node.type === 'type_identifier' || parent.type === 'macro_type_specifier') return { kind: 'type' };
  if (node.type !== 'identifier') return { kind: 'named', isNotParsed: true };
  return expressionKind(node, isLocal);
}

/**
 * `f(g(char *, name));`: a type among the arguments makes the grammar take `f(…)` for a type that a macro makes, which would begin
 * a declaration, but no name follows.
 */
function misreadCall(node: Node): Reading | undefined {
  const outer =
    node.parent?.type === 'macro_type_specifier' ? node.parent : around(node, 'macro_type_specifier');
  if (outer === null || !/^(?:compound_statement|ERROR)$/.test(outer.parent?.type ?? '')) return undefined;
  if (/^\s*\(/.test(textAfter(node))) return { kind: 'call', of: node.text };
  const callee = outer.childForFieldName('name')?.text ?? '';
  return same(outer.childForFieldName('name'), node)
    ? undefined
    : { kind: 'argument', of: callee, use: 'argument' };
}

interface Declared {
  readonly declarator: Node;
  readonly holder: Node;
}

/** The declaration a node is the name of; nothing when it is used. */
function declarationOf(node: Node): Declared | undefined {
  let at = node;
  for (let parent = at.parent; parent !== null; at = parent, parent = at.parent) {
    if (parent.type.endsWith('declarator')) {
      const inner = parent.childForFieldName('declarator');
      const isInner =
        inner === null
          ? same(parent.namedChildren.find((child) => /declarator$|identifier$/.test(child.type)) ?? null, at)
          : same(inner, at);
      if (!isInner) return undefined;
    } else if (
      /^(?:declaration|parameter_declaration|type_definition|field_declaration|function_definition)$/.test(
        parent.type,
      )
    ) {
      return parent.childrenForFieldName('declarator').some((one) => same(one, at))
        ? { declarator: at, holder: parent }
        : undefined;
    } else return undefined;
  }
  return undefined;
}

function declarationKind({ declarator, holder }: Declared, isLocal: boolean): Reading {
  if (holder.type === 'parameter_declaration') return silent('parameter');
  if (holder.type === 'field_declaration') return silent('field');
  if (holder.type === 'type_definition')
    return isLocal ? silent('local type') : { kind: 'definition', what: 'type' };
  const isStatic = hasStorage(holder, 'static');
  if (holder.type === 'function_definition') return { kind: 'definition', what: 'function', isStatic };
  if (isFunction(declarator)) return { kind: 'declaration', what: 'function', isStatic };
  if (hasStorage(holder, 'extern')) return { kind: 'declaration', what: 'variable' };
  return isLocal ? silent('local variable') : { kind: 'definition', what: 'variable', isStatic };
}

/** Walks outwards from a name to what decides its kind. */
function expressionKind(node: Node, isLocal: boolean): Reading {
  const use = useOf(node);
  const withUse = (reading: Reading): Reading => (use === undefined ? reading : { ...reading, use });
  let at = node;
  let isOperand = false;
  for (let parent = at.parent; parent !== null; at = parent, parent = at.parent) {
    switch (parent.type) {
      case 'call_expression':
        if (!same(parent.childForFieldName('function'), at)) return withUse({ kind: 'value' });
        return isOperand || !isPlain(at)
          ? withUse({ kind: 'value' })
          : withUse({ kind: 'call', of: node.text });
      case 'argument_list':
        return withUse(argumentKind(parent));
      case 'initializer_list':
      case 'initializer_pair':
        return withUse(initializerKind(at, isLocal));
      case 'init_declarator':
        return withUse(variableKind(parent, isLocal));
      case 'assignment_expression':
        return withUse(
          same(parent.childForFieldName('right'), at) ? assignmentKind(parent) : { kind: 'value' },
        );
      case 'sizeof_expression':
      case 'type_descriptor':
        return { kind: 'type' };
      case 'binary_expression':
        // Comparing or adding ends the road of a function, not the count of a constant's uses.
        isOperand = true;
        break;
      case 'conditional_expression':
        if (same(parent.childForFieldName('condition'), at)) return withUse({ kind: 'value' });
        isOperand = true;
        break;
      case 'parenthesized_expression':
      case 'cast_expression':
      case 'pointer_expression':
      case 'unary_expression':
      case 'comma_expression':
        break;
      case 'subscript_expression':
      case 'field_expression':
        isOperand = true;
        break;
      default:
        return withUse({ kind: 'value' });
    }
  }
  return withUse({ kind: 'value' });
}

/** Whether what is called is a name, in brackets or with `*` or `&` before it, and no choice between several. */
function isPlain(node: Node): boolean {
  let at: Node | undefined = node;
  while (
    at !== undefined &&
    /^(?:parenthesized_expression|pointer_expression|cast_expression)$/.test(at.type)
  )
    at =
      at.childForFieldName('argument') ??
      at.childForFieldName('value') ??
      at.namedChildren.find((child) => child.type !== 'comment');
  return at?.type === 'identifier';
}

function argumentKind(list: Node): Reading {
  const callee = list.parent?.childForFieldName('function')?.text ?? '';
  return /^(?:_*EXPORT_\w*SYMBOL\w*|ACPI_EXPORT_SYMBOL\w*)$/.test(callee)
    ? { kind: 'export', of: callee }
    : { kind: 'argument', of: callee };
}

function initializerKind(at: Node, isLocal: boolean): Reading {
  const slot = initializedSlot(at);
  const isField = slot?.steps.some((step) => 'field' in step) === true;
  const declarator = around(at, 'init_declarator');
  const isArrayOnly =
    slot !== undefined &&
    !isField &&
    (slot.isArray === true || slot.type === undefined) &&
    slot.steps.length <= Math.max(1, dimensions(declarator));
  // An array of pointers: a variable, not a struct.
  if (isArrayOnly && declarator !== null && !/^(?:struct|union) /.test(slot.type ?? ''))
    return variableKind(declarator, isLocal);
  return {
    kind: 'slot',
    ...(slot === undefined ? {} : { slot }),
    ...(slot?.object === undefined ? {} : { into: slot.object }),
  };
}

/** How many indexes an array takes. */
function dimensions(declaration: Node | null): number {
  let count = 0;
  let at = declaration?.childForFieldName('declarator') ?? null;
  for (; at?.type === 'array_declarator'; at = at.childForFieldName('declarator')) count += 1;
  return count;
}

function variableKind(declarator: Node, isLocal: boolean): Reading {
  const name = declaredName(declarator.childForFieldName('declarator'))?.text;
  const declaration = declarator.parent;
  if (name === undefined || declaration === null) return { kind: 'value' };
  const learns = mayPoint(declaration, declarator)
    ? [variable(name, isLocal, hasStorage(declaration, 'static'))]
    : [];
  return { kind: 'stored', into: name, learns };
}

function variable(name: string, isLocal: boolean, isStatic: boolean): Learnt {
  return { name, how: 'variable', reach: isLocal ? 'function' : isStatic ? 'file' : 'program' };
}

function assignmentKind(assignment: Node): Reading {
  const left = assignment.childForFieldName('left');
  const target = left === null ? undefined : assignedSlot(left);
  if (target === undefined) return { kind: 'value' };
  if ('steps' in target)
    return { kind: 'slot', slot: target, ...(target.object === undefined ? {} : { into: target.object }) };
  const local = localOf(assignment, target.variable);
  if (local !== undefined && !mayPoint(local.declaration, local.declarator))
    return { kind: 'stored', into: target.variable };
  // What is no local is looked up by the caller, who knows the file.
  const reach = local === undefined ? 'file' : 'function';
  return {
    kind: 'stored',
    into: target.variable,
    learns: [{ name: target.variable, how: 'variable', reach }],
  };
}
