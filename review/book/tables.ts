/** The tables of a step: who calls what instead, what it exports, what it costs. Callees lead to their lines in the diff. */
import { costChange, type CostRow, costRows } from '../evidence-groups.ts';
import { html, type Html } from '../html-template.ts';
import type { CallerMoved, StepReview } from '../model.ts';
import { signatureChange } from '../signature-change.ts';
import { lineAddress, partAddress } from './anchors.ts';
import { boxHtml, headHtml } from './parts.ts';

export function callersHtml({ step, callers, diff }: StepReview): Html | '' {
  if (callers === undefined) return '';
  const files = new Set(diff.map(({ file }) => file));
  const box = { id: partAddress(step, 'callers'), title: 'Who calls what instead' };
  if (callers.length === 0) return boxHtml(box, html`<p class="body">No function calls anything else.</p>`);
  return boxHtml(
    box,
    html`<div class="scroll body" tabindex="0" role="region" aria-label="callers of step ${step}">
      <table>
        ${headHtml(['caller', 'called', 'calls', 'at'])}
        <tbody>
          ${callers.map(
            ({ caller, from, to, place }) =>
              html`<tr>
                <td>${symbolHtml(caller)}</td>
                <td>${symbolHtml(from)}</td>
                <td>${placeLink(step, place, files, symbolHtml(to))}</td>
                <td>${placeLink(step, place, files, html`<code>${place}</code>`)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`,
  );
}

/** A link to the line of a place, where its file is in the diff of the step. */
export function placeLink(
  step: number,
  place: CallerMoved['place'],
  files: ReadonlySet<string>,
  text: Html,
): Html {
  const [, file = '', line = ''] = /^(.*):(\d+)$/.exec(place) ?? [];
  return files.has(file) ? html`<a href="#${lineAddress(step, file, Number(line))}">${text}</a>` : text;
}

/** A symbol: its name, and its file smaller. */
function symbolHtml(symbol: string): Html {
  if (symbol === '') return html`<span class="quiet">nothing</span>`;
  const at = symbol.indexOf('#');
  if (at < 0) return html`<code>${symbol}</code>`;
  return html`<code>${symbol.slice(at + 1)}</code> <span class="quiet">${symbol.slice(0, at)}</span>`;
}

export function exportsHtml({ step, api }: StepReview): Html | '' {
  if (api === undefined) return '';
  const { added, removed, moved, changed } = api;
  const box = { id: partAddress(step, 'exports'), title: 'Exports' };
  const count = added.length + removed.length + moved.length + changed.length;
  if (count === 0) return boxHtml(box, html`<p class="body">No export changes.</p>`);
  return boxHtml(
    box,
    html`<div class="scroll body" tabindex="0" role="region" aria-label="exports of step ${step}">
      <table>
        <tbody>
          ${added.map(({ symbol, signature }) => exportHtml('added', symbol, html`<code>${signature}</code>`))}
          ${removed.map(({ symbol, signature }) => exportHtml('removed', symbol, html`<code>${signature}</code>`))}
          ${moved.map(({ from, to }) => exportHtml('moved', from, html`to ${symbolHtml(to)}`))}
          ${changed.map(({ symbol, before, after }) => {
            const change = signatureChange(before, after);
            return exportHtml(
              'changed',
              symbol,
              html`${change.removed.map((text) => html`<del>${text}</del> `)}${change.added.map((text) => html`<ins>${text}</ins> `)}`,
            );
          })}
        </tbody>
      </table>
    </div>`,
  );
}

export function costHtml(review: StepReview): Html {
  return boxHtml(
    { id: partAddress(review.step, 'cost'), title: 'Cost', sub: 'instructions of all scenarios together' },
    html`<div class="scroll body" tabindex="0" role="region" aria-label="cost of step ${review.step}">
      <table>
        <thead>
          <tr>
            <th scope="col">instruction</th>
            <th scope="col" class="number">before</th>
            <th scope="col" class="number">after</th>
            <th scope="col" class="number">change</th>
          </tr>
        </thead>
        <tbody>
          ${costRows(review).map(
            (row) =>
              html`<tr>
                <th scope="row">${row.name}</th>
                <td class="number">${grouped(row.before)}</td>
                <td class="number">${grouped(row.after)}</td>
                <td class="number">${costChange(row)}${percentOf(row)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`,
  );
}

/** `1,091,839`. */
const grouped = (count: number): string => count.toLocaleString('en');

function percentOf({ before, after }: CostRow): string {
  if (before === 0 || before === after) return '';
  return ` (${((100 * (after - before)) / before).toFixed(2)} %)`;
}

function exportHtml(what: string, symbol: string, detail: Html): Html {
  return html`<tr>
    <th scope="row">${what}</th>
    <td>${symbolHtml(symbol)}</td>
    <td>${detail}</td>
  </tr> `;
}
