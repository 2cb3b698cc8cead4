// A second witness for words of C, which shares nothing with the lexer: comments, strings and characters are blanked by one
// expression, and what is left is searched. Known limit: it takes no name that a continued line cuts in two.

/** A word at an offset. */
export interface Word {
  readonly name: string;
  readonly at: number;
}

const C =
  /\/\*[\s\S]*?\*\/|\/\*(?:\\\r?\n|[^\n])*|\/\/(?:\\\r?\n|[^\n])*|"(?:\\\r\n|\\[\s\S]|[^"\\\n])*"?|'(?:\\\r\n|\\[\s\S]|[^'\\\n])*'?/g;
// No apostrophes; a line that begins with # and says nothing to the preprocessor is a comment.
const ASSEMBLY =
  /\/\*[\s\S]*?\*\/|\/\*(?:\\\r?\n|[^\n])*|\/\/(?:\\\r?\n|[^\n])*|"(?:\\\r\n|\\[\s\S]|[^"\\\n])*"?|^[ \t]*#(?![ \t]*(?:define|undef|include|include_next|if|ifdef|ifndef|elif|else|endif|error|warning|pragma|line)\b)(?:\/\*[\s\S]*?\*\/|\\\r?\n|[^\n])*/gm;
/** `#include <…>`: a name of a file. */
const HEADER = /^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*<[^>\n]*>/gm;

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

/** The words of a file that code can see, and those in its strings. */
export function wordsOf(
  file: string,
  text: string,
  isAsked: (name: string) => boolean,
): { readonly words: readonly Word[]; readonly inStrings: readonly Word[] } {
  const isAssembly = /\.[sS]$/.test(file);
  const strings: Word[] = [];
  const code = text
    .replaceAll(isAssembly ? ASSEMBLY : C, (part, at: number) => {
      if (part.startsWith('"')) strings.push(...wordsIn(part, isAssembly, at));
      return blank(part);
    })
    .replaceAll(HEADER, blank);
  const isMeant = ({ name }: Word): boolean => isAsked(name);
  return { words: wordsIn(code, isAssembly).filter(isMeant), inStrings: strings.filter(isMeant) };
}

/** Runs of letters, digits and dots, taken apart: a number swallows what is joined to it. */
function wordsIn(text: string, isAssembly: boolean, from = 0): Word[] {
  const letters = isAssembly ? '\\w\\u0080-\\uFFFF' : '\\w$\\u0080-\\uFFFF';
  const piece = new RegExp(`\\.?\\d[${letters}.]*|[${letters}]+`, 'g');
  return [...text.matchAll(piece)].flatMap(({ 0: name, index }) =>
    /^\.?\d/.test(name) ? [] : [{ name, at: from + index }],
  );
}
