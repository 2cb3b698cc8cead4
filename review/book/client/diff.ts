/** What can be done with diffs: side by side, folding what is mechanical, folding files. */
import { addFolds } from './folds.ts';
import { all, current, keep, kept } from './page.ts';
import { setSides } from './sides.ts';
import { whenSeen } from './when-seen.ts';

let isSides = kept('sides', false);
let isPlain = kept('plain', false);

/** Shows the diffs of the page that is shown the way the reader chose. */
export function showDiffs(): void {
  for (const button of all('[data-do=sides]')) button.setAttribute('aria-pressed', String(isSides));
  for (const button of all('[data-do=plain]')) button.setAttribute('aria-pressed', String(isPlain));
  // Folded files wait until they are opened: a large diff has tens of thousands of lines.
  for (const file of all<HTMLDetailsElement>('.file[open]', current())) showDiff(file);
  document.documentElement.classList.toggle('plain', isPlain);
}

/** Shows the diff of one file that way. */
export function showDiff(file: HTMLDetailsElement): void {
  if (isPlain && file.dataset['folds'] === undefined) {
    file.dataset['folds'] = '';
    for (const part of all('.lines:not(.pairs)', file))
      whenSeen(part, () => all<HTMLTableSectionElement>('tbody', part).forEach(addFolds));
  }
  setSides(file, isSides);
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
