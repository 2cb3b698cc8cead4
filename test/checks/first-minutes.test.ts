// What somebody meets who has just installed the linter: a project and rules found by themselves, first rules proposed,
// a picture, and rules files that do not behave.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { type CliContext, ExitCode } from '../../cli/context.ts';
import { loadDefault } from '#base/load-module.ts';
import { offeredRules } from '#checks/rules-file.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minutes-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function conform(...argumentsGiven: readonly string[]): Promise<Outcome> {
  let out = '';
  let error = '';
  const context: CliContext = {
    write: (text) => (out += text),
    writeError: (text) => (error += text),
    color: false,
    progress: false,
    folder,
    cacheHome: path.join(folder, '.cache'),
    exitCode: ExitCode.clean,
  };
  const code = await main(argumentsGiven, context);
  return { code, out, error };
}

function git(...options: readonly string[]): void {
  spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...options], { cwd: folder });
}

async function load(text: string): Promise<unknown> {
  write({ 'boundary.config.mjs': text });
  return loadDefault(path.join(folder, 'boundary.config.mjs'), offeredRules(), 1000);
}

const HEADER = { title: 't', because: 'b', instead: 'i' };
const TSCONFIG = {
  compilerOptions: { module: 'nodenext', types: [], lib: ['es2022'], noEmit: true },
  include: ['src'],
};

// packages/ui may be used by apps/web, not the other way round; each has settings of its own.
const MONOREPO = {
  'package.json': { workspaces: ['apps/*', 'packages/*'] },
  'tsconfig.json': { compilerOptions: { strict: true } },
  'apps/web/package.json': { name: 'web' },
  'apps/web/tsconfig.json': TSCONFIG,
  'apps/web/src/page.ts': "import { button } from '@o/ui';\nexport const page = button;\n",
  'packages/ui/package.json': { name: '@o/ui', main: 'dist/index.js' },
  'packages/ui/tsconfig.json': TSCONFIG,
  'packages/ui/src/index.ts': "import './more.js';\nexport const button = 1;\n",
  'packages/ui/src/more.ts': 'export {};\n',
};

describe('conform lint in a repository of packages', () => {
  it('should judge the projects of all packages from the folder that lists them', async () => {
    const rule = {
      kind: 'boundary',
      id: 'R',
      ...HEADER,
      files: ['**'],
      mustNotImport: ['packages/ui/src/**'],
    };
    write({ ...MONOREPO, 'boundary.config.json': { rules: [rule] } });
    const { code, out } = await conform('lint', '--format', 'json');
    const found = (JSON.parse(out) as { findings: { place: { file: string; line: number } }[] }).findings;
    expect(code).toBe(1);
    expect(found.map(({ place }) => `${place.file}:${place.line}`)).toEqual([
      'apps/web/src/page.ts:1',
      'packages/ui/src/index.ts:1',
    ]);
  });

  it.each(['ts-morph', 'typescript-7'])(
    'should leave out, and say so, a configuration that names no file, with %s',
    async (oracle) => {
      const symbols = ['packages/ui/src/index.ts#button'];
      const rule = { kind: 'noReference', id: 'R', ...HEADER, symbols };
      const none = { 'apps/none/package.json': { name: 'none' }, 'apps/none/tsconfig.json': TSCONFIG };
      write({ ...MONOREPO, ...none, 'boundary.config.json': { rules: [rule] } });
      const { code, out, error } = await conform('lint', '--oracle', oracle);
      expect(code).toBe(1);
      expect(out).toContain('apps/web/src/page.ts:2');
      expect(error).toContain('apps/none/tsconfig.json names no source file and is left out');
    },
  );

  it('should judge only what is named with --project', async () => {
    const rule = {
      kind: 'boundary',
      id: 'R',
      ...HEADER,
      files: ['**'],
      mustNotImport: ['packages/ui/src/**'],
    };
    write({ ...MONOREPO, 'boundary.config.json': { rules: [rule] } });
    const { out } = await conform('lint', '--project', 'packages/ui');
    expect(out).toContain('packages/ui/src/index.ts:1');
    expect(out).not.toContain('page.ts');
  });
});

