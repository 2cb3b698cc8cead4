/** Watched names in assembly files. */
import { tokenText, type Lexed } from './lex.ts';
import type { Reading } from './reading.ts';

const DEFINING =
  /^(?:ENTRY|GLOBAL|WEAK|ENTRY_\w+|SYM_(?:TYPED_)?(?:FUNC|CODE|DATA|INNER_LABEL)_START\w*|SYM_(?:FUNC|CODE)_ALIAS\w*|SYM_INNER_LABEL\w*|LEAF|NESTED|FEXPORT|_GLOBAL|_GLOBAL_TOC|PROC|FUNC|ASM_ENTRY)$/;
const DECLARING = /^(?:globl|global|weak|extern|hidden|type|size|internal|protected)$/;

/** What a word in an assembly file is. */
export function assemblyReading(lexed: Lexed, index: number): Reading {
  const before = tokenText(lexed, index - 1);
  const callee = before === '(' ? tokenText(lexed, index - 2) : '';
  if (/^_*EXPORT_\w*SYMBOL\w*$/.test(callee)) return { kind: 'export', of: callee };
  if (DEFINING.test(callee)) return { kind: 'definition', what: 'function', of: callee };
  if (tokenText(lexed, index + 1) === ':' && isLineStart(lexed, index))
    return { kind: 'definition', what: 'function' };
  if (DECLARING.test(before) && tokenText(lexed, index - 2) === '.')
    return { kind: 'declaration', what: 'function', of: `.${before}` };
  return { kind: 'assembly', ...(callee === '' ? {} : { of: callee }) };
}

function isLineStart({ text, starts }: Lexed, index: number): boolean {
  const at = starts[index] ?? 0;
  return (
    /^\s*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at)) ||
    /;\s*$/.test(text.slice(0, at).slice(-4))
  );
}
