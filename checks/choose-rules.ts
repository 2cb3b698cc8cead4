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

function unknownRule(id: string, rules: readonly RuleHeader[]): InputError {
  return new InputError(`There is no rule ${id}. Rules here: ${rules.map((rule) => rule.id).join(', ')}.`);
}

/** What a rule is for, as text. Throws `InputError` for an unknown id. */
export function explainRule(rules: readonly RuleHeader[], id: string, base: string): string {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw unknownRule(id, rules);
  const force = rule.from === undefined && rule.until === undefined ? 'always' : stepsOf(rule);
  return [
    `${rule.id}  ${rule.title}`,
    `  severity: ${rule.severity ?? 'error'}${rule.strict === true ? ', strict (never in a baseline)' : ''}`,
    `  in force: ${force}`,
    ...describeEach(base, 'each' in rule ? (rule.each as Each) : undefined).map((line) => `  each: ${line}`),
    `  why: ${rule.because}`,
    `  instead: ${rule.instead}`,
    '',
  ].join('\n');
}

function stepsOf(rule: RuleHeader): string {
  const until = rule.until === undefined ? 'on' : `until step ${rule.until}`;
  return `from step ${rule.from ?? 0} ${until}`;
}
