/** docs/DEFECTS.md: the defects of the fact files are all there, and so is every scenario that is labelled as one. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { rootFolder } from '../support/project.ts';

const text = readFileSync(`${rootFolder}/docs/DEFECTS.md`, 'utf8');
const rows = text.split('\n').filter((line) => line.startsWith('| '));

/** What a table names in backquotes in its last column, symbols and variants apart. */
const named = rows.flatMap((line) =>
  [...(line.split('|')[3] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
);

const scenarios = suiteScenarios();
const scenarioNames = new Set(scenarios.map(({ name }) => name));
const variants = ['as-posted', 'as-merged', 'one-leg', 'cache-off', 'badblocks', 'resource'];

describe('docs/DEFECTS.md', () => {
  it('should name scenarios, variants and tests that exist', () => {
    const unknown = named.filter(
      (name) => !scenarioNames.has(name) && !variants.includes(name) && !existsSync(`${rootFolder}/${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('should have every scenario that is labelled as a standing defect', () => {
    const labelled = scenarios.filter(({ source }) => source.includes('standing defect'));
    expect(labelled.filter(({ name }) => !named.includes(name)).map(({ name }) => name)).toEqual([]);
    expect(labelled.length).toBeGreaterThan(25);
  });

  it('should show each of them on both sides', () => {
    const labelled = scenarios.filter(({ source }) => source.includes('standing defect'));
    const oneSided = labelled.filter(
      ({ expected }) =>
        !expected.some(({ about }) => about === 'result') &&
        expected.some(({ about, tree }) => about === 'lost' && tree !== undefined),
    );
    expect(oneSided.map(({ name }) => name)).toEqual([]);
  });

  it('should have a row for each letter of 15.1 and 15.2 and for B1 to B22', () => {
    const ids = rows.flatMap((line) => (line.split('|')[1] ?? '').split(',').map((id) => id.trim()));
    const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFG'];
    const numbers = Array.from({ length: 22 }, (_, index) => `B${index + 1}`);
    expect([...letters, ...numbers].filter((id) => !ids.includes(id))).toEqual([]);
  });
});
