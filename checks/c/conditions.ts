/**
 * Under which `#if` lines a place stands. A condition is a list of parts that must all hold, outermost first, in a normal
 * form: `defined(X)`, `!defined(X)`, else the text with single blanks. Guards against double inclusion are left out.
 */
import { tokenText, type Directive, type Lexed } from './lex.ts';

/** One branch of an `#if … #elif … #else`. */
export interface Branch {
  /** Offsets of what it holds: from the end of its own line to the `#` of the next. */
  readonly from: number;
  to: number;
  readonly group: number;
  readonly index: number;
  /** The branch around it, by number; -1 at the top. */
  readonly parent: number;
  /** What this group adds, and the part for the branch itself: the last. */
  readonly own: readonly string[];
}

/** All branches of a file, and for each group the branches it has. */
export interface Conditions {
  readonly branches: readonly Branch[];
  readonly groups: readonly (readonly number[])[];
  /** Innermost branch at an offset; -1 at the top. */
  readonly at: (offset: number) => number;
}

/** What follows a directive's keyword, comments taken out, blanks single. */
export function directiveText({ text, starts, ends }: Lexed, { first, last, to }: Directive): string {
  if (first >= last) return '';
  const from = starts[first] ?? to;
  return text
    .slice(from, Math.max(from, ends[last - 1] ?? to))
    .replaceAll(/\\\r?\n/g, ' ')
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function normal(keyword: string, rest: string): string {
  const word = rest.split(' ')[0] ?? '';
  if (keyword.endsWith('ifdef')) return `defined(${word})`;
  if (keyword.endsWith('ifndef')) return `!defined(${word})`;
  if (keyword.endsWith('elifdef')) return `defined(${word})`;
  if (keyword.endsWith('elifndef')) return `!defined(${word})`;
  const match = /^(!?) ?defined ?\(? ?(\w+) ?\)?$/.exec(rest);
  return match === null ? rest : `${match[1] ?? ''}defined(${match[2] ?? ''})`;
}

/** The opposite of a part, in normal form. */
export function negated(part: string): string {
  if (/^!defined\(\w+\)$/.test(part) || /^!IS_ENABLED\(\w+\)$/.test(part)) return part.slice(1);
  return /^(?:defined|IS_ENABLED)\(\w+\)$/.test(part) ? `!${part}` : `!(${part})`;
}

/** Name of the macro that guards a file against double inclusion; nothing when there is none. */
function guardOf(lexed: Lexed): Directive | undefined {
  const [first, second] = lexed.directives;
  if (first === undefined || second?.keyword !== 'define' || first.first >= first.last) return undefined;
  if (lexed.kinds.length > 0 && (lexed.starts[0] ?? 0) < first.from) return undefined;
  const text = normal(first.keyword, directiveText(lexed, first));
  const isLeft = first.keyword === 'ifndef' || first.keyword === 'if';
  return isLeft && text === `!defined(${tokenText(lexed, second.first)})` ? first : undefined;
}

/** Finds all branches. A missing or surplus `#endif` is taken as the compiler's trouble, not ours. */
export function conditionsOf(lexed: Lexed): Conditions {
  const branches: Branch[] = [];
  const groups: number[][] = [];
  const marks: (readonly [offset: number, branch: number])[] = [];
  const open: { group: number; branch: number; parent: number; parts: readonly string[] }[] = [];
  const guard = guardOf(lexed);
  const enter = (group: number, parent: number, from: number, own: readonly string[]): number => {
    const members = (groups[group] ??= []);
    branches.push({ from, to: lexed.text.length, group, index: members.length, parent, own });
    members.push(branches.length - 1);
    return branches.length - 1;
  };
  for (const line of lexed.directives) {
    const top = open.at(-1);
    const { keyword } = line;
    if (/^if(?:n?def)?$/.test(keyword)) {
      const parent = top?.branch ?? -1;
      const part = normal(keyword, directiveText(lexed, line));
      const parts = line === guard ? [] : [part];
      const branch = enter(groups.length, parent, line.to, parts);
      marks.push([line.to, branch]);
      open.push({ group: groups.length - 1, branch, parent, parts });
    } else if (/^el(?:se|if(?:n?def)?)$/.test(keyword) && top !== undefined) {
      close(branches[top.branch], line.from);
      const last = top.parts.at(-1);
      const before = last === undefined ? [] : [...top.parts.slice(0, -1), negated(last)];
      top.parts = keyword === 'else' ? before : [...before, normal(keyword, directiveText(lexed, line))];
      top.branch = enter(top.group, top.parent, line.to, top.parts);
      // The line itself stands under what was false before it.
      marks.push([line.from, virtual(branches, top.group, top.parent, line, before)], [line.to, top.branch]);
    } else if (keyword === 'endif' && top !== undefined) {
      close(branches[top.branch], line.from);
      marks.push([line.from, top.parent]);
      open.pop();
    }
  }
  const offsets = marks.map(([offset]) => offset);
  return {
    branches,
    groups,
    at: (offset) => {
      const index = upperBound(offsets, offset) - 1;
      return marks[index]?.[1] ?? -1;
    },
  };
}

function close(branch: Branch | undefined, to: number): void {
  if (branch !== undefined) branch.to = to;
}

/** A branch that holds nothing but the line of an `#elif`. */
function virtual(
  branches: Branch[],
  group: number,
  parent: number,
  { from, to }: Directive,
  own: readonly string[],
): number {
  branches.push({ from, to, group, index: -1, parent, own });
  return branches.length - 1;
}

/** Number of entries of a sorted list that are not greater. */
export function upperBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The condition at an offset, outermost part first. */
export function conditionAt({ branches, at }: Conditions, offset: number): readonly string[] {
  const parts: (readonly string[])[] = [];
  for (let index = at(offset); index >= 0; index = branches[index]?.parent ?? -1)
    parts.unshift(branches[index]?.own ?? []);
  return parts.flat();
}

/** Whether two conditions cannot hold at once: one has a part that the other denies. */
export function contradict(a: readonly string[], b: readonly string[]): boolean {
  const parts = new Set(b);
  return a.some((part) => parts.has(negated(part)));
}
