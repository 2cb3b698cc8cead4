/** Where a reader is on a timeline. */
import type { TimelineModel } from './model.ts';
import { TRACE_WINDOW } from './sizes.ts';
import { momentText } from './words.ts';

/** `18 of 23: power fails after sfence`. */
export function momentLine(model: TimelineModel, point: number): string {
  return `${point} of ${model.timeline.columns.length}: power fails ${momentText(model, point)}`;
}

/** The rows around a crash point that are shown of a long trace. */
export function traceWindow(count: number, point: number): [number, number] {
  const from = Math.max(0, Math.min(point - TRACE_WINDOW / 2, count - TRACE_WINDOW));
  return [from, Math.min(count, from + TRACE_WINDOW)];
}
