/**
 * Small believable mistakes, made in the syntax tree of one file: a write-back or fence dropped, done twice or too early, a wrong
 * line, length, offset, flag, error or tag, a check dropped. Each says what it does; the order is that of the source.
 */
import { ts } from 'ts-morph';

/** One mistake: what stands at `[start, end)` of the file is replaced. */
export interface Mutation {
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** What it does, in a few words. */
  readonly does: string;
}

/** Calls that make something durable, order it, or drop what is cached. */
const PERSISTS =
  /^(sfence|mfence|wmb|writeBack(Range)?|cl(wb|flush|flushopt)\w*|cleanCacheRange|\w*(Wb|wb)Cache\w*|\w*[Ff]lush(?!cache|Store|Show)\w*|\w*[Ii]nvalidate\w*|storeFlushHint|\w*WritebackMappingRange|\w*WritebackOne|\w*Mkclean)$/;

/** Calls that move bytes. */
const COPIES =
  /^(\w*[Mm]emcpy\w*|\w*[Mm]emset\w*|\w*copy\w*|\w*Copy\w*|\w*[Cc]learPmem|\w*[Cc]learPoison|writePmem|readPmem|store\w*|\w*[Zz]ero(out|PageRange|Range)|\w*RwBytes|badblocks\w+|\w*ForgetPoison|\w*unmapRange)$/;

/** Fields that say what is dirty, mapped or cached. */
const STATE = /^(dirty|toWrite|writable|writeCache|alive|sector|status|fua|preflush|dax|readOnly)$/;

type Operator = (node: ts.Node, source: ts.SourceFile) => readonly Omit<Mutation, 'start' | 'end'>[];

const text = (node: ts.Node, source: ts.SourceFile): string => node.getText(source);

const short = (words: string): string => {
  const line = words.replaceAll(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
};

/** The name a call goes by. */
function calleeOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : undefined;
}

/** The statement that is nothing but a call or an assignment that matters to persistence; nothing for others. */
function persistent(node: ts.Node): string | undefined {
  if (!ts.isExpressionStatement(node)) return undefined;
  const { expression } = node;
  const callee = calleeOf(expression);
  if (callee !== undefined) return PERSISTS.test(callee) || COPIES.test(callee) ? callee : undefined;
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken)
    return undefined;
  const { left } = expression;
  return ts.isPropertyAccessExpression(left) && STATE.test(left.name.text) ? left.name.text : undefined;
}

const dropped: Operator = (node, source) =>
  persistent(node) === undefined
    ? []
    : [{ operator: 'drop', replacement: ';', does: `drops '${short(text(node, source))}'` }];

const twice: Operator = (node, source) => {
  const name = persistent(node);
  if (name === undefined || !PERSISTS.test(name)) return [];
  const own = text(node, source);
  return [{ operator: 'twice', replacement: `{ ${own} ${own} }`, does: `does '${short(own)}' twice` }];
};

