/**
 * What can be changed in given lines of a tree, and files in which each of these can be changed while they run. A statement can be left
 * out, a condition can be forced, a value can be taken away. Headers of functions, types, imports and braces are none of these.
 */
import { ts } from '@ts-morph/common';
import type { LinesRun } from '#engine/subject.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import { asked, childrenRewritten, short } from './conditions.ts';

/** One thing that can be changed. */
export interface Unit {
  readonly file: string;
  /** The lines that it stands for, of those that were asked for. */
  readonly lines: readonly number[];
  /** Its code in one line, shortened. */
  readonly code: string;
  /** What becomes of it: a `list` that is gone through is empty instead, another value is `undefined`. */
  readonly kind: 'statement' | 'branch' | 'loop' | 'value' | 'list';
  /** It runs when the tree is loaded, and not again. */
  readonly isAtLoad: boolean;
}

/** Units of the lines asked for, and files in which unit n asks `UNIT(n, () => what it is)`. */
export interface Units {
  readonly units: readonly Unit[];
  readonly files: TreeFiles;
  /** Lines of code that nothing can be changed in: they wait for something (`await`, `yield`). */
  readonly untried: LinesRun;
}

/** The name of the function that units call. */
export const UNIT = '__unit';

/** The units of `lines` of `files`. */
export function withUnits(files: TreeFiles, lines: LinesRun): Units {
  const units: Unit[] = [];
  const texts = new Map(files);
  const untried = new Map<string, readonly number[]>();
  for (const [file, wanted] of lines) {
    const text = files.get(file);
    if (text === undefined || !file.endsWith('.ts')) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const meant = unitsOfLines(source, wanted);
    const waiting = [...meant].filter(([node]) => waits(node));
    if (waiting.length > 0) untried.set(file, [...new Set(waiting.flatMap(([, own]) => own))]);
    const rewritten = (node: ts.Node): string => {
      const own = waits(node) ? undefined : meant.get(node);
      const kind = own && kindOf(node);
      if (own === undefined || kind === undefined) return childrenRewritten(node, source, rewritten);
      const code = short(node.getText(source));
      const number = units.push({ file, lines: own, code, kind, isAtLoad: isAtLoad(node) }) - 1;
      return asking(node, number, childrenRewritten(node, source, rewritten));
    };
    texts.set(file, rewritten(source));
  }
  return { units, files: texts, untried };
}

/** The text of a unit that asks before it does what it did. */
function asking(node: ts.Node, number: number, text: string): string {
  if (ts.isStatement(node)) return `{ if (${UNIT}(${number}, () => true)) ${text} }`;
  const value = `${UNIT}(${number}, () => (${text}))`;
  return ts.isShorthandPropertyAssignment(node) ? `${text}: ${value}` : value;
}

/** The nodes that stand for lines: those that begin in a line, else the smallest around what begins there. */
function unitsOfLines(
  source: ts.SourceFile,
  wanted: readonly number[],
): ReadonlyMap<ts.Node, readonly number[]> {
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const candidates: ts.Node[] = [];
  const named = new Set<number>();
  const walk = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (kindOf(node) !== undefined) candidates.push(node);
    if (ts.isIdentifier(node) || ts.isLiteralExpression(node)) named.add(lineOf(node.getStart(source)));
    ts.forEachChild(node, walk);
  };
  walk(source);
  const found = new Map<ts.Node, readonly number[]>();
  for (const line of wanted) {
    const begin = candidates.filter((node) => lineOf(node.getStart(source)) === line);
    const around = candidates.findLast(
      (node) => lineOf(node.getStart(source)) < line && lineOf(node.getEnd()) >= line,
    );
    const own = begin.length > 0 ? begin : named.has(line) && around !== undefined ? [around] : [];
    for (const node of own) found.set(node, [...(found.get(node) ?? []), line]);
  }
  return found;
}

/** What can be changed about a node; nothing where that is not the node to change. */
function kindOf(node: ts.Node): Unit['kind'] | undefined {
  const { parent } = node;
  if (parent === undefined) return undefined;
  if (ts.isReturnStatement(node) && node.expression === undefined) return 'statement';
  if (
    ts.isExpressionStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isBreakStatement(node) ||
    ts.isContinueStatement(node)
  )
    return 'statement';
  if (ts.isShorthandPropertyAssignment(node)) return 'value';
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return undefined;
  if (ts.isForOfStatement(parent) && parent.expression === node) return 'list';
  return asked(node) ?? (isValue(node) || isOnOwnLine(node) ? 'value' : undefined);
}

/** Whether a node is the value of a name, a property, a function or a choice. */
function isValue(node: ts.Node): boolean {
  const { parent } = node;
  // Nothing is what a value that is taken away would be, too.
  if (ts.isIdentifier(node) && node.text === 'undefined') return false;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
    return parent.initializer === node;
  if (ts.isArrowFunction(parent)) return parent.body === node && !ts.isBlock(node);
  return (
    (ts.isReturnStatement(parent) || ts.isSwitchStatement(parent) || ts.isCaseClause(parent)) &&
    parent.expression === node
  );
}

/** Whether a node is one of several values and begins a line. */
function isOnOwnLine(node: ts.Node): boolean {
  const { parent } = node;
  const isOneOfSeveral =
    ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== node) ||
    ts.isArrayLiteralExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node);
  if (!isOneOfSeveral || !ts.isExpression(node) || ts.isSpreadElement(node)) return false;
  const { text } = node.getSourceFile();
  const start = node.getStart();
  return /^[\s?:]*$/.test(text.slice(text.lastIndexOf('\n', start) + 1, start));
}

/** Whether a node waits for something, outside of functions within it: it cannot be put into another function. */
function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  return (
    ts.forEachChild(node, (child) => (ts.isFunctionLike(child) ? undefined : waits(child) || undefined)) ===
    true
  );
}

/** Whether a node is in no function. */
function isAtLoad(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) return false;
    if (
      ts.isPropertyDeclaration(at) &&
      !at.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
    )
      return false;
  }
  return true;
}
