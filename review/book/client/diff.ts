/** What can be done with diffs: side by side, folding what is mechanical, folding files. */
import { all, current, keep, kept } from './page.ts';

let isSides = kept('sides', false);
let isPlain = kept('plain', false);

/** Both forms of a table that was shown side by side once. */
const forms = new WeakMap<HTMLTableElement, { one: readonly Element[]; two: readonly Element[] }>();

/** Shows the diffs of the page that is shown the way the reader chose. */
export function showDiffs(): void {
  for (const button of all('[data-do=sides]')) button.setAttribute('aria-pressed', String(isSides));
  for (const button of all('[data-do=plain]')) button.setAttribute('aria-pressed', String(isPlain));
  // Folded files wait until they are opened: a large diff has tens of thousands of lines.
  for (const table of all<HTMLTableElement>('.file[open] > .diff', current())) {
    if (isPlain) addFolds(table);
    setSides(table);
  }
  document.documentElement.classList.toggle('plain', isPlain && !isSides);
}

export function toggleSides(): void {
  isSides = !isSides;
  keep('sides', isSides);
  showDiffs();
}

export function togglePlain(): void {
  isPlain = !isPlain;
  keep('plain', isPlain);
  showDiffs();
}

/** Folds all files of the page, or opens them when all are folded. */
export function toggleFiles(): void {
  const files = all<HTMLDetailsElement>('.file', current());
  const isAnyOpen = files.some(({ open }) => open);
  for (const file of files) file.open = !isAnyOpen;
}

/** A line in place of each run of mechanical lines, which says how many they are. */
function addFolds(table: HTMLTableElement): void {
  if (table.dataset['folds'] !== undefined) return;
  table.dataset['folds'] = '';
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  for (let index = 0; index < rows.length;) {
    let end = index;
    while (rows[end]?.classList.contains('q')) end++;
    if (end === index) {
      index++;
      continue;
    }
    const fold = document.createElement('tr');
    fold.className = 'fold';
    const cell = fold.insertCell();
    cell.colSpan = 5;
    cell.textContent = `${end - index} mechanical ${end - index === 1 ? 'line' : 'lines'}: moved, imports, comments`;
    rows[index]?.before(fold);
    index = end;
  }
}

function setSides(table: HTMLTableElement): void {
  const shown = table.tBodies[0];
  if (shown === undefined || isSides === table.classList.contains('two')) return;
  const known = forms.get(table) ?? { one: [...table.children], two: [sideBySide(shown)] };
  forms.set(table, known);
  table.replaceChildren(...(isSides ? known.two : known.one));
  table.classList.toggle('two', isSides);
}

/** The body of a diff in two columns, made from its rows in one. */
function sideBySide(body: HTMLTableSectionElement): HTMLTableSectionElement {
  const two = document.createElement('tbody');
  const rows = [...body.rows].filter((row) => !row.classList.contains('fold'));
  // A fixed table takes its widths from its first row.
  two.append(rowOf(undefined, undefined));
  for (let index = 0; index < rows.length;) {
    const row = rows[index];
    if (row === undefined) break;
    if (row.classList.contains('h')) {
      const header = document.createElement('tr');
      header.className = 'h';
      const cell = header.insertCell();
      cell.colSpan = 6;
      cell.textContent = row.cells[0]?.querySelector('code')?.textContent ?? '';
      two.append(header);
      index++;
      continue;
    }
    const removed: HTMLTableRowElement[] = [];
    const added: HTMLTableRowElement[] = [];
    while (rows[index]?.classList.contains('D')) removed.push(rows[index++] as HTMLTableRowElement);
    while (rows[index]?.classList.contains('A')) added.push(rows[index++] as HTMLTableRowElement);
    if (removed.length + added.length === 0) {
      two.append(rowOf(row, row));
      index++;
    }
    for (let at = 0; at < Math.max(removed.length, added.length); at++)
      two.append(rowOf(removed[at], added[at]));
  }
  return two;
}

function rowOf(
  left: HTMLTableRowElement | undefined,
  right: HTMLTableRowElement | undefined,
): HTMLTableRowElement {
  const row = document.createElement('tr');
  for (const [side, from] of [left, right].entries()) {
    const cells = [side, 2, 3].map(
      (column) => from?.cells[column]?.cloneNode(true) as HTMLElement | undefined,
    );
    for (const cell of cells) row.append(dressed(cell ?? document.createElement('td'), from));
    if (side === 1 && from?.classList.contains('u') === true)
      row.cells[5]?.prepend(remarkOf(from.cells[4]?.textContent ?? ''));
  }
  return row;
}

function remarkOf(text: string): HTMLElement {
  const remark = document.createElement('span');
  remark.className = 'remark';
  remark.textContent = text;
  return remark;
}

function dressed(cell: HTMLElement, from: HTMLTableRowElement | undefined): HTMLElement {
  const names = ['A', 'D', 'M'].filter((name) => from?.classList.contains(name));
  cell.className = from === undefined ? 'none' : names.join(' ');
  return cell;
}
