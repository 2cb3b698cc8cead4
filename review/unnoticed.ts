/** What is said of new lines that no outcome depends on, and of conditions that are only ever seen one way. */
import { counted } from '#base/counted.ts';
import type { Unnoticed } from '#engine/subject.ts';
import type { StepReview } from './model.ts';

type Tried = Pick<StepReview, 'unnoticed'>;

/** Changes that were tried, and nothing came out otherwise. */
export const withoutEffect = ({ unnoticed }: Tried): Unnoticed[] =>
  (unnoticed?.changes ?? []).filter(({ tried }) => tried > 0);

/** Changes that no scenario could notice, because none gets there: conditions seen one way, parts of lines that never run. */
export const seenOneWay = ({ unnoticed }: Tried): Unnoticed[] =>
  (unnoticed?.changes ?? []).filter(({ reached }) => reached === 0);

/** How many lines changes are in. */
export const linesOf = (changes: readonly Unnoticed[]): number =>
  new Set(changes.map(({ file, line }) => `${file}:${line}`)).size;

/** What was done with a piece of code and what came of it, in words that follow the code. */
export function whatCameOf({ change, reached, tried }: Unnoticed): string {
  if (reached === 0)
    return { 'left out': 'never runs', true: 'is never false', false: 'is never true' }[change];
  const done = change === 'left out' ? 'left out' : `forced to be ${change}`;
  const runs = tried === reached ? counted(tried, 'scenario') : `${tried} tried of ${reached} scenarios`;
  return `${done}: all the same in ${runs} that ${reached === 1 ? 'gets' : 'get'} there`;
}

/** One or two words on a line for the gravest of `changes` in it; empty without any. */
export function remarkOn(changes: readonly Unnoticed[]): string {
  const idle = new Set(changes.filter(({ tried }) => tried > 0).map(({ change }) => change));
  if (idle.has('left out') || idle.size === 2) return 'no effect';
  const [forced] = idle;
  if (forced !== undefined) return `no effect if ${forced}`;
  const [never] = changes;
  if (never === undefined) return '';
  return { 'left out': 'never in full', true: 'never false', false: 'never true' }[never.change];
}
