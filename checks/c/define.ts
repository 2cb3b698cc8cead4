/** Makers of rules about C by the name of their kind, for rules given as plain data. */
import { InputError } from '#base/input-error.ts';
import type { CRule } from './rule.ts';
import { cBoundary } from './rules/boundary.ts';
import { exportReport } from './rules/export-report.ts';
import { fallingCounts } from './rules/falling-counts.ts';
import { cLayers } from './rules/layers.ts';
import { cNoReference } from './rules/no-reference.ts';
import { cNoUndeclared } from './rules/no-undeclared.ts';
import { cNoUnresolved } from './rules/no-unresolved.ts';
import { cOnlyInto } from './rules/only-into.ts';
import { cTombstones } from './rules/tombstones.ts';

const MAKERS: ReadonlyMap<string, (options: never, base: string) => CRule> = new Map<
  string,
  (options: never, base: string) => CRule
>([
  ['boundary', cBoundary],
  ['exportReport', exportReport],
  ['fallingCounts', fallingCounts],
  ['layers', cLayers],
  ['noReference', cNoReference],
  ['noUndeclared', cNoUndeclared],
  ['noUnresolved', cNoUnresolved],
  ['onlyInto', cOnlyInto],
  ['tombstones', cTombstones],
]);

/** A rule about C of its options. `base` is the folder of the rules file. Throws `InputError` for an unknown kind. */
export function cRule(kind: string, options: object, base: string): CRule {
  const make = MAKERS.get(kind);
  if (make === undefined)
    throw new InputError(`rules: there is no kind "${kind}" for C. Known: ${[...MAKERS.keys()].join(', ')}.`);
  return make(options as never, base);
}
