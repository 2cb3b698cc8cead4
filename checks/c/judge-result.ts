/** Joins what was found in the trees of a run to one result. */
import { identityOf, settle, type Finding } from '../finding.ts';
import type { CommitRow, ExceptionUse, LintResult } from '../result.ts';
import type { RuleHeader } from '../rule.ts';
import { emptyRule, type RuleRun } from '../run.ts';
import { reached } from './reach.ts';
import type { COutcome, CRule } from './rule.ts';
import type { CTree } from './tree.ts';

/** One tree with what was found there. */
export interface Judged {
  readonly tree: CTree;
  readonly findings: readonly Finding[];
  readonly outcomes: ReadonlyMap<string, COutcome>;
  readonly exceptions: readonly ExceptionUse[];
}

/** What a result is about. */
export interface Judgement {
  readonly rules: readonly CRule[];
  readonly base: string;
  readonly rulesName: string;
  readonly commits: readonly unknown[];
}

/** A finding over several commits is told once, at its first. */
function merged(judged: readonly Judged[]): readonly Finding[] {
  if (judged.length === 1) return judged[0]?.findings ?? [];
  const found = new Map<string, { readonly finding: Finding; readonly numbers: number[] }>();
  for (const { findings, tree } of judged) {
    for (const finding of findings) {
      const key = identityOf(finding);
      const known = found.get(key) ?? { finding, numbers: [] };
      found.set(key, known);
      known.numbers.push(tree.commit?.number ?? 0);
    }
  }
  const last = judged.at(-1)?.tree.commit?.number ?? 0;
  return [...found.values()].map(({ finding, numbers }) => {
    const end = numbers.at(-1) ?? 0;
    const first = numbers[0] ?? 0;
    const note =
      end === last
        ? first === last
          ? []
          : ['still there at the end of the range']
        : [`gone after commit ${end}`];
    const notes = [...(finding.notes ?? []), ...note];
    return notes.length === 0 ? finding : { ...finding, notes };
  });
}

/** The result of a run: findings at their first commits, counts by commit, rules that match nothing. */
export function resultOf(
  request: Judgement,
  judged: readonly Judged[],
  overRange: readonly COutcome[],
  outcomes: ReadonlyMap<string, readonly COutcome[]>,
): LintResult {
  const findings = [
    ...merged(judged),
    ...settle(overRange.flatMap((one) => one.findings)),
    ...emptyRules(request, outcomes),
  ];
  const runs: RuleRun[] = request.rules.map(({ id }) => ({
    ruleId: id,
    step: undefined,
    matched: (outcomes.get(id) ?? []).reduce((sum, { matched }) => sum + matched, 0),
    findings: findings.filter(({ ruleId }) => ruleId === id).length,
  }));
  const [first] = judged;
  const files = first === undefined ? [] : [...first.tree.source.files.names()];
  const covers = [...outcomes.values()].flat().map((outcome) => outcome.covers);
  const headers = request.rules.map((rule): RuleHeader => headerOf(rule));
  const isRange = request.commits.length > 1;
  return {
    rules: headers,
    findings: findings.toSorted((a, b) => (a.commit?.number ?? 0) - (b.commit?.number ?? 0) || order(a, b)),
    files: files.length,
    ...(isRange ? { commits: judged.map((one) => rowOf(one, request, findings)) } : {}),
    projects: [
      {
        base: request.base,
        step: undefined,
        files: files.length,
        findings,
        runs,
        uncovered: files.filter((file) => !covers.some((isCovered) => isCovered(file))),
        named: files,
        exceptions: judged.at(-1)?.exceptions ?? [],
        notes: [],
        inputs: [],
      },
    ],
  };
}

function order(a: Finding, b: Finding): number {
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

function rowOf({ tree, findings }: Judged, { rules }: Judgement, all: readonly Finding[]): CommitRow {
  const commit = tree.commit ?? { number: 0, id: '', subject: '' };
  const own = all.filter(
    ({ commit: at, ruleId }) =>
      at?.number === commit.number && rules.find(({ id }) => id === ruleId)?.checkRange !== undefined,
  );
  const counts = Object.fromEntries(
    rules.map(({ id }) => [id, [...findings, ...own].filter(({ ruleId }) => ruleId === id).length]),
  );
  const uses: Record<string, number> = {};
  for (const rule of rules.filter(({ kind }) => kind === 'fallingCounts')) {
    for (const symbol of rule.symbols)
      uses[symbol.written] = reached(tree, [symbol], { teaches: () => false }).filter(
        ({ use }) => use.kind !== 'text',
      ).length;
  }
  return { ...commit, findings: counts, uses };
}

/** Steps and commits are told apart by the reader of a report. */
function headerOf({ id, title, because, instead, severity, strict, tags, mayBeEmpty }: CRule): RuleHeader {
  return {
    id,
    title,
    because,
    instead,
    ...(severity === undefined ? {} : { severity }),
    ...(strict === undefined ? {} : { strict }),
    ...(tags === undefined ? {} : { tags }),
    ...(mayBeEmpty === undefined ? {} : { mayBeEmpty }),
  };
}

/** A rule that matches nothing in any commit. */
function emptyRules(
  { rules, rulesName }: Judgement,
  outcomes: ReadonlyMap<string, readonly COutcome[]>,
): readonly Finding[] {
  return rules.flatMap((rule): Finding[] => {
    const own = outcomes.get(rule.id) ?? [];
    const unmatched = own.flatMap((outcome) => outcome.unmatched);
    const isEmpty =
      own.every(({ matched }) => matched === 0) ||
      (own.length > 0 && own.every((outcome) => outcome.unmatched.length > 0));
    if (!isEmpty || rule.mayBeEmpty === true) return [];
    const what =
      own.length === 0
        ? `a commit it is in force at (from ${String(rule.from ?? 0)})`
        : unmatched.length > 0
          ? [...new Set(unmatched)].join(', ')
          : rule.symbols.length > 0
            ? rule.symbols.map(({ written }) => written).join(', ')
            : 'anything';
    return [emptyRule(headerOf(rule), { step: undefined, rulesName }, [what])];
  });
}
