/** Escaping for XML, HTML and workflow commands. */
import { printableLines } from './printable.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for element content and quoted attributes; characters XML 1.0 does not allow become U+FFFD. */
export function escapeMarkup(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      const isForbidden =
        (code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 0xfffe || code === 0xffff;
      return isForbidden || (code >= 0xd800 && code <= 0xdfff)
        ? '\uFFFD'
        : (ENTITIES[character] ?? character);
    })
    .join('');
}

/** Text of a workflow command of GitHub: it is printed in a log. */
export function workflowData(text: string): string {
  return encoded(printableLines(text.replaceAll('\r\n', '\n')));
}

/** Text of a property of such a command, character by character what it was: a file is found by it. */
export function workflowProperty(text: string): string {
  return encoded(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function encoded(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
