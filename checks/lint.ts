/**
 * The linter as a function: opens each project asked for, runs the rules that are in force there, and joins the
 * results. It prints nothing and sets no exit code.
 */
import { createContext } from './context.ts';
import type { CompilerName } from './oracle/compiler.ts';
import { openerFor, type ProjectSource } from './oracle/open.ts';
import { joinResults, type LintResult } from './result.ts';
import type { Rule } from './rule.ts';
import { runRules, type ProjectResult } from './run.ts';

/** One project or one step's tree to judge. */
export interface LintTarget {
  readonly source: ProjectSource;
  /** Absolute folder that file names start from. */
  readonly base: string;
  readonly step?: number;
  /** The rules for this target, when not those of the request. */
  readonly rules?: readonly Rule[];
}

export interface LintRequest {
  readonly targets: readonly LintTarget[];
  readonly rules: readonly Rule[];
  readonly rulesName: string;
  readonly compiler: CompilerName;
  /** Called before each target is judged. */
  readonly onTarget?: (target: LintTarget, index: number) => void;
}

/** Judges all targets. Throws `InputError` for a project that cannot be opened. */
export async function lint(request: LintRequest): Promise<LintResult> {
  const open = await openerFor(request.compiler);
  const results: ProjectResult[] = [];
  for (const [index, target] of request.targets.entries()) {
    request.onTarget?.(target, index);
    const compiler = open(target.source);
    const context = createContext(compiler, target.base, { step: target.step, rulesName: request.rulesName });
    results.push(runRules(context, target.rules ?? request.rules));
    compiler.close();
  }
  return joinResults(request.rules, results);
}
