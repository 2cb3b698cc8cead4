// The package as a stranger gets it: packed, installed in an empty project, started by its name, also where its folder and the home
// of its user cannot be written.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../support/project.ts';
import { type Installed, installPackage, makeReadOnly } from './install.ts';

/** The issue that asked for the package allows so much. */
const PACKED_BYTES_MAX = 700_000;

/** A user without rights, when this process may become another. */
const NOBODY = 65_534;

let installed: Installed;
beforeAll(() => {
  installed = installPackage();
  const { folder } = installed;
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/a.ts'), "import { b } from './b.ts';\nexport const a = b;\n");
  writeFileSync(join(folder, 'src/b.ts'), 'export const b = 1;\n');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { allowImportingTsExtensions: true, noEmit: true, types: [] },
      include: ['src'],
    }),
  );
  writeFileSync(
    join(folder, 'boundary.config.ts'),
    `import { boundary, defineRules } from 'pmem-conform/rules';
export default defineRules({ rules: [boundary({ id: 'B', title: 't', because: 'b', instead: 'i',
  files: ['src/a.ts'], mustNotImport: ['src/b.ts'] })] });
`,
  );
  const promise = '- after: append 1\n  holds: [x.img:0:8, x.img:96:64]\n';
  writeFileSync(join(folder, 'expect.yaml'), promise);
  const golden = join(rootFolder, 'test/golden/data/recordings');
  for (const name of ['plog-0', 'plog-3'])
    copyFileSync(join(golden, `${name}.jsonl.gz`), join(folder, `${name}.jsonl.gz`));
  writeFileSync(
    join(folder, 'pmemcheck.log'),
    'START|REGISTER_FILE;img;0x1000;0x1000;0x0|STORE;0x1000;0x1;0x8|FLUSH;0x1000;0x40|FENCE|STOP\n',
  );
}, 180_000);
afterAll(() => installed.remove());

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Where {
  readonly uid?: number;
  readonly home?: string;
  readonly temporary?: string;
}

function run(words: readonly string[], options: Where = {}): Ran {
  const { uid, home = join(installed.folder, '..', 'home'), temporary } = options;
  const { XDG_CACHE_HOME: _, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(
    join(installed.folder, 'node_modules/.bin/pmem-conform'),
    words,
    {
      cwd: installed.folder,
      encoding: 'utf8',
      env: {
        ...environment,
        HOME: home,
        NO_COLOR: '1',
        ...(temporary !== undefined && { TMPDIR: temporary }),
      },
      ...(uid !== undefined && { uid, gid: uid }),
    },
  );
  return { code: status, out: stdout, err: stderr };
}

const OWN = 'node_modules/pmem-conform';
const LOST = ['--trace', 'dax write pmem0:/f @62 iov 4 / fsync pmem0:/f', '--after', 'as-posted'];

/** A use of each command with its exit code and a word of what it prints. */
const USES: readonly (readonly [words: readonly string[], code: number, says: string])[] = [
  [['run', '--only', 'T1 '], 0, 'as expected'],
  [['replay', ...LOST], 1, 'may be lost'],
  [['check', 'plog-3.jsonl.gz', '--expect', 'expect.yaml'], 1, 'x.img +0x0 may hold 00'],
  [['compare', 'plog-0.jsonl.gz', 'plog-3.jsonl.gz'], 1, 'weaker'],
  [['contract', '3', '--dry-run'], 2, 'contract'],
  [['copy-table', '--routine', 'memcpy_flushcache', '--max-size', '4'], 0, '4'],
  [['fuzz', '--count', '20'], 0, 'workloads'],
  [['graph'], 0, 'src'],
  [['init', '--dry-run'], 2, 'git'],
  [['lint'], 1, 'src/a.ts'],
  [['lint', '--step', '3'], 0, 'clean'],
  [['litmus', '--quiet'], 0, ' agree, 0 differ'],
  [['pmemcheck', 'pmemcheck.log', '--no-counts'], 0, ''],
  [['review', '3'], 0, 'holds'],
  [['series', 'check'], 0, '14'],
  [['sweep', '--quick', '--only', 'raw write', '--step', '1'], 0, 'Every step keeps its contract'],
  [['traces', `${OWN}/examples/traces.jsonl`, '--tree', 'after'], 1, '3 of 4 equal'],
  [['pmemcheck-export', 'n0:8 S A0'], 0, 'STORE'],
  [['merge', 'boundary.config.ts'], 2, 'no JSON'],
  [['variant', '--help'], 0, 'Usage'],
  [['record', '--help'], 0, 'Usage'],
];

/** The program of a version of Node, which npm keeps once it was fetched. */
function nodeOf(version: string): string | undefined {
  const words = ['--yes', '--prefer-offline', `node@${version}`, '-p', 'process.execPath'];
  const { status, stdout } = spawnSync('npx', words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

const endOf = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'exit')) as unknown[])[0];

