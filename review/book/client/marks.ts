/** Marks of steps that were reviewed. They belong to what was read, not to a number: a step that changes loses its mark. */
import { all, current, keep, kept, one, pages } from './page.ts';

const marks = (): Record<string, boolean> => kept('reviewed', {});

export function showMarks(): void {
  const done = marks();
  for (const box of all<HTMLInputElement>('[data-read]'))
    box.checked = done[box.dataset['read'] ?? ''] === true;
  for (const entry of all('[data-entry]')) {
    const sign = one('.done', entry);
    if (sign !== null) sign.hidden = done[entry.dataset['entry'] ?? ''] !== true;
  }
  const steps = pages().filter(({ dataset }) => dataset['mark'] !== undefined);
  const read = steps.filter(({ dataset }) => done[dataset['mark'] ?? ''] === true).length;
  const progress = one('.progress');
  if (progress !== null) progress.textContent = `${read} of ${steps.length} reviewed`;
}

export function setMark(fingerprint: string, isRead: boolean): void {
  keep('reviewed', { ...marks(), [fingerprint]: isRead });
  showMarks();
}

/** Marks the step that is shown, or takes its mark away. */
export function toggleMark(): void {
  const fingerprint = current().dataset['mark'];
  if (fingerprint !== undefined) setMark(fingerprint, marks()[fingerprint] !== true);
}
