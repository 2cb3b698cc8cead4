/** Notes on steps, and the mail made of them: by the same function as `conform review N --reply`. */
import { replyText } from '../../reply.ts';
import { all, current, keep, kept, one, pages, save } from './page.ts';
import { rowsOf } from './sides.ts';

/** What a reader wrote about one step. */
interface Note {
  readonly text: string;
  /** Addresses of hunks to quote. */
  readonly quotes: readonly string[];
  readonly answer: string;
}

const EMPTY: Note = { text: '', quotes: [], answer: '' };

const noteOf = (page: HTMLElement): Note => kept(`note:${page.id}`, EMPTY);

const isEmpty = ({ text, quotes, answer }: Note): boolean =>
  text === '' && quotes.length === 0 && answer === '';

export function changeNote(page: HTMLElement, change: Partial<Note>): void {
  keep(`note:${page.id}`, { ...noteOf(page), ...change });
  showNotes();
}

export function quote(hunk: string): void {
  const page = current();
  const { quotes } = noteOf(page);
  if (!quotes.includes(hunk)) changeNote(page, { quotes: [...quotes, hunk] });
}

/** The mail about a step: as it came while nothing was written. */
export function mailOf(page: HTMLElement): string {
  const box = one('[data-notes]', page);
  if (box === null) return '';
  const { text, quotes, answer } = noteOf(page);
  const parts = JSON.parse(box.dataset['reply'] ?? '{}') as Omit<
    Parameters<typeof replyText>[0],
    'quotes' | 'note' | 'answer'
  >;
  return replyText({ ...parts, quotes: quotes.map(linesOf), note: text, answer });
}

/** A hunk as a mail quotes it. */
function linesOf(address: string): string[] {
  const head = document.getElementById(address);
  const file = head?.closest<HTMLElement>('.file');
  const name = file?.dataset['file'] ?? '';
  const lines = [`diff --git a/${name} b/${name}`, head?.querySelector('code')?.textContent ?? ''];
  const rows = file ? rowsOf(file) : [];
  for (const row of rows.slice(rows.findIndex(({ id }) => id === address) + 1)) {
    if (row.classList.contains('h')) break;
    const sign = row.classList.contains('A') ? '+' : row.classList.contains('D') ? '-' : ' ';
    lines.push(sign + (row.cells[3]?.textContent ?? ''));
  }
  return lines;
}

export function showNotes(): void {
  for (const box of all('[data-notes]')) {
    const page = box.closest<HTMLElement>('[data-page]');
    if (page === null) continue;
    const note = noteOf(page);
    const area = one<HTMLTextAreaElement>('textarea', box);
    if (area !== null && document.activeElement !== area) area.value = note.text;
    for (const radio of all<HTMLInputElement>('input[type=radio]', box))
      radio.checked = radio.value === note.answer;
    const mail = one('.mail', box);
    if (mail !== null && !isEmpty(note)) mail.textContent = mailOf(page);
  }
}

/** Every mail that was begun, one below the other. */
export function saveAll(): void {
  const begun = pages().filter((page) => !isEmpty(noteOf(page)));
  save('replies.txt', begun.map(mailOf).join(`\n${'-'.repeat(72)}\n\n`) || 'No notes yet.\n');
}

export function saveMail(): void {
  save(`reply-${current().id}.txt`, shownMail());
}

/** The mail as it stands on the page. */
export const shownMail = (): string => one('.mail', current())?.textContent ?? '';
