/** Callers of what the series takes away, step by step, as a chart; the same as a table for whoever cannot see it. */
import type { CallerTrend } from '../caller-counts.ts';
import { html, type Html } from '../html-template.ts';
import type { Book } from './model.ts';
import { boxHtml } from './parts.ts';

/** Pixels of a row, of the space for names, and of the whole width. */
const ROW = 44;
const LABEL = 150;
const WIDTH = 960;
/** Height of the highest step in a row. */
const RISE = 24;

export function trendsHtml({ trends }: Book): Html | '' {
  const [first] = trends;
  if (first === undefined) return '';
  const trees = first.counts.length;
  const highest = Math.max(1, ...trends.flatMap(({ counts }) => counts.map((count) => count ?? 0)));
  const column = (WIDTH - LABEL) / trees;
  const height = 24 + ROW * trends.length;
  return boxHtml(
    {
      id: 'cover-callers',
      title: 'Callers of what the series takes away',
      sub: 'calls in each tree, falling to none',
    },
    html`<div class="scroll body" tabindex="0" role="region" aria-label="callers over the series">
        <svg
          class="chart"
          viewBox="0 0 ${WIDTH} ${height}"
          width="${WIDTH}"
          height="${height}"
          role="img"
          aria-labelledby="chart-title"
        >
          <title id="chart-title">${trends.map(trendText).join('; ')}</title>
          ${columnsOf(trees).map((name, index) => html`<text x="${LABEL + column * (index + 0.5)}" y="14" text-anchor="middle">${name}</text>`)}
          ${trends.map((trend, index) => rowHtml(trend, { top: 24 + ROW * index, column, highest }))}
        </svg>
      </div>
      <details class="body">
        <summary>The same as a table</summary>
        ${tableHtml(trends)}
      </details>`,
  );
}

const columnsOf = (trees: number): string[] =>
  Array.from({ length: trees }, (_, tree) => (tree === 0 ? 'before' : String(tree)));

function trendText({ name, counts }: CallerTrend): string {
  return `${name}: ${counts.map((count) => count ?? 'gone').join(', ')}`;
}

interface Place {
  readonly top: number;
  readonly column: number;
  readonly highest: number;
}

function rowHtml({ name, counts }: CallerTrend, { top, column, highest }: Place): Html {
  const floor = top + ROW - 8;
  const yOf = (count: number): number => floor - (count / highest) * RISE;
  const there = counts.findLastIndex((count) => count !== null) + 1;
  const shown = counts.slice(0, there).map((count) => count ?? 0);
  const line = shown
    .map(
      (count, tree) =>
        `${tree === 0 ? 'M' : 'V'}${tree === 0 ? `${LABEL} ${yOf(count)}` : yOf(count)}H${LABEL + column * (tree + 1)}`,
    )
    .join('');
  const changes = shown.flatMap((count, tree) => (count === shown[tree - 1] ? [] : [{ count, tree }]));
  const gone = there < counts.length;
  return html`<text class="name" x="0" y="${floor - 2}">${name}</text>
    <line class="grid" x1="${LABEL}" y1="${floor}" x2="${WIDTH}" y2="${floor}" />
    ${shown.length === 0 ? '' : html`<path class="area" d="${line}V${floor}H${LABEL}Z" /><path class="stair" d="${line}" />`}
    ${changes.map(({ count, tree }) => html`<text class="value" x="${LABEL + column * tree + 4}" y="${yOf(count) - 4}">${count}${count > (shown[tree - 1] ?? count) ? ' ↑' : ''}</text>`)}
    ${gone ? html`<text class="gone" x="${LABEL + column * there + 6}" y="${floor - 4}">✓ gone from step ${there}</text>` : ''}`;
}

function tableHtml(trends: readonly CallerTrend[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="callers over the series as a table">
    <table>
      <thead>
        <tr>
          <th scope="col">function</th>
          ${columnsOf(trends[0]?.counts.length ?? 0).map((name) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${trends.map(
          ({ name, counts }) =>
            html`<tr>
              <th scope="row"><code>${name}</code></th>
              ${counts.map((count) => html`<td class="number">${count ?? 'gone'}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
