/**
 * The public list for rule files: `defineRules` and one function for each kind of rule. A `boundary.config.ts`
 * imports from here (or as `pmem-conform/rules`) and exports what `defineRules` returns as its default.
 */
import { InputError } from '#machine/input-error.ts';
import type { Rule } from './rule.ts';
import { noReference } from './rules/no-reference.ts';

export { noReference, type NoReferenceOptions } from './rules/no-reference.ts';
export type { Rule, RuleHeader } from './rule.ts';
export type { UseKind } from './oracle/use.ts';

/** A rules file as a value. */
export interface RuleSet {
  /** Folder that file names and globs start from, relative to the rules file. */
  readonly base?: string;
  readonly rules: readonly Rule[];
}

/**
 * Checks a set of rules and returns it: ids must be unique, and each rule must say why it exists and what to do
 * instead. Throws `InputError`.
 */
export function defineRules(ruleSet: RuleSet): RuleSet {
  const seen = new Set<string>();
  for (const rule of ruleSet.rules) {
    if (rule.id.trim() === '')
      throw new InputError('rules: a rule has an empty id. Give each rule a stable id.');
    if (seen.has(rule.id))
      throw new InputError(`rules: the id ${rule.id} is given twice. Ids must be unique.`);
    seen.add(rule.id);
    for (const field of ['title', 'because', 'instead'] as const) {
      if (typeof rule[field] === 'string' && rule[field].trim() !== '') continue;
      throw new InputError(
        `rules: ${rule.id} has no "${field}". A rule says what holds, why, and what to do.`,
      );
    }
  }
  return ruleSet;
}

/** Makers of rules by the name of their kind, for rules given as plain data. Each checks its options itself. */
export function ruleFunctions(): ReadonlyMap<string, (options: never) => Rule> {
  return new Map<string, (options: never) => Rule>([['noReference', noReference]]);
}
