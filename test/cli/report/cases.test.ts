// What services of CI read: JSON by its published schema, JUnit XML, annotations, SARIF by its own schema.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseReport, type Told } from '../../../cli/report/cases.ts';
import { conformIn, type Printed } from '../../support/conform.ts';
import { rootFolder } from '../../support/project.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cases-'));
  const wrong =
    'test: RIGHT\nprogram: x=1\ncrash: x=0\nexpect: ADR A (2)\n\ntest: WRONG\nprogram: x=1\ncrash: x=0\nexpect: ADR F (2)\n';
  writeFileSync(join(folder, 'two.litmus'), wrong);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const conform = (...words: string[]): Promise<Printed> =>
  conformIn({ folder, cacheHome: join(folder, 'cache') }, words);
const litmus = (format: string): Promise<Printed> =>
  conform('litmus', join(folder, 'two.litmus'), '--format', format);

const schema = (): object =>
  JSON.parse(readFileSync(join(rootFolder, 'docs/result.schema.json'), 'utf8')) as object;
const isValid = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: true }).compile(schema());

/** What the schema says against a text; nothing when it is as it must be. */
function problems(text: string): unknown {
  return isValid(JSON.parse(text)) ? [] : isValid.errors;
}

describe('JSON', () => {
  it.each([
    [['run', '--only', 'T1 ']],
    [['run', '--only', 'T1 ', '--after', 'as-posted']],
    [['sweep', '--quick', '--only', 'raw write', '--step', '1']],
    [['fuzz', '--count', '10']],
    [['litmus', 'TWO']],
  ])('should be as the schema says: %s', async (words) => {
    const real = words.map((word) => word.replace('TWO', join(folder, 'two.litmus')));
    const { out, code } = await conform(...real, '--format', 'json');
    expect(problems(out)).toEqual([]);
    expect((JSON.parse(out) as { ok: boolean }).ok).toBe(code === 0);
  });

  it('should be as the schema says for a shard too', async () => {
    const { out } = await conform('litmus', join(folder, 'two.litmus'), '--shard', '1/2');
    expect(problems(out)).toEqual([]);
  });

  it('should be seen to lack what is taken out', async () => {
    const { out } = await litmus('json');
    const { totals: _, ...others } = JSON.parse(out) as Record<string, unknown>;
    expect(problems(JSON.stringify(others))).not.toEqual([]);
    expect(problems(out.replace('"schema": 1', '"schema": 2'))).not.toEqual([]);
    expect(problems(out.replace('"ok": false,', ''))).not.toEqual([]);
  });
});

describe('JUnit XML', () => {
  it('should have a case for each test, with its place and what is wrong', async () => {
    const { out, code } = await litmus('junit');
    expect(code).toBe(1);
    expect(out).toContain('<testsuites name="conform litmus" tests="2" failures="1" errors="0" skipped="0">');
    expect(out).toMatch(/<testcase classname="[^"]*two\.litmus" name="RIGHT" file="[^"]*" line="1"\/>/);
    expect(out).toMatch(/name="WRONG" file="[^"]*two\.litmus" line="6"><failure message="DIFF {2}WRONG/);
  });

  it('should have the scenarios of a run', async () => {
    const { out } = await conform('run', '--only', 'T1 ', '--after', 'as-posted', '--format', 'junit');
    expect(out).toContain('<testcase classname="ends" name="T1 4 bytes at line offset 62"><failure ');
  });
});

describe('annotations of GitHub', () => {
  it('should stand at the line, and be nothing where all is well', async () => {
    const { out } = await litmus('github');
    expect(out).toMatch(/^::error file=[^,]*two\.litmus,line=6,title=[^:]*%3A WRONG::DIFF {2}WRONG[^\n]*\n$/);
    expect((await conform('run', '--only', 'T1 ', '--format', 'github')).out).toBe('');
  });
});

describe('SARIF', () => {
  it('should have what failed with its place, and a rule for each suite', async () => {
    const { runs } = JSON.parse((await litmus('sarif')).out) as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
    };
    expect(runs[0]?.results).toHaveLength(1);
    expect(runs[0]?.results[0]).toMatchObject({
      level: 'error',
      ruleIndex: 0,
      locations: [{ physicalLocation: { region: { startLine: 6 } } }],
    });
    expect(runs[0]?.tool.driver.rules[0]?.id).toContain('two.litmus');
  });
});

describe('text of others', () => {
  const told: Told = {
    command: 'run',
    ok: false,
    cases: [{ suite: 'a<b', name: '"x" & y', problems: ['50 %\nof it'], file: 'a b,c.ts', line: 3 }],
    data: {},
  };

  it('should be escaped as each format needs it', () => {
    expect(caseReport('junit', told)).toContain('name="&quot;x&quot; &amp; y"');
    expect(caseReport('github', told)).toBe(
      '::error file=a b%2Cc.ts,line=3,title=a<b%3A "x" & y::50 %25%0Aof it\n',
    );
    expect(caseReport('sarif', told)).toContain('"uri": "a%20b%2Cc.ts"');
  });
});
