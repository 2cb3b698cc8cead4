/** One timeline of a step at a time; the others are a key or a button away. */
import { all, current, one } from './page.ts';

const workloads = (page: ParentNode): HTMLElement[] => all('.workload', page);

/** Shows the first workload of every page that has timelines. */
export function startWorkloads(): void {
  for (const box of all('[data-workloads]')) choose(workloads(box)[0]);
}

/** Shows one workload in place of the others of its step. */
export function choose(chosen: HTMLElement | undefined): void {
  const box = chosen?.closest<HTMLElement>('[data-workloads]');
  if (!box) return;
  for (const workload of workloads(box)) workload.hidden = workload !== chosen;
  for (const button of all('[data-workload]', box))
    button.setAttribute('aria-pressed', String(button.dataset['workload'] === chosen?.id));
}

/** The next workload of the page that is shown, round and round. */
export function nextWorkload(): void {
  const list = workloads(current());
  const next = list[(list.findIndex(({ hidden }) => !hidden) + 1) % list.length];
  choose(next);
  one('[data-workloads]', current())?.closest('.box')?.scrollIntoView({ block: 'start' });
}
