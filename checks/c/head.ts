/** What the head of a function or declaration says, read from its tokens: heads are where macros hide most. */
import { functionNameAt } from './function-name.ts';
import { chunkAt, type Chunk, type Layout } from './layout.ts';
import { Kind, tokenText, type Lexed } from './lex.ts';

/** A file's tokens under one choice of branches. */
export interface View {
  readonly lexed: Lexed;
  readonly layout: Layout;
}

/** The word or mark at a position; empty beyond the ends. */
export function wordAt({ lexed, layout }: View, position: number): string {
  const index = layout.active[position];
  return index === undefined ? '' : tokenText(lexed, index);
}

function isWord({ lexed, layout }: View, position: number): boolean {
  return lexed.kinds[layout.active[position] ?? -1] === Kind.word;
}

/** End of a chunk's head: its body's `{`, or its end. */
export function headEnd({ body, last }: Chunk): number {
  return body ?? last;
}

/** Position of the function a chunk defines or declares. */
export function namePosition(view: View, chunk: Chunk): number | undefined {
  return functionNameAt(view.lexed, view.layout.active, chunk.first, headEnd(chunk));
}

/** Whether a definition is made by a macro that stands where its type and name should: `SYSCALL_DEFINE2(open, …) {`. */
function isMacroHead(chunk: Chunk, name: number): boolean {
  return name === chunk.first;
}

/** Name of the function around a chunk's body; for one that a macro makes, `MACRO(first argument)`. */
export function functionName(view: View, chunk: Chunk): string | undefined {
  const at = namePosition(view, chunk);
  if (at === undefined) return undefined;
  const name = wordAt(view, at);
  return isMacroHead(chunk, at) && isWord(view, at + 2) ? `${name}(${wordAt(view, at + 2)})` : name;
}

/** Whether a word stands in a chunk's head before the name: `static`, `inline`, `extern`. */
export function headHas(view: View, chunk: Chunk, words: RegExp): boolean {
  const end = namePosition(view, chunk) ?? headEnd(chunk);
  for (let at = chunk.first; at < end; at += 1)
    if (isWord(view, at) && words.test(wordAt(view, at))) return true;
  return false;
}

/** Position of the bracket that closes the one at a position, within a chunk. */
export function closerOf(view: View, open: number, end: number): number {
  const around = view.layout.opener[open] ?? -1;
  for (let at = open + 1; at < end; at += 1)
    if (/^[)\]}]$/.test(wordAt(view, at)) && view.layout.opener[at] === around) return at;
  return end;
}

/** Whether a function's head names a parameter so. */
export function hasParameter(view: View, chunk: Chunk, name: string): boolean {
  const at = namePosition(view, chunk);
  if (at === undefined || chunk.body === undefined) return false;
  const close = closerOf(view, at + 1, chunk.body);
  const isOld = close + 1 < chunk.body && wordAt(view, chunk.body - 1) === ';';
  for (let position = at + 2; position < chunk.body; position += 1) {
    if (wordAt(view, position) !== name) continue;
    if (position > close) return isOld;
    const before = wordAt(view, position - 1);
    const isNamed =
      /^[,)[]$/.test(wordAt(view, position + 1)) && !/^(?:struct|union|enum|const)$/.test(before);
    if (isNamed && (isMacroHead(chunk, at) || isOld || !/^[(,]$/.test(before))) return true;
  }
  return false;
}

/** Type words of a parameter, `struct T`, `T`: what is written before its name. */
export function parameterType(view: View, chunk: Chunk, name: string): string | undefined {
  const at = namePosition(view, chunk);
  if (at === undefined || chunk.body === undefined) return undefined;
  for (let position = at + 2; position < chunk.body; position += 1) {
    if (wordAt(view, position) !== name || !/^[,)[;]$/.test(wordAt(view, position + 1))) continue;
    let from = position;
    while (from > at + 2 && !/^[(,;)]$/.test(wordAt(view, from - 1))) from -= 1;
    if (from < position) return typeOfWords(view, from, position);
    // SYSCALL_DEFINE: the type stands before the comma.
    while (from > at + 2 && !/^[(,]$/.test(wordAt(view, from - 2))) from -= 1;
    return typeOfWords(view, from - 1, position - 1);
  }
  return undefined;
}

const QUALIFIER =
  /^(?:const|volatile|static|extern|inline|register|restrict|__restrict|_Atomic|typedef|__always_inline|__inline|__inline__|auto|_Thread_local|__\w+|noinline|asmlinkage)$/;

/** The type among words from a position to another: `struct T`, else the last word that is no qualifier. */
export function typeOfWords(view: View, from: number, to: number): string | undefined {
  for (let at = from; at < to; at += 1)
    if (/^(?:struct|union|enum)$/.test(wordAt(view, at)) && isWord(view, at + 1))
      return `${wordAt(view, at)} ${wordAt(view, at + 1)}`;
  for (let at = from; at < to; at += 1) {
    if (/^[({[=;]$/.test(wordAt(view, at))) return undefined;
    if (isWord(view, at) && !QUALIFIER.test(wordAt(view, at))) return wordAt(view, at);
  }
  return undefined;
}

/** A variable at file scope. */
export interface Variable {
  readonly type: string | undefined;
  readonly isPointer: boolean;
  readonly isArray: boolean;
  readonly isStatic: boolean;
}

/** How a file declares a variable at file scope; nothing when it does not. */
export function fileVariable(view: View, name: string): Variable | undefined {
  const { lexed, layout } = view;
  for (let index = 0; index < lexed.kinds.length; index += 1) {
    if (lexed.kinds[index] !== Kind.word) continue;
    const position = layout.position[index] ?? -1;
    if (
      position < 0 ||
      lexed.text.charCodeAt(lexed.starts[index] ?? 0) !== name.charCodeAt(0) ||
      tokenText(lexed, index) !== name
    )
      continue;
    const chunk = chunkAt(layout, position);
    if (chunk === undefined || chunk.body !== undefined || position === chunk.first) continue;
    const next = wordAt(view, position + 1);
    const around = layout.opener[position] ?? -1;
    const isPlain = around < 0 && /^[=;,[]$/.test(next);
    const isFunctionPointer =
      around >= chunk.first &&
      wordAt(view, around) === '(' &&
      /^[*^]$/.test(wordAt(view, around + 1)) &&
      (layout.opener[around] ?? -1) < 0;
    if (
      (!isPlain && !isFunctionPointer && next !== '__read_mostly') ||
      wordAt(view, chunk.first) === 'typedef'
    )
      continue;
    return {
      type: typeOfWords(view, chunk.first, position),
      isPointer: isFunctionPointer || wordAt(view, position - 1) === '*',
      isArray: next === '[',
      isStatic: headHas(view, { first: chunk.first, last: position }, /^static$/),
    };
  }
  return undefined;
}
