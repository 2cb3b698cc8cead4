/**
 * Where a contract and what was found of a step disagree, in sentences: exports that came, went, moved or changed
 * without the contract saying so, and the reverse; callers likewise. A caller is checked by what it stopped calling
 * and what it calls instead, not by how the two were paired. Calls that are merely new, and those of a function that
 * only moved, need no declaration.
 */
import type { Contract } from '#engine/contract.ts';
import type { ApiDelta, CallerMoved } from './model.ts';

/** All disagreements; empty when contract and step agree. */
export function apiProblems(contract: Contract, delta: ApiDelta, callers: readonly CallerMoved[]): string[] {
  return [...exportProblems(contract.api, delta), ...callerProblems(contract.callers, delta, callers)];
}

/** What happened to the exports, a phrase each, in one form for contract and step. */
interface Happening {
  readonly symbols: readonly string[];
  readonly phrase: string;
}

function exportProblems(api: Contract['api'], delta: ApiDelta): string[] {
  const declared = [
    ...api.added.map(added),
    ...api.removed.map(removed),
    ...api.moved.map(moved),
    ...api.changed.map(changed),
  ];
  const found = happenings(delta);
  const broken = declared.filter((entry) => !isIn(found, entry));
  const silent = found.filter((entry) => !isIn(declared, entry) && !broken.some(concerns(entry)));
  return [
    ...broken.map((entry) => `the contract says that ${entry.phrase}, but ${insteadOf(entry, found)}`),
    ...silent.map((entry) => `${entry.phrase}, but the contract does not say so`),
  ];
}

/** Whether two happenings are about the same symbol: what is told of one tells the other. */
function concerns(entry: Happening): (other: Happening) => boolean {
  return ({ symbols }) => symbols.some((symbol) => entry.symbols.includes(symbol));
}

const added = (symbol: string): Happening => ({ symbols: [symbol], phrase: `${symbol} is added` });
const removed = (symbol: string): Happening => ({ symbols: [symbol], phrase: `${symbol} is removed` });
const changed = (symbol: string): Happening => ({
  symbols: [symbol],
  phrase: `the signature of ${symbol} changes`,
});
const moved = ({ from, to }: { from: string; to: string }): Happening => ({
  symbols: [from, to],
  phrase: `${from} moves to ${to}`,
});

function happenings(delta: ApiDelta): Happening[] {
  return [
    ...delta.added.map(({ symbol }) => added(symbol)),
    ...delta.removed.map(({ symbol }) => removed(symbol)),
    ...delta.moved.map(moved),
    ...delta.changed.map(({ symbol }) => changed(symbol)),
  ];
}

function isIn(list: readonly Happening[], { phrase }: Happening): boolean {
  return list.some((other) => other.phrase === phrase);
}

/** What was found of the symbols that the contract says something else about. */
function insteadOf(entry: Happening, found: readonly Happening[]): string {
  const related = found.filter(concerns(entry)).map(({ phrase }) => phrase);
  if (related.length === 0) return 'nothing of the kind was found';
  const isTwo = entry.symbols.length === 2 && related.length === 2;
  return related.join(', and ') + (isTwo ? ', with another body or signature' : '');
}

/** One caller of one entry of the contract. */
interface DeclaredCaller {
  readonly caller: string;
  readonly from: string;
  readonly to: string;
}

function callerProblems(
  entries: Contract['callers'],
  delta: ApiDelta,
  callers: readonly CallerMoved[],
): string[] {
  const declared = entries.flatMap((entry) =>
    entry.in.map((caller): DeclaredCaller => ({ caller, from: entry.from, to: entry.to })),
  );
  return [
    ...declared.flatMap((entry) => missing(entry, callers)),
    ...callers
      .filter((found) => needsDeclaration(found, delta) && !isDeclared(found, declared))
      .map(
        ({ place, caller, from, to }) =>
          `${caller} calls ${to} instead of ${from} (${place}), but the contract does not say so`,
      ),
  ];
}

function missing(entry: DeclaredCaller, callers: readonly CallerMoved[]): string[] {
  const { caller, from, to } = entry;
  const own = callers.filter((found) => found.caller === caller);
  const leaves = own.some((found) => means(found.from, found.fromAlso, from));
  const calls = own.some((found) => means(found.to, found.toAlso, to));
  if (leaves && calls) return [];
  const problem = leaves
    ? `it has no new call of ${to}`
    : calls
      ? `it calls ${from} as often as before, or never did`
      : 'neither was found';
  return [`the contract says that ${caller} calls ${to} instead of ${from}, but ${problem}`];
}

function needsDeclaration({ from, to }: CallerMoved, delta: ApiDelta): boolean {
  if (from === '' || to === '') return false;
  return !delta.moved.some((entry) => entry.from === from && entry.to === to);
}

function isDeclared(found: CallerMoved, declared: readonly DeclaredCaller[]): boolean {
  return declared.some(
    ({ caller, from, to }) =>
      caller === found.caller &&
      (means(found.from, found.fromAlso, from) || means(found.to, found.toAlso, to)),
  );
}

/** Whether a found symbol is the declared one: the same, a member of it, or known by that name too. */
function means(symbol: string, also: readonly string[], declared: string): boolean {
  return symbol === declared || symbol.startsWith(`${declared}.`) || also.includes(declared);
}
