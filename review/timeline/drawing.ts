/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The picture of one timeline in the page: draws what is looked at, and no more, as the reader scrolls. */
import { type Box, drawAxis, drawBody, drawHead, drawLabels, LABEL_WIDTH } from './draw.ts';
import type { TimelineModel } from './model.ts';
import { DRAWN_MAX } from './sizes.ts';

/** Pixels that are drawn around what is seen, so that scrolling on does not wait. */
const AROUND = { x: 900, y: 500 };

/** One place of the page that has a part of the picture, and what is drawn there. */
interface Part {
  readonly element: HTMLElement;
  readonly draw: string;
  readonly side: number;
  drawn: Box | undefined;
}

export class Drawing {
  columnWidth: number;
  /** Called when the picture has become visible. */
  onShown: () => void = () => {};
  #model: TimelineModel;
  readonly #scroll: HTMLElement;
  readonly #canvas: HTMLElement;
  readonly #over: HTMLElement;
  readonly #parts: readonly Part[];
  #isScheduled = false;

  constructor(root: HTMLElement, model: TimelineModel, columnWidth: number) {
    const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) as HTMLElement;
    this.columnWidth = columnWidth;
    this.#model = model;
    this.#scroll = find('.tl-scroll');
    this.#canvas = find('.tl-canvas');
    this.#over = find('.tl-over');
    this.#parts = [...root.querySelectorAll<HTMLElement>('[data-draw]')].map((element) => ({
      element,
      draw: element.dataset['draw'] ?? '',
      side: Number(element.dataset['side'] ?? 0),
      drawn: undefined,
    }));
    this.#scroll.addEventListener('scroll', () => this.#schedule(), { passive: true });
    let isShown = this.#scroll.clientWidth > 0;
    new ResizeObserver(() => {
      // A page that was hidden knows only now what is in sight.
      if (!isShown && this.#scroll.clientWidth > 0) this.onShown();
      isShown = this.#scroll.clientWidth > 0;
      this.#schedule();
    }).observe(this.#scroll);
  }

  get #width(): number {
    return this.#model.timeline.columns.length * this.columnWidth;
  }

  /** The columns in sight begin here: labels lie over what is left of it. */
  get #labelWidth(): number {
    return this.#over.offsetLeft || LABEL_WIDTH;
  }

  moveTo(point: number): void {
    // Moved by transformation: nothing has to be laid out or painted anew.
    const moved = `translateX(${point * this.columnWidth}px)`;
    for (const element of this.#over.querySelectorAll<HTMLElement>('.tl-future, .tl-cursor'))
      element.style.transform = moved;
    this.#schedule();
  }

  setColumnWidth(columnWidth: number, point: number): void {
    if (columnWidth === this.columnWidth) return;
    this.columnWidth = columnWidth;
    this.#over.style.width = `${this.#width}px`;
    this.#canvas.style.width = `calc(var(--tl-label) + ${this.#width}px)`;
    for (const part of this.#parts) part.drawn = undefined;
    this.moveTo(point);
    this.#draw();
    this.scrollTo(point);
  }

  /** Draws other rows. */
  setModel(model: TimelineModel): void {
    this.#model = model;
    for (const part of this.#parts) {
      part.drawn = undefined;
      const row = part.element.parentElement;
      if (part.draw === 'body' && row !== null) row.style.height = `${model.sides[part.side]?.height ?? 0}px`;
    }
    this.#draw();
  }

  /** Scrolls down to the row of a word on the first side, where it is not in sight. */
  scrollToWord(word: number): void {
    const body = this.#parts.find(({ draw }) => draw === 'body')?.element.parentElement;
    const { top = 0 } = this.#model.sides[0]?.rows.findLast((row) => row.word <= word) ?? {};
    if (top > this.#scroll.clientHeight / 2) this.#scroll.scrollTop = (body?.offsetTop ?? 0) + top - 80;
  }

  /** Scrolls sideways until a crash point is in sight. */
  scrollTo(point: number): void {
    const x = point * this.columnWidth;
    const { scrollLeft, clientWidth } = this.#scroll;
    const room = clientWidth - this.#labelWidth;
    if (room <= 0 || (x > scrollLeft + 20 && x < scrollLeft + room - 20)) return;
    this.#scroll.scrollLeft = Math.max(0, x - room / 2);
  }

  /** Calls `moved` with crash points that the reader drags to. A finger on the picture scrolls; on the thumb it drags. */
  onDrag(moved: (point: number) => void): void {
    let pointer: number | undefined;
    const pointOf = (event: PointerEvent): number =>
      Math.round((event.clientX - this.#over.getBoundingClientRect().left) / this.columnWidth);
    this.#canvas.addEventListener('pointerdown', (event) => {
      const target = event.target as Element;
      const isOnThumb = target.closest('.tl-thumb') !== null;
      const isOnPlot = target.closest('.tl-plot') !== null && event.pointerType !== 'touch';
      if (event.button !== 0 || (!isOnThumb && !isOnPlot)) return;
      pointer = event.pointerId;
      this.#canvas.setPointerCapture(pointer);
      if (!isOnThumb) moved(pointOf(event));
      event.preventDefault();
    });
    this.#canvas.addEventListener('pointermove', (event) => {
      if (event.pointerId !== pointer) return;
      moved(pointOf(event));
      this.#followPointer(event);
    });
    for (const type of ['pointerup', 'pointercancel'] as const)
      this.#canvas.addEventListener(type, () => {
        pointer = undefined;
      });
    this.#canvas.addEventListener('click', (event) => {
      if ((event.target as Element).closest('.tl-plot') !== null) moved(pointOf(event as PointerEvent));
    });
  }

  /** Scrolls on when the reader drags to the edge. */
  #followPointer({ clientX }: PointerEvent): void {
    const { left, right } = this.#scroll.getBoundingClientRect();
    if (clientX > right - 24) this.#scroll.scrollLeft += 24;
    else if (clientX < left + this.#labelWidth + 24) this.#scroll.scrollLeft -= 24;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#draw();
    });
  }

  /** Draws what is in sight and has not been drawn. */
  #draw(): void {
    if (this.#scroll.clientWidth === 0) return;
    for (const part of this.#parts) {
      const whole = this.#wholeOf(part);
      const seen = this.#seenOf(part, whole);
      if (seen === undefined || (part.drawn !== undefined && covers(part.drawn, seen))) continue;
      const isSmall = whole.width <= DRAWN_MAX.width && whole.height <= DRAWN_MAX.height;
      part.drawn = isSmall ? whole : around(seen, whole);
      part.element.innerHTML = this.#pictureOf(part, part.drawn);
    }
  }

  #pictureOf({ draw, side }: Part, box: Box): string {
    const [model, width] = [this.#model, this.columnWidth];
    if (draw === 'axis') return drawAxis(model, width, box).text;
    if (draw === 'head') return drawHead(model, side, width, box).text;
    if (draw === 'labels') return drawLabels(model, side, box).text;
    return drawBody(model, side, width, box).text;
  }

  #wholeOf({ element, draw }: Part): Box {
    const width = draw === 'labels' ? element.offsetWidth : this.#width;
    return { x: 0, y: 0, width, height: element.offsetHeight };
  }

  /** The part of it that is in sight; nothing for one that is scrolled out of it. */
  #seenOf({ element, draw }: Part, whole: Box): Box | undefined {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.#scroll;
    const isFixed = draw === 'axis' || draw === 'head';
    const { offsetTop = 0 } = element.parentElement ?? {};
    const top = isFixed ? 0 : Math.max(0, scrollTop - offsetTop);
    const bottom = isFixed ? whole.height : Math.min(whole.height, scrollTop + clientHeight - offsetTop);
    const left = draw === 'labels' ? 0 : Math.min(scrollLeft, whole.width);
    const right = draw === 'labels' ? whole.width : Math.min(whole.width, scrollLeft + clientWidth);
    return bottom < top || right < left
      ? undefined
      : { x: left, y: top, width: right - left, height: bottom - top };
  }
}

function covers(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

function around(seen: Box, whole: Box): Box {
  const x = Math.max(0, Math.floor(seen.x - AROUND.x));
  const y = Math.max(0, Math.floor(seen.y - AROUND.y));
  return {
    x,
    y,
    width: Math.min(whole.width, seen.x + seen.width + AROUND.x) - x,
    height: Math.min(whole.height, seen.y + seen.height + AROUND.y) - y,
  };
}
