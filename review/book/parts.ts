/** Building blocks of the book's pages: boxes with an address, commands with a copy button, traces side by side. */
import { aligned } from '#engine/report.ts';
import type { SideBySide } from '#engine/subject.ts';
import { html, type Html } from '../html-template.ts';

/** A box with a heading that can be linked to. */
export function boxHtml(
  { id, title, sub = '', kind = '' }: { id: string; title: string; sub?: string; kind?: string },
  body: Html | readonly Html[],
): Html {
  return html`<section class="box ${kind}" id="${id}" aria-labelledby="${id}-title">
    <header>
      <h3 id="${id}-title">${title}</h3>
      ${sub === '' ? '' : html`<span class="sub">${sub}</span>`} ${linkTo(id, title)}
    </header>
    ${body}
  </section> `;
}

/** The address of something, beside it. */
export function linkTo(id: string, what: string): Html {
  return html`<a class="pl" href="#${id}" aria-label="link to ${what}">¶</a>`;
}

/** A command with a button that copies it. */
export function commandHtml(command: string): Html {
  return html`<div class="command">
    <code>${command}</code
    ><button type="button" class="js-only" data-copy aria-label="copy the command">copy</button>
  </div>`;
}

/** Text as it stands, which scrolls where it is too wide; it can be reached by keys then. */
export function preHtml(text: string, label: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}">${text}</pre>`;
}

/** A line of mail that is not plain prose: quoted, indented, listed, a trailer. */
const SET_APART = /^(?:[\s>|*+#\-[]|\d+[.)/]|[\w-]+: )/;

/** Lines shorter than this were broken on purpose. */
const PROSE_MIN = 50;

/** Paragraphs of mail. Prose is filled anew, since a column here is not as wide as there; all else keeps its lines. */
export function paragraphsHtml(
  text: string,
  shown: (text: string) => Html | string = (plain) => plain,
): Html {
  return html`${text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => html`<p class="letter">${shown(filled(paragraph))}</p> `)}`;
}

function filled(paragraph: string): string {
  const lines = paragraph.split('\n');
  const isProse = lines.every(
    (line, index) => !SET_APART.test(line) && (line.length >= PROSE_MIN || index === lines.length - 1),
  );
  return isProse ? lines.join(' ') : paragraph;
}

/** Rows of a trace that are shown; in a longer one, those around the first difference. */
const ROWS_MAX = 60;

/** What both sides did in each operation, the same beside the same. Operations in which nothing differs are folded. */
export function tracesHtml(traces: readonly SideBySide[], label: string): Html {
  return html`<div class="traces">
    ${traces.map((trace, index) => traceHtml(trace, `${label}, operation ${index + 1}`))}
  </div>`;
}

function traceHtml(trace: SideBySide, label: string): Html {
  const rows = aligned(trace);
  const differs = rows.some(({ isSame }) => !isSame);
  const first = Math.max(0, rows.findIndex(({ isSame }) => !isSame) - ROWS_MAX / 3);
  const shown = rows.length <= ROWS_MAX ? rows : rows.slice(first, first + ROWS_MAX);
  const hidden = rows.length - shown.length;
  if (rows.length === 0)
    return html`<p class="quiet"><code>${trace.at}</code>: no instruction on either side</p> `;
  return html`<details ${differs ? OPEN : ''}>
    <summary>
      <code>${trace.at}</code>
      <span class="quiet">${differs ? 'differs' : `the same, ${rows.length} lines`}</span>
    </summary>
    <div class="scroll" tabindex="0" role="region" aria-label="${label}">
      <table class="trace">
        ${headHtml(['before', 'after'])}
        <tbody>
          ${shown.map(
            ({ before, after, isSame }) =>
              html`<tr ${isSame ? '' : DIFFERENT}>
                <td>${before || ABSENT}</td>
                <td>${after || ABSENT}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${hidden === 0 ? '' : html`<p class="quiet">and ${hidden} lines more: see the replay</p>`}
  </details> `;
}

const OPEN = html`open`;
const DIFFERENT = html`class="differs"`;
const ABSENT = html`<span class="quiet">–</span>`;

/** The head of a table: the names of its columns. */
export const headHtml = (names: readonly string[]): Html =>
  html`<thead>
    <tr>
      ${names.map((name) => html`<th scope="col">${name}</th>`)}
    </tr>
  </thead>`;
