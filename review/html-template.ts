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
  let text = '';
  for (const [index, piece] of flush(pieces).entries()) text += piece + textOf(values[index] ?? '');
  return new Html(text);
}

const flushed = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Without the indent of the source it was written in, which is a tenth of a large page; worked out once for each template. */
function flush(pieces: TemplateStringsArray): readonly string[] {
  const known = flushed.get(pieces) ?? pieces.map((piece) => piece.replaceAll(/\n\s+/g, '\n'));
  flushed.set(pieces, known);
  return known;
}

/** Characters that cannot be seen, or turn the order of what follows, would let a diff read otherwise than it runs. */
const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}]|(?![\t\n])\p{Cc}/gu;

/** Text with nothing to escape, as most is. */
const PLAIN = /^[\w ./:;,()+*=?!#@%[\]{}|~-]*$/;

const visible = (text: string): string => text.replace(HIDDEN, escapeOf);

function textOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return PLAIN.test(value) ? value : escape(visible(value));
  return value.map(textOf).join('');
}
