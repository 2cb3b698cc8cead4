/**
 * HTML that is escaped where it is made: a template whose every value is escaped unless it was made by a template
 * itself. There is no other way to put text into a page, so nothing can be forgotten.
 */
import { escape } from 'html-escaper';
import { escapeOf } from '#base/printable.ts';

/** A finished piece of HTML. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: text and numbers (escaped), finished pieces, lists of either. */
export type HtmlValue = string | number | Html | readonly HtmlValue[];

/** Fills a template. */
export function html(pieces: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(pieces.map((piece, index) => flush(piece) + textOf(values[index] ?? '')).join(''));
}

/** Without the indent of the source it was written in, which is a tenth of a large page. */
const flush = (piece: string): string => piece.replaceAll(/\n\s+/g, '\n');

/** Characters that cannot be seen, or turn the order of what follows, would let a diff read otherwise than it runs. */
const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}]|(?![\t\n])\p{Cc}/gu;

const visible = (text: string): string => text.replace(HIDDEN, escapeOf);

function textOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escape(visible(String(value)));
  return value.map(textOf).join('');
}
