// A baseline in a repository: files that are moved with git take their entries along, even when they are alike, and so do
// statements that a formatter writes otherwise.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';

let folder = '';

function git(...options: readonly string[]): void {
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  const { status, stderr } = spawnSync('git', [...author, ...options], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, expect.anything()]);
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

async function judge(...more: readonly string[]): Promise<{ readonly code: number; readonly error: string }> {
  let error = '';
  const code = await main(['lint', '--baseline', path.join(folder, 'known.json'), ...more], {
    write: () => {},
    writeError: (text) => (error += text),
    folder,
    color: false,
    progress: false,
    exitCode: 0,
    cacheHome: path.join(folder, '.cache'),
  });
  return { code, error };
}

const USE = "import { pg, safe } from '../db/pg';\nexport const use = () => [pg, safe];\n";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'renames-'));
  const rule = { kind: 'boundary', id: 'R', title: 't', because: 'b', instead: 'i' };
  write({
    'tsconfig.json': '{ "compilerOptions": { "types": [], "lib": ["es2022"] }, "include": ["src"] }',
    'boundary.config.json': JSON.stringify({
      rules: [{ ...rule, files: ['src/{one,two,three}/**'], mustNotImport: ['src/db/**'] }],
    }),
    '.gitignore': '.cache\n',
    'src/db/pg.ts': 'export const pg = 1;\nexport const safe = 2;\n',
    'src/one/a.ts': `${USE}export const a = 1;\nexport const aa = 'a';\n`,
    'src/one/b.ts': `${USE}export const b = 2;\nexport const bb = 'b';\n`,
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a baseline in a repository', () => {
  it('should follow two files that are alike, and not without git', async () => {
    expect((await judge('--update-baseline')).code).toBe(0);
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    mkdirSync(path.join(folder, 'src/two'));
    git('mv', 'src/one/a.ts', 'src/two/a.ts');
    git('mv', 'src/one/b.ts', 'src/two/b.ts');
    const { code, error } = await judge();
    expect([code, error]).toEqual([0, expect.stringContaining('2 entries follow what was moved')]);
    expect((await judge('--update-baseline')).code).toBe(0);
    expect(readFileSync(path.join(folder, 'known.json'), 'utf8')).toMatch(
      /src\/two\/a\.ts[^]*src\/two\/b\.ts/,
    );
    rmSync(path.join(folder, '.git'), { recursive: true });
    mkdirSync(path.join(folder, 'src/three'));
    for (const name of ['a.ts', 'b.ts']) {
      write({ [`src/three/${name}`]: readFileSync(path.join(folder, `src/two/${name}`), 'utf8') });
      rmSync(path.join(folder, `src/two/${name}`));
    }
    expect((await judge()).code).toBe(1);
  });

  it('should know a statement that a formatter wrote in another way, and not one that says something else', async () => {
    await judge('--update-baseline');
    const told = 'import {\n  pg,\n  safe, // why\n} from "../db/pg"\nexport const use = () => [pg, safe];\n';
    write({ 'src/one/a.ts': told });
    expect((await judge()).code).toBe(0);
    write({ 'src/one/a.ts': told.replace('  safe, // why\n', '') });
    expect((await judge()).code).toBe(1);
  });
});
