/** The contracts of patches in a folder that is another version of a series. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Contract, type Language, PURE_CONTRACT, readContract } from '../contract.ts';
import { contractNameOf, type SeriesPatch } from './patches.ts';
import type { Series } from './series.ts';

/** One contract a patch: that beside it in `folder`, else that of the step of `now` that has its subject, else one that allows nothing. */
export function contractsBeside(
  folder: string,
  patches: readonly SeriesPatch[],
  now: Pick<Series, 'patches' | 'contracts'>,
  language: Language,
): Contract[] {
  const subjects = now.patches().map(({ subject }) => subject);
  return patches.map(({ step, subject, fileName }) => {
    const path = join(folder, contractNameOf(fileName));
    if (existsSync(path)) return readContract(path, step, language);
    const same = subjects.indexOf(subject);
    return { ...(same < 0 ? PURE_CONTRACT : (now.contracts(language)[same] ?? PURE_CONTRACT)), step };
  });
}
