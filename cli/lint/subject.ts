/** What is judged: a project with all rules about it, how to judge it, and where results are kept. */
import { cacheHome } from '#base/user-cache.ts';
import path from 'node:path';
import { lintProject, type ForeignProject, type SeriesRequest } from '#checks/lint.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import type { LintResult } from '#checks/result.ts';
import type { RuleHeader } from '#checks/rule.ts';
import type { Runner } from '#checks/run.ts';
import type { CliContext } from '../context.ts';

/** A share of the work on a series, and what is known of its parts. */
export type LintShares = Pick<SeriesRequest, 'share' | 'table'>;

export interface Subject {
  readonly project: ForeignProject;
  readonly rules: readonly RuleHeader[];
  /** Judges by the rules with these ids. */
  readonly judge: (
    ids: ReadonlySet<string>,
    opener: Opener,
    runner: Runner,
    shares?: LintShares,
  ) => LintResult;
  /** Texts that say which trees are judged, wherever these lie; absent where there is no series that could be cut into shards. */
  readonly about?: () => string[];
  /** Absolute folder for what is kept from run to run. */
  readonly cache: string;
  /** What a result depends on beside project and rules. */
  readonly details: () => unknown;
}

/** A user's project. Nothing is written into it: results are kept in the user's own cache. */
export function foreignSubject(project: ForeignProject, context: CliContext): Subject {
  const home = context.cacheHome ?? cacheHome();
  return {
    project,
    rules: project.rules,
    judge: (ids, opener, runner) =>
      lintProject({ ...project, rules: project.rules.filter((rule) => ids.has(rule.id)) }, opener, runner),
    cache: context.cacheDir ?? path.join(home, 'pmem-conform'),
    details: () => [project.rulesName, project.exceptionsMax],
  };
}
