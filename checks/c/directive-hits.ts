/** Watched names on preprocessor lines: macros that are defined, their bodies, conditions. */
import type { CFile } from './analyse.ts';
import { classify } from './classify.ts';
import { upperBound } from './conditions.ts';
import { Kind, tokenText, type Directive, type Lexed } from './lex.ts';
import type { ParseC } from './parser.ts';
import type { ConstantUse, Reading } from './reading.ts';

/** The line a token stands on. */
export function directiveOf({ directives, starts }: Lexed, index: number): Directive | undefined {
  return directives[
    upperBound(
      directives.map(({ from }) => from),
      starts[index] ?? 0,
    ) - 1
  ];
}

/** A macro as it is defined. Token numbers. */
export interface Macro {
  readonly name: string;
  /** Nothing for a macro without brackets. */
  readonly parameters: readonly string[] | undefined;
  readonly from: number;
  readonly to: number;
}

/** Reads a `#define`. */
export function macroOf(lexed: Lexed, { first, last }: Directive): Macro | undefined {
  if (first >= last || lexed.kinds[first] !== Kind.word) return undefined;
  const name = tokenText(lexed, first);
  const isFunction = tokenText(lexed, first + 1) === '(' && lexed.starts[first + 1] === lexed.ends[first];
  if (!isFunction) return { name, parameters: undefined, from: first + 1, to: last };
  const parameters: string[] = [];
  let at = first + 2;
  for (; at < last && tokenText(lexed, at) !== ')'; at += 1)
    if (lexed.kinds[at] === Kind.word) parameters.push(tokenText(lexed, at));
  if (/\.\.\.\s*\)?$/.test(lexed.text.slice(lexed.starts[first + 1], lexed.ends[Math.min(at, last - 1)])))
    parameters.push('__VA_ARGS__');
  return { name, parameters, from: at + 1, to: last };
}

/** What a watched word on a preprocessor line is. */
export function directiveReading(file: CFile, index: number, parse: ParseC): Reading {
  const { lexed } = file;
  const line = directiveOf(lexed, index);
  const keyword = line?.keyword ?? '';
  if (line === undefined || index < line.first)
    return { kind: 'silent', why: 'keyword of a preprocessor line' };
  if (keyword === 'define') return defined(file, line, index, parse);
  if (keyword === 'undef') return { kind: 'macro-undef' };
  if (/^(?:el)?if(?:n?def)?$/.test(keyword)) return { kind: 'condition' };
  if (keyword.startsWith('include') || keyword === 'import') return { kind: 'include' };
  if (keyword === 'pragma') return pragma(lexed, line, index);
  return { kind: 'silent', why: `text of #${keyword}` };
}

function pragma(lexed: Lexed, { first }: Directive, index: number): Reading {
  if (tokenText(lexed, first) !== 'weak') return { kind: 'value' };
  const isTarget = tokenText(lexed, index - 1) === '=';
  return isTarget
    ? { kind: 'alias', learns: [{ name: tokenText(lexed, first + 1), how: 'alias', reach: 'program' }] }
    : { kind: 'declaration', what: 'function' };
}

function defined(file: CFile, line: Directive, index: number, parse: ParseC): Reading {
  const { lexed } = file;
  const macro = macroOf(lexed, line);
  if (macro === undefined) return { kind: 'named', isNotParsed: true };
  if (index === line.first)
    return { kind: 'macro-definition', what: macro.parameters === undefined ? 'constant' : 'macro' };
  if (index < macro.from) return { kind: 'silent', why: 'parameter of a macro' };
  if (macro.parameters?.includes(tokenText(lexed, index)) === true)
    return { kind: 'silent', why: 'parameter of a macro' };
  if (/^(?:##|%:%:)$/.test(tokenText(lexed, index - 1)) || /^(?:##|%:%:)$/.test(tokenText(lexed, index + 1)))
    return { kind: 'silent', why: 'a part of another name, pasted' };
  if (/^(?:->|\.)$/.test(tokenText(lexed, index - 1)) && index > macro.from)
    return { kind: 'silent', why: 'field', fieldUse: 'value' };
  const use = useInBody(lexed, macro, [index, index + 1], tokenText(lexed, index), parse);
  const learns = [{ name: macro.name, how: 'macro', reach: file.isHeader ? 'header' : 'file' } as const];
  return { kind: 'macro-body', in: macro.name, learns, ...use };
}

/** How some tokens of a macro's body are used there, `word` being put in their place. */
export function useInBody(
  lexed: Lexed,
  macro: Macro,
  [first, end]: readonly [number, number],
  word: string,
  parse: ParseC,
): { readonly use?: ConstantUse; readonly of?: string; readonly isNotParsed?: boolean } {
  const before = bodyText(lexed, macro.from, first);
  const after = bodyText(lexed, end, macro.to);
  const head = 'void macro(void) { ';
  return parse(`${head}${before} ${word} ${after}; }`, (root) => {
    const at = head.length + before.length + 1;
    const node = root.descendantForIndex(at, at + word.length);
    if (node === null || node.text !== word) return { isNotParsed: true };
    const { use, of, isNotParsed } = classify(node, word, true);
    return {
      ...(use === undefined ? {} : { use }),
      ...(of === undefined || use !== 'argument' ? {} : { of }),
      ...(isNotParsed === true ? { isNotParsed } : {}),
    };
  });
}

function bodyText(lexed: Lexed, from: number, to: number): string {
  const words: string[] = [];
  for (let at = from; at < to; at += 1) words.push(tokenText(lexed, at));
  return words.join(' ').replaceAll(/ ?(?:##|%:%:) ?/g, '');
}
