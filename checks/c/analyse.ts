/**
 * Finds every place in one file where a watched name stands, and says what it is there. The law: each token that equals a
 * watched name ends as a hit, with a kind or with a reason for silence; recall rests on the lexer alone, never on the grammar.
 */
import { createHash } from 'node:crypto';
import { classify, fieldReading } from './classify.ts';
import { branchesOfTokens, chunkAt, layoutOf, choiceFor, type Choice, type Chunk } from './layout.ts';
import { conditionAt, conditionsOf, upperBound, type Conditions } from './conditions.ts';
import { directiveReading } from './directive-hits.ts';
import { assemblyReading } from './assembly.ts';
import { closerOf, functionName, wordAt, type View } from './head.ts';
import { isAssemblyFile, isHeader, Kind, lex, tokenText, type Lexed } from './lex.ts';
import { learning } from './learn.ts';
import type { ParseC, Node } from './parser.ts';
import type { Hit, Reading } from './reading.ts';
import { textWords } from './texts.ts';
import { tokenReading } from './token-reading.ts';
import type { Watch } from './watch.ts';

/** A file with what is asked of it more than once. */
export interface CFile {
  readonly name: string;
  readonly lexed: Lexed;
  readonly conditions: Conditions;
  readonly isHeader: boolean;
}

/** Reads a file's tokens and conditions. */
export function openFile(name: string, text: string): CFile {
  const lexed = lex(text, isAssemblyFile(name));
  return { name, lexed, conditions: conditionsOf(lexed), isHeader: isHeader(name) };
}

/** All hits of a file, in the order of the text. */
export function analyse(file: CFile, watch: Watch, parse: ParseC): readonly Hit[] {
  const { lexed, conditions } = file;
  const words: number[] = [];
  const texts: number[] = [];
  for (let index = 0; index < lexed.kinds.length; index += 1) {
    const kind = lexed.kinds[index];
    if (kind === Kind.word && watch.isWatched(tokenText(lexed, index))) words.push(index);
    else if (kind === Kind.text) texts.push(index);
  }
  const strings = texts.flatMap((index) =>
    textWords(lexed, index, watch).map((word) => ({ ...word, index })),
  );
  if (words.length === 0 && strings.length === 0) return [];
  const readings = new Map<number, Reading>();
  const tokenBranches = branchesOfTokens(lexed, conditions);
  const inCode = words.filter((index) => tokenBranches[index] !== -2);
  for (const index of words.filter((one) => tokenBranches[one] === -2))
    readings.set(index, directiveReading(file, index, parse));
  if (lexed.isAssembly) for (const index of inCode) readings.set(index, assemblyReading(lexed, index));
  else
    for (const [choice, indexes] of choices(conditions, tokenBranches, inCode))
      readAll(file, tokenBranches, choice, indexes, parse, readings);
  const lines = lineStarts(lexed.text);
  const hitAt = (name: string, at: number, length: number, index: number, reading: Reading): Hit => ({
    ...reading,
    name,
    at,
    length,
    ...placeIn(lexed.text, lines, at),
    condition: conditionAt(conditions, at),
    statement: statementHash(lexed, index),
  });
  const found = words.map((index) => {
    const name = tokenText(lexed, index);
    const from = lexed.starts[index] ?? 0;
    return hitAt(
      name,
      from,
      (lexed.ends[index] ?? 0) - from,
      index,
      readings.get(index) ?? { kind: 'named', isNotParsed: true },
    );
  });
  const said = strings.map(({ name, at, index, reading }) =>
    hitAt(name, at, name.length, index, reading(file, tokenBranches)),
  );
  return [...found, ...said].sort((a, b) => a.at - b.at);
}

/** Puts places into as few choices of branches as they allow. */
function choices(
  conditions: Conditions,
  tokenBranches: Int32Array,
  indexes: readonly number[],
): readonly (readonly [Choice, readonly number[]])[] {
  const found: { readonly choice: Map<number, number>; readonly indexes: number[] }[] = [];
  for (const index of indexes) {
    const needed = choiceFor(conditions, tokenBranches[index] ?? -1);
    const fitting = found.find(({ choice }) =>
      [...needed].every(([group, branch]) => (choice.get(group) ?? branch) === branch),
    );
    if (fitting === undefined) found.push({ choice: new Map(needed), indexes: [index] });
    else {
      for (const [group, branch] of needed) fitting.choice.set(group, branch);
      fitting.indexes.push(index);
    }
  }
  return found.map(({ choice, indexes: list }) => [choice, list]);
}

