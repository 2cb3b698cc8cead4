/** The list of keys, which `?` opens. */
import { html, type Html } from '../html-template.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['j k', 'next, previous step'],
  ['n p', 'next, previous failure of the book'],
  ['g', 'cover'],
  ['/', 'search; ↑ ↓ Enter Esc in what is found'],
  ['x', 'mark the step as reviewed, or take the mark away'],
  ['f c t d m', 'failures, claims, timeline, diff, reply'],
  ['w', 'next workload on the timeline'],
  ['[ ]', 'crash point one instruction back, on'],
  ['{ }', 'to the previous, next return'],
  ['← → Home End', 'the same, with the focus on the crash point'],
  ['s', 'diff side by side or in one column'],
  ['h', 'fold mechanical lines, or show them'],
  ['e', 'fold or open all files'],
  ['?', 'this list'],
];

export function helpHtml(): Html {
  return html`<dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title">Keys</h2>
    <table>
      <tbody>
        ${KEYS.map(
          ([keys, text]) =>
            html`<tr>
              <th scope="row">${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</th>
              <td>${text}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    <p>¶ beside something is its address. Marks and notes stay in this browser; nothing is sent anywhere.</p>
    <form method="dialog"><button>close</button></form>
  </dialog>`;
}
