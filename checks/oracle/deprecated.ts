/**
 * Everything a project marks `@deprecated`, as symbols to watch. The tag is read from the comment in front of a
 * declaration, so both compilers see the same; of an overloaded function each signature speaks for itself.
 */
import type { CheckContext } from '../context.ts';
import type { Compiler, SourceUnit, SyntaxNode } from './compiler.ts';
import type { WatchedSymbol } from './entries.ts';
import { ancestor, part, parts, walk } from './syntax.ts';

const DECLARATIONS =
  /^(?:(?:Function|Class|Interface|TypeAlias|Enum|Module|Variable|Method|Property)Declaration|(?:Method|Property)Signature|[GS]etAccessor|EnumMember|PropertyAssignment)$/;
/** Declarations of what objects may have: giving it a value is a use of it. */
const MEMBERS = /^(?:(?:Method|Property)(?:Declaration|Signature)|[GS]etAccessor)$/;
const OWNERS = new Set(['ClassDeclaration', 'ClassExpression', 'InterfaceDeclaration', 'EnumDeclaration']);
const TAG = /@deprecated\b[ \t]*([^@]*?)\s*(?:\*\/|\n\s*\*?\s*@|$)/;

/** Symbols marked deprecated in the files of the project. */
export function deprecatedSymbols(context: CheckContext): readonly WatchedSymbol[] {
  const { compiler } = context;
  const marked = compiler.files
    .filter((unit) => unit.text.includes('@deprecated'))
    .flatMap((unit) => markedIn(compiler, unit));
  return marked.flatMap(({ unit, node, name, reason }) => {
    const [symbol] = compiler.symbolsAt([name]);
    if (symbol === undefined) return [];
    const owner = ancestor(compiler, node, OWNERS);
    const ownerName = owner === undefined || owner !== node.parent ? undefined : part(owner, 'name');
    const [ownerSymbol] = ownerName === undefined ? [] : compiler.symbolsAt([ownerName]);
    const prefix = ownerName === undefined ? '' : `${ownerName.getText()}.`;
    const label = `${context.nameOf(unit)}#${prefix}${name.getText()}`;
    const places = compiler.declarationsOf(symbol);
    const index = places.findIndex((place) => place.node === node || place.node.pos === node.pos);
    const signature = isOverload(node, places.length) ? compiler.keysOf(symbol)[index] : undefined;
    return [
      {
        target: { label, name: symbol.name, note: reason === '' ? 'deprecated' : `deprecated: ${reason}` },
        symbol,
        callable: compiler.isCallable(symbol, node),
        isFilled: MEMBERS.test(compiler.kindOf(node)),
        ...(ownerSymbol === undefined ? {} : { owner: ownerSymbol }),
        ...(signature === undefined ? {} : { signature }),
      },
    ];
  });
}

function isOverload(node: SyntaxNode, declarations: number): boolean {
  return declarations > 1 && part(node, 'body') === undefined && 'parameters' in node;
}

interface Marked {
  readonly unit: SourceUnit;
  readonly node: SyntaxNode;
  readonly name: SyntaxNode;
  readonly reason: string;
}

function markedIn(compiler: Compiler, unit: SourceUnit): readonly Marked[] {
  const found: Marked[] = [];
  walk(unit.root, (node) => {
    if (!DECLARATIONS.test(compiler.kindOf(node))) return;
    const name = part(node, 'name');
    const reason = reasonOf(unit, commented(compiler, node));
    if (name !== undefined && reason !== undefined) found.push({ unit, node, name, reason });
  });
  return found;
}

/** The comment of a variable stands before its statement. */
function commented(compiler: Compiler, node: SyntaxNode): SyntaxNode {
  if (compiler.kindOf(node) !== 'VariableDeclaration') return node;
  const statement = node.parent.parent;
  return parts(node.parent, 'declarations')[0] === node && compiler.kindOf(statement) === 'VariableStatement'
    ? statement
    : node;
}

function reasonOf(unit: SourceUnit, node: SyntaxNode): string | undefined {
  const before = unit.text.slice(node.pos, node.getStart());
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(before)?.[0];
  const tag = comment === undefined ? null : TAG.exec(comment.trimEnd());
  return tag === null ? undefined : (tag[1] ?? '').replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim();
}
