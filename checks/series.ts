/**
 * Judges the trees of the series: each by the rules in force at its step, all by what is expected over the series
 * (callers of what goes never increase, and are none from a step on). A tree is a folder; nothing of it is run.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '#engine/contract.ts';
import { createContext, type CheckContext } from './context.ts';
import type { Finding } from './finding.ts';
import type { Opener } from './oracle/opener.ts';
import { ownersOf, resolveTarget } from './oracle/targets.ts';
import { trackUses } from './oracle/tracker.ts';
import { runRules, type ProjectResult, type Runner } from './run.ts';
import { type Tombstone, tombstonesOf } from './rules/tombstones.ts';
import type { Rule, RuleHeader } from './rule.ts';

/** The tree of one step on disk. */
export interface StepTree {
  readonly step: number;
  /** Absolute folder. */
  readonly folder: string;
}

/** The rules of a series: over the source of the project, over each of its trees, and over the series as a whole. */
export interface SeriesRules {
  /** Absolute paths: the project's configuration, and the folder that file names start from. */
  readonly tsconfig: string;
  readonly base: string;
  readonly project: readonly Rule[];
  /** The file that has the rules of the project, and the one with those of the trees, as findings name them. */
  readonly projectName: string;
  readonly treesName: string;
  /** Symbols that the series removes, as they are named in the tree before it. */
  readonly removedSymbols: readonly string[];
  /** Rules inside a tree, given what the tree before the series has of `removedSymbols`. */
  readonly trees: (removed: readonly Tombstone[]) => readonly Rule[];
  /** Callers of `removedSymbols` never increase from step to step. */
  readonly trend: RuleHeader;
}

export interface SeriesSource {
  readonly rules: SeriesRules;
  readonly trees: readonly StepTree[];
  /** Steps to judge; all when left out. Step 0 is always read, for the tombstones. */
  readonly steps?: readonly number[] | undefined;
  /** Chooses among the rules; all when left out. */
  readonly choose?: (rules: readonly Rule[]) => readonly Rule[];
  readonly onStep?: (step: number) => void;
  readonly runner?: Runner;
  readonly expected?: ExpectedCallers;
  /** What is known of a step, and who is told what was found out of one; nothing is read of a step that is known. */
  readonly known?: (step: number) => JudgedTree | undefined;
  readonly keep?: (step: number, judged: JudgedTree) => void;
}

/** What came of one tree, as plain data. */
export interface JudgedTree {
  readonly project: ProjectResult;
  readonly callers: readonly (readonly [name: string, count: number])[];
}

/** What the contracts say of the callers of removed symbols, by their names. */
export interface ExpectedCallers {
  /** Steps from which a symbol has no callers left. */
  readonly noneFrom: ReadonlyMap<string, number>;
  /** Steps that may call it more often than the step before. */
  readonly moreAt: ReadonlyMap<string, number>;
}

/** Gathers what the contracts of the steps expect. */
export function expectedCallers(
  contracts: readonly Pick<Contract, 'step' | 'noCallersFromHere' | 'mayGainCallers'>[],
): ExpectedCallers {
  const pairs = (key: 'noCallersFromHere' | 'mayGainCallers'): ReadonlyMap<string, number> =>
    new Map(contracts.flatMap((contract) => contract[key].map((name) => [name, contract.step] as const)));
  return { noneFrom: pairs('noCallersFromHere'), moreAt: pairs('mayGainCallers') };
}

/** How often each removed symbol is called at a step, by its name. */
export type CallerCounts = ReadonlyMap<string, number>;

export interface SeriesResult {
  readonly rules: readonly Rule[];
  readonly projects: readonly ProjectResult[];
  readonly callers: ReadonlyMap<number, CallerCounts>;
}

/** Judges the trees. Throws `InputError` when the configuration cannot be used. */
export function lintSeries(source: SeriesSource, opener: Opener): SeriesResult {
  const trees = [...source.trees].sort((a, b) => a.step - b.step);
  const projects: ProjectResult[] = [];
  const callers = new Map<number, CallerCounts>();
  let rules: readonly Rule[] | undefined;
  for (const tree of trees) {
    const isWanted = source.steps === undefined || source.steps.includes(tree.step);
    const known = isWanted ? source.known?.(tree.step) : undefined;
    if (known !== undefined) {
      callers.set(tree.step, new Map(known.callers));
      projects.push(known.project);
      continue;
    }
    if (!isWanted && rules !== undefined) continue;
    source.onStep?.(tree.step);
    const [compiler] = opener.open({ tsconfig: source.rules.tsconfig, files: filesIn(tree.folder) });
    const context = createContext(compiler, tree.folder, {
      step: tree.step,
      rulesName: source.rules.treesName,
    });
    rules ??= (source.choose ?? ((all) => all))(
      source.rules.trees(tombstonesOf(context, source.rules.removedSymbols)),
    );
    if (isWanted) {
      const counts = countCallers(context, source.rules.removedSymbols);
      const project = (source.runner ?? runRules)(context, rules);
      callers.set(tree.step, counts);
      projects.push(project);
      source.keep?.(tree.step, { project, callers: [...counts] });
    }
    compiler.close();
  }
  return {
    rules: rules ?? [],
    projects: withTrend(source.rules.trend, projects, callers, source.expected ?? expectedCallers([])),
    callers,
  };
}

/** Absolute paths of the TypeScript files below a folder, sorted. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function countCallers(context: CheckContext, removed: readonly string[]): CallerCounts {
  const watched = removed.flatMap((written) => resolveTarget(context, written));
  const owners = ownersOf(context.compiler, watched);
  const counts = new Map<string, number>(watched.map(({ target }) => [target.name, 0]));
  for (const use of trackUses(context.compiler, context.words, context.graph, watched)) {
    if (use.kind !== 'call' || owners.has(use.unit.path)) continue;
    counts.set(use.target.name, (counts.get(use.target.name) ?? 0) + 1);
  }
  return counts;
}

/** Adds a finding to each step that calls what is removed more often than the step before, or when nobody should. */
function withTrend(
  rule: RuleHeader,
  projects: readonly ProjectResult[],
  callers: ReadonlyMap<number, CallerCounts>,
  { noneFrom, moreAt }: ExpectedCallers,
): readonly ProjectResult[] {
  return projects.map((project, index) => {
    const previous = projects[index - 1]?.step;
    const now = project.step === undefined ? undefined : callers.get(project.step);
    const then = previous === undefined ? undefined : callers.get(previous);
    const findings = [...(now ?? [])].flatMap(([name, count]) => {
      const before = then?.get(name) ?? (then === undefined ? count : 0);
      const last = noneFrom.get(name);
      const isLate = last !== undefined && project.step !== undefined && project.step >= last && count > 0;
      return [
        ...(count > before && moreAt.get(name) !== project.step
          ? [`calls ${name} ${count} times, ${before} times a step before`]
          : []),
        ...(isLate ? [`calls ${name} ${count} times, although nobody does from step ${last} on`] : []),
      ].map((message) => trendFinding(rule, project.step, name, message));
    });
    return { ...project, findings: [...project.findings, ...findings] };
  });
}

function trendFinding(rule: RuleHeader, step: number | undefined, name: string, message: string): Finding {
  return {
    ruleId: rule.id,
    because: rule.because,
    instead: rule.instead,
    severity: 'error',
    certainty: 'violation',
    step,
    place: { file: '.', line: 1, column: 1, endLine: 1, endColumn: 1, source: '', enclosing: '(series)' },
    symbol: name,
    message,
    via: [],
    occurrence: 0,
  };
}
