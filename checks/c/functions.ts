/** The functions of a file, with their heads, bodies and the words in them that may name functions, in every branch of `#if`. */
import { lineStarts, type CFile } from './analyse.ts';
import { upperBound } from './conditions.ts';
import { headEnd, headHas, namePosition, wordAt, type View } from './head.ts';
import { branchesOfTokens, type Chunk } from './layout.ts';
import { Kind, tokenText, type Lexed } from './lex.ts';
import { viewsOf } from './views.ts';

export interface CFunction {
  readonly name: string;
  readonly line: number;
  readonly isStatic: boolean;
  /** Words and marks before the body, with single blanks; the same for the body. */
  readonly head: string;
  readonly body: string;
  /** Words of the body that are no field, in order. */
  readonly words: readonly { readonly word: string; readonly line: number }[];
}

/** All functions that a file defines. */
export function functionsIn(file: CFile): readonly CFunction[] {
  const { lexed, conditions } = file;
  if (lexed.isAssembly) return [];
  const text: Text = { lexed, branches: branchesOfTokens(lexed, conditions), lines: lineStarts(lexed.text) };
  const found = new Map<number, CFunction>();
  for (const view of viewsOf(file)) {
    for (const chunk of view.layout.chunks) {
      const name = chunk.body === undefined ? undefined : namePosition(view, chunk);
      if (name === undefined || name === chunk.first) continue;
      const at = lexed.starts[view.layout.active[name] ?? -1] ?? 0;
      if (!found.has(at)) found.set(at, functionAt(text, view, chunk, name));
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, one]) => one);
}

interface Text {
  readonly lexed: Lexed;
  /** -2 for tokens of preprocessor lines. */
  readonly branches: Int32Array;
  readonly lines: readonly number[];
}

function functionAt(text: Text, view: View, chunk: Chunk, name: number): CFunction {
  const { lexed } = text;
  const indexOf = (position: number): number => view.layout.active[position] ?? -1;
  const lineAt = (index: number): number => upperBound(text.lines, lexed.starts[index] ?? 0);
  const [first, body, last] = [chunk.first, headEnd(chunk), chunk.last - 1].map(indexOf);
  const words: { word: string; line: number }[] = [];
  // All branches, whichever the view has chosen.
  for (let index = body ?? 0; index <= (last ?? 0); index += 1) {
    if (lexed.kinds[index] !== Kind.word || text.branches[index] === -2) continue;
    if (!/^(?:\.|->)$/.test(tokenText(lexed, index - 1)))
      words.push({ word: tokenText(lexed, index), line: lineAt(index) });
  }
  return {
    name: wordAt(view, name),
    line: lineAt(indexOf(name)),
    isStatic: headHas(view, chunk, /^static$/),
    head: written(lexed, first ?? 0, (body ?? 0) - 1),
    body: written(lexed, body ?? 0, last ?? 0),
    words,
  };
}

/** Tokens from one to another as text with single blanks. */
function written(lexed: Lexed, from: number, to: number): string {
  const words: string[] = [];
  for (let index = from; index <= to; index += 1) words.push(tokenText(lexed, index));
  return words
    .join(' ')
    .replaceAll(/ ?([()[\],;]) ?/g, '$1')
    .replaceAll(',', ', ')
    .replaceAll(/\* (?=[\w*])/g, '*');
}
