/**
 * The picture, piece by piece: each function draws the part of it that lies in a box, so that a long timeline is drawn where it
 * is looked at and nowhere else. The page's script and the server draw with the same code.
 */
import { html, type Html } from '../html-template.ts';
import { instructionAt, type TimelineModel } from './model.ts';
import { lastAtMost } from './history.ts';
import type { Band, Row, Track } from './tracks.ts';
import { columnLabel, hexOffset, hasPlaces } from './words.ts';

/** What is drawn, in pixels of the whole picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const AXIS_HEIGHT = 20;
export const HEAD_HEIGHT = 24;
export const LABEL_WIDTH = 132;

/** Letters of labels that fit beside the picture. */
const LABEL_LETTERS = 18;

/** Meanings of kinds, for tooltips and the legend. */
export const MEANINGS = {
  p: 'durable',
  w: 'in flight: past the cache or written back, not fenced',
  c: 'volatile: in a cache',
  L: 'promised, yet may be lost',
} as const;

const KINDS = { p: 'p', w: 'w', c: 'c', L: 'l' } as const;

/** The bars of operations above the columns. */
export function drawAxis(
  { timeline: { columns, operations } }: TimelineModel,
  columnWidth: number,
  box: Box,
): Html {
  const [first, last] = columnsIn(columns.length, columnWidth, box);
  const bars: Html[] = [];
  for (let from = first; from < last;) {
    const operation = columns[from]?.operation ?? 0;
    let to = from;
    while (to < last && columns[to]?.operation === operation) to++;
    // A bar that begins further left has its name where it is seen.
    const { text = '' } = operations[operation] ?? {};
    const letters = Math.floor(((to - from) * columnWidth - 10) / 7);
    bars.push(
      html`<rect
          class="tl-bar"
          x="${from * columnWidth + 1}"
          y="1"
          width="${Math.max(1, (to - from) * columnWidth - 2)}"
          height="18"
          rx="3"
        /><text class="tl-op" x="${from * columnWidth + 6}" y="14"
          >${letters < 2 ? '' : text.length > letters ? `${text.slice(0, letters - 1)}…` : text}<title>
            ${text}
          </title></text
        >`,
    );
    from = to;
  }
  return picture(box, bars);
}

/** The instructions of one side, above its rows. */
export function drawHead(model: TimelineModel, side: number, columnWidth: number, box: Box): Html {
  const { timeline } = model;
  const [first, last] = columnsIn(timeline.columns.length, columnWidth, box);
  const parts: Html[] = [];
  for (let column = first; column < last; column++) {
    const own = instructionAt(timeline, column, side);
    const isAlone =
      own !== undefined &&
      timeline.sides.length > 1 &&
      instructionAt(timeline, column, 1 - side) === undefined;
    if (own === undefined || isAlone)
      parts.push(
        html`<rect
          class="${own === undefined ? 'tl-gap' : 'tl-only'}"
          x="${column * columnWidth}"
          y="2"
          width="${columnWidth}"
          height="20"
        />`,
      );
    const text = own === undefined ? '·' : columnLabel(own, columnWidth);
    if (columnWidth >= LABELLED_FROM)
      parts.push(
        html`<text class="${isAlone ? 'tl-i tl-alone' : 'tl-i'}" x="${(column + 0.5) * columnWidth}" y="16"
          >${text}</text
        >`,
      );
  }
  return picture(box, parts);
}

/** Pixels of a column from which on instructions are named. */
const LABELLED_FROM = 9;

/** The addresses of the rows of one side. */
export function drawLabels(model: TimelineModel, side: number, box: Box): Html {
  const isNamed = hasPlaces(model.timeline);
  return picture(
    box,
    rowsIn(model, side, box).map((row) => {
      const { place = '', name } = model.timeline.words[row.word] ?? {};
      const address = name ?? hexOffset(row.offset);
      const room = LABEL_LETTERS - address.length - 1;
      const shown = place.length > room ? `…${place.slice(1 - room)}` : place;
      return html`<text x="8" y="${row.top + row.height / 2 + 4}"
        >${isNamed ? `${shown} ` : ''}${address}<title>
          ${place} ${address}, ${row.sizeBytes} bytes
        </title></text
      >`;
    }),
  );
}

