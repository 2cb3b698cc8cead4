/** The diff of a step: a fold for each file, a table of lines in it, moved lines with a link to where they went. */
import { counted } from '#base/counted.ts';
import { html, type Html } from '../html-template.ts';
import type { Unnoticed } from '#engine/subject.ts';
import type { DiffFile, StepReview } from '../model.ts';
import { linesOf, remarkOn, withoutEffect } from '../unnoticed.ts';
import { fileAddress, hunkAddress, lineAddress, partAddress } from './anchors.ts';
import { type DiffRow, type RowHunk, rowsOf } from './diff-rows.ts';
import { boxHtml, linkTo } from './parts.ts';

/** A diff of more lines than this is long: folded, and a browser lays out only what is in sight. */
const LONG_MIN = 1500;

/** The whole diff. */
export function diffHtml(review: StepReview): Html {
  const { step, diff } = review;
  const files = diff.map((file) => ({ file, hunks: rowsOf(file) }));
  const all = files.flatMap(({ hunks }) => hunks.flatMap(({ rows }) => rows));
  const isLong = all.length > LONG_MIN;
  const targets = targetsOf(review);
  const shown: Shown = {
    step,
    targets,
    ends: runEnds(step, files),
    notReached: notReachedOf(review),
    remarks: remarksOf(review),
  };
  const sub = summaryOf(diff, all, shown) + idleText(review);
  return boxHtml(
    { id: partAddress(step, 'diff'), title: 'Diff', sub },
    html`<div class="tools js-only">
        <button type="button" data-do="sides" aria-pressed="false">side by side</button>
        <button type="button" data-do="plain" aria-pressed="false">fold what is mechanical</button>
        <button type="button" data-do="files">fold or open all files</button>
      </div>
      ${files.map(({ file, hunks }) => fileHtml(file, hunks, isLong, shown))}`,
  );
}

/** What the rows of a step's diff need to know. */
interface Shown {
  readonly step: number;
  /** Lines of new files that something on the page links to, as `FILE:LINE`. */
  readonly targets: ReadonlySet<string>;
  /** The addresses of the first line of each moved run, where it was and where it is. */
  readonly ends: ReadonlyMap<number, { readonly old: string; readonly new: string }>;
  /** Lines of new files that no workload runs, as `FILE:LINE`; absent where that is not known. */
  readonly notReached: ReadonlySet<string> | undefined;
  /** What is said of other new lines, as `FILE:LINE`. */
  readonly remarks: ReadonlyMap<string, string>;
}

function summaryOf(diff: readonly DiffFile[], rows: readonly DiffRow[], { notReached }: Shown): string {
  const changed = rows.filter(({ kind }) => kind !== ' ');
  const mechanical = changed.filter(({ isMechanical }) => isMechanical).length;
  const unread = changed.length - mechanical;
  const unrun =
    notReached === undefined || notReached.size === 0
      ? ''
      : `; ${counted(notReached.size, 'new line')} that no workload runs`;
  return `${counted(diff.length, 'file')}, ${countsOf(rows)}; ${counted(unread, 'changed line')} to read, ${mechanical} mechanical${unrun}`;
}

function idleText(review: StepReview): string {
  const count = linesOf(withoutEffect(review));
  return count === 0 ? '' : `; ${counted(count, 'new line')} with code that no outcome depends on`;
}

const countsOf = (rows: readonly DiffRow[]): string =>
  `+${rows.filter(({ kind }) => kind === '+').length} −${rows.filter(({ kind }) => kind === '-').length}`;

function targetsOf({ callers = [] }: StepReview): ReadonlySet<string> {
  return new Set(callers.map(({ place }) => place));
}

function notReachedOf({ notReached }: StepReview): ReadonlySet<string> | undefined {
  if (notReached === undefined) return undefined;
  return new Set(notReached.flatMap(({ file, lines }) => lines.map((line) => `${file}:${line}`)));
}

function remarksOf({ unnoticed }: StepReview): ReadonlyMap<string, string> {
  const byLine = new Map<string, Unnoticed[]>();
  for (const one of unnoticed?.changes ?? []) {
    const place = `${one.file}:${one.line}`;
    byLine.set(place, [...(byLine.get(place) ?? []), one]);
  }
  const untried = (unnoticed?.untried ?? []).flatMap(({ file, lines }) =>
    lines.map((line) => [`${file}:${line}`, 'not tried'] as const),
  );
  return new Map([...untried, ...[...byLine].map(([place, own]) => [place, remarkOn(own)] as const)]);
}

