/** Scenarios that are written as a file read back as the same scenarios. */
import { array, assert, constantFrom, option, property, record, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatScenarios } from '#pmem/scenarios/file/format.ts';
import { parseScenarios, readScenarios } from '#pmem/scenarios/file/parse.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import type { Expectation, Scenario } from '#pmem/scenarios/scenario.ts';
import { runs } from '../../../support/thorough.ts';

const [example] = readScenarios(
  [
    'theme: t',
    'scenario: s',
    'boot adr',
    'bio write pmem0 @0 512 => before: -ENODEV, after: 512',
    'does after: n0:8*64',
    'sysfs list /sys/block',
    '=> before: oops: NULL, x: y',
    '=> after: "a\\n"',
    'lost: none',
    'log before: one',
    'log before: two',
    'images before -> after: acknowledged weaker, synced equal',
  ].join('\n'),
  'x',
);

/** The place of an expectation in a file: by operation, results first. */
const rank = ({ operation = 9, about }: Expectation): number => operation * 2 + (about === 'result' ? 0 : 1);

describe('scenarios as text', () => {
  it('should stand in the order headers, operations with what comes of each, the whole run', () => {
    expect(formatScenarios([example!])).toBe(
      [
        'theme: t',
        '',
        'scenario: s',
        '  boot adr',
        '  bio write pmem0 @0 512 => before: -ENODEV, after: 512',
        '    does after: n0:8*64',
        '  sysfs list /sys/block',
        '    => before: oops: NULL, x: y',
        '    => after: "a\\n"',
        'lost: none',
        'log before: one',
        'log before: two',
        'images before -> after: acknowledged weaker, synced equal',
        '',
      ].join('\n'),
    );
  });

  it('should read back the same, for every scenario of the suite', () => {
    const scenarios = suiteScenarios();
    expect(parseScenarios(formatScenarios(scenarios), 'suite')).toEqual(scenarios);
  });

  const trees = option(constantFrom('before', 'after', 'step-3', 'as-posted@3'), { nil: undefined });
  const texts = constantFrom('0', '-EIO', '"a, b: c => #\\n"', '-EBUSY "x: y"', 'oops: a, b: c');
  const expectations = uniqueArray(
    record({
      about: constantFrom('result', 'does', 'reads', 'lost', 'cost', 'log'),
      operation: constantFrom(0, 2, 3),
      tree: trees,
      text: texts,
    }),
    { minLength: 1, selector: ({ about, operation, tree }) => [about, operation, tree].join() },
  );
  const values = {
    does: 'c0:1 S W0*2',
    reads: '8 zero, 3 stored',
    lost: 'pmem0:1,5-7 pmem1:0',
    cost: '1/2/3',
    log: 'a: # b\nc',
  };
  const relations = constantFrom('equal', 'stronger', 'weaker', 'incomparable');
  const scenarios = record({
    name: constantFrom('a', 'B5 1,2 at: 0', '# x => y'),
    theme: constantFrom('one', 'two: three'),
    source: constantFrom('', 'somewhere: 5'),
    shows: constantFrom('', 'this # that'),
    said: expectations,
    acked: relations,
    synced: option(relations, { nil: undefined }),
  }).map(({ said, acked, synced, ...headers }): Scenario => {
    const expected = said.map(({ about, operation, tree, text }): Expectation => {
      const whose = tree === undefined ? {} : { tree };
      if (about === 'result') return { about, operation, ...whose, value: text };
      const value = text === '0' && about in { does: 1, reads: 1, log: 1 } ? '' : values[about];
      if (about === 'does' || about === 'reads') return { about, operation, ...whose, value };
      return { about, ...whose, value };
    });
    const keys = expected.map(({ about, operation, tree }) => [about, operation, tree].join());
    return {
      ...headers,
      workload: 'boot adr\nflush pmem0\ncrash\nsysfs write a/b "1 => 2 # 3"\nfsync pmem0:/f',
      // As a file has them: by operation, results first, one of a kind.
      expected: expected
        .filter((_, index) => keys.indexOf(keys[index] ?? '') === index)
        .sort((left, right) => rank(left) - rank(right)),
      relations: [{ before: 'before', after: 'step-3', acked, ...(synced && { synced }) }],
    };
  });

  it('should read back the same, whatever they say', () => {
    assert(
      property(array(scenarios, { minLength: 1, maxLength: 4 }), (list) => {
        const own = list.map((scenario, index) => ({ ...scenario, name: `${scenario.name} ${index}` }));
        expect(readScenarios(formatScenarios(own), 'x')).toEqual(own);
      }),
      { numRuns: runs(500) },
    );
  });
});