/** Reads the places of one choice: what tokens tell for certain, the rest in the grammar's trees, one for each piece. */
function readAll(
  file: CFile,
  tokenBranches: Int32Array,
  choice: Choice,
  indexes: readonly number[],
  parse: ParseC,
  readings: Map<number, Reading>,
): void {
  const view: View = {
    lexed: file.lexed,
    layout: layoutOf(file.lexed, file.conditions, tokenBranches, choice),
  };
  const pieces = new Map<number, { readonly chunk: Chunk; readonly indexes: number[] }>();
  for (const index of indexes) {
    const position = view.layout.position[index] ?? -1;
    const chunk = position < 0 ? undefined : chunkAt(view.layout, position);
    const certain =
      chunk === undefined
        ? ({ kind: 'named', isNotParsed: true } as const)
        : tokenReading(view, chunk, position);
    if (certain !== undefined) readings.set(index, learning(file, view, chunk, position, certain));
    else if (chunk !== undefined) {
      const piece = pieces.get(chunk.first) ?? { chunk, indexes: [] };
      pieces.set(chunk.first, piece);
      piece.indexes.push(index);
    }
  }
  for (const { chunk, indexes: list } of pieces.values()) {
    const first = chunk.body ?? chunk.first;
    const last = chunk.body === undefined ? chunk.last : closerOf(view, chunk.body, chunk.last) + 1;
    const { text, from } = compiledText(view, first, last, new Set(list));
    parse(text, (root) => {
      const around = functionName(view, chunk);
      const statements = chunk.body === undefined ? Number.POSITIVE_INFINITY : statementCount(root);
      for (const index of list) {
        const at = (file.lexed.starts[index] ?? 0) - from;
        const name = tokenText(file.lexed, index);
        const node = root.descendantForIndex(at, at + name.length);
        const isField = /^(?:\.|->)$/.test(wordAt(view, (view.layout.position[index] ?? 0) - 1));
        const read: Reading = isField
          ? fieldReading(node)
          : node === null
            ? { kind: 'named', isNotParsed: true }
            : classify(node, name, chunk.body !== undefined);
        const reading = chunk.body === undefined || around === undefined ? read : { ...read, in: around };
        readings.set(
          index,
          learning(file, view, chunk, view.layout.position[index] ?? -1, reading, statements),
        );
      }
    });
  }
}

function statementCount(root: Node): number {
  return root.namedChildren[0]?.namedChildren.filter((child) => child.type !== 'comment').length ?? 0;
}

/** Words of the kernel that say something about memory or linking and that the grammar does not know. */
const NOTES =
  /^__(?:user|iomem|kernel|force|percpu|rcu|init|exit|initdata|initconst|exitdata|read_mostly|ro_after_init|maybe_unused|always_unused|unused|must_check|ref|refdata|sched|cold|hot|weak|packed|bitwise|nocast|safe|visible|net_init|net_exit|latent_entropy|used|pure|noreturn|private|cacheline_aligned|cacheline_aligned_in_smp)$/;

/** What is compiled from one position to another, all else blank, so that offsets stay those of the file. */
function compiledText(
  { lexed, layout }: View,
  first: number,
  last: number,
  asked: ReadonlySet<number>,
): { readonly text: string; readonly from: number } {
  const from = lexed.starts[layout.active[first] ?? 0] ?? 0;
  const parts: string[] = [];
  let at = from;
  for (let position = first; position < last; position += 1) {
    const index = layout.active[position] ?? -1;
    const start = lexed.starts[index] ?? at;
    const end = lexed.ends[index] ?? at;
    const word = tokenText(lexed, index);
    const isNote =
      lexed.kinds[index] === Kind.word && word.startsWith('__') && NOTES.test(word) && !asked.has(index);
    const isStatement = isMacroStatement({ lexed, layout }, position, first);
    parts.push(' '.repeat(start - at), (isNote ? '' : word).padEnd(end - start), isStatement ? ';' : '');
    at = isStatement ? end + 1 : end;
  }
  return { text: parts.join(''), from };
}

/** Words that may stand alone on a line and go on in the next. */
const GOES_ON =
  /^(?:auto|const|do|else|enum|extern|inline|register|return|static|struct|typedef|union|unsigned|signed|volatile|int|long|short|char|void|float|double|goto|case|default|sizeof)$/;

/**
 * Whether a word alone on its line, at the beginning of a statement, is a macro that needs no `;`: the grammar would take it for the
 * type of what the next line says.
 */
function isMacroStatement({ lexed, layout: { active } }: View, position: number, first: number): boolean {
  const index = active[position] ?? -1;
  const next = active[position + 1] ?? -1;
  if (position <= first || lexed.kinds[index] !== Kind.word || lexed.kinds[next] !== Kind.word) return false;
  const gap = lexed.text.slice(lexed.ends[index], lexed.starts[next]);
  if (!/^[ \t]*(?:\/\*[^\n]*|\/\/[^\n]*)?\r?\n/.test(gap)) return false;
  const before = active[position - 1] ?? -1;
  const isBegun = /^[;{}]$/.test(tokenText(lexed, before));
  const isOnOwnLine = lexed.text.slice(lexed.ends[before], lexed.starts[index]).includes('\n');
  return isBegun && isOnOwnLine && !GOES_ON.test(tokenText(lexed, index));
}

/** Offsets at which lines begin. */
export function lineStarts(text: string): readonly number[] {
  const found = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found.push(at + 1);
  return found;
}

/** Line, column and text of the line of an offset. */
export function placeIn(
  text: string,
  lines: readonly number[],
  at: number,
): { readonly line: number; readonly column: number; readonly source: string } {
  const line = upperBound(lines, at);
  const from = lines[line - 1] ?? 0;
  const end = text.indexOf('\n', from);
  return { line, column: at - from + 1, source: text.slice(from, end < 0 ? undefined : end).trimEnd() };
}

/** Hash of the words from the last `;`, `{` or `}` before a token to the next after it. */
function statementHash(lexed: Lexed, index: number): string {
  const isEnd = (at: number): boolean =>
    lexed.kinds[at] === Kind.mark && /^[;{}]$/.test(tokenText(lexed, at));
  let from = index;
  while (from > 0 && index - from < 80 && !isEnd(from - 1)) from -= 1;
  let to = index;
  while (to < lexed.kinds.length - 1 && to - index < 80 && !isEnd(to)) to += 1;
  const words: string[] = [];
  for (let at = from; at <= to; at += 1) words.push(tokenText(lexed, at));
  return createHash('sha256').update(words.join(' ')).digest('hex').slice(0, 12);
}
