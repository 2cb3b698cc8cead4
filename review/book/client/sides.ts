/** A file's diff side by side: made from its rows in one column, which stay in the page, since links, search and quotes are of them. */
import { all, one } from './page.ts';
import { addFolds } from './folds.ts';
import { doNow, whenSeen } from './when-seen.ts';

/** A row side by side: what it is made of. A header has the same on both sides. */
interface Pair {
  readonly left: HTMLTableRowElement | undefined;
  readonly right: HTMLTableRowElement | undefined;
}

/** Pairs of one table. */
const PART_PAIRS = 200;

/** Where a row in one column stands side by side: the part, and the row in it. */
const places = new WeakMap<Element, { readonly part: HTMLElement; readonly index: number }>();

/** The rows of a file in one column. */
export const rowsOf = (file: HTMLElement): HTMLTableRowElement[] =>
  all<HTMLTableRowElement>('.lines:not(.pairs) tr:not(.fold)', file);

/** What is shown in place of a row in one column where its file is side by side; the row itself where it is not. */
export function shownRow(row: HTMLElement): HTMLElement {
  const place = places.get(row);
  if (place === undefined || row.closest('.file.paired') === null) return row;
  doNow(place.part);
  return all('tr:not(.fold)', place.part)[place.index] ?? row;
}

/** Shows a file side by side, or in one column. */
export function setSides(file: HTMLElement, isSides: boolean): void {
  if (isSides && one('.pairs', file) === null) addParts(file);
  file.classList.toggle('paired', isSides);
}

function addParts(file: HTMLElement): void {
  const pairs = pairsOf(rowsOf(file));
  const isLong = one('.lines[style]', file) !== null;
  for (let from = 0; from < pairs.length; from += PART_PAIRS) {
    const own = pairs.slice(from, from + PART_PAIRS);
    const part = document.createElement('div');
    part.className = 'lines pairs';
    if (isLong) part.style.setProperty('--rows', String(own.length));
    for (const [at, { left, right }] of own.entries())
      // The first row of a table gives the widths of its columns.
      for (const row of [left, right]) if (row !== undefined) places.set(row, { part, index: at + 1 });
    file.append(part);
    whenSeen(part, () => part.append(tableOf(own, one('table', file)?.getAttribute('aria-label') ?? '')));
    if (!isLong) doNow(part);
  }
}

function pairsOf(rows: readonly HTMLTableRowElement[]): Pair[] {
  const pairs: Pair[] = [];
  for (let index = 0; index < rows.length;) {
    const start = index;
    while (rows[index]?.classList.contains('D') === true) index++;
    const removed = rows.slice(start, index);
    while (rows[index]?.classList.contains('A') === true) index++;
    const added = rows.slice(start + removed.length, index);
    for (let at = 0; at < Math.max(removed.length, added.length); at++)
      pairs.push({ left: removed[at], right: added[at] });
    const row = rows[index];
    if (index === start && row !== undefined) pairs.push({ left: row, right: rows[index++] });
  }
  return pairs;
}

function tableOf(pairs: readonly Pair[], label: string): HTMLTableElement {
  const table = document.createElement('table');
  table.className = 'diff two';
  table.setAttribute('aria-label', label);
  const body = table.createTBody();
  body.append(rowOf(undefined, undefined));
  for (const { left, right } of pairs)
    body.append(left?.classList.contains('h') === true ? headOf(left) : rowOf(left, right));
  addFolds(body);
  return table;
}

function headOf(row: HTMLTableRowElement): HTMLElement {
  const head = row.cloneNode(true) as HTMLTableRowElement;
  head.removeAttribute('id');
  for (const cell of head.cells) cell.colSpan = 6;
  return head;
}

function rowOf(
  left: HTMLTableRowElement | undefined,
  right: HTMLTableRowElement | undefined,
): HTMLTableRowElement {
  const row = document.createElement('tr');
  for (const [side, from] of [left, right].entries()) {
    for (const column of [side, 2, 3]) row.append(cellOf(from, column));
    const remark = from?.cells[4];
    if (remark !== undefined && (from?.classList.contains('u') === true || one('a', remark) !== null))
      row.cells[side * 3 + 2]?.prepend(remarkOf(remark));
  }
  const sides = [left, right].filter((one) => one !== undefined);
  if (sides.length > 0 && sides.every(({ classList }) => classList.contains('q'))) row.className = 'q';
  return row;
}

function remarkOf(cell: HTMLElement): HTMLElement {
  const remark = document.createElement('span');
  remark.className = 'remark';
  remark.append(...cell.cloneNode(true).childNodes);
  return remark;
}

function cellOf(from: HTMLTableRowElement | undefined, column: number): HTMLElement {
  const cell = (from?.cells[column]?.cloneNode(true) ?? document.createElement('td')) as HTMLElement;
  const names = ['A', 'D', 'M'].filter((name) => from?.classList.contains(name));
  cell.className = from === undefined ? 'none' : names.join(' ');
  return cell;
}
