/**
 * Exceptions beside the code: `// conform-allow ID[, ID]: reason` on the line above a statement or at its end, and
 * `// conform-allow-file ID: reason` before the first statement. One without a reason, one that covers nothing and one
 * of a strict rule are findings themselves, so that exceptions neither rot nor hide what may never be accepted.
 */
import type { CheckContext } from './context.ts';
import { placeOf } from './context.ts';
import type { Finding } from './finding.ts';
import type { SourceUnit, SyntaxNode } from './oracle/compiler.ts';
import { commentNode } from './oracle/comment-namings.ts';
import { parts, walk } from './oracle/syntax.ts';
import type { ExceptionUse } from './result.ts';
import type { RuleHeader } from './rule.ts';

const DIRECTIVE =
  /(?:\/\/|\/\*+)[ \t]*conform-allow(-file)?[ \t]+([\w.-]+(?:[ \t]*,[ \t]*[\w.-]+)*)[ \t]*(?::[ \t]*([^\n]*?))?[ \t]*(?:\*\/|$)/gm;

/** One exception as written. */
export interface Exception {
  readonly unit: SourceUnit;
  readonly ids: readonly string[];
  readonly reason: string;
  /** Lines it covers, from 1; nothing when it stands at no statement. */
  readonly from: number;
  readonly to: number;
  readonly node: SyntaxNode;
}

/** The exceptions written in a file. */
export function exceptionsIn(unit: SourceUnit): readonly Exception[] {
  if (!unit.text.includes('conform-allow')) return [];
  return [...unit.text.matchAll(DIRECTIVE)].flatMap((match) => {
    const [all, file, names = '', reason = ''] = match;
    const ids = names.split(',').map((name) => name.trim());
    if (isInToken(unit, match.index)) return [];
    const lines = file === undefined ? statementLines(unit, match.index) : wholeFile(unit, match.index);
    const node = commentNode(unit, match.index, match.index + all.trimEnd().length);
    return [{ unit, ids, reason: reason.trim(), ...lines, node }];
  });
}

/** Whether an offset lies in a string or template: what looks like a comment there is text. */
function isInToken(unit: SourceUnit, offset: number): boolean {
  let isText = false;
  walk(unit.root, (node) => {
    const isInside = node.getStart() < offset && offset < node.end;
    if (isInside && 'text' in node && node !== unit.root && isLeaf(node)) isText = true;
  });
  return isText;
}

function isLeaf(node: SyntaxNode): boolean {
  return node.forEachChild(() => true) === undefined;
}

interface Lines {
  readonly from: number;
  readonly to: number;
}

const NOWHERE: Lines = { from: 0, to: -1 };

function wholeFile(unit: SourceUnit, offset: number): Lines {
  const first = parts(unit.root, 'statements')[0];
  return first === undefined || offset < first.getStart()
    ? { from: 1, to: Number.POSITIVE_INFINITY }
    : NOWHERE;
}

/** The statement on the same line, else the one on the next line that is no comment, with the comments before it. `/// <` is code. */
function statementLines(unit: SourceUnit, offset: number): Lines {
  const line = lineAt(unit.text, offset);
  const start = unit.text.lastIndexOf('\n', offset) + 1;
  if (unit.text.slice(start, offset).trim() !== '')
    return statementAt(unit, start, line) ?? { from: line, to: line };
  const next = unit.text
    .slice(offset)
    .split('\n')
    .findIndex((text, index) => index > 0 && !/^\s*(?:\/\/(?!\/\s*<)|\*|\/\*|$)/.test(text));
  if (next < 0) return { from: line + 1, to: Number.POSITIVE_INFINITY };
  const { to } = statementAt(unit, offset, line + next) ?? { to: line + next };
  return { from: line + 1, to };
}

/** Lines of the outermost statement or member that starts on a line; of those that only end there, that line. */
function statementAt(unit: SourceUnit, after: number, line: number): Lines | undefined {
  let found: Lines | undefined;
  walk(unit.root, (node) => {
    if (
      found !== undefined ||
      node === unit.root ||
      node.end <= after ||
      lineAt(unit.text, node.getStart()) !== line
    )
      return;
    found = { from: line, to: lineAt(unit.text, node.end) };
  });
  return found;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** The exceptions of a project for some rules, as a list. */
export function exceptionUses(context: CheckContext, rules: readonly RuleHeader[]): readonly ExceptionUse[] {
  const known = new Set(rules.map(({ id }) => id));
  return context.compiler.files.flatMap(exceptionsIn).flatMap(({ unit, ids, reason, node }) => {
    const { file, line } = placeOf(context, unit, node);
    return ids.filter((id) => known.has(id)).map((id) => ({ file, line, id, reason }));
  });
}

/** Takes out what exceptions cover, and adds what is wrong with them. */
export function withExceptions(
  context: CheckContext,
  rules: readonly RuleHeader[],
  findings: readonly Finding[],
): readonly Finding[] {
  const exceptions = context.compiler.files.flatMap(exceptionsIn);
  if (exceptions.length === 0) return findings;
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const used = new Set<string>();
  const open = findings.filter((finding) => {
    const covering = exceptions.filter((exception) => covers(context, exception, finding));
    for (const exception of covering) used.add(keyOf(exception, finding.ruleId));
    const accepted = covering.some(({ reason }) => reason !== '');
    return !accepted || byId.get(finding.ruleId)?.strict === true;
  });
  const wrong = exceptions.flatMap((exception) =>
    exception.ids.flatMap((id) => {
      const rule = byId.get(id);
      const what = rule === undefined ? undefined : faultOf(exception, rule, used.has(keyOf(exception, id)));
      return what === undefined || rule === undefined ? [] : [finding(context, exception, rule, what)];
    }),
  );
  return [...open, ...wrong];
}

function covers(
  context: CheckContext,
  { unit, ids, from, to }: Exception,
  { ruleId, place, certainty }: Finding,
): boolean {
  if (!ids.includes(ruleId) || certainty === 'empty-rule' || context.nameOf(unit) !== place.file)
    return false;
  return place.line >= from && place.line <= to;
}

function keyOf({ unit, node }: Exception, id: string): string {
  return `${unit.path}\u0000${node.pos}\u0000${id}`;
}

type Fault = readonly [certainty: 'bad-exception' | 'stale-exception', message: string];

function faultOf({ reason }: Exception, rule: RuleHeader, isUsed: boolean): Fault | undefined {
  if (reason === '') return ['bad-exception', `the exception for ${rule.id} gives no reason`];
  if (!isUsed) return ['stale-exception', `the exception for ${rule.id} covers nothing`];
  return rule.strict === true
    ? ['bad-exception', `${rule.id} is strict: no exception is accepted`]
    : undefined;
}

function finding(context: CheckContext, { unit, node }: Exception, rule: RuleHeader, fault: Fault): Finding {
  const [certainty, message] = fault;
  return {
    ruleId: rule.id,
    severity: 'error',
    certainty,
    step: context.step,
    place: placeOf(context, unit, node),
    symbol: rule.id,
    message,
    via: [],
    because:
      'An exception is only as good as its reason, and one that is left behind would hide the next finding.',
    instead: 'Write // conform-allow ID: reason at the place, or take the exception out.',
    occurrence: 0,
  };
}
