/** Exceptions beside C code: `conform-allow ID: reason` in a comment on the line above, at the end of a line, or for a whole file. */
import type { Finding } from '../finding.ts';
import type { ExceptionUse } from '../result.ts';
import type { CFile } from './analyse.ts';
import { lineStarts, placeIn } from './analyse.ts';
import { upperBound } from './conditions.ts';
import { tokenText } from './lex.ts';
import { cFinding, type CPlace, type CRule } from './rule.ts';
import type { CTree } from './tree.ts';

const DIRECTIVE =
  /conform-allow(-file)?[ \t]+([\w.-]+(?:[ \t]*,[ \t]*[\w.-]+)*)[ \t]*(?::[ \t]*([^\n]*?))?[ \t]*(?:\*\/|$)/m;

/** One exception, with the lines it covers. */
interface CException {
  readonly ids: readonly string[];
  readonly reason: string;
  readonly from: number;
  readonly to: number;
  readonly place: CPlace;
}

/** The exceptions of a file. */
export function cExceptionsIn({ name, lexed }: CFile): readonly CException[] {
  const lines = lineStarts(lexed.text);
  return lexed.comments.flatMap(([from, to]): CException[] => {
    const match = DIRECTIVE.exec(lexed.text.slice(from, to));
    if (match === null) return [];
    const [, file, names = '', reason = ''] = match;
    const next = upperBound(lexed.starts, from);
    const { line, column, source } = placeIn(lexed.text, lines, from);
    const lineOf = (index: number): number => placeIn(lexed.text, lines, lexed.starts[index] ?? 0).line;
    const isAfterCode = next > 0 && lineOf(next - 1) === line;
    let last = next;
    while (last < lexed.kinds.length - 1 && !/^[;{}]$/.test(tokenText(lexed, last))) last += 1;
    const covered =
      file !== undefined
        ? next === 0
          ? [1, Number.MAX_SAFE_INTEGER]
          : [0, -1]
        : isAfterCode
          ? [line, line]
          : next >= lexed.kinds.length
            ? [0, -1]
            : [lineOf(next), lineOf(last)];
    return [
      {
        ids: names.split(',').map((one) => one.trim()),
        reason: reason.trim(),
        from: covered[0] ?? 0,
        to: covered[1] ?? -1,
        place: { file: name, line, column, length: to - from, source, condition: [] },
      },
    ];
  });
}

function keyOf({ place }: CException, id: string): string {
  return `${place.file}:${place.line}:${id}`;
}

/** Takes out what exceptions cover, and adds what is wrong with them. */
export async function withCExceptions(
  tree: CTree,
  rules: readonly CRule[],
  findings: readonly Finding[],
): Promise<{ readonly findings: readonly Finding[]; readonly uses: readonly ExceptionUse[] }> {
  const exceptions = [
    ...(await tree.facts.each('exceptions', tree.uses.excepting, cExceptionsIn)).values(),
  ].flat();
  if (exceptions.length === 0) return { findings, uses: [] };
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const used = new Set<string>();
  const open = findings.filter((finding) => {
    const covering = exceptions.filter(
      ({ ids, place, from, to }) =>
        ids.includes(finding.ruleId) &&
        place.file === finding.place.file &&
        finding.place.line >= from &&
        finding.place.line <= to,
    );
    for (const one of covering) used.add(keyOf(one, finding.ruleId));
    return !covering.some(({ reason }) => reason !== '') || byId.get(finding.ruleId)?.strict === true;
  });
  const wrong = exceptions.flatMap((exception) =>
    exception.ids.flatMap((id) => {
      const rule = byId.get(id);
      const fault = rule === undefined ? undefined : faultOf(exception, rule, used.has(keyOf(exception, id)));
      if (rule === undefined || fault === undefined) return [];
      const [certainty, message] = fault;
      const header = {
        ...rule,
        severity: 'error',
        because:
          'An exception is only as good as its reason, and one that is left behind would hide the next finding.',
        instead: 'Write conform-allow ID: reason at the place, or take the exception out.',
      } as const;
      return [cFinding(header, tree, { place: exception.place, symbol: id, message, certainty })];
    }),
  );
  const uses = exceptions.flatMap(({ ids, place, reason }) =>
    ids.filter((id) => byId.has(id)).map((id) => ({ file: place.file, line: place.line, id, reason })),
  );
  return { findings: [...open, ...wrong], uses };
}

function faultOf(
  { reason }: CException,
  rule: CRule,
  isUsed: boolean,
): readonly ['bad-exception' | 'stale-exception', string] | undefined {
  if (reason === '') return ['bad-exception', `the exception for ${rule.id} gives no reason`];
  if (!isUsed) return ['stale-exception', `the exception for ${rule.id} covers nothing`];
  return rule.strict === true
    ? ['bad-exception', `${rule.id} is strict: no exception is accepted`]
    : undefined;
}
