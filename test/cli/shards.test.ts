// Work that is cut into shards and merged: the same report as one run, and a clear no to shards that are not all of one run.
// Processes and a killed one are in test/package/installed.test.ts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandOf } from '../../cli/shards/shard.ts';
import { conformIn, type Printed } from '../support/conform.ts';
import { share } from '../support/thorough.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shards-'));
  const tests = Array.from(
    { length: 7 },
    (_, index) => `test: T${index}\nprogram: x=${index + 1}\ncrash: x=0\nexpect: A (2)\n`,
  );
  writeFileSync(join(folder, 'seven.litmus'), tests.join('\n').replaceAll('expect: A', 'expect: ADR A'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const conform = (...words: string[]): Promise<Printed> =>
  conformIn({ folder, cacheHome: join(folder, 'cache') }, words);

const litmus = (...words: string[]): Promise<Printed> =>
  conform('litmus', join(folder, 'seven.litmus'), ...words);

/** Makes shards of a command, in a folder that is not there yet. Returns their files. */
async function shardsOf(count: number, name: string, words: readonly string[]): Promise<string[]> {
  const files = Array.from({ length: count }, (_, index) => join(folder, name, `${index + 1}.json`));
  for (const [index, file] of files.entries())
    expect(await conform(...words, '--shard', `${index + 1}/${count}`, '--output', file)).toMatchObject({
      code: 0,
      out: '',
    });
  return files;
}

describe('shards of all that can be cut', () => {
  const commands: readonly (readonly string[])[] = [
    ['litmus', 'SEVEN'],
    ['fuzz', '--count', '30', '--seed', '3'],
    ['run', '--only', 'T1 '],
    ['run', '--only', 'T1 ', '--after', 'as-posted'],
    ['sweep', '--quick', '--only', 'raw write', '--step', '1'],
  ];
  it.each(share(commands, 2).map((words) => ({ line: words.join(' '), words })))(
    'should give what one run gives: $line',
    async ({ words }) => {
      const real = words.map((word) => word.replace('SEVEN', join(folder, 'seven.litmus')));
      const files = await shardsOf(3, 'shard', real);
      const merged = await conform('merge', ...files);
      const { code, out } = await conform(...real);
      expect(merged.out).toBe(out);
      expect(merged.code).toBe(code);
    },
  );

  it('should say what they are of', async () => {
    const [first = ''] = await shardsOf(2, 'head', ['litmus', join(folder, 'seven.litmus')]);
    expect(JSON.parse(readFileSync(first, 'utf8'))).toMatchObject({
      schema: 1,
      kind: 'shard',
      command: ['litmus', join(folder, 'seven.litmus')],
      shard: 1,
      count: 2,
    });
  });

  it('should hold no more than their own part', async () => {
    const files = await shardsOf(7, 'single', ['litmus', join(folder, 'seven.litmus')]);
    for (const file of files) {
      const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { rows: Record<string, object> };
      expect(Object.values(rows).flatMap((own) => Object.keys(own))).toHaveLength(1);
    }
  });
});

describe('shards that are not all of one run', () => {
  it('should be refused where one is missing, with its number', async () => {
    const [one = '', , three = ''] = await shardsOf(3, 'missing', ['litmus', join(folder, 'seven.litmus')]);
    expect(await conform('merge', one, three)).toMatchObject({
      code: 2,
      err: 'of 3 shards 1 is missing: 2\n  to do: make it, and merge all\n',
    });
  });

  it('should be refused where one is there twice', async () => {
    const [one = '', two = ''] = await shardsOf(2, 'twice', ['litmus', join(folder, 'seven.litmus')]);
    expect(await conform('merge', one, two, one)).toMatchObject({
      code: 2,
      err: expect.stringContaining('shard 1 is there twice'),
    });
  });

  it('should be refused where one is of another command, of another count, or of another version', async () => {
    const [one = ''] = await shardsOf(2, 'litmus', ['litmus', join(folder, 'seven.litmus')]);
    const [, two = ''] = await shardsOf(2, 'quiet', ['litmus', join(folder, 'seven.litmus'), '--images']);
    expect((await conform('merge', one, two)).err).toContain('made by another command');
    const [, , , four = ''] = await shardsOf(4, 'four', ['litmus', join(folder, 'seven.litmus')]);
    expect((await conform('merge', one, four)).err).toContain('made of another number of shards');
    const old = join(folder, 'old.json');
    writeFileSync(old, readFileSync(one, 'utf8').replace(/"version":"[^"]*"/, '"version":"0.0.1"'));
    expect((await conform('merge', old)).err).toContain('made by version 0.0.1');
  });

  it('should be refused where the files have changed since', async () => {
    const files = await shardsOf(1, 'changed', ['litmus', join(folder, 'seven.litmus')]);
    const path = join(folder, 'seven.litmus');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('x=1', 'x=8'));
    const { code, err } = await conform('merge', ...files);
    writeFileSync(path, text);
    expect(code).toBe(2);
    expect(err).toContain('the shards are about something else than what is here');
  });

  it('should be refused where one was damaged', async () => {
    const [one = ''] = await shardsOf(1, 'damaged', ['litmus', join(folder, 'seven.litmus')]);
    writeFileSync(one, readFileSync(one, 'utf8').replace('"machine"', '"mach"'));
    expect(await conform('merge', one)).toMatchObject({
      code: 2,
      err: expect.stringContaining('its rows are not those that were written'),
    });
  });

  it('should be refused where one was cut off', async () => {
    const cut = join(folder, 'cut.json');
    writeFileSync(cut, '');
    expect(await conform('merge', cut)).toMatchObject({ code: 2, err: expect.stringContaining('cut off') });
    const packed = join(folder, 'cut.json.gz');
    writeFileSync(packed, '');
    expect(await conform('merge', packed)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/cut\.json\.gz.*cut off\? make it again/),
    });
  });
});

describe('a share that is none', () => {
  it.each(['0/2', '3/2', '1/0', '1', 'a/b', '1/99999'])('should be refused: %s', async (share) => {
    expect(await litmus('--shard', share)).toMatchObject({ code: 2, out: '' });
  });

  it('should be refused where nothing can be cut: a fuzzer by time', async () => {
    expect((await conform('fuzz', '--seconds', '1', '--shard', '1/2')).code).toBe(2);
  });
});

describe('the command of a shard', () => {
  it('should leave out what is about shards and printing, however it is written', () => {
    expect(commandOf('run --shard 1/2 --step 3 --output=a --format json --fresh'.split(' '))).toEqual(
      'run --step 3 --fresh'.split(' '),
    );
  });
});
