/** What a page costs a reader: processor time of the browser's own thread, and how long until the reader sees what came of a key. */
import type { CDPSession, Page } from 'playwright-core';

/** One thing that a reader did. */
interface Answer {
  /** Processor time of the thread that scripts, styles, layout and painting share, in milliseconds. */
  readonly cpuMs: number;
  /** From the event until the frame after the one that it changed, in milliseconds. Other programs that are busy make it longer. */
  readonly shownMs: number;
}

/** Many moves, one after the other. Both in milliseconds of processor time of that thread. */
interface Moves {
  readonly meanMs: number;
  /** The longest time without an answer: a frame is drawn in one task, so under 16.7 is 60 frames a second. */
  readonly longestTaskMs: number;
}

/** Notes when the page last heard of a key. */
const NOTE_KEYS = `addEventListener('keydown', ({ timeStamp }) => { globalThis.lastKeyAt = timeStamp; }, { capture: true })`;

/** Waits until two frames have been drawn; the first is what the event changed. */
const TWO_FRAMES = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))))`;

/** A task of the browser's thread, in what it traces. Times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Measures what is done on one page. */
export class Stopwatch {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  static async of(page: Page): Promise<Stopwatch> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.evaluate(NOTE_KEYS);
    return new Stopwatch(page, session);
  }

  /** What a key takes. */
  async press(key: string): Promise<Answer> {
    const before = await this.#cpuMs();
    await this.#page.keyboard.press(key);
    await this.#page.evaluate(TWO_FRAMES);
    const shownMs = await this.#page.evaluate<number>('performance.now() - globalThis.lastKeyAt');
    return { cpuMs: (await this.#cpuMs()) - before, shownMs };
  }

  /** What `count` moves take, each of which is seen before the next. */
  async move(count: number, act: (index: number) => Promise<void>): Promise<Moves> {
    const events: TraceEvent[] = [];
    const collect = ({ value }: { value: object[] }): number => events.push(...(value as TraceEvent[]));
    this.#session.on('Tracing.dataCollected', collect);
    await this.#session.send('Tracing.start', { categories: 'toplevel', transferMode: 'ReportEvents' });
    const before = await this.#cpuMs();
    for (let index = 0; index < count; index++) {
      await act(index);
      await this.#page.evaluate(TWO_FRAMES);
    }
    const cpuMs = (await this.#cpuMs()) - before;
    const isComplete = new Promise((resolve) => this.#session.once('Tracing.tracingComplete', resolve));
    await this.#session.send('Tracing.end');
    await isComplete;
    this.#session.off('Tracing.dataCollected', collect);
    return { meanMs: cpuMs / count, longestTaskMs: longestTaskMs(events) };
  }

  async #cpuMs(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  }
}

function longestTaskMs(events: readonly TraceEvent[]): number {
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const tasks = events.filter(
    ({ name, pid, tid }) =>
      name.endsWith('RunTask') && threads.some((thread) => thread.pid === pid && thread.tid === tid),
  );
  if (tasks.length === 0) throw new Error('this browser traces no tasks');
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

/** `3.1 ms each, longest task 9.2 ms`. */
export const movesText = ({ meanMs, longestTaskMs: longest }: Moves): string =>
  `${meanMs.toFixed(1)} ms each, longest task ${longest.toFixed(1)} ms`;

/** `work 120 ms, seen after 210 ms`. */
export const answerText = ({ cpuMs, shownMs }: Answer): string =>
  `work ${cpuMs.toFixed(0)} ms, seen after ${shownMs.toFixed(0)} ms`;
