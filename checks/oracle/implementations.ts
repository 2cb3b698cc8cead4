/** Members of classes and interfaces that implement or override a watched member, as symbols to watch as well. */
import type { CheckContext } from '../context.ts';
import type { Compiler, SymbolHandle, SyntaxNode } from './compiler.ts';
import type { WatchedSymbol } from './entries.ts';
import { isStatic } from './instance-members.ts';
import { part, parts, walk } from './syntax.ts';

interface Heir {
  readonly symbol: SymbolHandle;
  readonly bases: readonly SymbolHandle[];
}

/** The watched symbols and, of members, all that implement or override them, at any depth. */
export function withImplementations(
  context: CheckContext,
  watched: readonly WatchedSymbol[],
): readonly WatchedSymbol[] {
  const { compiler } = context;
  const heirs = heirsOf(compiler);
  const found = [...watched];
  for (let next = 0; next < found.length; next += 1) {
    const base = found[next];
    const keys = new Set(base?.owner === undefined ? [] : compiler.keysOf(base.owner));
    for (const { symbol, bases } of heirs) {
      if (base === undefined || !bases.some((one) => compiler.keysOf(one).some((key) => keys.has(key))))
        continue;
      for (const member of compiler.membersOf(symbol)) {
        if (member.name !== base.symbol.name) continue;
        if (isStatic(compiler, member) !== isStatic(compiler, base.symbol)) continue;
        if (found.some(({ symbol: known }) => isSame(compiler, known, member))) continue;
        found.push({ ...base, symbol: member, owner: symbol });
      }
    }
  }
  return found;
}

function isSame(compiler: Compiler, one: SymbolHandle, other: SymbolHandle): boolean {
  const keys = new Set(compiler.keysOf(one));
  return compiler.keysOf(other).some((key) => keys.has(key));
}

/** Every class and interface of the project that names others it derives from. */
function heirsOf(compiler: Compiler): readonly Heir[] {
  const found: { readonly name: SyntaxNode; readonly bases: readonly SyntaxNode[] }[] = [];
  for (const unit of compiler.files.filter(({ text }) => /\b(?:extends|implements)\b/.test(text))) {
    walk(unit.root, (node) => {
      const name = part(node, 'name');
      const clauses = parts(node, 'heritageClauses');
      const bases = clauses.flatMap((clause) => parts(clause, 'types')).flatMap((type) => nameOf(type) ?? []);
      if (name !== undefined && bases.length > 0) found.push({ name, bases });
    });
  }
  return found.flatMap(({ name, bases }) => {
    const [symbol, ...targets] = compiler.symbolsAt([name, ...bases]);
    const known = targets.flatMap((target) => (target === undefined ? [] : [compiler.targetOf(target)]));
    return symbol === undefined ? [] : [{ symbol, bases: known }];
  });
}

/** The last name of `A`, `A<T>` and `ns.A`. */
function nameOf(type: SyntaxNode): SyntaxNode | undefined {
  const expression = part(type, 'expression');
  return expression === undefined ? undefined : (part(expression, 'name') ?? expression);
}
