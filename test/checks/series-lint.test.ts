// The trees are clean by their rules, and a removed helper that comes back in disguise is seen.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openerFor } from '#checks/oracle/open.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import { expectedCallers, lintSeries } from '#checks/series.ts';
import { seriesRules } from '#series/rules.ts';
import { treeFolder } from '../support/project.ts';

const project = path.resolve(import.meta.dirname, '../..');
let opener: Opener;
let folder = '';

beforeAll(async () => {
  opener = await openerFor('ts-morph');
  mkdirSync(path.join(project, '.cache'), { recursive: true });
  // Inside the project, so that #kernel/ and #machine/ are found.
  folder = mkdtempSync(path.join(project, '.cache', 'lint-test-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  opener.close();
});

/** Findings of the last step's tree with some files changed, as `rule file: message`. */
function judgeAfter(changes: Readonly<Record<string, (text: string) => string>>): readonly string[] {
  const tree = path.join(folder, 'after');
  rmSync(tree, { recursive: true, force: true });
  cpSync(treeFolder('after'), tree, { recursive: true });
  for (const [name, change] of Object.entries(changes)) {
    const file = path.join(tree, name);
    const text = name === 'include/linux/pmem.ts' ? '' : readFileSync(file, 'utf8');
    writeFileSync(file, change(text));
  }
  const trees = [
    { step: 0, folder: treeFolder('before') },
    { step: 14, folder: tree },
  ];
  const { projects } = lintSeries({ rules: seriesRules, trees, steps: [14] }, opener);
  return projects.flatMap(({ findings }) =>
    findings
      .filter(({ ruleId }) => ruleId !== 'PMEM-API-005')
      .map(({ ruleId, certainty, place, message }) => `${ruleId} ${certainty} ${place.file}: ${message}`),
  );
}

const original = (): string => readFileSync(path.join(treeFolder('before'), 'include/linux/pmem.ts'), 'utf8');

describe('the trees of the series', () => {
  it('should be clean at both ends', () => {
    expect(judgeAfter({})).toEqual([]);
  });

  it('should count the callers of the global api before the series', () => {
    const trees = [{ step: 0, folder: treeFolder('before') }];
    const { callers } = lintSeries({ rules: seriesRules, trees }, opener);
    expect(callers.get(0)?.get('memcpyToPmem')).toBeGreaterThan(0);
  });
});

describe('callers over the series', () => {
  const before = treeFolder('before');

  it('should never increase', () => {
    const trees = [
      { step: 1, folder: treeFolder('after') },
      { step: 2, folder: before },
    ];
    // The tree of step 1 has no such symbols, so step 2 is the first that counts them.
    const { projects } = lintSeries(
      { rules: seriesRules, trees: [{ step: 0, folder: before }, ...trees] },
      opener,
    );
    const found = projects.flatMap(({ findings }) =>
      findings.filter(({ ruleId }) => ruleId === 'PMEM-API-004'),
    );
    expect(found.every(({ step, message }) => step === 2 && message.includes('0 times a step before'))).toBe(
      true,
    );
    expect(found.length).toBeGreaterThan(0);
  });

  it('should be none from the step a contract names', () => {
    const contract = { step: 0, noCallersFromHere: ['clearPmem'], mayGainCallers: [] };
    const { projects } = lintSeries(
      { rules: seriesRules, trees: [{ step: 0, folder: before }], expected: expectedCallers([contract]) },
      opener,
    );
    expect(projects[0]!.findings.map(({ message }) => message)).toEqual([
      'calls clearPmem 1 times, although nobody does from step 0 on',
    ]);
  });
});

describe('a removed helper that comes back', () => {
  it('should be seen in its old file', () => {
    const risen =
      "import type { Kernel } from '#kernel/kernel.ts';\nexport function wbCachePmem(kernel: Kernel): void {\n  void kernel;\n}\n";
    expect(judgeAfter({ 'include/linux/pmem.ts': () => risen })).toEqual([
      'PMEM-API-002 violation include/linux/pmem.ts: declares wbCachePmem again, removed from include/linux/pmem.ts',
    ]);
  });

  it('should be seen under its name in another file', () => {
    const source = /export function clearPmem[\s\S]*?\n}\n/.exec(original())?.[0] ?? '';
    const bare = source
      .replace('export ', '')
      .replace(/\{[\s\S]*\}/, '{\n  void [kernel, address, sizeBytes];\n}');
    const found = judgeAfter({ 'fs/dax.ts': (text) => `${text}\n${bare}\nvoid clearPmem;\n` });
    expect(found).toContain(
      'PMEM-API-002 violation fs/dax.ts: declares clearPmem again, removed from include/linux/pmem.ts',
    );
  });

  it('should be seen as an export alias of another function', () => {
    const found = judgeAfter({ 'fs/dax.ts': (text) => `${text}\nexport { daxIomapRw as memcpyToPmem };\n` });
    expect(found).toEqual([
      'PMEM-API-002 violation fs/dax.ts: declares memcpyToPmem again, removed from include/linux/pmem.ts',
    ]);
  });

  it('should be hinted at when only its body was copied', () => {
    const source = /export function copyFromIterPmem[\s\S]*?\n}\n/.exec(original())?.[0] ?? '';
    const copied = source
      .replace('export ', '')
      .replaceAll('copyFromIterPmem', 'persist')
      .replaceAll('bytes', 'count');
    const found = judgeAfter({ 'fs/dax.ts': (text) => `${text}\n${copied}\nvoid persist;\n` });
    expect(found).toEqual([
      expect.stringContaining('PMEM-API-002 hint fs/dax.ts: has the same body as copyFromIterPmem'),
    ]);
  });

  it('should be seen when fs/ goes to the architecture instead', () => {
    const importing = "import { archWbCachePmem } from '../arch/x86/include/asm/pmem.ts';\n";
    const found = judgeAfter({
      'fs/dax.ts': (text) => `${importing}${text}\nexport const flush = archWbCachePmem;\n`,
    });
    expect(found).toContain('PMEM-MOD-001 violation fs/dax.ts: imports arch/x86/include/asm/pmem.ts');
    expect(found.some((line) => line.startsWith('PMEM-ARC-001 violation fs/dax.ts: uses as a value'))).toBe(
      true,
    );
  });

  it('should be seen when fs/ executes the instructions itself', () => {
    const found = judgeAfter({
      'fs/dax.ts': (text) =>
        `${text}\nexport function fence(kernel: Kernel): void {\n  kernel.cpu.sfence();\n}\n`,
    });
    expect(found).toEqual(['PMEM-ARC-002 violation fs/dax.ts: calls #machine/hardware/cpu.ts#Cpu.sfence']);
  });
});
