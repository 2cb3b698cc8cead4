// The command as a user meets it: exit codes, error messages, baselines, forms of output.
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerLint } from '../../cli/commands/lint.ts';
import { type CliContext, ExitCode } from '../../cli/context.ts';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const FIXTURE = path.resolve(import.meta.dirname, '../../checks/fixtures/removed-symbol');
const BAD = path.join(FIXTURE, 'bad/tsconfig.json');

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lint-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function lint(...argumentsGiven: readonly string[]): Promise<Outcome> {
  let out = '';
  let error = '';
  const context: CliContext = {
    write: (text) => (out += text),
    writeError: (text) => (error += text),
    color: false,
    progress: false,
    exitCode: ExitCode.clean,
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerLint(program, context);
  try {
    await program.parseAsync(['lint', '--no-cache', ...argumentsGiven], { from: 'user' });
    return { code: context.exitCode, out, error };
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'InputError') throw thrown;
    return { code: ExitCode.couldNotRun, out, error: thrown.message };
  }
}

function rulesFile(symbol = 'api/pmem.ts#memcpyToPmem', strict = false): string {
  const file = path.join(folder, 'boundary.config.json');
  const rule = {
    kind: 'noReference',
    id: 'T-1',
    title: 't',
    because: 'b',
    instead: 'i',
    symbols: [symbol],
    strict,
  };
  writeFileSync(file, JSON.stringify({ rules: [rule] }));
  return file;
}

function project(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return path.join(folder, 'tsconfig.json');
}

const TSCONFIG =
  '{ "compilerOptions": { "module": "nodenext", "types": [], "lib": ["es2022"] }, "include": ["src", "api"] }';

describe('conform lint', () => {
  it('should exit with 1 and name the places when something is found', async () => {
    const { code, out } = await lint('--project', BAD, '--rules', rulesFile());
    expect(code).toBe(1);
    expect(out).toContain('case-01-named.ts:2:1  error  T-1  calls api/pmem.ts#memcpyToPmem');
  });

  it('should exit with 1 when a rule matches nothing', async () => {
    const { code, out } = await lint('--project', BAD, '--rules', rulesFile('api/pmem.ts#renamed'));
    expect(code).toBe(1);
    expect(out).toContain('the rule matches nothing: it does not find api/pmem.ts#renamed');
  });

  it('should find the same with TypeScript 7, and say so', async () => {
    const { out } = await lint('--project', BAD, '--rules', rulesFile(), '--cross-check');
    expect(out).not.toContain('disagreement');
    expect(out).toContain('violation');
  });

  it('should show the road to a symbol', async () => {
    const { code, out } = await lint(
      '--project',
      BAD,
      '--rules',
      rulesFile(),
      '--trace',
      'api/pmem.ts#memcpyToPmem',
    );
    expect(code).toBe(0);
    expect(out).toContain(
      'case-04-star-barrel.ts:2:1  calls api/pmem.ts#memcpyToPmem\n      by way of api/star-barrel.ts',
    );
  });

  it('should explain a rule', async () => {
    const { out } = await lint('--explain', 'PMEM-API-001');
    expect(out).toContain('why: ');
    expect(out).toContain('instead: ');
  });

  it('should list files no rule covers', async () => {
    const tsconfig = project({
      'tsconfig.json': TSCONFIG,
      'src/a.ts': 'export const a = 1;',
      'src/b.ts': 'export const b = 1;',
    });
    const rules = path.join(folder, 'rules.json');
    const rule = { kind: 'noCycles', id: 'C', title: 't', because: 'b', instead: 'i', files: ['src/a.ts'] };
    writeFileSync(rules, JSON.stringify({ rules: [rule] }));
    const { code, out } = await lint('--project', tsconfig, '--rules', rules, '--list-uncovered');
    expect(code).toBe(0);
    expect(out).toContain('no rule covers src/b.ts');
    expect(out).not.toContain('no rule covers src/a.ts');
  });
});

describe('what cannot be used', () => {
  const broken: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['a missing tsconfig', {}, 'no such project'],
    ['a tsconfig that is no JSON', { 'tsconfig.json': '{ "include": [ ' }, 'cannot be used'],
    [
      'a circular extends',
      {
        'tsconfig.json': '{ "extends": "./other.json" }',
        'other.json': '{ "extends": "./tsconfig.json" }',
        'a.ts': '',
      },
      'Circularity',
    ],
    [
      'a missing extends',
      { 'tsconfig.json': '{ "extends": "./gone.json" }', 'a.ts': 'export {};' },
      'gone.json',
    ],
    ['a project without files', { 'tsconfig.json': '{ "include": ["nothing"] }' }, 'names no source file'],
  ];

  it.each(broken)('should tell %s in one message', async (_name, files, expected) => {
    const tsconfig = project(files);
    const { code, error } = await lint('--project', tsconfig, '--rules', rulesFile());
    expect(code).toBe(2);
    expect(error).toContain(expected);
    expect(error.split('\n')).toHaveLength(1);
  });

  const rules: readonly (readonly [string, string, string])[] = [
    ['no JSON', '{', 'cannot be read as JSON'],
    ['no list of rules', '{}', 'has no rules'],
    ['an empty list', '{ "rules": [] }', 'the list of rules is empty'],
    ['an unknown kind', '{ "rules": [{ "kind": "noMagic", "id": "X" }] }', 'unknown kind "noMagic"'],
    [
      'no symbols',
      '{ "rules": [{ "kind": "noReference", "id": "X", "title": "t", "because": "b", "instead": "i" }] }',
      'rule X (noReference): option "symbols"',
    ],
    [
      'an unknown option',
      '{ "rules": [{ "kind": "noCycles", "id": "X", "title": "t", "because": "b", "instead": "i", "fils": ["a"] }] }',
      'option "fils"',
    ],
    [
      'an id given twice',
      '{ "rules": [{ "kind": "noCycles", "id": "X", "title": "t", "because": "b", "instead": "i" }, { "kind": "noCycles", "id": "X", "title": "t", "because": "b", "instead": "i" }] }',
      'the id X is given twice',
    ],
  ];

  it.each(rules)('should tell rules with %s in one message', async (_name, text, expected) => {
    const file = path.join(folder, 'rules.json');
    writeFileSync(file, text);
    const { code, error } = await lint('--project', BAD, '--rules', file);
    expect(code).toBe(2);
    expect(error).toContain(expected);
  });

  it('should list the rules there are for an unknown id, and the tags for an unknown tag', async () => {
    expect((await lint('--only', 'NOPE')).error).toContain('There is no rule NOPE. Rules here: PMEM-API-001');
    expect((await lint('--tag', 'nope')).error).toContain('Tags here: ');
    expect((await lint('--explain', 'NOPE')).code).toBe(2);
  });
});

