/**
 * Works out the words of a program from their uses and from the remarks in brackets: which line each lies on, which
 * are volatile, which start poisoned and with what they start. Words lie on lines of their own unless a remark says
 * otherwise; `ack` and `lk`, alone or with digits, are volatile (persistency.md 1.2: acknowledgements and locks).
 */
import type { LitmusWord } from './program.ts';
import { type Token, complaint } from './scanner.ts';

export interface WordUse {
  readonly name: string;
  readonly token: Token;
}

export interface Remark {
  readonly kind: 'share' | 'poisoned' | 'volatile' | 'persistent' | 'initial';
  readonly names: readonly Token[];
  readonly value: number;
}

const VOLATILE_BY_NAME = /^(ack|lk)[0-9]*$/;

/** The words in order of first mention. Throws `InputError` for too many words and for contradicting remarks. */
export function layOutWords(
  uses: readonly WordUse[],
  remarks: readonly Remark[],
  wordLimit: number,
): LitmusWord[] {
  const tokens = new Map<string, Token>();
  for (const { name, token } of uses) if (!tokens.has(name)) tokens.set(name, token);
  for (const remark of remarks) {
    for (const token of remark.names) if (!tokens.has(token.text)) tokens.set(token.text, token);
  }
  const names = [...tokens.keys()];
  const overflowing = tokens.get(names[wordLimit] ?? '');
  if (overflowing !== undefined)
    throw complaint(overflowing.place, `a program has at most ${wordLimit} words`);
  const words = names.map((name, line): LitmusWord => firstGuess(name, line, remarks));
  return mergeLines(words, remarks);
}

function firstGuess(name: string, line: number, remarks: readonly Remark[]): LitmusWord {
  const about = remarks.filter((remark) => remark.names.some((token) => token.text === name));
  const initials = about.filter((remark) => remark.kind === 'initial');
  const volatileRemark = about.find((remark) => remark.kind === 'volatile');
  const persistentRemark = about.find((remark) => remark.kind === 'persistent');
  const poisonIndex = remarks.findIndex((remark) => remark.kind === 'poisoned' && about.includes(remark));
  const persistent =
    volatileRemark === undefined && (persistentRemark !== undefined || !VOLATILE_BY_NAME.test(name));
  const twice = initials[1] ?? (volatileRemark === undefined ? undefined : persistentRemark);
  const poisonRemark = remarks[poisonIndex];
  const contradiction = twice ?? (persistent && initials[0] === undefined ? undefined : poisonRemark);
  const contradicting = contradiction?.names.find((token) => token.text === name);
  if (contradicting !== undefined)
    throw complaint(contradicting.place, `the remarks about ${name} contradict each other`);
  return {
    name,
    line,
    persistent,
    initial: initials[0]?.value ?? 0,
    poisonUnit: poisonIndex < 0 ? undefined : poisonIndex,
  };
}

/** Joins the lines of words that share one, directly or over a third word. */
function mergeLines(words: readonly LitmusWord[], remarks: readonly Remark[]): LitmusWord[] {
  let merged = [...words];
  for (const remark of remarks.filter(({ kind }) => kind === 'share')) {
    const names = remark.names.map((token) => token.text);
    const lines = new Set(merged.filter(({ name }) => names.includes(name)).map(({ line }) => line));
    const target = Math.min(...lines);
    merged = merged.map((word) => (lines.has(word.line) ? { ...word, line: target } : word));
  }
  rejectMixedUnits(merged, remarks);
  return merged;
}

/** Volatile and persistent memory never share a line; a line lies wholly in one poison unit or in none. */
function rejectMixedUnits(words: readonly LitmusWord[], remarks: readonly Remark[]): void {
  for (const word of words) {
    const other = words.find(
      (candidate) =>
        candidate.line === word.line &&
        (candidate.persistent !== word.persistent || candidate.poisonUnit !== word.poisonUnit),
    );
    const token = remarks
      .flatMap(({ names }) => names)
      .find(({ text }) => text === word.name || text === other?.name);
    if (other === undefined || token === undefined) continue;
    throw complaint(
      token.place,
      `${word.name} and ${other.name} share a line, so both are volatile or neither, and both in one poison unit or neither`,
    );
  }
}