/** The bands of one side. */
export function drawBody(model: TimelineModel, side: number, columnWidth: number, box: Box): Html {
  const count = model.timeline.columns.length;
  const parts: Html[] = [];
  const rows = rowsIn(model, side, box);
  for (const row of rows) {
    const style = row.isLineStart ? 'tl-line' : 'tl-grid';
    parts.push(
      html`<line class="${style}" x1="${box.x}" x2="${box.x + box.width}" y1="${row.top}" y2="${row.top}" />`,
    );
    const height = row.tracks.length > 1 ? row.height / row.tracks.length : row.height;
    for (const [index, track] of row.tracks.entries())
      parts.push(
        ...drawTrack(
          model,
          row,
          track,
          { ...box, y: row.top + 1.5 + index * height, height: height - (row.tracks.length > 1 ? 1 : 0) },
          columnWidth,
          count,
        ),
      );
  }
  parts.push(...drawReturns(model, side, columnWidth, box));
  return picture(box, parts);
}

function* drawTrack(
  model: TimelineModel,
  { word, offset, sizeBytes }: Row,
  { from, to, bands }: Track,
  box: Box,
  columnWidth: number,
  columnCount: number,
): Generator<Html> {
  const xOf = (band: Band | undefined): number =>
    band === undefined ? columnCount * columnWidth : (band.column + 0.5) * columnWidth;
  const columns = bands.map(({ column }) => column);
  const first = Math.max(0, lastAtMost(columns, box.x / columnWidth - 1));
  const range =
    from === to ? hexOffset(offset + from) : `${hexOffset(offset + from)}–${hexOffset(offset + to)}`;
  const bytes = sizeBytes > 8 ? `a byte of ${range}` : range;
  for (let index = first; index < bands.length; index++) {
    const band = bands[index];
    if (band === undefined || xOf(band) > box.x + box.width) return;
    if (band.kind === '.') continue;
    const [start, end] = [
      Math.max(xOf(band), box.x - 1),
      Math.min(xOf(bands[index + 1]), box.x + box.width + 1),
    ];
    if (end <= start) continue;
    yield html`<rect
      class="tl-k${KINDS[band.kind]}"
      fill="url(#${model.id}-k${KINDS[band.kind]})"
      data-bytes="${word} ${from} ${to}"
      x="${start}"
      y="${box.y}"
      width="${end - start}"
      height="${box.height}"
      ><title>${bytes}: ${MEANINGS[band.kind]}</title></rect
    >`;
  }
}

/** Returns of operations, solid where they promise, and power failures. */
function drawReturns(model: TimelineModel, side: number, columnWidth: number, box: Box): Html[] {
  const { timeline } = model;
  const [first, last] = columnsIn(timeline.columns.length, columnWidth, box);
  const lines: Html[] = [];
  for (let column = first; column < last; column++) {
    const own = instructionAt(timeline, column, side);
    if (own?.kind !== 'return' && own?.kind !== 'power failure') continue;
    const { isPromise = false } = timeline.operations[timeline.columns[column]?.operation ?? -1] ?? {};
    const style = own.kind === 'power failure' ? 'tl-fail' : isPromise ? 'tl-promise' : 'tl-return';
    const x = (column + 0.5) * columnWidth;
    lines.push(html`<line class="${style}" x1="${x}" x2="${x}" y1="${box.y}" y2="${box.y + box.height}" />`);
  }
  return lines;
}

/** The columns that a box shows: from, and up to before. */
function columnsIn(count: number, columnWidth: number, { x, width }: Box): [number, number] {
  return [Math.max(0, Math.floor(x / columnWidth)), Math.min(count, Math.ceil((x + width) / columnWidth))];
}

function rowsIn(model: TimelineModel, side: number, { y, height }: Box): readonly Row[] {
  const { rows } = model.sides[side] ?? { rows: [] };
  const tops = rows.map(({ top }) => top);
  const first = Math.max(0, lastAtMost(tops, y));
  return rows.slice(first, lastAtMost(tops, y + height) + 1);
}

function picture({ x, y, width, height }: Box, parts: readonly Html[]): Html {
  return html`<svg
    aria-hidden="true"
    focusable="false"
    width="${width}"
    height="${height}"
    viewBox="${x} ${y} ${width} ${height}"
    style="left:${x}px;top:${y}px"
  >
    ${parts}
  </svg>`;
}

/** The hatchings of kinds, which bands refer to. */
export function patternsOf({ id }: TimelineModel): Html {
  return html`<svg class="tl-patterns" width="0" height="0" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="${id}-kp" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="tl-fp" width="6" height="6" />
      </pattern>
      <pattern id="${id}-kw" width="4" height="4" patternUnits="userSpaceOnUse">
        <rect class="tl-fw" width="4" height="4" />
        <rect class="tl-light" width="4" height="1" y="1" />
      </pattern>
      <pattern id="${id}-kc" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="tl-fc" width="6" height="6" />
        <rect class="tl-light" width="1.5" height="6" />
      </pattern>
      <pattern id="${id}-kl" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="tl-fl" width="6" height="6" />
        <path class="tl-cross" d="M0 0L6 6M6 0L0 6" />
      </pattern>
    </defs>
  </svg>`;
}
