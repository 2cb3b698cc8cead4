// Every rule folder in checks/fixtures is run over its bad/ and good/ project; the exact report lies beside it.
// UPDATE_FIXTURES=1 writes the reports anew, to be read in the diff.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createContext } from '#checks/context.ts';
import { openTypeScript6 } from '#checks/oracle/compiler-ts6.ts';
import { createParseCache } from '#checks/oracle/program-ts6.ts';
import { textReport } from '#checks/report/text.ts';
import { joinResults, type LintResult } from '#checks/result.ts';
import { loadRules } from '#checks/rules-file.ts';
import { runRules } from '#checks/run.ts';

const root = path.resolve(import.meta.dirname, '../../checks/fixtures');
const cache = createParseCache();

async function judge(folder: string, side: string): Promise<LintResult> {
  const { rules } = await loadRules(path.join(folder, 'boundary.config.ts'));
  const base = path.join(folder, side);
  const compiler = openTypeScript6({ tsconfig: path.join(base, 'tsconfig.json') }, cache);
  const result = joinResults(rules, [runRules(createContext(compiler, base), rules)]);
  compiler.close();
  return result;
}

describe.each(readdirSync(root))('%s', (name) => {
  const folder = path.join(root, name);
  const sides = ['bad', 'good'].filter((side) => existsSync(path.join(folder, side)));

  it.each(sides)('should report exactly what lies beside %s/', async (side) => {
    const report = textReport(await judge(folder, side), { color: false });
    const expected = path.join(folder, `${side}.expected.txt`);
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(expected, report);
    expect(report).toBe(readFileSync(expected, 'utf8'));
  });
});
