/** Compares two values of one dimension the way its configuration says. */
import { isDeepStrictEqual } from 'node:util';
import type { Relation, Summary } from '../subject.ts';
import type { ProbeDimension } from './options.ts';

/** How `after` is related to `before`. Values that are not of the kind the dimension says are compared as text. */
export function relationOf(before: string, after: string, dimension: ProbeDimension): Summary {
  if (before === after) return 'equal';
  switch (dimension.compare ?? 'text') {
    case 'number':
      return numberRelation(Number(before), Number(after), dimension);
    case 'set':
      return setRelation(wordsOf(before), wordsOf(after), dimension);
    case 'json':
      return isSameJson(before, after) ? 'equal' : 'other';
    case 'text':
      return 'other';
  }
}

function numberRelation(before: number, after: number, { tolerance = 0, stronger }: ProbeDimension): Summary {
  if (Number.isNaN(before) || Number.isNaN(after)) return 'other';
  const given = String(tolerance);
  const allowed = given.endsWith('%')
    ? (Number(given.slice(0, -1)) / 100) * Math.max(Math.abs(before), Math.abs(after))
    : Number(given);
  if (Math.abs(after - before) <= allowed) return 'equal';
  return ordered(after < before, stronger);
}

function setRelation(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  { stronger }: ProbeDimension,
): Summary {
  const isSmaller = [...after].every((word) => before.has(word));
  const isLarger = [...before].every((word) => after.has(word));
  if (isSmaller && isLarger) return 'equal';
  if (isSmaller || isLarger) return ordered(isSmaller, stronger);
  return stronger === undefined ? 'other' : 'incomparable';
}

function ordered(isLower: boolean, stronger: ProbeDimension['stronger']): Relation {
  if (stronger === undefined) return 'other';
  return isLower === (stronger === 'lower') ? 'stronger' : 'weaker';
}

/** The words of a set. */
export const wordsOf = (text: string): Set<string> =>
  new Set(text.split(/[\s,]+/).filter((word) => word !== ''));

function isSameJson(before: string, after: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(before), JSON.parse(after));
  } catch {
    return false;
  }
}
