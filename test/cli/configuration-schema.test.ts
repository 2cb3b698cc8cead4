/** The JSON schema for editors says the same of a configuration as the tool does: of every key, used rightly and wrongly. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectSchema } from '../../cli/user-configuration.ts';
import { rootFolder } from '../support/project.ts';

const schema = JSON.parse(readFileSync(`${rootFolder}/docs/conform.config.schema.json`, 'utf8')) as object;
const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);

const FULL = {
  $schema: 'x',
  name: 'x',
  range: 'a..b',
  contracts: 'c',
  variants: 'v',
  tsconfig: 't',
  rules: 'r',
  prepare: 'p',
  lockFiles: ['l'],
  probe: {
    run: 'r',
    build: 'b',
    files: ['f'],
    dimensions: {
      one: null,
      two: { meaning: 'm', compare: 'set', tolerance: '5%', stronger: 'lower', isResult: true },
    },
    normalise: [{ dimension: 'one', replace: 'x', with: 'y' }],
    workloads: ['w'],
    generate: { command: 'g', count: 2 },
    simpler: 's',
    timeoutSeconds: 0.5,
    outputBytesMax: 10,
    tries: 1,
    parallel: 1,
  },
};

/** The path of every value in `data`. */
function pathsOf(data: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof data !== 'object' || data === null) return [path];
  return [
    ...(path.length === 0 ? [] : [path]),
    ...Object.entries(data).flatMap(([key, value]) => pathsOf(value, [...path, key])),
  ];
}

/** A copy of the full configuration with the value at `path` replaced. */
function withValue(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(FULL) as unknown;
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], copy);
  (parent as Record<string, unknown>)[path.at(-1) ?? ''] = value;
  return copy;
}

const VALUES = [0, -1, 0.5, 7, '', 'x', '3', true, null, [], [1], ['x'], {}, { x: 1 }, undefined];

describe('the JSON schema of a configuration', () => {
  it('should accept what the tool accepts, and refuse what it refuses', () => {
    const seen = new Set<boolean>();
    for (const path of pathsOf(FULL))
      for (const value of VALUES) {
        const data: unknown = JSON.parse(JSON.stringify(withValue(path, value)));
        const own = v.is(projectSchema, data);
        seen.add(own);
        expect([path.join('.'), value, accepts(data)]).toEqual([path.join('.'), value, own]);
      }
    expect([...seen].sort()).toEqual([false, true]);
  });

  it('should refuse keys that nobody knows', () => {
    for (const path of [
      ['ranges'],
      ['probe', 'runs'],
      ['probe', 'dimensions', 'two', 'means'],
      ['probe', 'generate', 'x'],
    ]) {
      const data = withValue(path, 'x');
      expect([accepts(data), v.is(projectSchema, data)]).toEqual([false, false]);
    }
  });

  it('should accept the configurations of the documents', () => {
    const text = readFileSync(`${rootFolder}/docs/OWN-SERIES.md`, 'utf8');
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    const configurations = blocks.filter((block) => block.includes('range:'));
    expect(configurations.length).toBe(1);
    for (const block of configurations) expect(v.is(projectSchema, parse(block))).toBe(true);
  });
});
