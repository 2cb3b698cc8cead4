/** The recorder under QEMU, where that is installed: every form of instruction, and programs from end to end. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram, findTools } from '#recordings/record/environment.ts';
import { conformIn, type Printed } from '../../support/conform.ts';
import { rootFolder } from '../../support/project.ts';
import { CALLS, FORMS, formsProgram, LARGE_FORMS, UNKNOWN_FORMS } from './forms.ts';

const hasTools = findProgram('qemu-x86_64') !== undefined && findProgram('gcc') !== undefined;

describe('what recording needs', () => {
  it('should be told with the one command that installs it', () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') return;
    expect(() => findTools('/nowhere')).toThrow(
      'recording needs qemu and a C compiler, not found here\n  install: apt-get install -y --no-install-recommends qemu-user gcc libc6-dev binutils',
    );
  });
});

const compile = (source: string, program: string, ...options: string[]): void =>
  void execFileSync('gcc', [
    '-O1',
    '-g',
    '-w',
    '-mclwb',
    `-I${join(rootFolder, 'recorder')}`,
    ...options,
    source,
    '-o',
    program,
  ]);

describe.skipIf(!hasTools)('the recorder', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'recorder-'));
    execFileSync('gcc', [
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-shared',
      '-fPIC',
      join(rootFolder, 'recorder/pmrec.c'),
      '-o',
      file('pmrec.so'),
    ]);
    writeFileSync(file('forms.c'), formsProgram());
    compile(file('forms.c'), file('forms'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What one form gives: its signal or the events between the marks. */
  function record(index: number, built = file('pmrec.so')): { signal: string | null; events: string[] } {
    for (const name of ['forms.img', 'forms.jsonl']) rmSync(file(name), { force: true });
    const plugin = `${built},path=forms.img,out=${file('forms.jsonl')}`;
    const { signal, status } = spawnSync('setarch', [
      'x86_64',
      '-R',
      'qemu-x86_64',
      '-cpu',
      'max',
      '-singlestep',
      '-seed',
      '1',
      '-plugin',
      plugin,
      file('forms'),
      String(index),
      file('forms.img'),
    ]);
    const lines = existsSync(file('forms.jsonl'))
      ? readFileSync(file('forms.jsonl'), 'utf8').split('\n')
      : [];
    const [from, to] = ['from', 'to'].map((name) =>
      lines.findIndex((line) => line.includes(`"name":"${name}"`)),
    );
    const events = lines
      .slice((from ?? 0) + 1, to)
      .filter((line) => !line.startsWith('{"k":"pc"'))
      .map((line) =>
        line
          .replace(/"t":\d+,?/, '')
          .replace(/,"[pb]":\d+/g, '')
          .replace(',}', '}'),
      );
    return { signal: signal ?? (status === 132 ? 'SIGILL' : null), events };
  }

  for (const [index, [name, , events]] of FORMS.entries())
    it(`should record ${name}`, () => expect(record(index).events).toEqual(events));
  for (const [index, [name]] of UNKNOWN_FORMS.entries())
    it(`should not know ${name}, of which QEMU 7.2 dies`, () =>
      expect(record(FORMS.length + index).signal).toBe('SIGILL'));
  for (const [index, [name, , events]] of CALLS.entries())
    it(`should record a call: ${name}`, () =>
      expect(record(FORMS.length + UNKNOWN_FORMS.length + index).events).toEqual(events));

  for (const [index, [name, , sizeBytes, begin]] of LARGE_FORMS.entries())
    it(`should record ${name} as many ordinary stores`, () => {
      const { events } = record(FORMS.length + UNKNOWN_FORMS.length + CALLS.length + index);
      const stores = events.map((text) => JSON.parse(text) as { k: string; a: number; d: string });
      expect(stores.length).toBeGreaterThan(8);
      expect(new Set(stores.map(({ k }) => k))).toEqual(new Set(['c']));
      expect(stores[0]).toMatchObject({ a: 0, d: expect.stringMatching(`^${begin}`) });
      expect(stores.filter(({ a, d }) => a + d.length / 2 > sizeBytes)).toEqual([]);
    });

  for (const compiler of ['clang', 'tcc'])
    it.skipIf(findProgram(compiler) === undefined)(
      `should record the same when ${compiler} has built the recorder`,
      () => {
        const other = file(`pmrec-${compiler}.so`);
        execFileSync(compiler, [
          '-O2',
          '-shared',
          '-fPIC',
          join(rootFolder, 'recorder/pmrec.c'),
          '-o',
          other,
        ]);
        for (const index of [0, FORMS.findIndex(([name]) => name === 'rep movsb')])
          expect(record(index, other)).toEqual(record(index));
      },
    );

  const conform = (...words: string[]): Promise<Printed> =>
    conformIn({ folder, cacheHome: file('cache') }, words);

  it('should record a program twice alike, on a copy of its file, and tell two builds apart', async () => {
    const source = join(rootFolder, 'examples/persistent-log/log.c');
    compile(source, file('log'));
    writeFileSync(
      file('without.c'),
      readFileSync(source, 'utf8').replace('persist(record, sizeof *record);', ''),
    );
    compile(file('without.c'), file('without'));
    const first = await conform('record', '--out', file('a.jsonl.gz'), '--', './log', 'x.img', '3');
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringContaining('3 acknowledgements by markers, 1 thread'),
    });
    await conform('record', '--out', file('b.jsonl.gz'), '--', './log', 'x.img', '3');
    await conform('record', '--out', file('c.jsonl.gz'), '--', './without', 'x.img', '3');
    expect(existsSync(file('x.img'))).toBe(false);
    const [one, other] = ['a', 'b'].map((name) =>
      gunzipSync(readFileSync(file(`${name}.jsonl.gz`))).toString(),
    );
    expect(one).toBe(other);
    expect(await conform('compare', file('a.jsonl.gz'), file('b.jsonl.gz'))).toMatchObject({ code: 0 });
    const compared = await conform('compare', file('a.jsonl.gz'), file('c.jsonl.gz'));
    expect(compared).toMatchObject({
      code: 1,
      out: expect.stringContaining('never written back in this recording'),
    });
    expect(compared.out).toMatch(/stored by .* log\.c:\d+|stored by .* without\.c:\d+/);
  });

  it('should refuse what is no program, and a place that cannot be written, before anything runs', async () => {
    writeFileSync(file('script.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(file('text'), 'no program', { mode: 0o755 });
    for (const [words, reason] of [
      [['./script.sh', 'x.img'], /expected a program for Linux on x86-64 \(ELF\), found a script/],
      [['./text', 'x.img'], /expected a program for Linux on x86-64 \(ELF\)$/m],
      [['./nothing', 'x.img'], /no such program/],
      [['.', 'x.img'], /no such program|found a folder/],
    ] as const)
      expect(await conform('record', '--', ...words)).toMatchObject({
        code: 2,
        err: expect.stringMatching(reason),
      });
    expect(await conform('record', '--out', file('none/x.gz'), '--', './forms', '0', 'x.img')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be written (ENOENT)'),
    });
  });

  it('should say what to look at when the program dies, and keep no half of a recording', async () => {
    writeFileSync(file('dies.c'), 'int main(void) { *(volatile int *)8 = 1; return 0; }');
    compile(file('dies.c'), file('dies'));
    expect(
      await conform('record', '--out', file('dies.gz'), '--file', 'x.img', '--', './dies', 'x.img'),
    ).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /dies was killed by SIGSEGV[^]*where it dies there too, the program is at fault/,
      ),
    });
    expect(existsSync(file('dies.gz'))).toBe(false);
  });

  it('should say why a program that needs AVX-512 cannot be recorded', async () => {
    const index = FORMS.length;
    const outcome = await conform(
      'record',
      '--file',
      'forms.img',
      '--',
      './forms',
      String(index),
      'forms.img',
    );
    expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining('SIGILL): AVX-512') });
  });
});
