// How the process ends: a defect of the tool is told from a finding, and nothing is green that has not done its work.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExitCode } from '../../cli/context.ts';
import { runProcess } from '../../cli/process.ts';
import { rootFolder } from '../support/project.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-'));
  const options = { compilerOptions: { types: [], noEmit: true }, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  writeFileSync(join(folder, 'a.ts'), 'export const a = 1;\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lints a small project by a rules file; the process itself, because only it can be ended. */
function lintBy(rules: string): { code: number | null; err: string } {
  writeFileSync(join(folder, 'boundary.config.mjs'), rules);
  const { status, stderr } = spawnSync(process.execPath, [join(rootFolder, 'bin/conform.mjs'), 'lint'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  return { code: status, err: stderr };
}

const ruleWith = (body: string): string =>
  `export default { rules: [{ id: 'OWN', title: 't', because: 'b', instead: 'i', kind: 'own', check() { ${body} } }] };\n`;

const fail = (): Promise<number> => Promise.reject(new TypeError('nobody thought of this'));

describe('a defect', () => {
  it('should end with 3, a stack trace, what was run and where to report it', async () => {
    let said = '';
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => (said += String(text)) !== '');
    try {
      expect(await runProcess(['run', '--only', "it's"], fail)).toBe(ExitCode.defect);
    } finally {
      spy.mockRestore();
    }
    expect(said).toContain('This is a defect of pmem-conform, not a finding.');
    expect(said).toContain('TypeError: nobody thought of this\n    at ');
    expect(said).toContain(`what was run: conform run --only 'it'\\''s'`);
    expect(said).toContain('npm bugs pmem-conform');
  });
});

describe('a rules file', () => {
  it('should not make a run green by ending it', () => {
    const { code, err } = lintBy(ruleWith('process.exit(0)'));
    expect(err).toContain('something called process.exit(0) before the work was done');
    expect(code).toBe(ExitCode.couldNotRun);
  });

  it('should not be a defect of the tool when a rule of its own throws', () => {
    const { code, err } = lintBy(ruleWith("throw new Error('mine')"));
    expect(err).toContain('boundary.config.mjs: rule OWN ended in an error: Error: mine');
    expect(code).toBe(ExitCode.couldNotRun);
  });
});
