/** The script of the book: what buttons and keys do. The page is whole without it. */
import { showDiff, toggleFiles, togglePlain, toggleSides } from './diff.ts';
import { setMark, showMarks, toggleMark } from './marks.ts';
import { changeNote, quote, saveAll, saveMail, showNotes, shownMail } from './notes.ts';
import { all, copy, current, keep, kept, one, say } from './page.ts';
import { goBy, goByFailure, goTo, goToAddress, goToPart } from './places.ts';
import { openSearch, startSearch } from './search.ts';
import { choose, nextWorkload, startWorkloads } from './workloads.ts';

const help = (): void => one<HTMLDialogElement>('#help')?.showModal();

function theme(): void {
  const root = document.documentElement;
  const isDark =
    root.dataset['theme'] === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : root.dataset['theme'] === 'dark';
  root.dataset['theme'] = isDark ? 'light' : 'dark';
  keep('theme', root.dataset['theme']);
}

function rail(): void {
  const isOpen = one('#rail')?.classList.toggle('open') === true;
  one('[data-do=rail]')?.setAttribute('aria-expanded', String(isOpen));
}

/** What buttons do, by their `data-do`. */
const ACTIONS: Readonly<Record<string, () => void>> = {
  sides: toggleSides,
  plain: togglePlain,
  files: toggleFiles,
  rail,
  theme,
  help,
  'next-failure': () => goByFailure(1),
  'copy-mail': () => void copy(shownMail()),
  'save-mail': saveMail,
  'save-all': saveAll,
  'forget-quotes': () => changeNote(current(), { quotes: [] }),
};

const KEYS: Readonly<Record<string, () => void>> = {
  j: () => goBy(1),
  k: () => goBy(-1),
  n: () => goByFailure(1),
  p: () => goByFailure(-1),
  g: () => goTo('cover'),
  '/': openSearch,
  '?': help,
  x: toggleMark,
  s: toggleSides,
  h: togglePlain,
  e: toggleFiles,
  f: () => goToPart('failures'),
  c: () => goToPart('claims'),
  t: () => goToPart('timeline'),
  w: nextWorkload,
  d: () => goToPart('diff'),
  m: () => {
    goToPart('reply');
    one('textarea', current())?.focus();
  },
};

function onKey(event: KeyboardEvent): void {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  const isTyping =
    target instanceof Element && target.matches('input:not([type=checkbox], [type=radio]), textarea');
  if (isTyping && key === 'Escape' && target instanceof HTMLElement) target.blur();
  if (event.defaultPrevented || isTyping || ctrlKey || metaKey || altKey || one('dialog[open]') !== null)
    return;
  const act = KEYS[key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

function onClick(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button, a') : null;
  if (button === null) return;
  const { dataset } = button;
  if (dataset['do'] !== undefined) ACTIONS[dataset['do']]?.();
  else if (dataset['copy'] !== undefined)
    void copy(one('code', button.parentElement ?? document)?.textContent ?? '');
  else if (dataset['workload'] !== undefined)
    choose(document.getElementById(dataset['workload']) ?? undefined);
  else if (dataset['quote'] !== undefined) {
    quote(dataset['quote']);
    say('quoted in the reply below');
  } else if (button.matches('.pl')) {
    void copy((button as HTMLAnchorElement).href);
    event.stopPropagation();
  }
}

function onInput(event: Event): void {
  const { target } = event;
  if (target instanceof HTMLTextAreaElement) changeNote(current(), { text: target.value });
  else if (target instanceof HTMLInputElement && target.type === 'radio')
    changeNote(current(), { answer: target.value });
  else if (target instanceof HTMLInputElement && target.dataset['read'] !== undefined)
    setMark(target.dataset['read'], target.checked);
}

/** Opens everything for print, and folds it again afterwards. */
function startPrinting(): void {
  const folded = new Set<HTMLDetailsElement>();
  addEventListener('beforeprint', () => {
    for (const fold of all<HTMLDetailsElement>('details:not([open])')) {
      folded.add(fold);
      fold.open = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const fold of folded) fold.open = false;
    folded.clear();
  });
}

/** Says something that stays, on top of the page. */
function alertOf(text: string): void {
  const known = one('#problem');
  const box = known ?? document.createElement('p');
  box.id = 'problem';
  box.className = 'verdict fails';
  box.setAttribute('role', 'alert');
  box.textContent = text;
  if (known === null) one('main')?.prepend(box);
}

/** Loads the page anew when the server says that something changed. */
function listenForNews(): void {
  const news = new EventSource('/news');
  news.addEventListener('changed', () => location.reload());
  news.addEventListener('working', () => say('something changed: judging it'));
  news.addEventListener('problem', ({ data }: MessageEvent<string>) =>
    alertOf(`The book could not be made anew: ${String(JSON.parse(data))}`),
  );
}

document.documentElement.classList.add('js');
const chosen = kept<string | undefined>('theme', undefined);
if (chosen !== undefined) document.documentElement.dataset['theme'] = chosen;
document.addEventListener('click', onClick);
document.addEventListener('input', onInput);
addEventListener('keydown', onKey);
document.addEventListener(
  'toggle',
  ({ target }) => (target as Element).matches('.file[open]') && showDiff(target as HTMLDetailsElement),
  true,
);
for (const event of ['hashchange', 'popstate']) addEventListener(event, goToAddress);
startSearch();
startPrinting();
startWorkloads();
showMarks();
showNotes();
goToAddress();
if (document.body.dataset['served'] !== undefined) listenForNews();