/** The check of an early end dropped. */
const checks: Operator = (node, source) => {
  if (!ts.isIfStatement(node) || node.elseStatement !== undefined) return [];
  const isEnd = /^\{?\s*(return|break|continue|throw)\b/.test(text(node.thenStatement, source));
  if (!isEnd) return [];
  return [
    { operator: 'unchecked', replacement: ';', does: `drops the check '${short(text(node, source))}'` },
  ];
};

/** An error that is none any more. */
const errors: Operator = (node, source) => {
  if (!ts.isPrefixUnaryExpression(node) || node.operator !== ts.SyntaxKind.MinusToken) return [];
  const name = text(node.operand, source);
  return /^E[A-Z]+$/.test(name)
    ? [{ operator: 'error', replacement: '0', does: `0 in place of -${name}` }]
    : [];
};

const TURNED = new Map([
  ['ceil', 'floor'],
  ['floor', 'ceil'],
  ['min', 'max'],
  ['roundUp', 'roundDown'],
  ['roundDown', 'roundUp'],
]);

/** Rounded the other way. */
const rounding: Operator = (node, source) => {
  if (!ts.isIdentifier(node) || !isCallee(node)) return [];
  const name = text(node, source);
  const turned = TURNED.get(name);
  const isMath =
    ts.isPropertyAccessExpression(node.parent) && text(node.parent.expression, source) === 'Math';
  if (turned === undefined || (!isMath && !name.startsWith('round'))) return [];
  const replacement = isMath ? turned : turnedFunction(turned);
  return [{ operator: 'round', replacement, does: `${turned} in place of ${name}` }];
};

/** A rounding function that the file need not import. */
const turnedFunction = (name: string): string =>
  `((value: number, unit: number) => Math.${name === 'roundUp' ? 'ceil' : 'floor'}(value / unit) * unit)`;

function isCallee(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  return (
    ts.isPropertyAccessExpression(parent) &&
    parent.name === node &&
    ts.isCallExpression(parent.parent) &&
    parent.parent.expression === parent
  );
}

/** A term that is forgotten: the offset into the page, the start of a member, the padding. */
const terms: Operator = (node, source) => {
  if (!ts.isBinaryExpression(node)) return [];
  const { kind } = node.operatorToken;
  if (kind !== ts.SyntaxKind.PlusToken && kind !== ts.SyntaxKind.MinusToken) return [];
  const [left, right] = [text(node.left, source), text(node.right, source)];
  if (/['"`]/.test(left + right)) return [];
  return [
    {
      operator: 'term',
      replacement: left,
      does: `forgets '${short(right)}' of '${short(text(node, source))}'`,
    },
  ];
};

/** The last argument of a copy or a write-back, which is its length: one less, or a line more; the one before: a line further. */
const lengths: Operator = (node, source) => {
  const callee = calleeOf(node);
  if (callee === undefined || !ts.isCallExpression(node)) return [];
  if (!PERSISTS.test(callee) && !COPIES.test(callee)) return [];
  const own = text(node, source);
  const start = node.getStart(source);
  const withArgument = (index: number, change: (argument: string) => string): string | undefined => {
    const argument = node.arguments[index];
    if (argument === undefined || !isNumber(argument, source)) return undefined;
    const [from, to] = [argument.getStart(source) - start, argument.getEnd() - start];
    return own.slice(0, from) + change(own.slice(from, to)) + own.slice(to);
  };
  const last = node.arguments.length - 1;
  const candidates: [string, string | undefined, string][] = [
    ['shorter', withArgument(last, (argument) => `Math.max(0, (${argument}) - 1)`), 'with a length one less'],
    ['line', withArgument(Math.max(0, last - 1), (argument) => `(${argument}) + 64`), 'a line further'],
  ];
  return candidates.flatMap(([operator, replacement, how]) =>
    replacement === undefined ? [] : [{ operator, replacement, does: `'${short(own)}' ${how}` }],
  );
};

/** Arguments that look like an address or a number of bytes. */
function isNumber(argument: ts.Expression, source: ts.SourceFile): boolean {
  return (
    /^[\w.\s+*()/-]*(address|destination|offset|start|bytes|sizeBytes|length|lengthBytes|done|count|pos|end|piece)[\w.\s+*()/-]*$/i.test(
      text(argument, source),
    ) && !/^(kernel|iter|page|segment|source|bytes)$/.test(text(argument, source))
  );
}

/** Through the cache in place of past it, and one write-back instruction's line short. */
const cached: Operator = (node) => {
  if (!ts.isIdentifier(node) || !isCallee(node)) return [];
  if (node.text === 'storeNonTemporalRange')
    return [
      { operator: 'cached', replacement: 'storeRange', does: 'stores through the cache in place of past it' },
    ];
  return [];
};

/** A flag or a tag that is the other way round. */
const flags: Operator = (node, source) => {
  const isFlag = node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
  if (!isFlag || ts.isLiteralTypeNode(node.parent)) return [];
  const other = text(node, source) === 'true' ? 'false' : 'true';
  return [{ operator: 'flag', replacement: other, does: `${other} in place of ${text(node, source)}` }];
};

const OPERATORS: readonly Operator[] = [
  dropped,
  twice,
  checks,
  errors,
  rounding,
  terms,
  lengths,
  cached,
  flags,
];

/** Statements in the wrong order: one that matters to persistence before the one that it stands behind. */
function early(block: ts.Node, source: ts.SourceFile): Mutation[] {
  if (!ts.isBlock(block)) return [];
  return block.statements.flatMap((statement, index): Mutation[] => {
    const last = block.statements[index - 1];
    if (last === undefined || persistent(statement) === undefined) return [];
    if (ts.isVariableStatement(last) || ts.isReturnStatement(last)) return [];
    const [first, second] = [text(last, source), text(statement, source)];
    return [
      {
        operator: 'early',
        start: last.getStart(source),
        end: statement.getEnd(),
        replacement: `${second}\n${first}`,
        does: `'${short(second)}' before '${short(first)}'`,
      },
    ];
  });
}

/** A mistake and the function that it is in; `''` outside of any. */
export interface Placed extends Mutation {
  readonly inFunction: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Every mistake that the operators make in a file, in the order of the source. */
export function mutationsOf(code: string): Placed[] {
  const source = ts.createSourceFile('file.ts', code, ts.ScriptTarget.ES2022, true);
  const found: Placed[] = [];
  const visit = (node: ts.Node, inFunction: string): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    const own =
      ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) ? node.name?.getText(source) : undefined;
    const name = own ?? inFunction;
    const place = (mutation: Mutation): void => {
      const { line } = source.getLineAndCharacterOfPosition(mutation.start);
      found.push({ ...mutation, inFunction: name, line: line + 1 });
    };
    const [start, end] = [node.getStart(source), node.getEnd()];
    for (const operator of OPERATORS)
      for (const mutation of operator(node, source)) place({ ...mutation, start, end });
    for (const mutation of early(node, source)) place(mutation);
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, '');
  return found;
}
