/** A rules file about C: `defineRules({ language: 'c', files, includePaths, rules })`. */
import path from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { names } from '../options.ts';
import { cRule } from './define.ts';
import type { IncludePath } from './includes.ts';
import type { CRule } from './rule.ts';

export interface CRuleSet {
  readonly rules: readonly CRule[];
  /** Files looked at. */
  readonly files: readonly string[];
  readonly includePaths: readonly IncludePath[];
}

/** Files of C and assembly. */
const FILES = ['**/*.[chS]'];
/** Folders where headers usually lie. */
const INCLUDE_PATHS = ['include', '.'];

const schema = v.object({
  language: v.literal('c'),
  files: v.optional(names),
  includePaths: v.optional(v.array(v.union([v.string(), v.strictObject({ files: names, paths: names })]))),
  rules: v.pipe(v.array(v.unknown()), v.nonEmpty('the list of rules is empty')),
});

/** Whether the content of a rules file is about C. */
export function isAboutC(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'language') === 'c';
}

/** The rules of a file about C. `base` is its folder. Throws `InputError`. */
export function cRuleSet(value: unknown, file: string, base: string): CRuleSet {
  const outcome = v.safeParse(schema, value);
  if (!outcome.success) {
    const [issue] = outcome.issues;
    throw new InputError(
      `${file}: ${issue.path?.map((item) => String(item.key)).join('.') ?? ''}: ${issue.message}`,
    );
  }
  const { rules, files = FILES, includePaths = INCLUDE_PATHS } = outcome.output;
  const made = rules.map((rule, index) => ruleOf(rule, `${file}: rule ${index + 1}`, path.resolve(base)));
  return { rules: unique(made), files, includePaths };
}

function ruleOf(value: unknown, name: string, base: string): CRule {
  if (typeof value !== 'object' || value === null) throw new InputError(`${name} is no object.`);
  if ('check' in value && typeof value.check === 'function')
    return { symbols: [], followsRoads: false, language: 'c', ...value } as unknown as CRule;
  const { kind, ...options } = value as Record<string, unknown>;
  return cRule(String(kind), options, base);
}

function unique(rules: readonly CRule[]): readonly CRule[] {
  const twice = rules.find(({ id }, index) => rules.findIndex((other) => other.id === id) !== index);
  if (twice === undefined) return rules;
  throw new InputError(`rules: the id ${twice.id} is given twice. Ids must be unique.`);
}
