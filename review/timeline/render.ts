/**
 * The persistence timeline in a page: picture, instructions, what may be left at one crash point, and the same as a table. All of it
 * can be read without scripts, at one crash point; the script of `assets.ts` lets the reader move it.
 */
import type { Timeline } from '#base/timeline.ts';
import { html, Html } from '../html-template.ts';
import { cardHtml } from './card.ts';
import {
  AXIS_HEIGHT,
  type Box,
  drawAxis,
  drawBody,
  drawHead,
  drawLabels,
  HEAD_HEIGHT,
  LABEL_WIDTH,
  MEANINGS,
  patternsOf,
} from './draw.ts';
import { firstPoint, modelOf, type TimelineModel } from './model.ts';
import { pack } from './pack.ts';
import { returnsTable } from './table.ts';
import { roadsHtml, traceHead, traceRows } from './trace.ts';
import { momentLine, traceWindow } from './moment.ts';
import { pointText } from './words.ts';
import { columnWidthFor, DRAWN_MAX, TRACE_MAX } from './sizes.ts';

/**
 * The timeline as HTML, for inside a page that has the style and the script of `timelineAssets`. `id` becomes the id of the
 * element and the prefix of all ids in it; `#id@18` in an address is crash point 18.
 */
export function renderTimeline(timeline: Timeline, id: string): Html {
  const model = modelOf(timeline, id);
  const point = firstPoint(model);
  const data = JSON.stringify(pack(timeline)).replaceAll('<', String.raw`\u003c`);
  return html`<div
    class="${timeline.frames.length === 0 ? 'tl tl-no-source' : 'tl'}"
    id="${id}"
    data-timeline
    data-point="${point}"
  >
    ${patternsOf(model)} ${barHtml(model, point)} ${pictureHtml(model, point)} ${legendHtml()}
    ${timeline.notes.map((note) => html`<p class="tl-note">${note}</p>`)}
    <div class="tl-panels">
      ${traceHtml(model, point)}
      <div class="tl-cards">
        ${timeline.sides.map((_, side) => html`<div class="tl-card" data-card="${side}">${cardHtml(model, side, point)}</div>`)}
        <div data-roads>${roadsHtml(model, point)}</div>
      </div>
    </div>
    <details class="tl-table">
      <summary>The same as text: at each return</summary>
      <div class="tl-wide" role="region" tabindex="0" aria-label="What may be lost at each return, ${id}">
        ${returnsTable(model)}
      </div>
    </details>
    <script type="application/json" data-packed>
      ${new Html(data)}
    </script>
  </div>`;
}

function button(action: string, sign: string, name: string): Html {
  return html`<button type="button" class="tl-js" data-move="${action}" aria-label="${name}" title="${name}">
    ${sign}
  </button>`;
}

function barHtml(model: TimelineModel, point: number): Html {
  return html`<div class="tl-bar-row">
    <span class="tl-js tl-buttons">
      ${button('previous-return', '|◀', 'to the previous return')}
      ${button('previous', '◀', 'one instruction back')} ${button('next', '▶', 'one instruction on')}
      ${button('next-return', '▶|', 'to the next return')} ${button('narrower', '−', 'narrower columns')}
      ${button('wider', '+', 'wider columns')}
      <button
        type="button"
        class="tl-js"
        data-move="lines"
        aria-pressed="false"
        title="one row a cache line: the worst that holds for any byte of it"
      >
        lines
      </button>
      ${
        model.sides.length > 1
          ? html`<button type="button" class="tl-js" data-move="differing" aria-pressed="false">
              only rows that differ
            </button>`
          : ''
      }
    </span>
    <output class="tl-moment" aria-live="off">${momentLine(model, point)}</output>
    <a class="tl-js" data-permalink href="#${model.id}@${point}">link to this instant</a>
  </div>`;
}

function pictureHtml(model: TimelineModel, point: number): Html {
  const { timeline, sides } = model;
  const count = timeline.columns.length;
  const columnWidth = columnWidthFor(count);
  const width = count * columnWidth;
  const seen = (height: number): Box => ({
    x: 0,
    y: 0,
    width: Math.min(width, DRAWN_MAX.width),
    height: Math.min(height, DRAWN_MAX.height),
  });
  const names = timeline.sides.map(({ name }) => name).join(' above ');
  return html`<div
    class="tl-scroll"
    tabindex="0"
    role="region"
    aria-label="Persistence timeline of ${names}: every stored byte after each of ${count} instructions. The table below says the same (${model.id})."
  >
    <div class="tl-canvas" style="width:${width + LABEL_WIDTH}px">
      <div class="tl-row tl-axis" style="height:${AXIS_HEIGHT}px">
        <div class="tl-label"></div>
        <div class="tl-plot" data-draw="axis">${drawAxis(model, columnWidth, seen(AXIS_HEIGHT))}</div>
      </div>
      ${sides.map(
        ({ history, height }, side) =>
          html`<div class="tl-row tl-head" style="height:${HEAD_HEIGHT}px">
              <div class="tl-label"><b>${history.side.name}</b></div>
              <div class="tl-plot" data-draw="head" data-side="${side}">
                ${drawHead(model, side, columnWidth, seen(HEAD_HEIGHT))}
              </div>
            </div>
            <div class="tl-row tl-body" style="height:${height}px">
              <div class="tl-label" data-draw="labels" data-side="${side}">
                ${drawLabels(model, side, { ...seen(height), width: LABEL_WIDTH })}
              </div>
              <div class="tl-plot" data-draw="body" data-side="${side}">
                ${drawBody(model, side, columnWidth, seen(height))}
              </div>
            </div>`,
      )}
      <div class="tl-over" style="width:${width}px">
        <div class="tl-veil">
          <div class="tl-future" style="transform:translateX(${point * columnWidth}px)"></div>
        </div>
        <div class="tl-cursor" style="transform:translateX(${point * columnWidth}px)">
          <div
            class="tl-thumb"
            role="slider"
            tabindex="0"
            aria-label="Crash point"
            aria-orientation="horizontal"
            aria-valuemin="0"
            aria-valuemax="${count}"
            aria-valuenow="${point}"
            aria-valuetext="${pointText(model, point)}"
          >
            <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" focusable="false">
              <path d="M9 1L3 9h4l-1 6 6-8H8z" />
            </svg>
          </div>
        </div>
      </div>
    </div>
  </div>`;
}

function legendHtml(): Html {
  const kinds = [
    ['c', MEANINGS.c],
    ['w', MEANINGS.w],
    ['p', MEANINGS.p],
    ['l', MEANINGS.L],
  ] as const;
  return html`<ul class="tl-legend">
    ${kinds.map(([kind, meaning]) => html`<li><span class="tl-swatch tl-s${kind}" aria-hidden="true"></span>${meaning}</li>`)}
    <li><span class="tl-swatch tl-solid" aria-hidden="true"></span>returned with a promise</li>
    <li><span class="tl-swatch tl-dashed" aria-hidden="true"></span>returned without one</li>
  </ul>`;
}

function traceHtml(model: TimelineModel, point: number): Html {
  const count = model.timeline.columns.length;
  const [from, to] = count <= TRACE_MAX ? [0, count] : traceWindow(count, point);
  return html`<div
    class="tl-trace"
    tabindex="0"
    role="region"
    aria-label="Instructions of both sides, aligned, ${model.id}"
  >
    <table>
      <thead>
        ${traceHead(model)}
      </thead>
      <tbody>
        ${traceRows(model, from, to, point)}
      </tbody>
    </table>
  </div>`;
}
