/** How values of a dimension are related, one row a rule. */
import { describe, expect, it } from 'vitest';
import type { ProbeDimension } from '#engine/probe/options.ts';
import { relationOf } from '#engine/probe/values.ts';

const rows: readonly [string, string, ProbeDimension, string][] = [
  ['one', 'one', {}, 'equal'],
  ['one', 'two', {}, 'other'],
  ['1.0', '1', { compare: 'number' }, 'equal'],
  ['1', '2', { compare: 'number' }, 'other'],
  ['100', '104', { compare: 'number', tolerance: '5%' }, 'equal'],
  ['100', '106', { compare: 'number', tolerance: '5%' }, 'other'],
  ['100', '103', { compare: 'number', tolerance: 3 }, 'equal'],
  ['100', '104', { compare: 'number', tolerance: 3 }, 'other'],
  ['3', '2', { compare: 'number', stronger: 'lower' }, 'stronger'],
  ['2', '3', { compare: 'number', stronger: 'lower' }, 'weaker'],
  ['2', '3', { compare: 'number', stronger: 'higher' }, 'stronger'],
  ['2', 'many', { compare: 'number', stronger: 'higher' }, 'other'],
  ['a b', 'b,a', { compare: 'set' }, 'equal'],
  ['a b', 'a', { compare: 'set' }, 'other'],
  ['a b', 'a', { compare: 'set', stronger: 'lower' }, 'stronger'],
  ['a', 'a b', { compare: 'set', stronger: 'lower' }, 'weaker'],
  ['a b', 'a c', { compare: 'set', stronger: 'lower' }, 'incomparable'],
  ['{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }', { compare: 'json' }, 'equal'],
  ['{"a":1}', '{"a":2}', { compare: 'json' }, 'other'],
  ['{"a":1}', 'no json', { compare: 'json' }, 'other'],
];

describe('values of a dimension', () => {
  for (const [before, after, dimension, relation] of rows)
    it(`should be ${relation}: ${before} and ${after} with ${JSON.stringify(dimension)}`, () => {
      expect(relationOf(before, after, dimension)).toBe(relation);
    });
});
