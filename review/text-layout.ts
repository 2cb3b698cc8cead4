/** Building blocks of text pages: headings, wrapped paragraphs, aligned rows, two columns. Knows nothing of reviews. */
import type { Paint } from '#base/paint.ts';

/** Columns of a page. */
export const PAGE_WIDTH = 110;

/** A heading with an empty line before it. */
export function heading(text: string, paint: Paint): string[] {
  return ['', paint('bold', text)];
}

/** Words filled into lines, each behind the same indent. Words longer than a line stay whole. */
export function wrapped(text: string, indent = '  ', width = PAGE_WIDTH): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(/\s+/).filter((piece) => piece !== '')) {
      if (line !== '' && indent.length + line.length + 1 + word.length > width) {
        lines.push(indent + line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line === '' ? '' : indent + line);
  }
  return lines;
}

/** A label and a wrapped text beside it. */
export function labelled(label: string, text: string, indent = '  '): string[] {
  const width = 14;
  const lines = wrapped(text, indent + ' '.repeat(width));
  const [first = '', ...rest] = lines;
  return [indent + label.padEnd(width) + first.trimStart(), ...rest];
}

/** Two lists beside each other, filled into columns of equal width, under titles. */
export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  titles: readonly [string, string],
  indent = '      ',
): string[] {
  const width = Math.floor((PAGE_WIDTH - indent.length - 3) / 2);
  const columns = [left, right].map((words) => wrapped(words.join(' ') || '(nothing)', '', width));
  const count = Math.max(...columns.map((column) => column.length));
  const row = (texts: readonly string[]): string =>
    `${indent}${texts.map((text) => text.padEnd(width)).join(' | ')}`.trimEnd();
  const rows = Array.from({ length: count }, (_unused, index) =>
    row(columns.map((column) => column[index] ?? '')),
  );
  return [row(titles), ...rows];
}
