/** This tool's own project as one to judge: its source by its rules, the trees of its series by theirs. */
import { allRules, lintWithSeries, projectOf, type ForeignProject } from '#checks/lint.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import type { LintResult } from '#checks/result.ts';
import type { RuleHeader } from '#checks/rule.ts';
import type { Runner } from '#checks/run.ts';
import type { StepTree } from '#checks/series.ts';
import type { CliContext } from '../context.ts';
import { ownProject } from '../own-project.ts';
import type { LintShares, Subject } from './subject.ts';

/** Opens this tool's project. Throws `InputError` for a step the series does not have. */
export function ownSubject(given: string | undefined, context: CliContext): Subject {
  const own = ownProject(context);
  const { series, lint } = own;
  const step = given === undefined ? undefined : given === '0' ? 0 : series.stepNamed(given);
  const trees = (): StepTree[] =>
    Array.from({ length: series.stepCount + 1 }, (_, at) => ({
      step: at,
      folder: series.tree(series.stepName(at)).folder,
    }));
  const rules: readonly RuleHeader[] = allRules(lint);
  const project: ForeignProject = projectOf(lint);
  const judge = (
    ids: ReadonlySet<string>,
    opener: Opener,
    runner: Runner,
    shares: LintShares = {},
  ): LintResult => {
    const onProgress = (what: string): void => {
      if (context.progress) context.writeError(`\r\u001B[Kjudging ${what}`);
    };
    const request = {
      rules: lint,
      trees: trees(),
      contracts: own.contracts(),
      step,
      ids,
      onProgress,
      ...shares,
    };
    const result = lintWithSeries(request, opener, runner);
    if (context.progress) context.writeError('\r\u001B[K');
    return result;
  };
  return {
    project,
    rules,
    judge,
    cache: own.cache,
    details: () => [step, trees(), own.contracts()],
    about: () => [
      JSON.stringify(own.contracts()),
      ...trees().map(({ step: at }) => series.tree(series.stepName(at)).hash),
    ],
  };
}
