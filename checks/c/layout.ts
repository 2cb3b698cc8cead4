/**
 * How a file looks to one compiler: of each `#if` one branch, and the declarations and functions this makes. Every branch
 * gets its turn; a reading is only the choice for some of the places asked about.
 */
import type { Conditions } from './conditions.ts';
import { functionNameAt, NO_NAME } from './function-name.ts';
import { Kind, tokenText, type Lexed } from './lex.ts';

/** One declaration, definition or macro line at file scope. Numbers are positions in `active`. */
export interface Chunk {
  readonly first: number;
  readonly last: number;
  /** The `{` of a function's body. */
  readonly body?: number;
}

export interface Layout {
  /** Token numbers of what is compiled, in order. */
  readonly active: readonly number[];
  /** Position in `active` by token number; -1 for what is left out. */
  readonly position: Int32Array;
  /** By position: position of the innermost bracket that is open there, -1 for none. */
  readonly opener: Int32Array;
  readonly chunks: readonly Chunk[];
}

/** The branch by number chosen for each group. */
export type Choice = ReadonlyMap<number, number>;

/** The branch of each token by number; -1 at the top, -2 for tokens of preprocessor lines. */
export function branchesOfTokens(lexed: Lexed, conditions: Conditions): Int32Array {
  const found = new Int32Array(lexed.kinds.length);
  const { directives, starts } = lexed;
  let next = 0;
  let branch = -1;
  let from = 0;
  for (let index = 0; index < found.length; index += 1) {
    const start = starts[index] ?? 0;
    while (next < directives.length && (directives[next]?.to ?? 0) <= start) {
      next += 1;
      from = -1;
    }
    const line = directives[next];
    if (line !== undefined && start >= line.from) found[index] = -2;
    else {
      if (from === -1) branch = conditions.at(start);
      from = start;
      found[index] = branch;
    }
  }
  return found;
}

/** Choices of branches a place needs to be compiled: its own and those around it. */
export function choiceFor({ branches }: Conditions, branch: number): Choice {
  const found = new Map<number, number>();
  for (let at = branch; at >= 0; at = branches[at]?.parent ?? -1) found.set(branches[at]?.group ?? -1, at);
  return found;
}

/** Whether a branch holds no code of C, or none at all. */
function isIdle(own: readonly string[]): boolean {
  return own.some(
    (part) =>
      part === '0' || part === '!(1)' || /^defined\((?:__ASSEMBLY__|__ASSEMBLER__|__cplusplus)\)$/.test(part),
  );
}

function isChosen({ branches, groups }: Conditions, choice: Choice): (branch: number) => boolean {
  const known = new Map<number, boolean>();
  const usual = groups.map((members) => members.find((branch) => !isIdle(branches[branch]?.own ?? [])) ?? -1);
  const decide = (branch: number): boolean => {
    if (branch < 0) return branch === -1;
    const found = known.get(branch);
    if (found !== undefined) return found;
    const { group, parent } = branches[branch] ?? { group: -1, parent: -1 };
    const outcome = (choice.get(group) ?? usual[group]) === branch && decide(parent);
    known.set(branch, outcome);
    return outcome;
  };
  return decide;
}

/** The layout under a choice. `tokenBranches` comes from `branchesOfTokens`. */
export function layoutOf(
  lexed: Lexed,
  conditions: Conditions,
  tokenBranches: Int32Array,
  choice: Choice,
): Layout {
  const decide = isChosen(conditions, choice);
  const active: number[] = [];
  const position = new Int32Array(lexed.kinds.length).fill(-1);
  for (let index = 0; index < lexed.kinds.length; index += 1) {
    if (!decide(tokenBranches[index] ?? -2)) continue;
    position[index] = active.length;
    active.push(index);
  }
  return (
    bracketed(lexed, active, position, false) ??
    bracketed(lexed, active, position, true) ?? {
      active,
      position,
      opener: new Int32Array(active.length).fill(-1),
      chunks: [],
    }
  );
}

const OPEN = new Set(['(', '[', '{']);
const CLOSE: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Brackets and chunks; nothing when brackets do not match, unless a brace at the start of a line may mend it. */
function bracketed(
  lexed: Lexed,
  active: readonly number[],
  position: Int32Array,
  mend: boolean,
): Layout | undefined {
  const opener = new Int32Array(active.length).fill(-1);
  const stack: number[] = [];
  const chunks: Chunk[] = [];
  const textAt = (at: number): string => tokenText(lexed, active[at] ?? -1);
  let first = 0;
  let body: number | undefined;
  const finish = (last: number): void => {
    if (last > first) chunks.push(body === undefined ? { first, last } : { first, last, body });
    first = last;
    body = undefined;
  };
  for (let at = 0; at < active.length; at += 1) {
    const index = active[at] ?? -1;
    if (lexed.kinds[index] !== Kind.mark) {
      opener[at] = stack.at(-1) ?? -1;
      if (stack.length === 0 && isMacroLineBefore(lexed, active, first, at)) finish(at);
      continue;
    }
    const mark = tokenText(lexed, index);
    const isLeftmost =
      mend && (mark === '}' || mark === '{') && lexed.text.charCodeAt((lexed.starts[index] ?? 0) - 1) === 10;
    if (isLeftmost && mark === '{') stack.length = 0;
    if (isLeftmost && mark === '}') stack.length = Math.min(stack.length, 1);
    const wanted = CLOSE[mark];
    if (wanted !== undefined) {
      if (stack.length > 0 && textAt(stack.at(-1) ?? 0) === wanted) stack.pop();
      else if (!mend) return undefined;
    }
    opener[at] = stack.at(-1) ?? -1;
    if (OPEN.has(mark)) {
      if (mark === '{' && stack.length === 0) {
        if (isLinkage(lexed, active, first, at)) {
          finish(at + 1);
          continue;
        }
        if (isBody(lexed, active, first, at)) body = at;
      }
      stack.push(at);
    } else if (
      stack.length === 0 &&
      ((mark === ';' && !isOldHead(lexed, active, first, at)) || (mark === '}' && body !== undefined))
    )
      finish(at + 1);
  }
  if (stack.length > 0 && !mend) return undefined;
  finish(active.length);
  return { active, position, opener, chunks };
}

