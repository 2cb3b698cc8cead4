// What services of CI read: JSON by its published schema, JUnit XML, annotations, SARIF by its own schema.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseReport, type Told } from '../../../cli/report/cases.ts';
import { conformIn, type Printed } from '../../support/conform.ts';
import { resultProblems, sarifProblems } from '../../support/published-schemas.ts';
import { newRepository, type Repository } from '../../support/repository.ts';

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

describe('JSON', () => {
  const commands = [
    'litmus TWO',
    'run --only T1',
    'run --only T1 --after as-posted',
    'sweep --quick --only raw --step 1',
    'fuzz --count 10',
  ];
  it.each(commands)('should be as the schema says: %s', async (command) => {
    const real = command.split(' ').map((word) => word.replace('TWO', join(folder, 'two.litmus')));
    const { out, code } = await conform(...real, '--format', 'json');
    expect(resultProblems(out)).toEqual([]);
    expect((JSON.parse(out) as { ok: boolean }).ok).toBe(code === 0);
  });

  it('should be as the schema says for a shard too', async () => {
    const { out } = await conform('litmus', join(folder, 'two.litmus'), '--shard', '1/2');
    expect(resultProblems(out)).toEqual([]);
  });

  it('should be seen to lack what is taken out', async () => {
    const { out } = await litmus('json');
    const { totals: _, ...others } = JSON.parse(out) as Record<string, unknown>;
    expect(resultProblems(JSON.stringify(others))).not.toEqual([]);
    expect(resultProblems(out.replace('"schema": 1', '"schema": 2'))).not.toEqual([]);
    expect(resultProblems(out.replace('"ok": false,', ''))).not.toEqual([]);
  });
});

describe('a series of a user', () => {
  let repository: Repository;
  beforeAll(() => {
    repository = newRepository();
    writeFileSync(join(repository.folder, '../probe.sh'), `printf 'result\\t\\t%s\\n' "$(cat value)"\n`);
    const configuration =
      'range: base..main\nprobe:\n  run: sh "$CONFORM_PROJECT/../probe.sh"\n  dimensions: { result: }\n';
    repository.commit('base', { value: 'one', 'conform.config.yaml': configuration });
    repository.git('branch', 'base');
    repository.commit('Leave the value', { 'a.txt': 'a' });
    repository.git('branch', 'v1');
    repository.commit('Change the value', { value: 'two' });
  });
  afterAll(() => repository.remove());
  const inRepository = (...words: string[]): Promise<Printed> =>
    conformIn({ folder: repository.folder, cacheHome: join(repository.folder, '../cache') }, words);

  it.each([
    [['run'], 1],
    [['review'], 1],
    [['review', '1'], 0],
    [['review', '2'], 1],
    [['review', '--against', 'base..v1'], 1],
  ])('should be told as the schemas say: %s', async (words, code) => {
    const json = await inRepository(...words, '--format', 'json');
    expect(json.code).toBe(code);
    expect(resultProblems(json.out)).toEqual([]);
    expect((JSON.parse(json.out) as { ok: boolean }).ok).toBe(code === 0);
    const { out } = await inRepository(...words, '--format', 'sarif');
    expect(sarifProblems(out)).toEqual([]);
    const results = (JSON.parse(out) as { runs: { results: unknown[] }[] }).runs.flatMap(
      (one) => one.results,
    );
    expect(results.length > 0).toBe(code === 1);
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

  it('should be as its own schema says', async () => {
    const failing = await conform('run', '--only', 'T1 ', '--after', 'as-posted', '--format', 'sarif');
    const right = await conform('run', '--only', 'T1 ', '--format', 'sarif');
    for (const { out } of [failing, right, await litmus('sarif')]) expect(sarifProblems(out)).toEqual([]);
    expect(sarifProblems(failing.out.replace('"level": "error"', '"level": "wrong"'))).not.toEqual([]);
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