describe('the package', () => {
  it('should be small, and hold no tests', () => {
    expect(installed.packedBytes).toBeLessThan(PACKED_BYTES_MAX);
    expect(existsSync(join(installed.packageFolder, 'test'))).toBe(false);
  });

  it('should import nothing that it does not depend on', () => {
    const { packageFolder } = installed;
    const { dependencies } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const dist = join(packageFolder, 'dist');
    const imported = readdirSync(dist)
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => [
        ...readFileSync(join(dist, file), 'utf8').matchAll(
          /(?:^|[;}])(?:import|export)(?:[\w$*{},\s]*from)?["'`](@[\w-]+\/[\w.-]+|[a-z][\w.-]*)(?=[/"'`])/g,
        ),
      ])
      .map(([, name = '']) => name);
    expect(imported).toContain('commander');
    // TypeScript 7 is the project's own, where it is asked for.
    const allowed = ['typescript', ...Object.keys(dependencies)];
    expect([...new Set(imported)].filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it.each(USES.map(([words, code, says]) => ({ line: words.join(' '), words, code, says })))(
    'should run: pmem-conform $line',
    ({ words, code, says }) => {
      const ran = run(words);
      expect(ran).toMatchObject({ code });
      expect(`${ran.out}${ran.err}`).toContain(says);
    },
  );

  it('should be tried by every command that it has', () => {
    const commands = [...run(['--help']).out.matchAll(/^ {2}([a-z][\w-]+) [[<]/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(15);
    expect(commands.filter((name) => name !== 'help' && !USES.some(([[used]]) => used === name))).toEqual([]);
  });

  it('should say in one line that TypeScript 7 is not there, where it is asked for', () => {
    if (existsSync(join(installed.folder, 'node_modules/typescript'))) return;
    const { code, err } = run(['lint', '--oracle', 'typescript-7']);
    expect(code).toBe(2);
    expect(err).toMatch(/^TypeScript 7 is not installed: .*\n$/);
  });

  // The oldest that package.json allows, and the two releases after it.
  for (const version of ['20.19.0', '22', '24'])
    it(`should start with Node ${version}`, ({ skip }) => {
      const node = nodeOf(version);
      if (node === undefined) return skip(`npx cannot fetch node@${version}: is the registry reachable?`);
      expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(new RegExp(`^v${version}`));
      const start = (...words: string[]) =>
        spawnSync(node, ['node_modules/pmem-conform/bin/conform.mjs', ...words], {
          cwd: installed.folder,
          encoding: 'utf8',
        });
      expect(start('--version')).toMatchObject({ status: 0, stderr: '' });
      expect(start('replay', ...LOST)).toMatchObject({ status: 1, stderr: '' });
      expect(start('lint')).toMatchObject({ status: 1, stderr: '' });
    });

  it('should be a library, with types', () => {
    const { folder } = installed;
    const text = `import { images, order, record, relation } from 'pmem-conform';
import { defineRules } from 'pmem-conform/rules';
import { defineProject } from 'pmem-conform/config';
const run = record((cpu, acknowledge) => { cpu.store(0, new Uint8Array(8).fill(1)); acknowledge(); });
const set = images(order(run), { acknowledged: 0 });
const count: bigint = set.count();
console.log(String(count), relation(set, set).relation, typeof defineRules, typeof defineProject);
`;
    writeFileSync(join(folder, 'library.mts'), text);
    const tsc = join(rootFolder, 'node_modules/typescript/bin/tsc');
    const options = '--module nodenext --target es2023 --strict --types --skipLibCheck false'.split(' ');
    const compiled = spawnSync(process.execPath, [tsc, ...options, '--ignoreConfig', 'library.mts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(compiled.stdout).toBe('');
    expect(execFileSync(process.execPath, ['library.mjs'], { cwd: folder, encoding: 'utf8' })).toBe(
      '2 equal function function\n',
    );
  });

  it('should give what one run gives when 16 processes each do a share, and one of them was killed', async () => {
    const { folder } = installed;
    const count = 16;
    const fileOf = (shard: number): string => join(folder, `shard-${shard}.json`);
    const start = (shard: number): ChildProcess =>
      spawn(
        join(folder, 'node_modules/.bin/conform'),
        [...LITMUS, '--shard', `${shard}/${count}`, '--output', fileOf(shard)],
        { cwd: folder, stdio: 'ignore' },
      );
    const LITMUS = ['litmus', join(rootFolder, 'litmus/one-cpu.litmus')];
    const KILLED = 7;
    for (let shard = 1; shard <= count; shard += 4) {
      const children = Array.from({ length: 4 }, (_, index) => start(shard + index));
      const ends = children.map(endOf);
      if (shard <= KILLED && KILLED < shard + 4) children[KILLED - shard]?.kill('SIGKILL');
      for (const [index, code] of (await Promise.all(ends)).entries())
        expect([shard + index, code]).toEqual([shard + index, shard + index === KILLED ? null : 0]);
    }
    const files = Array.from({ length: count }, (_, index) => fileOf(index + 1));
    // Killed before it could open its file, or after it.
    writeFileSync(fileOf(KILLED), '');
    expect(run(['merge', ...files])).toMatchObject({ code: 2, err: expect.stringContaining('cut off') });
    const others = files.filter((file) => file !== fileOf(KILLED));
    expect(run(['merge', ...others])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`of 16 shards 1 is missing: ${KILLED}`),
    });
    expect(await endOf(start(KILLED))).toBe(0);
    expect(run(['merge', ...files])).toEqual(run(LITMUS));
  }, 60_000);

  it('should end a defect with 3, and tell where in the sources it is', () => {
    const { folder, packageFolder } = installed;
    const broken = join(folder, 'node_modules/broken');
    cpSync(packageFolder, broken, { recursive: true });
    writeFileSync(join(broken, 'dist/project.br'), 'not what was packed');
    const words = [join(broken, 'bin/conform.mjs'), 'replay', ...LOST];
    const { status, stderr } = spawnSync(process.execPath, words, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: join(folder, '../other-cache') },
    });
    expect(stderr).toContain('This is a defect of pmem-conform, not a finding.');
    expect(stderr).toMatch(/at .*base\/own-project\.ts:\d+, dist\/[\w-]+\.js:\d+:\d+/);
    expect(status).toBe(3);
  });

  it('should need no folder that can be written', () => {
    makeReadOnly(installed.packageFolder);
    const isRoot = process.getuid?.() === 0;
    const options = { home: '/nonexistent', ...(isRoot && { uid: NOBODY }) };
    // A share of it: all of a step is judged by 'review 3' above.
    expect(run(['run', '--step', '3', '--shard', '1/16'], options)).toMatchObject({
      code: 0,
      out: expect.stringContaining('"kind":"shard"'),
    });
    expect(run(['replay', ...LOST], options)).toMatchObject({ code: 1 });
    expect(run(['lint'], options)).toMatchObject({ code: 1 });
    // What lies in the package is unpacked, so one place there has to be.
    expect(run(['replay', ...LOST], { ...options, temporary: '/nonexistent' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('set TMPDIR'),
    });
  });
});
