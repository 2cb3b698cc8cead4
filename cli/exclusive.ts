/** Options that say different things about the same: they are refused together, never silently ignored. */
import { InputError } from '#base/input-error.ts';

/** Options by what they are about, e.g. `{ 'both ends': { '--only': true }, 'one step': { '--step': false } }`. */
export type OptionGroups = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/** Throws `InputError` when options of more than one group are given. */
export function refuseTogether(groups: OptionGroups): void {
  const given = Object.entries(groups).flatMap(([about, options]) => {
    const [first] = Object.entries(options).flatMap(([option, isGiven]) => (isGiven ? [option] : []));
    return first === undefined ? [] : [{ about, option: first }];
  });
  const [one, other] = given;
  if (one === undefined || other === undefined) return;
  throw new InputError(
    `${one.option} is about ${one.about}, ${other.option} about ${other.about}\n  allowed: one of them`,
  );
}
