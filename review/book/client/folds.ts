/** Mechanical lines of a diff, folded: a line in place of each run of them, which says how many they are. */

/** Puts these lines into the rows of a table. They are seen only while mechanical lines are folded. */
export function addFolds(body: HTMLTableSectionElement): void {
  const rows = [...body.rows];
  for (let index = 0; index < rows.length;) {
    let end = index;
    while (rows[end]?.classList.contains('q') === true) end++;
    if (end > index) rows[index]?.before(foldOf(end - index));
    index = Math.max(end, index + 1);
  }
}

function foldOf(count: number): HTMLElement {
  const fold = document.createElement('tr');
  fold.className = 'fold';
  const cell = fold.insertCell();
  cell.colSpan = 6;
  cell.textContent = `${count} mechanical ${count === 1 ? 'line' : 'lines'}: moved, imports, comments`;
  return fold;
}