describe('conform lint --init', () => {
  it('should write rules that hold today, and a planted import breaks one', async () => {
    write(MONOREPO);
    const { code, out } = await conform('lint', '--init');
    expect(out).toContain('holds: INIT-APPS  Libraries do not import applications');
    expect(code).toBe(0);
    expect(await conform('lint')).toMatchObject({ code: 0 });
    write({ 'packages/ui/src/more.ts': "import '../../../apps/web/src/page.js';\n" });
    const planted = await conform('lint');
    expect(planted.code).toBe(1);
    expect(planted.out).toContain('packages/ui/src/more.ts:1:8  error  INIT-APPS');
  });

  it('should leave out what does not hold, or accept it in a baseline when asked', async () => {
    write({
      'tsconfig.json': TSCONFIG,
      'src/a.ts': "import './b.js';\n",
      'src/b.ts': "import './a.js';\n",
    });
    const refused = await conform('lint', '--init');
    expect(refused.code).toBe(2);
    const { out } = await conform('lint', '--init', '--accept');
    expect(out).toContain('accepted: INIT-CIRCLES');
    expect(await conform('lint', '--baseline', path.join(folder, 'boundary.baseline.json'))).toMatchObject({
      code: 0,
    });
    expect((await conform('lint', '--init')).error).toContain('there are rules already');
  });
});

describe('conform lint --affected', () => {
  it('should report what a change concerns, by any chain of imports, and nothing else', async () => {
    const rule = { kind: 'boundary', id: 'R', ...HEADER, files: ['src/**'], packages: ['node:fs'] };
    write({
      'tsconfig.json': TSCONFIG,
      'boundary.config.json': { rules: [rule] },
      'src/top.ts': "import './middle.js';\nimport 'fs';\n",
      'src/middle.ts': "import './bottom.js';\n",
      'src/bottom.ts': 'export {};\n',
      'src/apart.ts': "import 'fs';\n",
    });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    expect((await conform('lint', '--affected', 'HEAD')).code).toBe(0);
    write({ 'src/bottom.ts': 'export const changed = 1;\n' });
    const { out } = await conform('lint', '--affected', 'HEAD');
    expect(out).toContain('src/top.ts:2');
    expect(out).not.toContain('apart.ts');
    const drawn = await conform('graph', '--affected', 'HEAD', '--by', 'file', '--format', 'json');
    expect(JSON.parse(drawn.out)).toMatchObject({
      nodes: ['src/bottom.ts', 'src/middle.ts', 'src/top.ts'],
      arrows: [{ from: 'src/middle.ts' }, { from: 'src/top.ts' }],
    });
    const wrong = await conform('lint', '--affected', 'nowhere');
    expect(wrong.code).toBe(2);
    expect(wrong.error).toContain('there is no revision nowhere');
  });
});

