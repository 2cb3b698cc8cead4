/** Search over steps, claims, failures, files and changed lines. What is found is put in as text, never as markup. */
import { goTo } from './places.ts';
import { all, one, pages } from './page.ts';
import { rowsOf } from './sides.ts';

interface Entry {
  readonly address: string;
  readonly text: string;
  readonly kind: string;
}

/** Entries that are shown. */
const SHOWN_MAX = 14;

let index: readonly Entry[] | undefined;
let hits: readonly Entry[] = [];
let selected = -1;

/** Everything that can be found; read from the page when it is first asked for. */
function entries(): readonly Entry[] {
  return (index ??= pages().flatMap((page) => {
    const of = page.dataset['step'] === undefined ? 'cover' : `step ${page.dataset['step']}`;
    return [
      ...entry(page, page.dataset['subject'], of),
      ...all('.claims > li', page).flatMap((claim) =>
        entry(claim, one('.row', claim)?.textContent, `${of} claim`),
      ),
      ...all('[data-failure]', page).flatMap((found) => entry(found, found.textContent, `${of} failure`)),
      ...all('.file', page).flatMap((file) => [
        ...entry(file, file.dataset['file'], `${of} file`),
        ...linesOf(file, `${of} line`),
      ]),
    ];
  }));
}

function entry({ id }: Element, text: string | null | undefined, kind: string): Entry[] {
  return id === '' ? [] : [{ address: id, text: (text ?? '').replaceAll(/\s+/g, ' ').trim(), kind }];
}

function linesOf(file: HTMLElement, kind: string): Entry[] {
  return rowsOf(file).flatMap((row) => {
    if (!row.matches('.A, .D')) return [];
    const text = row.cells[3]?.textContent?.trim() ?? '';
    const isOld = row.classList.contains('D');
    const number = row.cells[isOld ? 0 : 1]?.textContent ?? '';
    const address = `${file.id.replace('-file-', '-line-')}:${isOld ? '-' : ''}${number}`;
    return text === '' ? [] : [{ address, text, kind }];
  });
}

const field = (): HTMLInputElement | null => one<HTMLInputElement>('#search');

function find(): void {
  const words = (field()?.value ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const isIn = ({ text, kind }: Entry): boolean => {
    const whole = `${text} ${kind}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  };
  hits = words.length === 0 ? [] : entries().filter(isIn).slice(0, SHOWN_MAX);
  selected = hits.length > 0 ? 0 : -1;
  show(words.length > 0);
}

function show(isOpen: boolean): void {
  const list = one('#found');
  if (list === null) return;
  list.replaceChildren(...(hits.length > 0 ? hits.map(itemOf) : [nothing()]));
  list.hidden = !isOpen;
  field()?.setAttribute('aria-expanded', String(isOpen));
  field()?.setAttribute('aria-activedescendant', selected < 0 ? '' : `found-${selected}`);
}

function itemOf({ text, kind }: Entry, position: number): HTMLElement {
  const item = document.createElement('li');
  item.id = `found-${position}`;
  item.setAttribute('role', 'option');
  item.setAttribute('aria-selected', String(position === selected));
  item.append(
    Object.assign(document.createElement('small'), { textContent: kind }),
    Object.assign(document.createElement('span'), { textContent: text.slice(0, 90) }),
  );
  item.addEventListener('mousedown', (event) => {
    event.preventDefault();
    pick(position);
  });
  return item;
}

function nothing(): HTMLElement {
  const item = document.createElement('li');
  item.setAttribute('role', 'option');
  item.setAttribute('aria-selected', 'false');
  item.textContent = 'nothing found';
  return item;
}

function pick(position: number): void {
  const hit = hits[position];
  if (hit === undefined) return;
  leave();
  goTo(hit.address);
}

function leave(): void {
  const input = field();
  if (input !== null) input.value = '';
  find();
  input?.blur();
}

function onKey(event: KeyboardEvent): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? hits.length - 1 : 0;
  if (by !== 0 && hits.length > 0) selected = (selected + by) % hits.length;
  if (by !== 0) show(true);
  else if (event.key === 'Enter') pick(selected);
  else if (event.key === 'Escape') leave();
  else return;
  event.preventDefault();
}

export function startSearch(): void {
  field()?.addEventListener('input', find);
  field()?.addEventListener('keydown', onKey);
  field()?.addEventListener('blur', () =>
    setTimeout(() => one('#found')?.toggleAttribute('hidden', true), 120),
  );
}

export function openSearch(): void {
  field()?.focus();
}
