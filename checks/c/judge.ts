/** Judges a tree of C, or each commit of a range, by rules. Nothing is printed: the result is data for reporters. */
import { matcherOf } from '#base/globs.ts';
import { settle, type CommitStamp, type Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';
import type { Assumed } from './assume.ts';
import { withCExceptions } from './exceptions.ts';
import type { FactStore } from './facts.ts';
import type { IncludePath } from './includes.ts';
import { resultOf, type Judged } from './judge-result.ts';
import { openTree } from './open-tree.ts';
import { cParser, type ParseC } from './parser.ts';
import { removedNames } from './removed.ts';
import { firstSearch } from './search.ts';
import type { CommitTree, COutcome, CRule } from './rule.ts';
import type { RangeCommit } from './source/repository.ts';
import type { CSource } from './source/source.ts';
import type { CTree } from './tree.ts';
import { symbolOf, type CSymbol } from './uses.ts';

export interface CJudgeRequest {
  readonly rules: readonly CRule[];
  readonly includePaths: readonly IncludePath[];
  /** Absolute folder that names of files and lists start from. */
  readonly base: string;
  readonly rulesName: string;
  readonly assumed: Assumed;
  readonly store: FactStore;
  /** One tree, or the commits of a range. */
  readonly commits: readonly (Pick<RangeCommit, 'source'> &
    Partial<Pick<RangeCommit, 'number' | 'id' | 'subject' | 'parent' | 'changed'>>)[];
  readonly treeOf?: (revision: string) => { readonly source: CSource };
  /** Whether lists that rules compare with are written anew. */
  readonly update?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Judges. Throws `InputError` for rules that cannot be applied. */
export async function judgeC(request: CJudgeRequest): Promise<LintResult> {
  const parse = await cParser();
  const isRange = request.commits.length > 1;
  const removed = isRange
    ? await removedNames(request, parse)
    : { names: [], byCommit: new Map<number, readonly string[]>() };
  const symbols = [...request.rules.flatMap((rule) => rule.symbols), ...removed.names.map(symbolOf)];
  const [{ source: first } = {}] = request.commits;
  if (first !== undefined)
    await first.prepare?.([
      firstSearch(symbols),
      ...request.rules.flatMap((rule) => rule.searches?.(first) ?? []),
    ]);
  const judged: Judged[] = [];
  const commitTrees: CommitTree[] = [];
  for (const [index, commit] of request.commits.entries()) {
    const tree = await treeOf(request, parse, commit, symbols);
    const number = commit.number ?? 0;
    const inForce = request.rules.filter((rule) => isInForce(rule, number, request));
    judged.push(
      await judgeTree(
        request,
        tree,
        inForce.filter((rule) => !isRange || rule.checkRange === undefined),
      ),
    );
    commitTrees.push({ tree, number, dropped: removed.byCommit.get(number) ?? [], parent: commit.parent });
    request.onProgress?.(index, request.commits.length);
  }
  const overRange: COutcome[] = [];
  const outcomes = new Map<string, COutcome[]>(
    request.rules.map((rule) => [rule.id, judged.flatMap((one) => one.outcomes.get(rule.id) ?? [])]),
  );
  if (isRange) {
    for (const rule of request.rules) {
      if (rule.checkRange === undefined) continue;
      const outcome = await rule.checkRange(commitTrees, (number) => isInForce(rule, number, request));
      overRange.push(outcome);
      outcomes.set(rule.id, [outcome]);
    }
  }
  return resultOf(request, judged, overRange, outcomes);
}

async function treeOf(
  request: CJudgeRequest,
  parse: ParseC,
  commit: CJudgeRequest['commits'][number],
  symbols: readonly CSymbol[],
): Promise<CTree> {
  const followed = new Set(
    request.rules.filter(({ followsRoads }) => followsRoads).flatMap((rule) => rule.symbols),
  );
  const stamp: CommitStamp | undefined =
    commit.id === undefined
      ? undefined
      : { number: commit.number ?? 0, id: commit.id, subject: commit.subject ?? '' };
  const { store, includePaths, base, rulesName, assumed } = request;
  return openTree({
    source: commit.source,
    store,
    parse,
    symbols,
    follows: (name) => [...followed].some((symbol) => symbol.matches(name)),
    includePaths,
    assumed,
    base,
    rulesName,
    commit: stamp,
  });
}

async function judgeTree(request: CJudgeRequest, tree: CTree, rules: readonly CRule[]): Promise<Judged> {
  const outcomes = new Map<string, COutcome>();
  for (const rule of rules) {
    if (request.update === true) await rule.update?.(tree);
    outcomes.set(rule.id, await rule.check(tree));
  }
  const found = [...outcomes.values()].flatMap(({ findings }) => findings);
  const { findings, uses } = await withCExceptions(tree, rules, found);
  return { tree, findings: settle([...findings, ...unreadable(tree)]), outcomes, exceptions: uses };
}

/** Whether a rule is in force at a commit. One tree alone is judged by every rule. */
function isInForce({ from, until }: CRule, number: number, { commits }: CJudgeRequest): boolean {
  if (commits.length === 1) return true;
  const numberOf = (place: number | string | undefined, otherwise: number): number => {
    if (typeof place !== 'string') return place ?? otherwise;
    const matches = matcherOf([place], { nocase: true, bash: true });
    return (
      commits.find(({ subject }) => subject !== undefined && matches(subject))?.number ??
      Number.POSITIVE_INFINITY
    );
  };
  return number >= numberOf(from, 0) && number < numberOf(until, Number.POSITIVE_INFINITY);
}

/** So many files that cannot be read are told one by one. */
const UNREADABLE_MAX = 20;

/** What cannot be read may hold anything. */
function unreadable({ source, commit }: CTree): readonly Finding[] {
  const files = [...source.unreadable()].sort();
  const rest = files.length - UNREADABLE_MAX;
  return files.slice(0, UNREADABLE_MAX).map((file, index) => ({
    ruleId: 'unreadable',
    severity: 'error',
    certainty: 'unprovable',
    step: undefined,
    ...(commit === undefined ? {} : { commit }),
    place: { file, line: 1, column: 1, endLine: 1, endColumn: 1, source: '', enclosing: '(file)' },
    symbol: file,
    message: 'the file cannot be read: its content is not here',
    via: [],
    ...(index === 0 && rest > 0 ? { notes: [`and ${rest} more`] } : {}),
    because: 'A rule that holds for what can be read may be broken in what cannot.',
    instead:
      'Fetch what is missing (a partial or filtered clone leaves files out), or take the file out of the files looked at.',
    occurrence: 0,
  }));
}
