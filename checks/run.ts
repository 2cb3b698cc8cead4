/**
 * Runs rules over one opened project. Nothing is read but the project, nothing is printed: the result is data that
 * reporters turn into text.
 */
import type { CheckContext } from './context.ts';
import { exceptionUses, withExceptions } from './exceptions.ts';
import { settle, type Finding } from './finding.ts';
import type { ImportLine } from './graph/imports.ts';
import type { ExceptionUse } from './result.ts';
import { isInForce, type Rule, type RuleHeader } from './rule.ts';

/** What one rule did in one project. */
export interface RuleRun {
  readonly ruleId: string;
  readonly step: number | undefined;
  readonly matched: number;
  readonly findings: number;
}

export interface ProjectResult {
  /** Absolute folder that names of files start from. */
  readonly base: string;
  readonly step: number | undefined;
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly runs: readonly RuleRun[];
  /** Files no rule has an opinion about. */
  readonly uncovered: readonly string[];
  /** Files the configuration itself names, as findings name them; the others came by imports. */
  readonly named: readonly string[];
  /** Exceptions beside the code, for these rules. */
  readonly exceptions: readonly ExceptionUse[];
  /** Imports, when a picture is wanted, and the package of the repository of each file that lies in one. */
  readonly imports?: readonly ImportLine[];
  readonly packages?: readonly (readonly [file: string, name: string])[];
  /** Files that changed or reach changed ones, when only they are asked for. */
  readonly affected?: readonly string[];
  /** What of the configuration could not be found, in sentences. */
  readonly notes: readonly string[];
  /** Absolute paths of everything that was read. */
  readonly inputs: readonly string[];
}

/** Judges one project or tree. */
export type Runner = (context: CheckContext, rules: readonly Rule[]) => ProjectResult;

/** First writes anew what rules in force compare with (API reports), then judges. */
export function updateAndRun(context: CheckContext, rules: readonly Rule[]): ProjectResult {
  for (const rule of rules.filter((candidate) => isInForce(candidate, context.step))) rule.update?.(context);
  return runRules(context, rules);
}

/** Judges a project by the rules in force. */
export function runRules(context: CheckContext, rules: readonly Rule[]): ProjectResult {
  const findings: Finding[] = [];
  const runs: RuleRun[] = [];
  const read: string[] = [];
  const covers: ((file: string) => boolean)[] = [];
  const inForce = rules.filter((rule) => isInForce(rule, context.step));
  for (const rule of inForce) {
    const outcome = rule.check(context);
    const isEmpty = outcome.unmatched.length > 0 || outcome.matched === 0;
    const own = isEmpty && rule.mayBeEmpty !== true ? [emptyRule(rule, context, outcome.unmatched)] : [];
    findings.push(...outcome.findings, ...own);
    runs.push({
      ruleId: rule.id,
      step: context.step,
      matched: outcome.matched,
      findings: outcome.findings.length + own.length,
    });
    covers.push(outcome.covers);
    read.push(...(outcome.inputs ?? []));
  }
  const accepted = withExceptions(context, inForce, findings);
  const names = context.compiler.files.map((unit) => context.nameOf(unit));
  const uncovered = names.filter((name) => !covers.some((isCovered) => isCovered(name)));
  const inputs = [...context.compiler.inputs, ...context.compiler.leads.inputs, ...read];
  return {
    base: context.base,
    step: context.step,
    files: names.length,
    findings: settle(accepted),
    runs,
    uncovered,
    named: [...context.compiler.named].map((path) => context.nameOf({ path })),
    exceptions: exceptionUses(context, inForce),
    notes: context.compiler.notes,
    inputs,
  };
}

/** What is said of a rule that matches nothing. */
export function emptyRule(
  rule: RuleHeader,
  context: Pick<CheckContext, 'step' | 'rulesName'>,
  unmatched: readonly string[],
): Finding {
  const what = unmatched.length === 0 ? 'anything' : unmatched.join(', ');
  return {
    ruleId: rule.id,
    severity: 'error',
    certainty: 'empty-rule',
    step: context.step,
    place: {
      file: context.rulesName,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      source: '',
      enclosing: '(rule)',
    },
    symbol: rule.id,
    message: `the rule matches nothing: it does not find ${what}`,
    via: [],
    because: 'A rule that matches nothing guards nothing; most often a file was renamed.',
    instead: 'Correct the name, remove the rule, or set mayBeEmpty when nothing is what you expect.',
    occurrence: 0,
  };
}

/**
 * Joins the results of the parts of one project: a rule is empty only when it is empty in all of them, and what is found
 * in a file counts as the parts see it that name the file, whose settings are its own.
 */
export function mergeParts(parts: readonly [ProjectResult, ...ProjectResult[]]): ProjectResult {
  const [first] = parts;
  if (parts.length === 1) return first;
  const emptyIn = (part: ProjectResult, ruleId: string): boolean =>
    part.findings.some((finding) => finding.ruleId === ruleId && finding.certainty === 'empty-rule');
  const named = new Set(parts.flatMap((part) => part.named));
  const findings = parts.flatMap((part) => {
    const own = new Set(part.named);
    return part.findings.filter(({ place: { file } }) => own.has(file) || !named.has(file));
  });
  const kept = findings.filter(
    ({ certainty, ruleId }) => certainty !== 'empty-rule' || parts.every((part) => emptyIn(part, ruleId)),
  );
  const inputs = [...new Set(parts.flatMap((part) => part.inputs))];
  return {
    ...first,
    files: new Set(inputs.filter((file) => !file.includes('/node_modules/'))).size,
    findings: settle(kept),
    runs: parts.flatMap((part) => part.runs),
    uncovered: [...new Set(parts.flatMap((part) => part.uncovered))],
    named: [...named],
    exceptions: parts.flatMap((part) => part.exceptions),
    ...(first.imports === undefined
      ? {}
      : {
          imports: parts.flatMap((part) => {
            const own = new Set(part.named);
            return (part.imports ?? []).filter(({ from }) => own.has(from) || !named.has(from));
          }),
          packages: parts.flatMap((part) => part.packages ?? []),
        }),
    ...(first.affected === undefined ? {} : { affected: parts.flatMap((part) => part.affected ?? []) }),
    notes: [...new Set(parts.flatMap((part) => part.notes))],
    inputs,
  };
}
