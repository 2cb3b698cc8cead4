/** What the linter judges one step of a user's own series by: the rules of the checkout, on the files of the step. */
import path from 'node:path';
import { InputError } from '#base/input-error.ts';
import { nearestRules } from '#checks/find-project.ts';
import type { ForeignProject } from '#checks/lint.ts';
import { loadRules } from '#checks/rules-file.ts';
import type { Project } from '#engine/project.ts';
import type { UserLint } from './user-configuration.ts';

/** The project of one step. `given` names another file of rules. Throws `InputError` where there are no rules, or no such step. */
export async function stepProject(
  { root, series, lint }: Project<UserLint>,
  step: string,
  given: string | undefined,
): Promise<ForeignProject> {
  const number = step === '0' ? 0 : series.stepNamed(step);
  const own = lint.rules === undefined ? undefined : path.resolve(root, lint.rules);
  const file = given ?? own ?? nearestRules(root);
  if (file === undefined)
    throw new InputError(
      `there are no rules in ${root}\n  what to do: write a boundary.config.ts (checks/README.md), or name it as 'rules' in the configuration`,
    );
  const { rules, base = path.dirname(file) } = await loadRules(file);
  const { folder } = series.tree(series.stepName(number));
  return {
    tsconfig: path.join(folder, lint.tsconfig),
    base: path.join(folder, path.relative(root, base)),
    rules,
    rulesName: path.relative(root, file),
  };
}
