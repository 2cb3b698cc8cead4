// Each kind of rule is documented, and shown to fail and to stay silent by a fixture.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleFunctions } from '#checks/define-rules.ts';

const checks = path.resolve(import.meta.dirname, '../../checks');
const manual = readFileSync(path.resolve(checks, '../docs/LINT.md'), 'utf8');
const fixtures = readdirSync(path.join(checks, 'fixtures'));
const configs = fixtures.map((name) =>
  readFileSync(path.join(checks, 'fixtures', name, 'boundary.config.ts'), 'utf8'),
);

/** Kinds whose rules compare with data made by the run; their tests are beside the series. */
const ELSEWHERE = new Set(['tombstones', 'apiReport']);

describe.each([...ruleFunctions().keys()])('%s', (kind) => {
  it('should be in the table of docs/LINT.md', () => {
    expect(manual).toContain(`| \`${kind}\` |`);
  });

  it.skipIf(ELSEWHERE.has(kind))('should have a fixture', () => {
    expect(configs.some((config) => config.includes(`${kind}({`))).toBe(true);
  });
});

describe('fixtures', () => {
  it.each(fixtures)('%s should have a bad and a good side', (name) => {
    for (const side of ['bad', 'good', 'bad.expected.txt', 'good.expected.txt']) {
      expect(existsSync(path.join(checks, 'fixtures', name, side))).toBe(true);
    }
  });
});
