/** The map of step by check: a sign, a word and a colour in every cell. */
import { html, type Html } from '../html-template.ts';
import type { MatrixCell } from '../model.ts';
import { stepAddress } from './anchors.ts';
import type { Book } from './model.ts';
import { boxHtml } from './parts.ts';

const CELLS: Readonly<Record<MatrixCell['outcome'], { sign: string; word: string; kind: string }>> = {
  ok: { sign: '✓', word: 'kept', kind: 'same' },
  declared: { sign: '≈', word: 'declared', kind: 'declared' },
  fails: { sign: '✗', word: 'fails', kind: 'fails' },
  none: { sign: '·', word: 'not read', kind: 'quiet' },
};

export function mapHtml({ matrix: { checks, rows } }: Book): Html {
  return boxHtml(
    {
      id: 'cover-map',
      title: 'Map: step by check',
      sub: '= same as the step before, ≈ differs as declared, ✓ kept, ✗ fails',
    },
    html`<div class="scroll body" tabindex="0" role="region" aria-label="map of step by check">
      <table class="map">
        <thead>
          <tr>
            <th scope="col">step</th>
            ${checks.map((check) => html`<th scope="col">${check}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ step, subject, cells }) =>
              html`<tr>
                <th scope="row"><a href="#${stepAddress(step)}">${step}</a> ${subject}</th>
                ${cells.map((cell) => html`<td>${cellHtml(cell)}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`,
  );
}

function cellHtml({ outcome, note }: MatrixCell): Html {
  const { sign, word, kind } = CELLS[outcome];
  const isSame = note === '=';
  const count = /^(\d+) declared$/.exec(note ?? '')?.[1];
  if (count !== undefined)
    return html`<span class="cell ${kind}"
      ><i aria-hidden="true">${sign}</i> ${count}<span class="vh"> declared</span></span
    >`;
  return html`<span class="cell ${kind}"
    ><i aria-hidden="true">${isSame ? '=' : sign}</i> ${isSame ? 'same' : (note ?? word)}</span
  >`;
}
