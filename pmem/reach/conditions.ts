/**
 * The conditions of a tree's files, and files in which each of them can be seen and forced: `if (a)` becomes
 * `if (__condition(7, () => a))`. What is asked is those of `if`, `? :` and loops, and each side of `&&` and `||` in them.
 */
import { ts } from '@ts-morph/common';
import type { TreeFiles } from '#base/tree-files.ts';

/** One condition of a tree. */
export interface Condition {
  /** `fs/dax.ts#daxWritebackOne: entry === undefined`, with a number behind it where a function has the same one again. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** It decides whether a loop goes on: forced to be true it would never end. */
  readonly isLoop: boolean;
}

/** The name of the function that conditions call. */
export const CONDITION = '__condition';

/** All conditions of `files` or of the one named `only`, and the files in which condition n asks `CONDITION(n, …)`. */
export function withConditions(
  files: TreeFiles,
  only?: string,
): {
  readonly conditions: readonly Condition[];
  readonly files: TreeFiles;
} {
  const conditions: Condition[] = [];
  const changed = new Map<string, string>();
  for (const [file, text] of files) {
    if (!file.endsWith('.ts') || (only !== undefined && file !== only)) {
      changed.set(file, text);
      continue;
    }
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const seen = new Map<string, number>();
    const rewritten = (node: ts.Node): string => {
      const place = asked(node);
      const number = place === undefined ? -1 : conditions.length;
      if (place !== undefined) {
        const name = `${file}#${functionOf(node)}: ${short(node.getText(source))}`;
        const count = (seen.get(name) ?? 0) + 1;
        seen.set(name, count);
        const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
        conditions.push({
          name: count === 1 ? name : `${name} (${count})`,
          file,
          line,
          isLoop: place === 'loop',
        });
      }
      const own = childrenRewritten(node, source, rewritten);
      return place === undefined ? own : `${CONDITION}(${number}, () => (${own}))`;
    };
    changed.set(file, rewritten(source));
  }
  return { conditions, files: changed };
}

/** The text of a node whose children are rewritten. */
export function childrenRewritten(
  node: ts.Node,
  source: ts.SourceFile,
  rewritten: (child: ts.Node) => string,
): string {
  let text = '';
  let at = ts.isSourceFile(node) ? 0 : node.getStart(source);
  const end = node.getEnd();
  ts.forEachChild(node, (child) => {
    text += source.text.slice(at, child.getStart(source)) + rewritten(child);
    at = child.getEnd();
  });
  return text + source.text.slice(at, end);
}

/** Whether a node is a condition, and of what. */
export function asked(node: ts.Node): 'branch' | 'loop' | undefined {
  const { parent } = node;
  // The parts of `a && b` are asked one by one.
  if (
    parent === undefined ||
    (ts.isToken(node) && !ts.isIdentifier(node)) ||
    (ts.isBinaryExpression(node) && isLogical(node))
  )
    return undefined;
  return placeOf(node);
}

/** Where an expression decides something. */
function placeOf(node: ts.Node): 'branch' | 'loop' | undefined {
  const { parent } = node;
  if (
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node)
  )
    return 'branch';
  if ((ts.isWhileStatement(parent) || ts.isDoStatement(parent)) && parent.expression === node) return 'loop';
  if (ts.isForStatement(parent) && parent.condition === node) return 'loop';
  if (ts.isBinaryExpression(parent) && isLogical(parent)) return topOf(parent);
  return undefined;
}

const isLogical = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;

/** What the whole is that `&&` and `||` are parts of, where that is a condition. */
function topOf(node: ts.Expression): 'branch' | 'loop' | undefined {
  const { parent } = node;
  if (
    ts.isParenthesizedExpression(parent) ||
    (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken)
  )
    return topOf(parent);
  return placeOf(node);
}

function functionOf(node: ts.Node): string {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name !== undefined)
      return at.name.getText();
    if (ts.isVariableDeclaration(at) && at.parent.parent.parent.kind === ts.SyntaxKind.SourceFile)
      return at.name.getText();
  }
  return 'module';
}

/** Code in one line of at most 60 letters. */
export const short = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
};
