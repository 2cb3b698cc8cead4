/**
 * The linter as functions: over any project with rules of one's own, and over this project (its source by the
 * project's rules, the trees of the series by theirs). Nothing is printed and no exit code is set.
 */
import path from 'node:path';
import { readContracts } from '#engine/contract.ts';
import { rootFolder, seriesFolders } from '#engine/series/trees.ts';
import { createContext, type CheckContext } from './context.ts';
import type { Compiler } from './oracle/compiler.ts';
import type { Opener } from './oracle/open.ts';
import { projectRules } from '#series/project-rules.ts';
import { joinResults, type LintResult } from './result.ts';
import type { Rule, RuleHeader } from './rule.ts';
import { mergeParts, runRules, type ProjectResult, type Runner } from './run.ts';
import { expectedCallers, lintSeries, TREND_RULE } from './series.ts';
import { stepTrees } from './step-trees.ts';
import { treeRules } from '#series/rules.ts';

/** A project somewhere, and the rules to judge it by. */
export interface ForeignProject {
  readonly tsconfig: string;
  /** Absolute folder that file names start from. */
  readonly base: string;
  readonly rules: readonly Rule[];
  readonly rulesName: string;
}

/** Judges a project. Throws `InputError` when it cannot be opened. */
export function lintProject(project: ForeignProject, opener: Opener, runner: Runner = runRules): LintResult {
  const results = withProject(project, opener, (context) => runner(context, project.rules));
  return joinResults(project.rules, [mergeParts(results)]);
}

/** Opens a project, lends out its parts one by one (most have one only), closes it. */
export function withProject<T>(
  project: Pick<ForeignProject, 'tsconfig' | 'base' | 'rulesName'>,
  opener: Opener,
  use: (context: CheckContext) => T,
): readonly [T, ...T[]] {
  const [first, ...others] = opener.open({ tsconfig: project.tsconfig });
  const lend = (compiler: Compiler): T => {
    try {
      return use(createContext(compiler, project.base, { rulesName: project.rulesName }));
    } finally {
      compiler.close();
    }
  };
  return [lend(first), ...others.map(lend)];
}

/** This project as one to judge. */
export function ownProject(): ForeignProject {
  const tsconfig = path.join(rootFolder, 'tsconfig.json');
  return { tsconfig, base: rootFolder, rules: projectRules(), rulesName: 'series/project-rules.ts' };
}

/** All rules about this project, for explanations and for choosing. */
export function ownRules(): readonly RuleHeader[] {
  return [...projectRules(), ...treeRules([]), TREND_RULE];
}

export interface OwnRequest {
  /** Judge only this step's tree. */
  readonly step: number | undefined;
  /** Ids of the rules to judge by. */
  readonly ids: ReadonlySet<string>;
  readonly onProgress?: (what: string) => void;
}

/** Judges this project: its source and all trees of the series, or one step's tree. */
export function lintOwn(request: OwnRequest, opener: Opener, runner: Runner = runRules): LintResult {
  const choose = (rules: readonly Rule[]): readonly Rule[] =>
    rules.filter((rule) => request.ids.has(rule.id));
  const projects: ProjectResult[] = [];
  const project = ownProject();
  if (request.step === undefined) {
    request.onProgress?.('the project');
    const parts = withProject(project, opener, (context) => runner(context, choose(project.rules)));
    projects.push(mergeParts(parts));
  }
  const series = lintSeries(
    {
      tsconfig: project.tsconfig,
      trees: stepTrees(),
      steps: request.step === undefined ? undefined : [request.step],
      choose,
      runner,
      expected: expectedCallers(readContracts(seriesFolders().patches)),
      onStep: (step) => request.onProgress?.(`step ${step}`),
    },
    opener,
  );
  const rules = ownRules().filter((rule) => request.ids.has(rule.id));
  return joinResults(rules, [...projects, ...series.projects]);
}
