/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** One timeline that the reader moves: the crash point, the width of columns, the image that is shown. */
import { cardHtml } from './card.ts';
import { picksAt, nextOf, SMALLEST, type Wish } from './choose.ts';
import { Drawing } from './drawing.ts';
import { type Choice, firstDifference, shownAs, type TimelineModel } from './model.ts';
import { momentLine, traceWindow } from './moment.ts';
import { COLUMN_WIDTHS, columnWidthFor, TRACE_MAX } from './sizes.ts';
import { roadsHtml, traceRows } from './trace.ts';
import { pointText } from './words.ts';

/** A large timeline's panels follow a drag this often. */
const PANELS_MILLISECONDS = 120;

/** Rows of the trace that are kept on both sides of the crash point. */
const ROWS_AROUND = 12;

export class LiveTimeline {
  readonly #root: HTMLElement;
  readonly #model: TimelineModel;
  #choice: Choice = { isShortened: false, isByLine: false };
  readonly #drawing: Drawing;
  readonly #thumb: HTMLElement;
  readonly #wishes: Wish[];
  #point: number;
  /** Rows of a long trace that are in the page. */
  #rows: readonly [number, number] = [0, 0];
  #isScheduled = false;
  /** Panels of a large timeline will follow. */
  #isFollowing = false;

  constructor(root: HTMLElement, model: TimelineModel) {
    this.#root = root;
    this.#model = model;
    this.#point = Number(root.dataset['point'] ?? 0);
    this.#wishes = model.sides.map(() => SMALLEST);
    this.#drawing = new Drawing(root, model, columnWidthFor(this.#count));
    this.#thumb = this.#find('.tl-thumb');
    root.classList.add('tl-live');
    this.#listen();
    this.#update();
    this.#drawing.onShown = () => this.#bringIntoSight();
    this.#bringIntoSight();
  }

  /** Scrolls the picture to the crash point, and to what the sides may leave differently there. */
  #bringIntoSight(): void {
    this.#drawing.scrollTo(this.#point);
    const word = firstDifference(this.#model, this.#point);
    if (word !== undefined) this.#drawing.scrollToWord(word);
  }