function runEnds(
  step: number,
  files: readonly { readonly file: DiffFile; readonly hunks: readonly RowHunk[] }[],
): Shown['ends'] {
  const ends = new Map<number, { old: string; new: string }>();
  for (const { file, hunks } of files)
    for (const row of hunks.flatMap(({ rows }) => rows)) {
      if (row.run === undefined) continue;
      const end = ends.get(row.run) ?? { old: '', new: '' };
      if (row.kind === '-') end.old ||= lineAddress(step, file.file, row.old ?? 0, true);
      else end.new ||= lineAddress(step, file.file, row.new ?? 0);
      ends.set(row.run, end);
    }
  return ends;
}

function fileHtml(
  { file, status }: DiffFile,
  hunks: readonly RowHunk[],
  isLong: boolean,
  shown: Shown,
): Html {
  const rows = hunks.flatMap((hunk) => hunk.rows);
  const moved = rows.filter(({ run }) => run !== undefined).length;
  const notes = [
    ...(status === 'changed' ? [] : [status]),
    ...(moved === 0 ? [] : [`${counted(moved, 'line')} only moved`]),
  ];
  const id = fileAddress(shown.step, file);
  return html`<details class="file" id="${id}" data-file="${file}" ${isLong ? '' : html`open`}>
    <summary>
      <code>${file}</code> <span class="count">${countsOf(rows)}</span>
      <span class="quiet">${notes.join(', ')}</span>
    </summary>
    ${linkTo(id, file)}
    ${partsOf(hunks.flatMap((hunk) => hunkRows(hunk, file, shown))).map((part, index) => partHtml(part, index, file, isLong))}
  </details> `;
}

/** Rows of one table; a file of more has several. */
const PART_ROWS = 200;

function partsOf(rows: readonly Html[]): Html[][] {
  const parts: Html[][] = [];
  for (let from = 0; from < rows.length; from += PART_ROWS) parts.push(rows.slice(from, from + PART_ROWS));
  return parts;
}

function partHtml(rows: readonly Html[], index: number, file: string, isLong: boolean): Html {
  return html`<div class="lines" ${isLong ? html`style="--rows:${rows.length}"` : ''}>
    <table class="diff" aria-label="Changes of ${file}${index === 0 ? '' : `, part ${index + 1}`}">
      <colgroup>
        <col />
        <col />
        <col />
        <col />
        <col />
      </colgroup>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function hunkRows({ header, start, rows }: RowHunk, file: string, shown: Shown): Html[] {
  const id = hunkAddress(shown.step, file, start);
  const head = html`<tr class="h" id="${id}">
    <td colspan="5">
      <code>${header}</code
      ><button type="button" class="js-only" data-quote="${id}">quote in reply</button
      >${linkTo(id, `this part of ${file}`)}
    </td>
  </tr> `;
  return [head, ...rows.map((row) => rowHtml(row, file, shown))];
}

const CLASSES = { ' ': '', '+': 'A', '-': 'D' } as const;

/** One line. Short, since there are thousands: old number, new number, sign, text, remark. */
function rowHtml(row: DiffRow, file: string, { step, targets, ends, notReached, remarks }: Shown): Html {
  const { kind, pieces, run, isMechanical } = row;
  const place = kind === '+' ? `${file}:${row.new}` : '';
  const remark = notReached?.has(place) === true ? 'never run' : (remarks.get(place) ?? '');
  const end = run === undefined ? undefined : ends.get(run);
  const own =
    kind === '-' ? lineAddress(step, file, row.old ?? 0, true) : lineAddress(step, file, row.new ?? 0);
  const isTarget = end?.old === own || end?.new === own || remark !== '' || targets.has(place);
  const names = [
    CLASSES[kind],
    run === undefined ? '' : 'M',
    isMechanical ? 'q' : '',
    remark === '' ? '' : 'u',
  ]
    .filter((name) => name !== '')
    .join(' ');
  const other = kind === '-' ? end?.new : end?.old;
  return html`<tr${names === '' ? '' : html` class="${names}"`}${isTarget ? html` id="${own}"` : ''}><td>${row.old ?? ''}</td><td>${row.new ?? ''}</td><td>${kind === '-' ? '−' : kind.trim()}</td><td>${pieces.map(({ text, isChanged }) => (isChanged ? html`<b>${text}</b>` : text))}</td><td>${remarkHtml(other, remark, end?.old === own || end?.new === own)}</td></tr>
`;
}

/** What is said of a line. The first line of a run that moved leads to its other end. */
function remarkHtml(other: string | undefined, remark: string, isFirst: boolean): Html | string {
  if (remark !== '') return remark;
  if (other === undefined || other === '') return '';
  return isFirst ? html`<a href="#${other}" aria-label="the other end of this move">⇄</a>` : '⇄';
}
