/** What is known of every mutant: `known.json`, which is committed, so that a change says which mistakes it makes unseen. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '#base/files.ts';
import type { Kill, MutantVerdict } from './verdict.ts';

export interface KnownMutants {
  /** By id what kills it; `survives` for those that nothing does. */
  readonly mutants: Readonly<Record<string, Kill | 'survives'>>;
  /** Of survivors that are the same in all that can be seen, why they are. */
  readonly equivalent: Readonly<Record<string, string>>;
  /** Of survivors that are not, what would show them. */
  readonly open: Readonly<Record<string, string>>;
}

export const KNOWN_PATH: string = join(import.meta.dirname, 'known.json');

const NOTHING: KnownMutants = { mutants: {}, equivalent: {}, open: {} };

export function readKnown(path: string = KNOWN_PATH): KnownMutants {
  return existsSync(path)
    ? { ...NOTHING, ...(JSON.parse(readFileSync(path, 'utf8')) as KnownMutants) }
    : NOTHING;
}

/**
 * Writes what is known now of the mutants `ids`: new verdicts, and the old ones of those that were not tried. Reasons of mutants
 * that survive no more, or are gone, are dropped.
 */
export function writeKnown(
  ids: readonly string[],
  verdicts: readonly MutantVerdict[],
  known: KnownMutants,
  path: string = KNOWN_PATH,
): void {
  const now = new Map(verdicts.map(({ id, killedBy }) => [id, killedBy ?? ('survives' as const)]));
  const mutants = Object.fromEntries(
    ids.flatMap((id) => {
      const verdict = now.get(id) ?? known.mutants[id];
      return verdict === undefined ? [] : [[id, verdict] as const];
    }),
  );
  const still = (reasons: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(reasons).filter(([id]) => mutants[id] === 'survives'));
  const next: KnownMutants = { mutants, equivalent: still(known.equivalent), open: still(known.open) };
  writeWhole(path, `${JSON.stringify(next, null, 2)}\n`);
}
