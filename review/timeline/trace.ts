/** The instructions of both sides beside each other, as text; and who issued the ones at a crash point. */
import { html, type Html } from '../html-template.ts';
import { instructionAt, type TimelineModel } from './model.ts';
import { frameText } from './card.ts';
import { say } from './words.ts';

/** Rows `[from, to)` of the trace; where an operation begins it has a row of its own. `point`: the crash point, whose row is marked. */
export function traceRows(model: TimelineModel, from: number, to: number, point: number): Html {
  const { columns, operations, sides } = model.timeline;
  const rows: Html[] = [];
  for (let column = from; column < Math.min(to, columns.length); column++) {
    const operation = columns[column]?.operation ?? 0;
    if (column === from || columns[column - 1]?.operation !== operation)
      rows.push(
        html`<tr class="tl-oprow">
          <th scope="colgroup" colspan="${1 + 2 * sides.length}">${operations[operation]?.text ?? ''}</th>
        </tr>`,
      );
    const style = column + 1 === point ? 'tl-now' : column + 1 > point ? 'tl-later' : '';
    rows.push(
      html`<tr class="${style}" data-point="${column + 1}">
        <td class="tl-number">${column + 1}</td>
        ${sides.map((_, side) => cells(model, column, side))}
      </tr>`,
    );
  }
  return html`${rows}`;
}

function cells(model: TimelineModel, column: number, side: number): Html {
  const { timeline } = model;
  const own = instructionAt(timeline, column, side);
  if (own === undefined)
    return html`<td class="tl-none">not here</td>
      <td class="tl-source"></td>`;
  const isAlone = timeline.sides.length > 1 && instructionAt(timeline, column, 1 - side) === undefined;
  const [first] = own.stack;
  const frames = own.stack.map((frame) => timeline.frames[frame]);
  const issued =
    frames.find((frame) => frame?.file.startsWith('kernel/') === false) ?? timeline.frames[first ?? -1];
  return html`<td class="${isAlone ? 'tl-alone' : ''}">${say(own)}</td>
    <td class="tl-source">${issued === undefined ? '' : frameText(issued).replace(/^.*, /, '')}</td>`;
}

/** The head of the trace. */
export function traceHead({ timeline: { sides } }: TimelineModel): Html {
  return html`<tr>
    <th scope="col">#</th>
    ${sides.map(
      ({ name }) =>
        html`<th scope="col">${name}</th>
          <th scope="col" class="tl-source">issued at</th>`,
    )}
  </tr>`;
}

/** Who issued the instruction before a crash point on each side, innermost first; once where both came the same way. */
export function roadsHtml(model: TimelineModel, point: number): Html {
  const { timeline } = model;
  const roads = timeline.sides.map(({ name }, side) => {
    const own = instructionAt(timeline, point - 1, side);
    const frames = (own?.stack ?? []).map((frame) => timeline.frames[frame]);
    return { name, text: say(own), frames };
  });
  const shown = roads.filter(({ frames }) => frames.length > 0);
  const isSame =
    shown.length > 1 &&
    shown.every((road) => JSON.stringify(road.frames) === JSON.stringify(shown[0]?.frames));
  return html`${(isSame ? shown.slice(0, 1) : shown).map(
    ({ name, text, frames }) =>
      html`<p class="tl-note">
          ${isSame || timeline.sides.length === 1 ? '' : `${name}: `}${text}, issued from
        </p>
        <ol class="tl-road">
          ${frames.map((frame) => html`<li data-place="${frame?.file ?? ''}:${frame?.line ?? 0}">${frameText(frame)}</li> `)}
        </ol>`,
  )}`;
}
