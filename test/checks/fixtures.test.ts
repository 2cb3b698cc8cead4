// Every rule folder in checks/fixtures is run over its bad/ and good/ project; the exact report lies beside it.
// UPDATE_FIXTURES=1 writes the reports anew, to be read in the diff.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { share } from '../support/thorough.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crossChecked } from '#checks/cross-check.ts';
import { lintProject } from '#checks/lint.ts';
import type { CompilerName } from '#checks/oracle/compiler.ts';
import { COMPILERS, compilerOpener, openerFor } from '#checks/oracle/open.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import { textReport } from '#checks/report/text.ts';
import type { LintResult } from '#checks/result.ts';
import { loadRules } from '#checks/rules-file.ts';

const root = path.resolve(import.meta.dirname, '../../checks/fixtures');
const openers = new Map<CompilerName, Opener>();

beforeAll(async () => {
  for (const name of COMPILERS)
    openers.set(name, await (name === 'ts-morph' ? openerFor : compilerOpener)(name));
});

afterAll(() => {
  for (const opener of openers.values()) opener.close();
});

/** One judgement of each side by each compiler, for all that is asked of it. */
const judged = new Map<string, Promise<LintResult>>();
function judge(folder: string, side: string, name: CompilerName = 'ts-morph'): Promise<LintResult> {
  const key = `${path.join(folder, side)} ${name}`;
  const known = judged.get(key) ?? judgeAnew(folder, side, name);
  judged.set(key, known);
  return known;
}

async function judgeAnew(folder: string, side: string, name: CompilerName): Promise<LintResult> {
  const { rules } = await loadRules(path.join(folder, 'boundary.config.ts'));
  const base = path.join(folder, side);
  const opener = openers.get(name);
  if (opener === undefined) throw new RangeError(`no opener for ${name}`);
  const tsconfig = path.join(base, 'tsconfig.json');
  return lintProject({ tsconfig, base, rules, rulesName: '../boundary.config.ts' }, opener);
}

describe.each(share(readdirSync(root), 2))('%s', (name) => {
  const folder = path.join(root, name);
  const sides = ['bad', 'good'].filter((side) => existsSync(path.join(folder, side)));

  it.each(sides)('should report exactly what lies beside %s/', async (side) => {
    const report = textReport(await judge(folder, side), { color: false });
    const expected = path.join(folder, `${side}.expected.txt`);
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(expected, report);
    expect(report).toBe(readFileSync(expected, 'utf8'));
  });

  it.each(sides)('should find the same in %s/ with TypeScript 7', async (side) => {
    const names = ['ts-morph', 'typescript-7'] as const;
    const [first, second] = await Promise.all(names.map((compiler) => judge(folder, side, compiler)));
    const { findings } = crossChecked(first!, second!, names);
    expect(findings.filter(({ certainty }) => certainty === 'disagreement')).toEqual([]);
  });
});
