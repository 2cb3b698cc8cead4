/** Where rules of the promise convict: variants by their own workloads, and the mutants of `convicted.yaml` for rules that those leave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readYaml } from '#base/yaml-file.ts';
import { parseWorkload } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import { loadTree } from '../load-tree.ts';
import { writeMutant } from '../mutants/mutant-tree.ts';
import { allMutants } from '../mutants/mutants.ts';
import type { Boot } from '../run/run.ts';

/** A tree with something wrong in it, and a workload that shows it. */
export interface Conviction {
  readonly boot: Boot;
  readonly workload: Workload;
}

const schema = v.array(v.strictObject({ rule: v.string(), mutant: v.string(), workload: v.string() }));

export const CONVICTED_PATH: string = join(import.meta.dirname, 'convicted.yaml');

/**
 * The mutants of the file at `path`, made below `scratch`, an empty folder of the project in `root`. Throws `InputError` for a file that
 * is not of this form, and for a mutant that there is no more.
 */
export async function convictedMutants(
  root: string,
  scratch: string,
  path: string = CONVICTED_PATH,
): Promise<Conviction[]> {
  const file = readYaml(readFileSync(path, 'utf8'), path);
  const mutants = new Map((await allMutants(root)).map((mutant) => [mutant.id, mutant]));
  return Promise.all(
    file.check(schema).map(async ({ mutant: name, workload }, index) => {
      const mutant = mutants.get(name);
      if (mutant === undefined)
        throw file.error([index, 'mutant'], `no mutant '${name}'`, 'those of npm run mutate -- --list');
      const boot = await loadTree(writeMutant(root, join(scratch, String(index)), mutant));
      return { boot, workload: parseWorkload(workload) };
    }),
  );
}
