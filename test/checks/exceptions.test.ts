// Exceptions beside the code: what they cover, and that a bad or stale one is told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundary } from '#checks/define-rules.ts';
import { lintProject } from '#checks/lint.ts';
import { openerFor } from '#checks/oracle/open.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'exceptions-'));
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    '{ "compilerOptions": { "types": [], "allowJs": true, "lib": ["es2022"] }, "include": ["src"] }',
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function judged(text: string, strict = false, file = 'a.ts'): Promise<readonly string[]> {
  writeFileSync(path.join(folder, 'src', file), text);
  const header = { id: 'B-1', title: 't', because: 'b', instead: 'i', strict };
  const rules = [boundary({ ...header, files: ['src/**'], packages: ['node:*', 'globals'] })];
  const opener = await openerFor('ts-morph');
  const tsconfig = path.join(folder, 'tsconfig.json');
  const { findings } = lintProject({ tsconfig, base: folder, rules, rulesName: 'rules' }, opener);
  opener.close();
  return findings.map(({ place, certainty }) => `${place.line} ${certainty}`);
}

describe('conform-allow', () => {
  it('should cover the statement below it, over all its lines, and nothing after', async () => {
    const text = "// conform-allow B-1: moves in May\nimport {\n  x,\n} from 'fs';\nimport y from 'os';\n";
    expect(await judged(text)).toEqual(['5 violation']);
  });

  it('should cover the statement whose line it ends', async () => {
    expect(await judged("import 'fs'; // conform-allow B-1: moves in May\nimport 'os';\n")).toEqual([
      '2 violation',
    ]);
  });

  it('should cover a file when it is said before the first statement', async () => {
    expect(await judged("// conform-allow-file B-1: made by a tool\nimport 'fs';\nimport 'os';\n")).toEqual(
      [],
    );
    expect(await judged("import 'fs';\n// conform-allow-file B-1: too late\n")).toEqual([
      '1 violation',
      '2 stale-exception',
    ]);
  });

  it('should cover a reference in a comment, one alone', async () => {
    const reference = '/// <reference types="globals" />\n';
    expect(await judged(`// conform-allow B-1: globals\n${reference}${reference}import 'fs';\n`)).toEqual([
      '3 violation',
      '4 violation',
    ]);
  });

  it('should cover comments of scripts that name types, behind all code too', async () => {
    const typedef = "/** @typedef {import('fs').Stats} Stats */\n";
    for (const after of ['', 'let x;\n', '// that is all\n'])
      expect(await judged(`// conform-allow B-1: types only\n${typedef}${after}`, false, 'a.js')).toEqual([]);
    expect(await judged(`${typedef}// conform-allow B-1: too late\nlet x;\n`, false, 'a.js')).toEqual([
      '1 violation',
      '2 stale-exception',
    ]);
  });

  it('should not be accepted without a reason', async () => {
    expect(await judged("// conform-allow B-1\nimport 'fs';\n")).toEqual(['1 bad-exception', '2 violation']);
    expect(await judged("// conform-allow B-1:\nimport 'fs';\n")).toEqual(['1 bad-exception', '2 violation']);
  });

  it('should fail when it covers nothing', async () => {
    expect(await judged('// conform-allow B-1: no longer so\nexport {};\n')).toEqual(['1 stale-exception']);
  });

  it('should never be accepted for a strict rule', async () => {
    expect(await judged("// conform-allow B-1: please\nimport 'fs';\n", true)).toEqual([
      '1 bad-exception',
      '2 violation',
    ]);
  });

  it('should be text inside a string', async () => {
    expect(
      await judged("export const help = `\n// conform-allow B-1: like this\n`;\nimport 'fs';\n"),
    ).toEqual(['4 violation']);
  });
});