async function judge(...more: readonly string[]): Promise<Outcome> {
  const baseline = path.join(folder, 'baseline.json');
  const tsconfig = path.join(folder, 'tsconfig.json');
  return lint(
    '--project',
    tsconfig,
    '--rules',
    path.join(folder, 'boundary.config.json'),
    '--baseline',
    baseline,
    ...more,
  );
}

describe('a project that is not there', () => {
  it('should be what is complained of, not the rules beside it', async () => {
    const { code, error } = await lint('--project', path.join(folder, 'nowhere'));
    expect(code).toBe(ExitCode.couldNotRun);
    expect(error).toBe(`${path.join(folder, 'nowhere')}: there is no such project.`);
  });
});

describe('a baseline', () => {
  const files = {
    'tsconfig.json': TSCONFIG,
    'api/pmem.ts': 'export function memcpyToPmem(): void {}\n',
    'src/user.ts':
      "import { memcpyToPmem } from '../api/pmem.js';\nexport function one(): void {\n  memcpyToPmem();\n}\n",
  };

  it('should accept what it lists when lines move, and nothing new', async () => {
    project(files);
    rulesFile();
    expect((await judge()).error).toContain('there is no such baseline');
    expect((await judge('--update-baseline')).code).toBe(0);
    writeFileSync(path.join(folder, 'src/user.ts'), `// a new first line\n\n${files['src/user.ts']}`);
    expect((await judge()).code).toBe(0);
    writeFileSync(path.join(folder, 'src/user.ts'), `${files['src/user.ts']}memcpyToPmem();\n`);
    const { code, out } = await judge('--update-baseline');
    expect(code).toBe(1);
    expect(out).toContain('1 finding (1 violation)');
  });

  it('should fail for an entry that is no longer found, until it is taken out', async () => {
    project(files);
    rulesFile();
    await judge('--update-baseline');
    writeFileSync(path.join(folder, 'src/user.ts'), 'export {};\n');
    const { code, out } = await judge();
    expect(code).toBe(1);
    expect(out).toContain('stale-baseline');
    expect((await judge('--update-baseline')).code).toBe(0);
    expect(readFileSync(path.join(folder, 'baseline.json'), 'utf8')).toContain('"entries": []');
  });

  it('should never accept findings of a strict rule', async () => {
    project(files);
    rulesFile(undefined, true);
    expect((await judge('--update-baseline')).code).toBe(1);
    expect(readFileSync(path.join(folder, 'baseline.json'), 'utf8')).toContain('"entries": []');
  });
});

const packageRule = (severity = 'error'): string =>
  JSON.stringify({
    rules: [
      {
        kind: 'boundary',
        id: 'B-1',
        title: 't',
        because: 'b',
        instead: 'i',
        severity,
        files: ['src/**'],
        packages: ['node:fs'],
      },
    ],
  });

describe('conform lint without options', () => {
  const here = process.cwd();
  afterEach(() => process.chdir(here));

  it('should judge the project of the working folder by the rules above it', async () => {
    project({ 'tsconfig.json': TSCONFIG, 'boundary.config.json': packageRule(), 'src/a.ts': "import 'fs';" });
    process.chdir(path.join(folder, 'src'));
    const { code, out } = await lint();
    expect(code).toBe(1);
    expect(out).toContain('src/a.ts:1:8  error  B-1  imports fs');
  });

  it('should say what is missing where there are no rules', async () => {
    project({ 'tsconfig.json': TSCONFIG, 'src/a.ts': 'export {};' });
    process.chdir(folder);
    const { code, error } = await lint();
    expect(code).toBe(2);
    expect(error).toContain('there is no boundary.config.ts');
  });

  it('should fail for more warnings than are allowed', async () => {
    project({
      'tsconfig.json': TSCONFIG,
      'boundary.config.json': packageRule('warning'),
      'src/a.ts': "import 'fs';",
    });
    process.chdir(folder);
    expect((await lint()).code).toBe(0);
    expect((await lint('--max-warnings', '1')).code).toBe(0);
    expect((await lint('--max-warnings', '0')).code).toBe(1);
  });

  it('should not end with a rules file that ends the process', async () => {
    project({
      'tsconfig.json': TSCONFIG,
      'boundary.config.mjs': 'process.exit(0);',
      'src/a.ts': 'export {};',
    });
    process.chdir(folder);
    const { code, error } = await lint();
    expect(code).toBe(2);
    expect(error).toContain('it calls process.exit(0)');
  });
});
