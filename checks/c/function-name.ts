/** The name of the function that a head declares or defines. */
import { Kind, tokenText, type Lexed } from './lex.ts';

/** Words before a bracket that are no function's name. */
export const NO_NAME =
  /^(?:__attribute(?:__)?|__acquires|__releases|__must_hold|__printf|__scanf|__section|__aligned|__declspec|__cond_lock|__context__|__nonnull|_Alignas|alignas|typeof|__typeof__|__typeof|__asm__|asm|__asm|if|while|for|switch)$/;

/** Position of a function's name in a head: the first word before `(` that is no attribute; nothing when there is none. */
export function functionNameAt(
  lexed: Lexed,
  active: readonly number[],
  first: number,
  end: number,
): number | undefined {
  let depth = 0;
  for (let at = first; at < end; at += 1) {
    const index = active[at] ?? -1;
    const text = tokenText(lexed, index);
    if (lexed.kinds[index] === Kind.mark) {
      if (depth === 0 && text === '=') return undefined;
      // `char *(name)(…)`
      if (depth === 0 && text === '*' && isNameInBrackets(lexed, active, at + 1, end)) return at + 2;
      if (text === '(' || text === '[' || text === '{') depth += 1;
      else if (text === ')' || text === ']' || text === '}') depth -= 1;
    } else if (
      depth === 0 &&
      lexed.kinds[index] === Kind.word &&
      tokenText(lexed, active[at + 1] ?? -1) === '(' &&
      at + 1 < end
    ) {
      // `int (name)(…)`: in brackets, so that no macro of the name is expanded.
      if (isNameInBrackets(lexed, active, at + 1, end) && !NO_NAME.test(text)) return at + 2;
      // `int (*name)(…)` is no function.
      if (!NO_NAME.test(text) && tokenText(lexed, active[at + 2] ?? -1) !== '*') return at;
    }
  }
  return undefined;
}

/** Whether `(name)(` stands at a position. */
function isNameInBrackets(lexed: Lexed, active: readonly number[], open: number, end: number): boolean {
  return (
    open + 3 < end &&
    lexed.kinds[active[open + 1] ?? -1] === Kind.word &&
    tokenText(lexed, active[open] ?? -1) === '(' &&
    tokenText(lexed, active[open + 2] ?? -1) === ')' &&
    tokenText(lexed, active[open + 3] ?? -1) === '('
  );
}
