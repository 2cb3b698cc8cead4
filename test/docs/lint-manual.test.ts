// The manual of the linter, run: its rules file and what a finding says, the rule for features, the exception, every
// command line, and every option it names.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';

const MANUAL = readFileSync(path.join(import.meta.dirname, '../../docs/LINT.md'), 'utf8');
const BLOCKS = [...MANUAL.matchAll(/```(\w*)\n([^]*?)```/g)].map(([, kind, text]) => ({ kind, text: text! }));

/** The one block that has a text in it. */
function block(part: string): string {
  const found = BLOCKS.filter(({ text }) => text.includes(part));
  expect([part, found.length]).toEqual([part, 1]);
  return found[0]!.text;
}

/** Names of the options a text has. */
function options(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([name]) => name))].sort();
}

let folder = '';

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

function git(...options: readonly string[]): number | null {
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  return spawnSync('git', [...author, ...options], { cwd: folder }).status;
}

async function conform(...line: readonly string[]) {
  const said = { out: '', error: '' };
  const code = await main(line, {
    write: (text) => (said.out += text),
    writeError: (text) => (said.error += text),
    folder,
    color: false,
    progress: false,
    exitCode: 0,
    cacheHome: path.join(folder, '.cache'),
  });
  return { ...said, code };
}

/** A project the manual could be about: line 12 of src/a.ts is the place its finding shows. */
const PROJECT = {
  'tsconfig.json':
    '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "types": [], "noEmit": true, "allowImportingTsExtensions": true }, "include": ["src"] }',
  'package.json': '{ "dependencies": { "lodash": "4", "pg": "8" } }',
  'src/net/legacy.ts':
    'export function request(url: string): string { return url; }\nexport class Session { open(): void {} }\n',
  'src/net/index.ts': "export { request } from './legacy.ts';\n",
  'src/net/client.ts': 'export const createClient = () => 1;\n',
  'src/migrations/old.ts': "import { debounce } from 'lodash';\nexport const late = debounce(() => 1);\n",
  'src/a.ts': `import { request } from './net/index.ts';

// Another name for the same function.
const send = request;

/**
 * Line 9 begins it.
 */
export function load(url: string): void {
  // Twice is enough.
  if (url === '') return;
  send(url);
}
`,
  'src/database/pg.ts': 'export const query = 1;\n',
  'src/domain/order.ts': "import { query } from './store.ts';\nexport const order = query;\n",
  'src/domain/store.ts': "export { query } from '../database/pg.ts';\n",
};

/** Without the calls the rules of the manual find. */
const CALM = {
  'src/a.ts': 'export {};\n',
  'src/net/index.ts': 'export {};\n',
  'src/domain/store.ts': 'export const query = 1;\n',
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'manual-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the manual of the linter', () => {
  it('should show a rules file that finds what it shows', async () => {
    write({ ...PROJECT, 'boundary.config.ts': block('// boundary.config.ts') });
    const { out, code, error } = await conform('lint', '--no-cache');
    expect(error).toBe('');
    expect(code).toBe(1);
    expect(out).toContain(block('src/a.ts:12:3'));
    expect(out).toContain(
      'src/domain/order.ts:1:23  error  APP-MOD-001  reaches src/database/pg.ts by imports',
    );
    expect(out).toMatch(/^5 findings \(5 violation\) by 2 rules/m);
  });

  it('should show a rule for every feature that finds who reaches past an index', async () => {
    write({
      'tsconfig.json': PROJECT['tsconfig.json'],
      'src/features/cart/index.ts': "export * from './total.ts';\n",
      'src/features/cart/total.ts': 'export const total = 1;\n',
      'src/features/user/index.ts':
        "import { total } from '../cart/index.ts';\nimport { total as deep } from '../cart/total.ts';\nexport const user = [total, deep];\n",
      'boundary.config.ts': `import { boundary, defineRules } from 'pmem-conform/rules';
export default defineRules({ rules: [${block('APP-FEAT-001').trim().replace(/;$/, '')}] });`,
    });
    const { out, code } = await conform('lint', '--no-cache');
    expect(code).toBe(1);
    expect(out).toMatch(/src\/features\/user\/index\.ts:2:\d+ {2}error {2}APP-FEAT-001/);
    expect(out).toMatch(/^1 finding /m);
  });

  it('should show an exception that is accepted, and count it', async () => {
    const accepted = `${block('conform-allow APP-MOD-001')}export const order = query;\n`;
    const rules = block('// boundary.config.ts');
    write({ ...PROJECT, ...CALM, 'boundary.config.ts': rules, 'src/domain/order.ts': accepted });
    expect((await conform('lint', '--no-cache')).out).toMatch(/^clean: 2 rules/m);
    expect((await conform('lint', '--list-exceptions')).out).toContain('APP-MOD-001: 1');
  });

  it('should show command lines that run', async () => {
    write(PROJECT);
    expect([git('init', '-q'), git('add', '-A'), git('commit', '-qm', 'start')]).toEqual([0, 0, 0]);
    expect(git('update-ref', 'refs/remotes/origin/main', 'HEAD')).toBe(0);
    const lines = block('conform lint --init').trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const words = line.split(/ {3,}/)[0]!.split(' ').slice(2);
      // This tool itself is judged by a test of its own.
      if (words.includes('--own')) continue;
      const { code, error } = await conform(
        ...words.map((word) => word.replace(/^imports\.html$/, path.join(folder, word))),
      );
      expect([line, code, error]).toEqual([line, 0, '']);
      const isFirst = words.includes('--init');
      if (isFirst) expect(existsSync(path.join(folder, 'boundary.config.json'))).toBe(true);
      // From here on by the rules in TypeScript, which hold once the old client is not called.
      if (isFirst) {
        rmSync(path.join(folder, 'boundary.config.json'));
        write({ ...CALM, 'boundary.config.ts': block('// boundary.config.ts') });
      }
    }
  });

  it('should show steps for servers that do what they say', async () => {
    write({
      ...PROJECT,
      ...CALM,
      'src/domain/store.ts': PROJECT['src/domain/store.ts'],
      'boundary.config.ts': block('// boundary.config.ts'),
    });
    const line = /npx pmem-conform (.*)/.exec(block('- run: npx pmem-conform lint'))![1]!;
    const words = line
      .split(' ')
      .map((word) => (/\.(?:ts|json|sarif)$/.test(word) ? path.join(folder, word) : word));
    expect((await conform(...words, '--update-baseline')).code).toBe(0);
    const { code, error } = await conform(...words);
    expect([code, error]).toEqual([0, '']);
    const log = JSON.parse(readFileSync(path.join(folder, 'lint.sarif'), 'utf8')) as {
      readonly version: string;
    };
    expect(log.version).toBe('2.1.0');
  });

  it('should name every option there is, and none that there is not', async () => {
    const help = [(await conform('lint', '--help')).out, (await conform('graph', '--help')).out].join('\n');
    const there = options(help).filter((name) => name !== '--help');
    const named = options(
      `${MANUAL}\n${readFileSync(path.join(import.meta.dirname, '../../docs/LINT-C.md'), 'utf8')}`,
    );
    expect(there.filter((name) => !named.includes(name))).toEqual([]);
    expect(named.filter((name) => !there.includes(name))).toEqual([]);
  });
});
