/** Watched names in strings: templates of inline assembly, aliases of symbols, names that are looked up while running. */
import type { CFile } from './analyse.ts';
import { directiveOf, macroOf } from './directive-hits.ts';
import { tokenText, type Lexed } from './lex.ts';
import type { Learnt, Reading } from './reading.ts';
import type { Watch } from './watch.ts';

export interface TextWord {
  readonly name: string;
  /** Offset of the name in the file. */
  readonly at: number;
  /** The reading, made when the file's branches are known. */
  readonly reading: (file: CFile, tokenBranches: Int32Array) => Reading;
}

/** Callees that look a name up. Any callee does when a rule says `strictStrings`. */
export const LOOKS_UP = /sym|lookup|resolve|kprobe/i;

/** Watched names in the string at a token. */
export function textWords(lexed: Lexed, index: number, watch: Watch): readonly TextWord[] {
  const from = (lexed.starts[index] ?? 0) + 1;
  const content = lexed.text.slice(from, (lexed.ends[index] ?? from) - 1);
  const found: TextWord[] = [];
  for (const match of content.matchAll(/[A-Za-z_][\w$]*/g)) {
    if (!watch.isWatched(match[0])) continue;
    const isWhole = match[0] === content;
    found.push({
      name: match[0],
      at: from + match.index,
      reading: (file, branches) => textReading(file, branches, index, isWhole),
    });
  }
  return found;
}

function textReading(file: CFile, tokenBranches: Int32Array, index: number, isWhole: boolean): Reading {
  const { lexed } = file;
  const line = tokenBranches[index] === -2 ? directiveOf(lexed, index) : undefined;
  const from = line === undefined ? 0 : line.first;
  const { callees, isTemplate } = openBrackets(lexed, index, from, tokenBranches);
  const macro = line?.keyword === 'define' ? macroOf(lexed, line) : undefined;
  if (isTemplate) {
    if (macro === undefined) return { kind: 'assembly' };
    return {
      kind: 'macro-body',
      in: macro.name,
      learns: [{ name: macro.name, how: 'macro', reach: file.isHeader ? 'header' : 'file' }],
    };
  }
  const [callee = ''] = callees;
  if (/^_*(?:alias|weakref|ifunc)_*$/.test(callee) && isWhole)
    return { kind: 'alias', learns: aliased(lexed, index, macro?.from ?? 0) };
  if (isWhole && /^\w+$/.test(callee)) return { kind: 'text', of: callee };
  return { kind: 'silent', why: 'words of a string' };
}

/** Words before the brackets that are open at a token, innermost first, and whether it is a template of inline assembly. */
function openBrackets(
  lexed: Lexed,
  index: number,
  from: number,
  tokenBranches: Int32Array,
): { readonly callees: readonly string[]; readonly isTemplate: boolean } {
  const callees: string[] = [];
  let depth = 0;
  let hasColon = false;
  const isLine = tokenBranches[index] === -2;
  for (let at = index - 1; at >= from && index - at < 4000; at -= 1) {
    if ((tokenBranches[at] === -2) !== isLine) continue;
    const text = tokenText(lexed, at);
    if (text === ')' || text === ']' || text === '}') depth += 1;
    else if (text === '(' || text === '[' || text === '{') {
      if (depth > 0) depth -= 1;
      else if (text === '{') break;
      else {
        let word = tokenText(lexed, at - 1);
        if (/^(?:volatile|__volatile__|__volatile|goto|inline)$/.test(word)) word = tokenText(lexed, at - 2);
        callees.push(word);
        if (/^(?:asm|__asm__|__asm|asm_volatile_goto|asm_goto)$/.test(word))
          return { callees, isTemplate: !hasColon };
        hasColon = false;
      }
    } else if (depth === 0 && text === ':') hasColon = true;
    else if (depth === 0 && text === ';' && callees.length === 0) break;
  }
  return { callees, isTemplate: false };
}

/** The function that an alias attribute makes a name of: the first word before a bracket after the last `;` or `}`. */
function aliased(lexed: Lexed, index: number, from: number): readonly Learnt[] {
  let first = index;
  while (first > from && !/^[;}]$/.test(tokenText(lexed, first - 1))) first -= 1;
  // `[[gnu::alias("f")]] int name(…)` says it before the name.
  for (let at = first; at < lexed.kinds.length && tokenText(lexed, at) !== ';'; at += 1) {
    const word = tokenText(lexed, at);
    if (
      /^[A-Za-z_]\w*$/.test(word) &&
      tokenText(lexed, at + 1) === '(' &&
      !/^(?:__attribute(?:__)?|__\w+__|alias|weakref|ifunc|weak|asm)$/.test(word)
    ) {
      let isStatic = false;
      for (let back = first; back < at; back += 1) if (tokenText(lexed, back) === 'static') isStatic = true;
      return [{ name: word, how: 'alias', reach: isStatic ? 'file' : 'program' }];
    }
  }
  return [];
}
