/**
 * The linter as functions: over any project with rules of one's own, and over this project (its source by the
 * project's rules, the trees of the series by theirs). Nothing is printed and no exit code is set.
 */
import type { Contract } from '#engine/contract.ts';
import { isMine, type Share } from '#engine/share.ts';
import type { Table } from '#engine/store.ts';
import { createContext, type CheckContext } from './context.ts';
import type { Compiler } from './oracle/compiler.ts';
import { NeedsCompilerError } from './oracle/needs-compiler.ts';
import { NoFilesError, type Opener, type ProjectSource } from './oracle/opener.ts';
import { joinResults, type LintResult } from './result.ts';
import type { Rule, RuleHeader } from './rule.ts';
import { mergeParts, runRules, type ProjectResult, type Runner } from './run.ts';
import { expectedCallers, type JudgedTree, lintSeries, type SeriesRules, type StepTree } from './series.ts';

/** A project somewhere, and the rules to judge it by. */
export interface ForeignProject {
  readonly tsconfig: string;
  /** Further configurations that belong to the same project: those of the packages of a repository. */
  readonly others?: readonly string[];
  /** Whether the configurations were found and not named: those without files are left out, which is told. */
  readonly isFound?: boolean;
  /** Absolute folder that file names start from. */
  readonly base: string;
  readonly rules: readonly Rule[];
  readonly rulesName: string;
  /** How many exceptions beside the code are allowed. */
  readonly exceptionsMax?: number | undefined;
  /** Files the rules were read from; nothing when their text alone does not decide them. */
  readonly rulesInputs?: readonly string[] | undefined;
}

/** Judges a project. Throws `InputError` when it cannot be opened. */
export function lintProject(project: ForeignProject, opener: Opener, runner: Runner = runRules): LintResult {
  const left: string[] = [];
  // Of hundreds of configurations most read the same files: each name is kept once.
  const read = new Set<string>();
  const judge = (context: CheckContext): ProjectResult => {
    const result = runner(context, project.rules);
    const inputs = result.inputs.filter((name) => !read.has(name));
    for (const name of inputs) read.add(name);
    return { ...result, inputs };
  };
  const results = withProject(project, opener, judge, (note) => left.push(note));
  const merged = mergeParts(results);
  return joinResults(project.rules, [{ ...merged, notes: [...merged.notes, ...left] }]);
}

/** Opens a project, lends out its parts one by one (most have one only), closes it. Throws `InputError`. */
export function withProject<T>(
  project: Pick<ForeignProject, 'tsconfig' | 'others' | 'base' | 'rulesName' | 'isFound'> & {
    readonly rules?: readonly Rule[];
  },
  opener: Opener,
  use: (context: CheckContext) => T,
  onLeftOut?: (note: string) => void,
): readonly [T, ...T[]] {
  const lend = (compiler: Compiler): T => {
    try {
      return use(createContext(compiler, project.base, { rulesName: project.rulesName }));
    } finally {
      compiler.close();
    }
  };
  const found: T[] = [];
  for (const tsconfig of [project.tsconfig, ...(project.others ?? [])]) {
    try {
      found.push(...lentBySyntax(project.rules, opener, { tsconfig }, lend));
    } catch (error) {
      if (project.isFound !== true || !(error instanceof NoFilesError)) throw error;
      onLeftOut?.(`${tsconfig} names no source file and is left out`);
    }
  }
  const [first, ...others] = found;
  if (first === undefined) throw new NoFilesError(project.tsconfig);
  return [first, ...others];
}

/** Kinds of rules that only ask where imports lead. */
const ABOUT_IMPORTS = new Set(['boundary', 'layers', 'publicApi', 'siblings', 'noCycles', 'noUnresolved']);

/** Whether rules can be judged without a compiler, unless a file makes one necessary. */
export const areAboutImports = (rules: readonly Rule[]): boolean =>
  rules.every(({ kind }) => ABOUT_IMPORTS.has(kind));

/** Lends out a project read by its syntax where that is enough for the rules, else with a compiler. */
function lentBySyntax<T>(
  rules: readonly Rule[] | undefined,
  opener: Opener,
  source: ProjectSource,
  lend: (compiler: Compiler) => T,
): readonly T[] {
  const isEnough = rules !== undefined && areAboutImports(rules);
  if (!isEnough || opener.openSyntax === undefined) return opener.open(source).map(lend);
  try {
    return [lend(opener.openSyntax(source))];
  } catch (error) {
    if (error instanceof NeedsCompilerError) return opener.open(source).map(lend);
    throw error;
  }
}

/** A project with a series as one to judge. */
export function projectOf({ tsconfig, base, project, projectName }: SeriesRules): ForeignProject {
  return { tsconfig, base, rules: project, rulesName: projectName };
}

/** All rules about a project with a series, for explanations and for choosing. */
export function allRules({ project, trees, trend }: SeriesRules): readonly RuleHeader[] {
  return [...project, ...trees([]), trend];
}

export interface SeriesRequest {
  readonly rules: SeriesRules;
  /** The trees of the series, in order, and what its contracts say of callers. */
  readonly trees: readonly StepTree[];
  readonly contracts: readonly Pick<Contract, 'step' | 'noCallersFromHere' | 'mayGainCallers'>[];
  /** Judge only this step's tree. */
  readonly step: number | undefined;
  /** Ids of the rules to judge by. */
  readonly ids: ReadonlySet<string>;
  readonly onProgress?: (what: string) => void;
  /** A share of the work: the project is its first part, the steps are the others. */
  readonly share?: Share | undefined;
  /** What is known of parts, by name, and where what is found out of them is put; everything is judged when absent. */
  readonly table?: Table<JudgedTree> | undefined;
}

/** Judges a project with a series: its source and all trees, or one step's tree. */
export function lintWithSeries(
  request: SeriesRequest,
  opener: Opener,
  runner: Runner = runRules,
): LintResult {
  const choose = (rules: readonly Rule[]): readonly Rule[] =>
    rules.filter((rule) => request.ids.has(rule.id));
  const projects: ProjectResult[] = [];
  const { share, table } = request;
  const known = table?.get('project');
  if (known !== undefined) projects.push(known.project);
  else if (request.step === undefined && isMine(share, 0)) {
    request.onProgress?.('the project');
    const own = projectOf(request.rules);
    const project = mergeParts(withProject(own, opener, (context) => runner(context, choose(own.rules))));
    projects.push(project);
    table?.set('project', { project, callers: [] });
  }
  const steps = share && request.trees.map(({ step }) => step).filter((step) => isMine(share, step + 1));
  const series = lintSeries(
    {
      rules: request.rules,
      trees: request.trees,
      steps: request.step === undefined ? steps : [request.step],
      known: (step) => table?.get(`step ${step}`),
      keep: (step, judged) => table?.set(`step ${step}`, judged),
      choose,
      runner,
      expected: expectedCallers(request.contracts),
      onStep: (step) => request.onProgress?.(`step ${step}`),
    },
    opener,
  );
  const rules = allRules(request.rules).filter((rule) => request.ids.has(rule.id));
  return joinResults(rules, [...projects, ...series.projects]);
}
