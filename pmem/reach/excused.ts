/** What is unreached and why that is in order, or what is missing: `excused.yaml`, held to what is found. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readYaml } from '#base/yaml-file.ts';

const schema = v.array(
  v.strictObject({
    reason: v.pipe(v.string(), v.minLength(20, 'a reason of at least 20 letters')),
    unreached: v.pipe(v.array(v.string()), v.minLength(1, 'at least one name')),
  }),
);

export const EXCUSED_PATH: string = join(import.meta.dirname, 'excused.yaml');

/** Reasons by the name of what is unreached. Throws `InputError` for a file that is not of this form, or a name that stands there twice. */
export function readExcused(path: string = EXCUSED_PATH): ReadonlyMap<string, string> {
  const file = readYaml(readFileSync(path, 'utf8'), path);
  const reasons = new Map<string, string>();
  for (const [group, { reason, unreached }] of file.check(schema).entries())
    for (const [index, name] of unreached.entries()) {
      if (reasons.has(name))
        throw file.error([group, 'unreached', index], `'${name}' again`, 'each name once');
      reasons.set(name, reason);
    }
  return reasons;
}

/** What of `unreached` has no reason, and reasons for what is reached or is no more. */
export function heldToExcuses(
  unreached: readonly string[],
  excused: ReadonlyMap<string, string>,
): { readonly open: string[]; readonly stale: string[] } {
  const found = new Set(unreached);
  return {
    open: unreached.filter((name) => !excused.has(name)),
    stale: [...excused.keys()].filter((name) => !found.has(name)),
  };
}
