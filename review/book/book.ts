/**
 * The review book: a whole series as one file that opens without a server and asks for nothing. Everything can be read without
 * scripts; the script shows a page at a time, moves by keys, and keeps marks and notes in the browser.
 */
import { createHash } from 'node:crypto';
import { Html, html } from '../html-template.ts';
import { coverHtml } from './cover.ts';
import { railHtml, topHtml } from './frame.ts';
import { helpHtml } from './help.ts';
import type { Contents } from './anchors.ts';
import { bookScript, bookStyle } from './assets.ts';
import { type Book, fingerprintOf } from './model.ts';
import { stepHtml } from './step.ts';
import { timelinesHtml } from './timelines.ts';
import { timelineAssets } from '../timeline/assets.ts';

/** The book as one HTML file. */
export function bookHtml(book: Book): string {
  const { title, reviews, stepCount, timelines, versionsOfStep, isServed = false } = book;
  const hasTimelines = [...(timelines?.values() ?? [])].some(({ shown }) => shown.length > 0);
  const drawing = hasTimelines ? timelineAssets() : { style: '', script: '' };
  const style = bookStyle() + drawing.style;
  // Timelines first: the book's script shows pages, in which they then know their size.
  const scripts = [drawing.script, bookScript()].filter((script) => script !== '');
  const files = new Map(reviews.map(({ step, diff }) => [step, new Set(diff.map(({ file }) => file))]));
  const contents: Contents = {
    hasStep: (step) => files.has(step),
    changesFile: (step, file) => files.get(step)?.has(file) === true,
  };
  const policy = [
    "default-src 'none'",
    `style-src ${hashesOf([style])}`,
    // Places and sizes of what a timeline draws are attributes.
    "style-src-attr 'unsafe-inline'",
    `script-src ${hashesOf(scripts)}`,
    ...(isServed ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="referrer" content="no-referrer" />
        <title>${book.letter?.subject || title}: review book</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body data-book="${title}" ${isServed ? html`data-served` : ''}>
        <a class="skip" href="#main">to the page</a>
        ${topHtml(book)}
        <div class="frame">
          ${railHtml(book)}
          <main id="main" tabindex="-1">
            ${coverHtml(book)}
            ${reviews.map((review, index) =>
              stepHtml({
                review,
                stepCount,
                neighbours: [reviews[index - 1]?.step, reviews[index + 1]?.step],
                contents,
                fingerprint: fingerprintOf(review),
                timeline: timelinesHtml(
                  review.step,
                  timelines?.get(review.step) ?? { shown: [], tooLong: [], moreCount: 0 },
                ),
                versions: versionsOfStep?.get(review.step) ?? '',
              }),
            )}
          </main>
        </div>
        ${helpHtml()} ${scripts.map((script) => new Html(`<script>${script}</script>`))}
      </body>
    </html> `.text;
}

function hashesOf(texts: readonly string[]): string {
  return texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}