  get #count(): number {
    return this.#model.timeline.columns.length;
  }

  /** Moves the crash point; out of the picture it stays at its end. */
  set(point: number): void {
    const next = Math.max(0, Math.min(this.#count, point));
    if (next === this.#point) return;
    this.#point = next;
    this.#schedule();
  }

  by(steps: number): void {
    this.set(this.#point + steps);
    this.#drawing.scrollTo(this.#point);
  }

  /** To the next return, or the previous one. */
  toReturn(direction: 1 | -1): void {
    const { returns } = this.#model;
    const next =
      direction > 0
        ? (returns.find((point) => point > this.#point) ?? this.#count)
        : (returns.findLast((point) => point < this.#point) ?? 0);
    this.set(next);
    this.#drawing.scrollTo(next);
  }

  /** Brings it into view. */
  show(): void {
    this.#update();
    this.#root.scrollIntoView({ block: 'start' });
    this.#drawing.scrollTo(this.#point);
  }

  #find(selector: string): HTMLElement {
    const found = this.#root.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`a timeline has no ${selector}`);
    return found;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#updatePoint();
      if (!this.#isLarge) for (const update of this.#panels()) update();
      else this.#followLater();
    });
  }

  /** Whether panels are too much for every frame of a drag. */
  get #isLarge(): boolean {
    const { words, columns } = this.#model.timeline;
    return words.length > 200 || columns.length > 2000;
  }

  #update(): void {
    this.#updatePoint();
    for (const update of this.#panels()) update();
  }

  /** Where the crash point is: every frame. */
  #updatePoint(): void {
    const [model, point] = [this.#model, this.#point];
    this.#drawing.moveTo(point);
    this.#thumb.setAttribute('aria-valuenow', String(point));
    this.#thumb.setAttribute('aria-valuetext', pointText(model, point));
    this.#find('.tl-moment').textContent = momentLine(model, point);
  }

  /** Updates of what may be left there. What asks where things are comes first: once the page has changed, the answer takes a new layout. */
  #panels(): (() => void)[] {
    return [
      () => this.#updateTrace(),
      ...this.#model.sides.map((_, side) => () => this.#updateCard(side)),
      () => {
        this.#find('[data-permalink]').setAttribute('href', `#${this.#root.id}@${this.#point}`);
        this.#find('[data-roads]').innerHTML = roadsHtml(this.#model, this.#point).text;
      },
    ];
  }

  #followLater(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    setTimeout(() => this.#updateInTurn(this.#panels(), this.#point), PANELS_MILLISECONDS);
  }

  /** One update a frame: all of them take longer than a frame has. Begins again where the crash point has moved on meanwhile. */
  #updateInTurn([update, ...others]: readonly (() => void)[], point: number): void {
    update?.();
    if (others.length > 0) requestAnimationFrame(() => this.#updateInTurn(others, point));
    else {
      this.#isFollowing = false;
      if (point !== this.#point) this.#followLater();
    }
  }

  #updateCard(side: number): void {
    const card = this.#find(`[data-card="${side}"]`);
    card.innerHTML = cardHtml(this.#model, side, this.#point, this.#wishes[side]).text;
  }

  #updateTrace(): void {
    const trace = this.#find('.tl-trace');
    const body = this.#find('.tl-trace tbody');
    this.#fillTrace(body);
    for (const row of body.querySelectorAll<HTMLElement>('tr[data-point]')) {
      const own = Number(row.dataset['point']);
      row.classList.toggle('tl-now', own === this.#point);
      row.classList.toggle('tl-later', own > this.#point);
    }
    const row = body.querySelector<HTMLElement>('.tl-now');
    if (row === null) trace.scrollTop = 0;
    else if (
      row.offsetTop < trace.scrollTop + 40 ||
      row.offsetTop > trace.scrollTop + trace.clientHeight - 40
    )
      trace.scrollTop = row.offsetTop - trace.clientHeight / 2;
  }

  /** Of a long trace other rows, when the crash point comes near the end of those that are there. */
  #fillTrace(body: HTMLElement): void {
    const [from, to] = this.#rows;
    const isNear = this.#point < from + ROWS_AROUND || this.#point > to - ROWS_AROUND;
    if (this.#count <= TRACE_MAX || !isNear) return;
    const rows = traceWindow(this.#count, this.#point);
    if (rows[0] === from && rows[1] === to) return;
    this.#rows = rows;
    body.innerHTML = traceRows(this.#model, ...rows, this.#point).text;
  }

  #listen(): void {
    this.#root.addEventListener('click', (event) => this.#clicked(event.target as Element));
    this.#thumb.addEventListener('keydown', (event) => this.#pressed(event));
    this.#drawing.onDrag((point) => {
      this.set(point);
      this.#thumb.focus({ preventScroll: true });
    });
  }

  #clicked(target: Element): void {
    const button = target.closest<HTMLElement>('button, tr[data-point]');
    const { move, pick, wish, point } = button?.dataset ?? {};
    if (point !== undefined) this.set(Number(point));
    if (move !== undefined) this.#move(move);
    const card = target.closest<HTMLElement>('[data-card]');
    if (card === null || (pick === undefined && wish === undefined)) return;
    const side = Number(card.dataset['card']);
    this.#wishes[side] = wish === undefined ? this.#next(side, pick ?? '') : wishOf(wish);
    this.#updateCard(side);
    const again = wish === undefined ? `[data-pick="${pick}"]` : `[data-wish="${wish}"]`;
    card.querySelector<HTMLElement>(again)?.focus();
  }

  /** The wish with the next content of one pick. */
  #next(side: number, key: string): Wish {
    const wish = this.#wishes[side] ?? SMALLEST;
    const { history } = this.#model.sides[side] ?? {};
    const picks = history === undefined ? [] : picksAt(history, history.instantAt[this.#point] ?? 0, wish);
    const pick = picks.find((one) => one.key === key);
    return pick === undefined ? wish : nextOf(wish, pick);
  }

  #move(what: string): void {
    const widths: readonly number[] = COLUMN_WIDTHS;
    const at = widths.indexOf(this.#drawing.columnWidth);
    const actions: Readonly<Record<string, () => void>> = {
      previous: () => this.by(-1),
      next: () => this.by(1),
      'previous-return': () => this.toReturn(-1),
      'next-return': () => this.toReturn(1),
      differing: () => this.#choose({ isShortened: !this.#choice.isShortened }),
      lines: () => this.#choose({ isByLine: !this.#choice.isByLine }),
      narrower: () => this.#drawing.setColumnWidth(widths[Math.max(0, at - 1)] ?? 37, this.#point),
      wider: () =>
        this.#drawing.setColumnWidth(widths[Math.min(widths.length - 1, at + 1)] ?? 37, this.#point),
    };
    actions[what]?.();
  }

  /** Shows other rows: words or lines, all or those that the sides do not treat alike. */
  #choose(change: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...change };
    const { isShortened, isByLine } = this.#choice;
    this.#root.querySelector('[data-move=differing]')?.setAttribute('aria-pressed', String(isShortened));
    this.#find('[data-move=lines]').setAttribute('aria-pressed', String(isByLine));
    this.#drawing.setModel(isShortened || isByLine ? shownAs(this.#model, this.#choice) : this.#model);
  }

  #pressed(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
    };
    const step = steps[event.key];
    if (step !== undefined) this.by(step);
    else if (event.key === 'PageUp') this.toReturn(-1);
    else if (event.key === 'PageDown') this.toReturn(1);
    else if (event.key === 'Home') this.by(-this.#count);
    else if (event.key === 'End') this.by(this.#count);
    else return;
    event.preventDefault();
  }
}

const wishOf = (name: string): Wish => ({
  base: name === 'largest' ? 'largest' : 'smallest',
  own: new Map(),
});
