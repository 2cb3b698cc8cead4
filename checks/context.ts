/**
 * What a rule gets to judge: one opened project with its word index and module graph, made once and shared by all
 * rules, and the way from a node to a place in a file.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Place } from './finding.ts';
import type { Compiler, SourceUnit, SyntaxNode } from './oracle/compiler.ts';
import { buildModuleGraph } from './oracle/module-graph.ts';
import type { ModuleGraph } from './oracle/modules.ts';
import { enclosingName } from './oracle/syntax.ts';
import { WordIndex } from './oracle/word-index.ts';

export interface CheckContext {
  readonly compiler: Compiler;
  readonly words: WordIndex;
  readonly graph: ModuleGraph;
  /** Absolute folder that relative paths and globs start from. */
  readonly base: string;
  readonly step: number | undefined;
  /** Name of the rules file, as findings about rules show it. */
  readonly rulesName: string;
  /** Path of a file relative to the base. */
  readonly nameOf: (unit: Pick<SourceUnit, 'path'>) => string;
}

export interface ContextScope {
  /** The step whose tree is judged. */
  readonly step?: number | undefined;
  readonly rulesName?: string;
}

/** Prepares an opened project for rules. The index and the graph are built when a rule first asks for them. */
export function createContext(compiler: Compiler, base: string, scope: ContextScope = {}): CheckContext {
  let words: WordIndex | undefined;
  let graph: ModuleGraph | undefined;
  const names = new Map<string, string>();
  return {
    compiler,
    base,
    step: scope.step,
    rulesName: scope.rulesName ?? 'rules',
    get words() {
      return (words ??= new WordIndex(compiler));
    },
    get graph() {
      return (graph ??= buildModuleGraph(compiler));
    },
    nameOf: (unit) => {
      const name = names.get(unit.path) ?? relativeName(base, unit.path);
      names.set(unit.path, name);
      return name;
    },
  };
}

/** A path relative to a folder, with forward slashes. */
export function relativeName(base: string, file: string): string {
  return path.relative(base, file).split(path.sep).join('/');
}

/** The place of a node, lines and columns from 1. */
export function placeOf(context: CheckContext, unit: SourceUnit, node: SyntaxNode): Place {
  const start = node.kind === unit.root.kind ? 0 : node.getStart();
  const from = positionAt(unit.text, start);
  const to = positionAt(unit.text, Math.max(start, node.end));
  const lineStart = start - (from.column - 1);
  const lineEnd = unit.text.indexOf('\n', lineStart);
  return {
    file: context.nameOf(unit),
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    source: unit.text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).trimEnd(),
    enclosing: enclosingName(context.compiler, node),
    statement: statementHash(unit, node),
  };
}

function statementHash(unit: SourceUnit, node: SyntaxNode): string {
  let around = node;
  while (around !== unit.root && !isStatement(around)) around = around.parent;
  const text = around === unit.root ? '' : unit.text.slice(around.getStart(), around.end);
  return createHash('sha256').update(tokensOf(text).join(' ')).digest('hex').slice(0, 12);
}

/** A comment, text, word or sign. */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|[\p{L}\p{N}_$]+|\S/gu;

/**
 * What no formatter changes of a statement: its words and signs without comments, without a comma or semicolon that
 * nothing follows, with quotes of one kind, names of neighbouring files left out.
 */
function tokensOf(text: string): readonly string[] {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !/^\/[/*]/.test(token));
  return tokens
    .filter((token, index) => !/^[,;]$/.test(token) || !/^[)\]}]?$/.test(tokens[index + 1] ?? ''))
    .map((token) => (/^["']/.test(token) ? JSON.stringify(token.slice(1, -1)) : token))
    .map((token) => (/^"\.{1,2}\//.test(token) ? '"."' : token));
}

/** Whether a node stands in a list of statements. */
function isStatement(node: SyntaxNode): boolean {
  const list: unknown = node.parent === undefined ? undefined : Reflect.get(node.parent, 'statements');
  return list !== undefined;
}

/** Line and column of an offset, from 1. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
