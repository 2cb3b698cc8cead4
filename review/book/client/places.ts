/** One page at a time, and addresses: what is asked for is opened, shown, and outlined for a moment. */
import { all, current, one, pages } from './page.ts';
import { showDiffs } from './diff.ts';
import { rowsOf, shownRow } from './sides.ts';
import { choose } from './workloads.ts';

function show(page: HTMLElement): void {
  for (const other of pages()) other.classList.toggle('on', other === page);
  for (const entry of all('.rail a')) {
    if (entry.getAttribute('href') === `#${page.id}`) entry.setAttribute('aria-current', 'page');
    else entry.removeAttribute('aria-current');
  }
  one('.rail a[aria-current]')?.scrollIntoView({ block: 'nearest' });
  one('#rail')?.classList.remove('open');
  one('[data-do=rail]')?.setAttribute('aria-expanded', 'false');
  const { step, subject = '' } = page.dataset;
  document.title = `${step === undefined ? '' : `${step}: `}${subject}: review book`;
}

/** The element of an address: by its id, or for `step-3-line-FILE:12` the row of the file that has this number. */
function elementOf(address: string): HTMLElement | undefined {
  const own = document.getElementById(address);
  if (own !== null) return own;
  const [, step, file, number] = /^(step-\d+)-line-(.*):(-?\d+)$/.exec(address) ?? [];
  // A timeline, and an instant of it.
  const timeline = /^(.*-t\d+)@\d+$/.exec(address)?.[1];
  if (timeline !== undefined)
    return document.getElementById(timeline)?.closest<HTMLElement>('.workload') ?? undefined;
  const table = file === undefined ? null : document.getElementById(`${step}-file-${file}`);
  if (table === null) return undefined;
  const column = number?.startsWith('-') ? 0 : 1;
  return rowsOf(table).find((row) => row.cells[column]?.textContent === number?.replace('-', '')) ?? table;
}

/** Shows what the address of the page names; the cover where it names nothing. */
export function goToAddress(): void {
  const named = elementOf(decoded(location.hash.slice(1))) ?? pages()[0];
  const page = named?.closest<HTMLElement>('[data-page]') ?? pages()[0];
  if (named === undefined || page === undefined) return;
  if (page !== current() || !page.classList.contains('on')) show(page);
  choose(named.closest<HTMLElement>('.workload') ?? undefined);
  for (
    let fold = named.closest('details');
    fold !== null;
    fold = fold.parentElement?.closest('details') ?? null
  )
    fold.open = true;
  showDiffs();
  const element = shownRow(named);
  if (element.matches('.claims > li')) all<HTMLDetailsElement>(':scope > details', element).forEach(open);
  if (element === page) {
    scrollTo(0, 0);
    one('#main')?.focus({ preventScroll: true });
    return;
  }
  element.scrollIntoView({ block: element.matches('tr') ? 'center' : 'start' });
  outline(element);
  focusOn(element);
}

const open = (fold: HTMLDetailsElement): void => {
  fold.open = true;
};

/** Keys and screen readers go on from where the reader was led. */
function focusOn(element: HTMLElement): void {
  const target = element.matches('details') ? one(':scope > summary', element) : element;
  if (target === null) return;
  if (target.tabIndex < 0) target.setAttribute('tabindex', '-1');
  target.focus({ preventScroll: true });
}

function outline(element: HTMLElement): void {
  for (const row of all('tr.here')) row.classList.remove('here');
  const name = element.matches('tr') ? 'here' : 'flash';
  element.classList.add(name);
  if (name === 'flash') setTimeout(() => element.classList.remove(name), 1700);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Goes to an address, so that the browser's back button comes back. */
export function goTo(address: string): void {
  if (location.hash !== `#${address}`) history.pushState(null, '', `#${address}`);
  goToAddress();
}

export function goBy(steps: number): void {
  const list = pages();
  const next = list[Math.max(0, Math.min(list.length - 1, list.indexOf(current()) + steps))];
  if (next !== undefined) goTo(next.id);
}

/** The next or previous failure of the book from where the address leads, round and round. */
export function goByFailure(steps: 1 | -1): void {
  const failures = all('[data-failure]').map((found) => found.closest('[id]') ?? found);
  if (failures.length === 0) return;
  const here = elementOf(decoded(location.hash.slice(1))) ?? current();
  const following = failures.findIndex(
    (found) =>
      found !== here && (here.compareDocumentPosition(found) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  );
  const after = following < 0 ? failures.length : following;
  const next = steps > 0 ? after : after - (failures.includes(here) ? 2 : 1);
  const failure = failures[(next + failures.length) % failures.length];
  if (failure?.id) goTo(failure.id);
}

/** A part of the page that is shown, where it has it. */
export function goToPart(part: string): void {
  const address = `${current().id}-${part}`;
  if (document.getElementById(address) !== null) goTo(address);
}
