/** Choosing among rules by id and tag, and explaining one in words. Unknown names are told with the ones there are. */
import { InputError } from '#base/input-error.ts';
import { describeEach, type Each } from './each.ts';
import type { RuleHeader } from './rule.ts';

/** Ids of the rules asked for; all when nothing is asked. Throws `InputError` for an unknown id or tag. */
export function chosenIds(
  rules: readonly RuleHeader[],
  ids: readonly string[] | undefined,
  tags: readonly string[] | undefined,
): ReadonlySet<string> {
  const known = new Set(rules.map((rule) => rule.id));
  for (const id of ids ?? []) if (!known.has(id)) throw unknownRule(id, rules);
  const chosen = rules.filter(
    (rule) =>
      (ids === undefined || ids.includes(rule.id)) &&
      (tags === undefined || tags.some((tag) => rule.tags?.includes(tag) === true)),
  );
  if (chosen.length > 0) return new Set(chosen.map((rule) => rule.id));
  const there = [...new Set(rules.flatMap((rule) => rule.tags ?? []))].sort().join(', ');
  throw new InputError(`No rule has the tag ${tags?.join(' or ') ?? ''}. Tags here: ${there}.`);
}

function unknownRule(id: string, rules: readonly Pick<RuleHeader, 'id'>[]): InputError {
  return new InputError(`There is no rule ${id}. Rules here: ${rules.map((rule) => rule.id).join(', ')}.`);
}

/** A rule as it is explained: places are numbers of steps, or of commits, or globs of subjects of commits. */
type Explained = Omit<RuleHeader, 'from' | 'until'> & {
  readonly from?: number | string;
  readonly until?: number | string;
};

/** What a rule is for, as text; `unit` is what `from` and `until` count. Throws `InputError` for an unknown id. */
export function explainRule(
  rules: readonly Explained[],
  id: string,
  base: string,
  unit: 'step' | 'commit' = 'step',
): string {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw unknownRule(id, rules);
  return [
    `${rule.id}  ${rule.title}`,
    `  severity: ${rule.severity ?? 'error'}${rule.strict === true ? ', strict (never in a baseline)' : ''}`,
    `  in force: ${inForce(rule, unit)}`,
    ...describeEach(base, 'each' in rule ? (rule.each as Each) : undefined).map((line) => `  each: ${line}`),
    `  why: ${rule.because}`,
    `  instead: ${rule.instead}`,
    '',
  ].join('\n');
}

function inForce({ from, until }: Explained, unit: 'step' | 'commit'): string {
  if (from === undefined && until === undefined) return 'always';
  const place = (at: number | string): string =>
    typeof at === 'string' ? `the ${unit} "${at}"` : `${unit} ${at}`;
  const range = unit === 'commit' ? 'in a range ' : '';
  return `${range}from ${place(from ?? 0)} ${until === undefined ? 'on' : `until ${place(until)}`}`;
}
