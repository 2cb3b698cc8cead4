/** What a step changes as HTML: its diff, a fold for each file, its exports and its callers. */
import { counted } from './evidence-groups.ts';
import { html, type Html } from './html-template.ts';
import type { ApiDelta, CallerMoved, DiffFile, DiffLine } from './model.ts';
import { signatureChange } from './signature-change.ts';

/** A diff, file by file, folded, so that a large one does not choke the browser. */
export function diffHtml(files: readonly DiffFile[]): Html {
  return html`${files.map(fileHtml)}`;
}

function fileHtml({ file, status, hunks }: DiffFile): Html {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const count = (kind: DiffLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  const moved = lines.filter((line) => line.moved).length;
  const notes = [
    `+${count('+')} -${count('-')}`,
    ...(status === 'changed' ? [] : [status]),
    ...(moved === 0 ? [] : [`${counted(moved, 'line')} only moved`]),
  ];
  return html`<details>
    <summary><code>${file}</code> <span class="quiet">${notes.join(', ')}</span></summary>
    <pre class="diff">
${hunks.map((hunk) => html`<span class="hunk">${`${hunk.header}\n`}</span>${hunk.lines.map(lineHtml)}`)}</pre>
  </details>`;
}

function lineHtml({ kind, text, moved }: DiffLine): Html {
  const name = moved ? 'moved' : kind === '+' ? 'added' : kind === '-' ? 'removed' : 'context';
  return html`<span class="${name}">${`${moved ? '~' : ' '}${kind}${text}\n`}</span>`;
}

/** The API delta as a table. */
export function apiHtml({ added, removed, moved, changed }: ApiDelta): Html {
  if (added.length + removed.length + moved.length + changed.length === 0)
    return html`<p>No export changes.</p>`;
  return html`<div class="scroll">
    <table>
      <tbody>
        ${added.map(({ symbol, signature }) => rowHtml('added', symbol, html`<code>${signature}</code>`))}
        ${removed.map(({ symbol, signature }) => rowHtml('removed', symbol, html`<code>${signature}</code>`))}
        ${moved.map(({ from, to }) => rowHtml('moved', from, html`to <code>${to}</code>`))}
        ${changed.map(({ symbol, before, after }) => rowHtml('changed', symbol, changeHtml(before, after)))}
      </tbody>
    </table>
  </div>`;
}

function rowHtml(what: string, symbol: string, detail: Html): Html {
  return html`<tr>
    <th scope="row">${what}</th>
    <td><code>${symbol}</code></td>
    <td>${detail}</td>
  </tr> `;
}

function changeHtml(before: string, after: string): Html {
  const change = signatureChange(before, after);
  return html`${change.removed.map((text) => html`<del>${text}</del>`)}
  ${change.added.map((text) => html`<ins>${text}</ins>`)}`;
}

/** Callers that call something else, as a table. */
export function callersHtml(callers: readonly CallerMoved[]): Html {
  if (callers.length === 0) return html`<p>No function calls anything else.</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">caller</th>
          <th scope="col">called</th>
          <th scope="col">calls</th>
          <th scope="col">at</th>
        </tr>
      </thead>
      <tbody>
        ${callers.map(
          ({ place, caller, from, to }) =>
            html`<tr>
              <td><code>${caller}</code></td>
              <td>${symbolHtml(from)}</td>
              <td>${symbolHtml(to)}</td>
              <td><code>${place}</code></td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function symbolHtml(symbol: string): Html {
  return symbol === '' ? html`<span class="quiet">nothing</span>` : html`<code>${symbol}</code>`;
}
