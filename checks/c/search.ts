/**
 * What is searched for in all files first, and what the lines found tell. A whole kernel is searched by expressions that begin with
 * rare letters: `_to_pmem` with `memcpy` looked for behind it takes half the time of `\bmemcpy_to_pmem`.
 */
import { INCLUDED_SOURCE } from './included.ts';
import type { CSymbol } from './uses.ts';
import { alternatives, globPattern, isGlob, inTwoParts, PARTS } from './watch.ts';

/** The word that begins an exception beside the code; looked for in the same search. */
const EXCEPTION = 'conform-allow';

/** Lines in which one of some names stands as a word. Names may be globs. */
export function namesPattern(names: readonly string[]): string {
  const plain = names.filter((name) => !isGlob(name));
  const late = new Map<string, string[]>();
  for (const name of plain.filter((one) => one.includes('_'))) {
    const rest = name.slice(name.indexOf('_') + 1);
    late.set(rest, [...(late.get(rest) ?? []), name]);
  }
  const end = (rest: string): string =>
    `\\b(?<=${(late.get(rest) ?? []).map((name) => `\\b${name}`).join('|')})`;
  const early = plain.filter((name) => !name.includes('_')).sort();
  return [
    ...(late.size === 0 ? [] : [`_${alternatives([...late.keys()].sort(), end)}`]),
    ...(early.length === 0 ? [] : [`\\b${alternatives(early)}\\b`]),
    ...names.filter(isGlob).sort().map(globPattern),
  ].join('|');
}

function escaped(text: string): string {
  return text.replaceAll(/\W/g, String.raw`\$&`);
}

/** Lines that include one of some headers, by the ends of their names. */
export function headersPattern(names: readonly string[]): string {
  const byEnding = new Map<string, string[]>();
  for (const name of names) {
    const at = name.lastIndexOf('.');
    const ending = at < 0 ? name : name.slice(at);
    byEnding.set(ending, [...(byEnding.get(ending) ?? []), name]);
  }
  return [...byEnding]
    .map(
      ([ending, list]) => `${escaped(ending)}\\b(?<=${list.map((name) => `\\b${escaped(name)}`).join('|')})`,
    )
    .join('|');
}

/** What a macro may be given to make a name by `##`: the name without its end or its beginning. */
function partsOf(names: readonly string[]): readonly string[] {
  if (names.length > PARTS.namesMax) return [];
  const found = new Set<string>();
  for (const name of names.filter((one) => !isGlob(one)))
    for (let at = 1; at < name.length; at += 1)
      for (const part of [name.slice(0, at), name.slice(at), name.slice(at).replace(/^_(?=.)/, '')])
        if (part.length >= PARTS.wordMin) found.add(part);
  return [...found].sort();
}

/** Lines in which a part of a name is a whole argument, or stands at the beginning of a line with a tab before it. */
function argumentsPattern(names: readonly string[]): string {
  const parts = partsOf(names);
  if (parts.length === 0) return '';
  const words = alternatives(parts);
  return `[(,]\\s*${words}\\s*(?:[,)]|$)|\\t${words}\\s*[,)]`;
}

function namesIn(symbols: readonly CSymbol[]): readonly string[] {
  return [...new Set(symbols.map(({ name }) => name))];
}

/** The first search: the names, parts of them that are arguments, macros that paste, exceptions, and sources that are included. */
export function firstSearch(symbols: readonly CSymbol[]): string {
  const names = namesIn(symbols);
  if (names.length === 0) return '-allow(?<=conform-allow)';
  return [namesPattern(names), argumentsPattern(names), '##', '-allow(?<=conform-allow)', String.raw`\.c[">]`]
    .filter((one) => one !== '')
    .join('|');
}

/** What the lines of one file tell. Plain data. */
export interface LineFacts {
  /** Whether it holds one of the names. */
  readonly isNamed: boolean;
  /** Whether two neighbouring arguments are a name. */
  readonly isJoining: boolean;
  /** Whether a macro pastes, and whether it may fix a piece of a name. */
  readonly isPasting: boolean;
  readonly isFixing: boolean;
  readonly isExcepting: boolean;
  /** Lines with a part of a name as an argument; those where the bracket around it may be opened on a line before. */
  readonly given: readonly string[];
  readonly cut: readonly string[];
  /** Sources it includes, as written. */
  readonly including: readonly string[];
}

/** Reads lines that the first search found in a file. */
export function lineReader(symbols: readonly CSymbol[]): (lines: Iterable<string>) => LineFacts {
  const names = namesIn(symbols);
  const [name, argument, twoParts] = [namesPattern(names), argumentsPattern(names), inTwoParts(names)].map(
    expression,
  );
  const pieces = piecesOf(names);
  return (lines) => {
    const all = [...lines];
    const pasting = all.filter((line) => line.includes('##'));
    const given = argument === undefined ? [] : all.filter((line) => argument.test(line));
    return {
      isNamed: all.some((line) => name?.test(line) === true),
      isJoining: all.some((line) => twoParts?.test(line) === true),
      isPasting: pasting.length > 0,
      isFixing: pasting.some((line) => fixesPiece(line, pieces)),
      isExcepting: all.some((line) => line.includes(EXCEPTION)),
      given,
      cut: argument === undefined ? [] : given.filter((line) => !isOpened(line, argument)),
      including: all.flatMap((line) => INCLUDED_SOURCE.exec(line)?.slice(1, 3).join('') ?? []),
    };
  };
}

/** Whether the bracket around what matches is opened on the same line. */
function isOpened(line: string, argument: RegExp): boolean {
  const at = argument.exec(line)?.index ?? 0;
  let depth = 0;
  for (const mark of line.slice(0, at + 1)) {
    if (mark === '(') depth += 1;
    if (mark === ')') depth = Math.max(0, depth - 1);
  }
  return depth > 0;
}

/** What the first search found in all files. */
export type FirstFound = ReadonlyMap<string, LineFacts>;

/** Whether parts of names are looked for: not where there are too many names. */
export function looksForParts(symbols: readonly CSymbol[]): boolean {
  return argumentsPattern(namesIn(symbols)) !== '';
}

function expression(pattern: string): RegExp | undefined {
  return pattern === '' ? undefined : new RegExp(pattern);
}

/** All words that may be pieces of the names; names that are globs are made by no macro. */
function piecesOf(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of names.filter((one) => !isGlob(one)))
    for (let from = 0; from < name.length; from += 1)
      for (let to = from + 1; to <= name.length; to += 1) found.add(name.slice(from, to));
  return found;
}

/** Whether words beside `##`, two letters at least, may be pieces of a name; parameters that the line shows are none. */
function fixesPiece(line: string, pieces: ReadonlySet<string>): boolean {
  const parameters = new Set(/#\s*define\s+\w+\(([^)]*)\)/.exec(line)?.[1]?.match(/\w+/g));
  let letters = 0;
  for (const [, before = '', after = ''] of line.matchAll(/(\w*)\s*##\s*(?=(\w*))/g))
    for (const word of [before, after])
      if (pieces.has(word) && !parameters.has(word)) letters += word.replaceAll('_', '').length;
  return letters > 1;
}