describe('a rules file', () => {
  it('should not hold the run for ever, nor end it', async () => {
    await expect(load('for (;;) {}')).rejects.toThrow('it is not loaded after 1 s');
    await expect(load('await new Promise(() => {});')).rejects.toThrow('before it is loaded');
    await expect(load('process.exit(0);')).rejects.toThrow('it calls process.exit(0)');
    await expect(load("throw new Error('why');")).rejects.toThrow('why');
    await expect(load("export default { get rules() { throw new Error('why'); } };")).rejects.toThrow('why');
  });

  it('should come from plain data and, with rules of its own, from functions', async () => {
    const made = `import { boundary } from 'pmem-conform/rules'; export default { rules: [boundary({ id: 'A' })] };`;
    expect(await load(made)).toMatchObject({ value: { rules: [{ id: 'A', kind: 'boundary' }] } });
    const { value } = (await load('export default { rules: [{ id: "B", check: () => 1 }] };')) as {
      value: { rules: [{ check: () => number }] };
    };
    expect(value.rules[0].check()).toBe(1);
  });

  it('should limit how many exceptions there are', async () => {
    const rule = { kind: 'boundary', id: 'R', ...HEADER, files: ['src/**'], packages: ['node:fs'] };
    write({
      'tsconfig.json': TSCONFIG,
      'src/a.ts': "import 'fs'; // conform-allow R: once\n",
      'src/b.ts': "import 'fs'; // conform-allow R: twice\n",
      'boundary.config.json': { exceptions: { max: 2 }, rules: [rule] },
    });
    expect((await conform('lint')).code).toBe(0);
    expect((await conform('lint', '--list-exceptions')).out).toBe(
      'src/a.ts:1  R  once\nsrc/b.ts:1  R  twice\nR: 2\n2 exceptions\n',
    );
    write({ 'boundary.config.json': { exceptions: { max: 1 }, rules: [rule] } });
    const { code, out } = await conform('lint');
    expect(code).toBe(1);
    expect(out).toContain('there are 2 exceptions beside the code; the rules allow 1');
  });
});

describe('conform graph', () => {
  const RULE = { kind: 'boundary', id: 'R', ...HEADER, files: ['src/in/**'], mustNotImport: ['src/out/**'] };
  const FILES = {
    'tsconfig.json': TSCONFIG,
    'boundary.config.json': { rules: [RULE] },
    'src/in/a.ts': "import '../out/b.js';\nimport type { T } from '../out/c.js';\nexport type U = T;\n",
    'src/out/b.ts': "export const later = () => import('./c.js');\n",
    'src/out/c.ts': 'export type T = 1;\n',
  };

  it('should mark what breaks a rule, in every form', async () => {
    write(FILES);
    const { out } = await conform('graph', '--format', 'json', '--by', 'file');
    expect(JSON.parse(out)).toEqual({
      version: 1,
      nodes: ['src/in/a.ts', 'src/out/b.ts', 'src/out/c.ts'],
      arrows: [
        { from: 'src/in/a.ts', to: 'src/out/b.ts', counts: { value: 1 }, count: 1, breaks: ['R'] },
        { from: 'src/in/a.ts', to: 'src/out/c.ts', counts: { erased: 1 }, count: 1, breaks: ['R'] },
        { from: 'src/out/b.ts', to: 'src/out/c.ts', counts: { lazy: 1 }, count: 1, breaks: [] },
      ],
    });
    expect((await conform('graph')).out).toBe(
      'flowchart LR\n  n0["src/in"]\n  n1["src/out"]\n  n0 -->|"2, breaks R"| n1\n  linkStyle 0 stroke:#c00,stroke-width:2px\n',
    );
    expect((await conform('graph', '--format', 'dot')).out).toContain(
      '"src/in" -> "src/out" [label="2, breaks R", color=red, fontcolor=red];',
    );
    const focused = await conform(
      'graph',
      '--by',
      'file',
      '--focus',
      '**/b.ts',
      '--depth',
      '0',
      '--format',
      'json',
    );
    expect(JSON.parse(focused.out)).toMatchObject({ nodes: ['src/out/b.ts'], arrows: [] });
    expect((await conform('graph', '--by', 'layer')).code).toBe(2);
  });

  it('should put names into a page as data only, and ask no network', async () => {
    write({ ...FILES, 'src/in/a.ts': '', 'src/</script><b>/x.ts': "import '../out/b.js';\n" });
    const page = path.join(folder, 'imports.html');
    await conform('graph', '--format', 'html', '--output', page);
    const text = readFileSync(page, 'utf8');
    expect(text).not.toContain('</script><b>');
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text).not.toMatch(/https?:/);
    expect(text).toContain('\\u003c/script>\\u003cb>');
  });
});
