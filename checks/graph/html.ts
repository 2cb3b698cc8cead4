/**
 * A picture as one HTML file that needs no network: a matrix of groups, a cell of which shows its imports, and a list of
 * groups, each of which shows its arrows. Names reach the page as data only, never as markup.
 */
import { escape } from 'html-escaper';
import type { GroupOf, Picture } from './groups.ts';
import { IMPORT_KINDS, type ImportLine } from './imports.ts';

export interface Page {
  readonly title: string;
  readonly picture: Picture;
  readonly imports: readonly ImportLine[];
  readonly groupOf: GroupOf;
}

export function htmlOf({ title, picture, imports, groupOf }: Page): string {
  const names = [...new Set(imports.flatMap(({ from, to }) => [from, to]))].sort();
  const nameIndex = new Map(names.map((name, index) => [name, index]));
  const nodeIndex = new Map(picture.nodes.map((name, index) => [name, index]));
  const rows = imports.flatMap((line) => {
    const from = nodeIndex.get(groupOf(line.from, false) ?? '');
    const to = nodeIndex.get(groupOf(line.to, line.isPackage) ?? '');
    if (from === undefined || to === undefined || (from === to && line.breaks.length === 0)) return [];
    const place = [
      nameIndex.get(line.from),
      line.line,
      nameIndex.get(line.to),
      IMPORT_KINDS.indexOf(line.kind),
    ];
    return [[from, to, ...place, line.breaks.join(' ')]];
  });
  const data = { nodes: picture.nodes, arrows: picture.arrows, names, kinds: IMPORT_KINDS, rows };
  // No text of a project can end the element: "<" is written as an escape of JSON.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<style>${STYLE}</style></head><body>
<h1>${escape(title)}</h1>
<p>Rows import columns. Numbers are imports; red ones break a rule. Click a number for its imports, a name for its arrows.</p>
<div id="matrix"></div><h2 id="what"></h2><ul id="list"></ul>
<script type="application/json" id="data">${json}</script>
<script>${SCRIPT}</script>
</body></html>
`;
}

const STYLE = `body{font:14px system-ui,sans-serif;margin:2em}table{border-collapse:collapse}
td,th{border:1px solid #8884;padding:2px 6px;text-align:right}th{font-weight:normal;cursor:pointer;white-space:nowrap}
thead th{writing-mode:vertical-rl;text-align:left}td[data-n]{cursor:pointer}.broken{color:#fff;background:#c00}
.self{background:#8882}#list{font-family:ui-monospace,monospace;padding-left:1em}`;

const SCRIPT = `
const data = JSON.parse(document.getElementById('data').textContent);
const make = (tag, text, parent) => { const e = document.createElement(tag); if (text !== '') e.textContent = text; parent.append(e); return e; };
const show = (title, lines) => {
  document.getElementById('what').textContent = title;
  const list = document.getElementById('list'); list.replaceChildren();
  for (const [text, broken] of lines) { const item = make('li', text, list); if (broken) item.className = 'broken'; }
};
const importsOf = (from, to) => data.rows.filter((r) => r[0] === from && r[1] === to).map((r) =>
  [data.names[r[2]] + ':' + r[3] + '  ' + data.names[r[4]] + '  (' + data.kinds[r[5]] + ')' + (r[6] ? '  breaks ' + r[6] : ''), r[6] !== '']);
const arrowsOf = (name) => data.arrows.filter((a) => a.from === name || a.to === name).map((a) =>
  [a.from + ' -> ' + a.to + '  ' + a.count + (a.breaks.length ? '  breaks ' + a.breaks.join(', ') : ''), a.breaks.length > 0]);
const at = new Map(data.arrows.map((a) => [a.from + '\\u0000' + a.to, a]));
const table = make('table', '', document.getElementById('matrix'));
const head = make('tr', '', make('thead', '', table)); make('th', '', head);
const name = (text, row) => { make('th', text, row).onclick = () => show(text, arrowsOf(text)); };
for (const node of data.nodes) name(node, head);
const body = make('tbody', '', table);
data.nodes.forEach((from, i) => {
  const row = make('tr', '', body); name(from, row);
  data.nodes.forEach((to, j) => {
    const arrow = at.get(from + '\\u0000' + to);
    const cell = make('td', arrow ? String(arrow.count) : '', row);
    if (i === j) cell.className = 'self';
    if (!arrow) return;
    cell.dataset.n = arrow.count;
    if (arrow.breaks.length) { cell.className = 'broken'; cell.title = 'breaks ' + arrow.breaks.join(', '); }
    cell.onclick = () => show(from + ' -> ' + to, importsOf(i, j));
  });
});
`;
