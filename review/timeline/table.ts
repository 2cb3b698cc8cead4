/** The same as text: at each return, what each side may lose. For those who do not see the picture, and for paper. */
import { html, type Html } from '../html-template.ts';
import type { SideHistory } from './history.ts';
import { imagesAt, operationAt, type TimelineModel } from './model.ts';
import { hexOffset, imagesText } from './words.ts';

/** Returns that are listed; more are counted. */
const RETURNS_MAX = 200;

/** A table with a row a return. */
export function returnsTable(model: TimelineModel): Html {
  const { timeline, returns } = model;
  const hidden = returns.length - RETURNS_MAX;
  return html`<table>
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">once this has returned</th>
          ${timeline.sides.map(
            ({ name }) =>
              html`<th scope="col">${name} may leave</th>
                <th scope="col">${name} may lose</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${returns.slice(0, RETURNS_MAX).map(
          (point) =>
            html`<tr>
              <td>${point}</td>
              <th scope="row">${operationAt(model, point)}${promiseText(model, point)}</th>
              ${model.sides.map(
                ({ history }, side) =>
                  html`<td>${imagesText(imagesAt(model, side, point))}</td>
                    <td>${undecidedText(model, history, history.instantAt[point] ?? 0)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
    ${hidden > 0 ? html`<p>and ${hidden} more returns</p>` : ''}`;
}

function promiseText({ timeline }: TimelineModel, point: number): string {
  const operation = timeline.operations[timeline.columns[point - 1]?.operation ?? -1];
  return operation?.isPromise === true ? ' (promises durability)' : '';
}

/** Stretches of bytes that are named. */
const STRETCHES_MAX = 6;

/** The bytes that may be lost, as stretches: `0x0000–0x0007 (promised)`; `nothing`. */
function undecidedText({ timeline }: TimelineModel, history: SideHistory, instant: number): string {
  const stretches: { place: string; from: number; to: number; isLost: boolean }[] = [];
  for (const word of history.words) {
    const { place = '', offset = 0 } = timeline.words[word] ?? {};
    for (const [byte, kind] of [...history.kindsAt(word, instant)].entries()) {
      if (kind === 'p' || kind === '.') continue;
      const [at, isLost, last] = [offset + byte, kind === 'L', stretches.at(-1)];
      if (last?.place === place && last.to === at - 1 && last.isLost === isLost) last.to = at;
      else stretches.push({ place, from: at, to: at, isLost });
    }
  }
  const texts = stretches
    .slice(0, STRETCHES_MAX)
    .map(
      ({ place, from, to, isLost }) =>
        `${place} ${from === to ? hexOffset(from) : `${hexOffset(from)}–${hexOffset(to)}`}${isLost ? ' (promised)' : ''}`,
    );
  const more = stretches.length - STRETCHES_MAX;
  return texts.length === 0
    ? 'nothing'
    : `${texts.join(', ')}${more > 0 ? `, and ${more} more stretches` : ''}`;
}