/** Whether a `;` ends the declaration of a parameter of the old kind: `int f(a) int a; {`. */
function isOldHead(lexed: Lexed, active: readonly number[], first: number, semicolon: number): boolean {
  for (let at = semicolon + 1; at < active.length; at += 1) {
    const text = tokenText(lexed, active[at] ?? -1);
    if (text === '{')
      return (
        tokenText(lexed, active[at - 1] ?? -1) === ';' &&
        functionNameAt(lexed, active, first, semicolon) !== undefined
      );
    if (lexed.kinds[active[at] ?? -1] === Kind.mark && !/^[*,;[\]]$/.test(text)) return false;
  }
  return false;
}

/** `extern "C" {` opens nothing. Its `}` is then one too many, which mending takes. */
function isLinkage(lexed: Lexed, active: readonly number[], first: number, at: number): boolean {
  return (
    at === first + 2 &&
    lexed.kinds[active[at - 1] ?? -1] === Kind.text &&
    tokenText(lexed, active[first] ?? -1) === 'extern'
  );
}

/** Whether a `{` at file scope opens the body of a function: brackets come before, and it is no type and no initializer. */
function isBody(lexed: Lexed, active: readonly number[], first: number, at: number): boolean {
  const before = tokenText(lexed, active[at - 1] ?? -1);
  if (isMacroWord(lexed, active, first, at)) return true;
  let hasBrackets = false;
  let depth = 0;
  for (let index = first; index < at; index += 1) {
    const text = tokenText(lexed, active[index] ?? -1);
    // `T a = (T){ … }` is an initializer; in brackets a `=` may be an argument of a macro.
    if ((text === '=' && depth === 0) || text === 'typedef') return false;
    if (text === '(') depth += 1;
    if (text !== ')') continue;
    depth -= 1;
    hasBrackets = true;
  }
  if (before === ')') return !startsType(lexed, active, first, at) || hasName(lexed, active, first, at);
  if (before === ';') return hasBrackets;
  return (
    hasBrackets &&
    lexed.kinds[active[at - 1] ?? -1] === Kind.word &&
    !/^(?:struct|union|enum)$/.test(tokenText(lexed, active[at - 2] ?? -1))
  );
}

/** `YY_DECL {`: a macro that is the whole head. */
function isMacroWord(lexed: Lexed, active: readonly number[], first: number, at: number): boolean {
  for (let index = first; index < at; index += 1) {
    const token = active[index] ?? -1;
    if (lexed.kinds[token] !== Kind.word || /^(?:struct|union|enum|typedef)$/.test(tokenText(lexed, token)))
      return false;
  }
  return at > first;
}

function startsType(lexed: Lexed, active: readonly number[], first: number, at: number): boolean {
  for (let index = first; index < at; index += 1)
    if (/^(?:struct|union|enum)$/.test(tokenText(lexed, active[index] ?? -1))) return true;
  return false;
}

/** Whether a head that names a struct has a function's name: a word before a bracket that is no attribute. */
function hasName(lexed: Lexed, active: readonly number[], first: number, at: number): boolean {
  return functionNameAt(lexed, active, first, at) !== undefined;
}

/** Whether what came so far is `NAME(…)` without a semicolon, and a new line begins something else. */
function isMacroLineBefore(lexed: Lexed, active: readonly number[], first: number, at: number): boolean {
  if (at - first < 3 || tokenText(lexed, active[at - 1] ?? -1) !== ')') return false;
  if (tokenText(lexed, active[first + 1] ?? -1) !== '(' || lexed.kinds[active[first] ?? -1] !== Kind.word)
    return false;
  if (NO_NAME.test(tokenText(lexed, active[first] ?? -1))) return false;
  const gap = lexed.text.slice(lexed.ends[active[at - 1] ?? -1], lexed.starts[active[at] ?? -1]);
  return gap.includes('\n') && !/^(?:__|asm\b)/.test(tokenText(lexed, active[at] ?? -1));
}

/** The chunk a position lies in. */
export function chunkAt({ chunks }: Layout, position: number): Chunk | undefined {
  let low = 0;
  let high = chunks.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const chunk = chunks[middle];
    if (chunk === undefined) return undefined;
    if (position < chunk.first) high = middle - 1;
    else if (position >= chunk.last) low = middle + 1;
    else return chunk;
  }
  return undefined;
}
