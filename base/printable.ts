/**
 * Text from outside, made safe to print. Control characters move the cursor or change colours of a terminal, format
 * characters reverse the order of what follows or cannot be seen at all; shown as escapes they do neither.
 */

/** Control characters, format characters (overrides of direction among them), line and paragraph separators. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every hidden character as `escapeOf` writes it; a text without any comes back as it is. */
export function printable(text: string): string {
  return text.replace(HIDDEN, escapeOf);
}

/** The same for text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** `\x1b` for the escape character, `\u{202e}` for one beyond 0xff. */
export function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code <= 0xff ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
}

/** The text as a JSON string in which every hidden character is an escape. */
export function printableJson(text: string): string {
  return JSON.stringify(text).replace(HIDDEN, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
