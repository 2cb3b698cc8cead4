/** Watched names in assembly files. */
import { tokenText, type Lexed } from './lex.ts';
import type { Reading } from './reading.ts';

const DEFINING =
  /^(?:ENTRY|GLOBAL|WEAK|ENTRY_\w+|SYM_(?:TYPED_)?(?:FUNC|CODE|DATA|INNER_LABEL)_START\w*|SYM_(?:FUNC|CODE)_ALIAS\w*|SYM_INNER_LABEL\w*|LEAF|NESTED|FEXPORT|_GLOBAL|_GLOBAL_TOC|PROC|FUNC|ASM_ENTRY)$/;
const DECLARING = /^(?:globl|global|weak|extern|hidden|type|size|internal|protected)$/;

const SETTING = /^(?:set|equ|equiv|eqv|weakref|thumb_set)$/;

/** What a word in an assembly file is. */
export function assemblyReading(lexed: Lexed, index: number): Reading {
  const before = tokenText(lexed, index - 1);
  const callee = before === '(' ? tokenText(lexed, index - 2) : '';
  if (/^_*EXPORT_\w*SYMBOL\w*$/.test(callee)) return { kind: 'export', of: callee };
  if (isComment(lexed, index)) return { kind: 'silent', why: 'comment of the assembler' };
  const alias = aliasOf(lexed, index);
  if (alias !== undefined)
    return { kind: 'alias', learns: [{ name: alias, how: 'alias', reach: 'program' }] };
  if (DEFINING.test(callee)) return { kind: 'definition', what: 'function', of: callee };
  const next = tokenText(lexed, index + 1);
  if ((next === ':' || next === '=') && isLineStart(lexed, index))
    return { kind: 'definition', what: 'function' };
  if (next === ',' && SETTING.test(before) && tokenText(lexed, index - 2) === '.')
    return { kind: 'definition', what: 'function' };
  if (DECLARING.test(before) && tokenText(lexed, index - 2) === '.')
    return { kind: 'declaration', what: 'function', of: `.${before}` };
  return { kind: 'assembly', ...(callee === '' ? {} : { of: callee }) };
}

/**
 * Whether a comment of the assembler begins before a word on its line: `#` or `@` with blanks on both sides. After a comma or a
 * bracket it begins an operand, as `mov x0, # SIZE` does.
 */
function isComment({ text, starts }: Lexed, index: number): boolean {
  const at = starts[index] ?? 0;
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /[^\s,([{=+*|&-][ \t]+[#@][ \t]/.test(line);
}

/** The name that `.set name, f`, `name = f`, `.weakref name, f` or `SYM_FUNC_ALIAS(name, f)` makes another one for a word. */
function aliasOf(lexed: Lexed, index: number): string | undefined {
  const [first = '', mark, keyword = ''] = [2, 1, 3].map((back) => tokenText(lexed, index - back));
  if (!/^[A-Za-z_]\w*$/.test(first)) return undefined;
  if (mark === '=') return isLineStart(lexed, index - 2) ? first : undefined;
  if (mark !== ',') return undefined;
  const isSet = SETTING.test(keyword) && tokenText(lexed, index - 4) === '.';
  const isMacro = keyword === '(' && /^SYM_FUNC_ALIAS(?:_LOCAL|_WEAK)?$/.test(tokenText(lexed, index - 4));
  return isSet || isMacro ? first : undefined;
}

function isLineStart({ text, starts }: Lexed, index: number): boolean {
  const at = starts[index] ?? 0;
  return (
    /^\s*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at)) ||
    /;\s*$/.test(text.slice(0, at).slice(-4))
  );
}
