/**
 * A variable that is given a watched value by an assignment does not have it before: what stands earlier in the same
 * run of statements is not meant. Inside a loop or another function nobody can tell, and every use counts.
 */
import type { Compiler, SourceUnit, SyntaxNode } from './compiler.ts';
import { FUNCTIONS } from './steps.ts';
import { parentOf } from './syntax.ts';

/** Where a variable gets its value. */
export interface Assigned {
  readonly unit: SourceUnit;
  readonly start: number;
  /** The function (or file) the assignment stands in, outside of any loop. */
  readonly scope: SyntaxNode;
}

const LOOPS = /^(?:For|ForIn|ForOf|While|Do)Statement$/;

/** The function or file around a node; `undefined` when a loop or a label stands between. */
function scopeOf(compiler: Compiler, node: SyntaxNode): SyntaxNode | undefined {
  let current = node;
  for (let next = parentOf(node); next !== undefined; next = parentOf(next)) {
    const kind = compiler.kindOf(next);
    if (FUNCTIONS.has(kind)) return next;
    if (LOOPS.test(kind)) return undefined;
    current = next;
  }
  return current;
}

/** What is known of a variable that `carrier` names as the left side of an assignment. */
export function assignedAt(compiler: Compiler, carrier: SyntaxNode, unit: SourceUnit): Assigned | undefined {
  const user = parentOf(carrier);
  if (user === undefined || compiler.kindOf(user) !== 'BinaryExpression') return undefined;
  const scope = compiler.kindOf(carrier) === 'Identifier' ? scopeOf(compiler, carrier) : undefined;
  if (scope === undefined) return undefined;
  // A variable from further out may still hold the value when the function runs again.
  const [symbol] = compiler.symbolsAt([carrier]);
  const declaration = symbol === undefined ? undefined : compiler.declarationsOf(symbol)[0]?.node;
  const isLocal = declaration !== undefined && scopeOf(compiler, declaration) === scope;
  return isLocal ? { unit, start: carrier.getStart(), scope } : undefined;
}

/** Whether a use of the variable surely comes before it has the value. */
export function isBefore(
  compiler: Compiler,
  node: SyntaxNode,
  unit: SourceUnit,
  { unit: home, start, scope }: Assigned,
): boolean {
  return unit === home && node.getStart() < start && scopeOf(compiler, node) === scope;
}
