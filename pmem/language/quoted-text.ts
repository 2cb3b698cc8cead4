/**
 * Text in quotes, the only place of a workload where any character can be meant: what cannot be seen is written as an
 * escape, so that a workload printed anywhere is harmless and reads back as the same text.
 */
import { printable } from '#base/printable.ts';

/** What a text may look like, for complaints. */
export const TEXTS_ALLOWED =
  'text in quotes, on one line, with \\n for a line break, \\" and \\\\, and \\x1b or \\u{202e} for what cannot be seen';

/** What stands behind a backslash in quotes, and what it means. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['"', '"'],
  ['\\', '\\'],
]);

const ESCAPE = /\\(?:x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\}|([^]))/gi;

const LARGEST_CODE_POINT = 0x10ffff;

/** The text that a word in quotes means, or the escape in it that means nothing. */
export function textIn(quoted: string): { readonly text: string } | { readonly wrongEscape: string } {
  let wrongEscape: string | undefined;
  const text = quoted
    .slice(1, -1)
    .replace(ESCAPE, (escape: string, two?: string, many?: string, simple?: string) => {
      const code = parseInt(two ?? many ?? '', 16);
      if (code <= LARGEST_CODE_POINT) return String.fromCodePoint(code);
      const meant = ESCAPES.get(simple ?? '');
      if (meant === undefined) wrongEscape ??= escape;
      return meant ?? '';
    });
  return wrongEscape === undefined ? { text } : { wrongEscape };
}

/** The text in quotes, as `textIn` reads it. */
export function formatText(text: string): string {
  const escaped = text.replace(/[\n"\\]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
  return `"${printable(escaped)}"`;
}
