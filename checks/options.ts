/**
 * Checks the options rule functions are called with, since a rules file may be plain JavaScript or JSON. A wrong or
 * unknown option is the user's error and is told with the rule's id, the option's name and what is allowed.
 */
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';

const text = v.pipe(v.string(), v.trim(), v.nonEmpty('must not be empty'));
const step = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Lists of names or globs. */
export const names = v.pipe(v.array(text), v.nonEmpty('must name at least one'));

/** Options every rule takes. */
export const headerEntries = {
  id: text,
  title: text,
  because: text,
  instead: text,
  severity: v.optional(v.picklist(['error', 'warning'])),
  from: v.optional(step),
  until: v.optional(step),
  strict: v.optional(v.boolean()),
  tags: v.optional(v.array(text)),
  mayBeEmpty: v.optional(v.boolean()),
};

/** Throws `InputError` when options do not fit the schema of a rule kind. */
export function checkOptions<T extends v.GenericSchema>(schema: T, kind: string, options: unknown): void {
  const outcome = v.safeParse(schema, options);
  if (outcome.success) return;
  const id: unknown =
    typeof options === 'object' && options !== null ? Reflect.get(options, 'id') : undefined;
  const rule = typeof id === 'string' && id !== '' ? `rule ${id}` : 'a rule without id';
  const issue = outcome.issues[0];
  const field = issue.path?.map((item) => String(item.key)).join('.') ?? '(options)';
  throw new InputError(`rules: ${rule} (${kind}): option "${field}": ${issue.message}`);
}
