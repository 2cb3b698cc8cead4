/**
 * The public list for rule files: `defineRules` and one function for each kind of rule. A `boundary.config.ts`
 * imports from here (or as `pmem-conform/rules`) and exports what `defineRules` returns as its default.
 */
import { InputError } from '#base/input-error.ts';
import type { Rule } from './rule.ts';
import { apiReport } from './rules/api-report.ts';
import { boundary } from './rules/boundary.ts';
import { layers } from './rules/layers.ts';
import { publicApi, siblings } from './rules/modules.ts';
import { noCopy } from './rules/no-copy.ts';
import { noCycles } from './rules/no-cycles.ts';
import { noOpaque } from './rules/no-opaque.ts';
import { noReference } from './rules/no-reference.ts';
import { noUnresolved } from './rules/no-unresolved.ts';
import { onlyInto } from './rules/only-into.ts';
import { tombstones } from './rules/tombstones.ts';
import { presenceTested } from './rules/presence-tested.ts';

export { apiReport, type ApiReportOptions } from './rules/api-report.ts';
export { boundary, type BoundaryOptions } from './rules/boundary.ts';
export { layers, type LayersOptions } from './rules/layers.ts';
export { publicApi, siblings, type PublicApiOptions, type SiblingsOptions } from './rules/modules.ts';
export { noCopy, type NoCopyOptions } from './rules/no-copy.ts';
export { noCycles, type NoCyclesOptions } from './rules/no-cycles.ts';
export { noOpaque, type NoOpaqueOptions } from './rules/no-opaque.ts';
export { noReference, type NoReferenceOptions } from './rules/no-reference.ts';
export { noUnresolved, type NoUnresolvedOptions } from './rules/no-unresolved.ts';
export { onlyInto, type OnlyIntoOptions } from './rules/only-into.ts';
export { presenceTested, type PresenceTestedOptions } from './rules/presence-tested.ts';
export { tombstones, tombstonesOf, type Tombstone, type TombstonesOptions } from './rules/tombstones.ts';
export { exportReport, fallingCounts, language, noUndeclared } from './c/makers.ts';
export type { Rule, RuleHeader } from './rule.ts';
export type { UseKind } from './oracle/use.ts';

/** A rules file as a value. */
export interface RuleSet {
  /** What the rules are about; TypeScript when left out. */
  readonly language?: 'typescript' | 'c';
  /** For C: files looked at (all `.c`, `.h`, `.S` when left out). */
  readonly files?: readonly string[];
  /** For C: folders that `#include` searches, for all files or for some. */
  readonly includePaths?: readonly (
    | string
    | { readonly files: readonly string[]; readonly paths: readonly string[] }
  )[];
  /** Folder that file names and globs start from, relative to the rules file. */
  readonly base?: string;
  /** How many exceptions beside the code (`conform-allow`) there may be; any number when left out. */
  readonly exceptions?: { readonly max: number };
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
  return new Map<string, (options: never) => Rule>([
    ['apiReport', apiReport],
    ['boundary', boundary],
    ['layers', layers],
    ['noCopy', noCopy],
    ['noCycles', noCycles],
    ['noOpaque', noOpaque],
    ['noReference', noReference],
    ['noUnresolved', noUnresolved],
    ['onlyInto', onlyInto],
    ['presenceTested', presenceTested],
    ['publicApi', publicApi],
    ['siblings', siblings],
    ['tombstones', tombstones],
  ]);
}

/** Whether a rule is of a kind made here, and therefore decided by its options alone. */
export function isBuiltIn(rule: Rule): boolean {
  return ruleFunctions().has(rule.kind);
}
