/** `conform compare` as people call it: alignment, gates, formats, and what it refuses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conformIn, type Printed } from '../../support/conform.ts';
import { rootFolder } from '../../support/project.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'compare-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const golden = (name: string): string => join(rootFolder, 'test/golden/data/recordings', `${name}.jsonl.gz`);
const compare = (before: string, after: string, ...more: string[]): Promise<Printed> =>
  conformIn({ folder, cacheHome: join(folder, 'cache') }, [
    'compare',
    ...more,
    before.includes('/') ? before : golden(before),
    after.includes('/') ? after : golden(after),
  ]);

/** A golden recording with its text changed. */
function changed(name: string, change: (text: string) => string): string {
  const path = join(folder, 'changed.jsonl');
  writeFileSync(path, change(gunzipSync(readFileSync(golden(name))).toString()));
  return path;
}

/** A recording of these events and one acknowledgement. */
function recorded(name: string, lines: readonly string[]): string {
  const path = join(folder, `${name}.jsonl`);
  const head = [
    '{"k":"recording","version":1,"recorder":"test","isa":"x86-64","serial":false}',
    '{"k":"map","t":0,"f":0,"path":"x.img","a":0,"n":65536,"size":65536,"sync":true,"initial":"zeros"}',
  ];
  const events = [...lines, '{"k":"A","t":0,"n":1,"name":"put"}'];
  writeFileSync(path, [...head, ...events, `{"k":"end","events":${events.length},"lost":0}`, ''].join('\n'));
  return path;
}

const STORE_NODE = '{"k":"c","t":0,"f":0,"a":4096,"d":"aaaaaaaaaaaaaaaa"}';
const STORE_POINTER = '{"k":"c","t":0,"f":0,"a":64,"d":"0010000000000000"}';
const persist = (offset: number): string[] => [`{"k":"W","t":0,"f":0,"a":${offset}}`, '{"k":"S","t":0}'];

/** A small program that stores 8 bytes at each of some offsets, persists them, and acknowledges each. */
function program(name: string, stores: readonly (readonly [offset: number, value: string])[]): string {
  const events = stores.flatMap(([offset, value], index) => [
    `{"k":"c","t":0,"f":0,"a":${offset},"d":"${value.repeat(8)}"}`,
    `{"k":"W","t":0,"f":0,"a":${offset - (offset % 64)}}`,
    '{"k":"S","t":0}',
    `{"k":"A","t":0,"n":${index},"name":"put"}`,
  ]);
  const path = join(folder, `${name}.jsonl`);
  const head = [
    '{"k":"recording","version":1,"recorder":"test","isa":"x86-64","serial":false}',
    '{"k":"map","t":0,"f":0,"path":"x.img","a":0,"n":65536,"size":65536,"sync":true,"initial":"zeros"}',
  ];
  writeFileSync(path, [...head, ...events, `{"k":"end","events":${events.length},"lost":0}`, ''].join('\n'));
  return path;
}

describe('conform compare', () => {
  it('should decide by what was acknowledged, and hint loudly at what is only weaker in flight', async () => {
    const hinted = await compare('hash-0', 'hash-1');
    expect(hinted).toMatchObject({
      code: 0,
      out: expect.stringContaining('HINT: in flight after is weaker in 40 of 40 operations'),
    });
    expect(await compare('hash-0', 'hash-1', '--in-flight')).toMatchObject({ code: 1 });
    expect((await compare('pool-0', 'pool-NO_MOVNT')).out).toMatch(
      /Hint: in flight the two are incomparable|all 8 acknowledgements are equal/,
    );
  });

  it('should list what one side acknowledges alone, and never count it as equal', async () => {
    const lacking = await compare('plog-0', 'plog-0-6');
    expect(lacking).toMatchObject({
      code: 1,
      out: expect.stringContaining('only after:  append 5, append 6'),
    });
    expect(await compare('plog-0', 'plog-0-6', '--common')).toMatchObject({ code: 0 });
  });

  it('should refuse the same names in another order, and names that nobody has', async () => {
    const swapped = changed('plog-0', (text) =>
      text
        .replace('"n":1,"name"', '"n":9,"name"')
        .replace('"n":2,"name"', '"n":1,"name"')
        .replace('"n":9,"name"', '"n":2,"name"'),
    );
    expect(await compare('plog-0', swapped)).toMatchObject({
      code: 2,
      err: expect.stringContaining("number 1 of those that both have is 'append 1'"),
    });
    expect(await compare('plog-0', 'plog-1', '--to', 'append 7')).toMatchObject({
      code: 2,
      err: expect.stringContaining('allowed: append 1, append 2'),
    });
  });

  it('should judge between markers only', async () => {
    expect((await compare('tx-0-a', 'tx-1')).code).toBe(2);
    const rows = (await compare('plog-0', 'plog-1', '--from', 'append 2', '--to', 'append 3')).out;
    expect(rows).toContain('append 3');
    expect(rows).not.toContain('append 4');
  });

  it('should let caches survive under eADR', async () => {
    expect((await compare('pool-0', 'pool-NO_FLUSH')).code).toBe(1);
    expect((await compare('pool-0', 'pool-NO_FLUSH', '--domain', 'eadr')).code).toBe(0);
  });

  it('should compare system calls where they are asked for', async () => {
    expect(await compare('sync-0', 'sync-0', '--acks', 'calls')).toMatchObject({
      code: 0,
      out: expect.stringContaining('(system calls)'),
    });
    expect(await compare('sync-0', 'sync-1', '--acks', 'calls')).toMatchObject({
      code: 1,
      out: expect.stringContaining('only before: msync'),
    });
  });

  it('should give data and JUnit', async () => {
    const data = JSON.parse((await compare('plog-0', 'plog-1', '--format', 'json')).out) as Record<
      string,
      unknown
    >;
    expect(data).toMatchObject({ verdict: 'weaker', isAcceptable: false, difference: { at: 'append 1' } });
    const junit = (await compare('plog-0', 'plog-1', '--format', 'junit')).out;
    expect(junit).toContain('<testsuites name="conform compare" tests="4" failures="4"');
  });

  it('should recognise recordings of different runs, and compare a region of them all the same', async () => {
    const offsets = [0, 64, 128, 192, 256, 320];
    const one = program(
      'one',
      offsets.map((offset, index) => [offset, `1${index}`] as const),
    );
    const other = program(
      'other',
      [0, 320, 256, 192, 128, 64].map((offset, index) => [offset, `1${index}`] as const),
    );
    const found = await compare(one, other);
    expect(found).toMatchObject({
      code: 2,
      out: expect.stringContaining('different runs, not of one workload on two builds'),
    });
    expect(found.out).toContain('hold what the other recording holds at another address');
    expect(await compare(one, other, '--region', 'x.img:0:64')).toMatchObject({ code: 0 });
  });

  it('should recognise runs that differ in little but what they stored, such as two pools with a uuid each', async () => {
    const offsets = Array.from({ length: 40 }, (_, index) => index * 64);
    const pool = (name: string, uuid: string): string =>
      program(
        name,
        offsets.map((offset) => [offset, offset < 256 ? uuid : '77'] as const),
      );
    expect(await compare(pool('pool-a', 'a1'), pool('pool-b', 'b2'))).toMatchObject({
      code: 2,
      out: expect.stringMatching(/to 4 of 40 lines they stored\ndifferent bytes[^]*another uuid/),
    });
  });

  it('should not advise a write-back where one build stored other bytes', async () => {
    const one = program('value-a', [[0, 'a1']]);
    const found = await compare(one, program('value-b', [[0, 'b2']]));
    expect(found).toMatchObject({ code: 1, out: expect.stringContaining('stored different bytes there') });
    expect(found.out).not.toContain('write back and fence');
    expect(await compare(one, one)).toMatchObject({ code: 0 });
  });

  it('should warn where threads stored to one line and ran as they liked', async () => {
    const free = changed('hand-0', (text) =>
      text.replace('"serial":true', '"serial":false').replace('"t":1,"f":0,"a":128', '"t":1,"f":0,"a":0'),
    );
    expect((await compare(free, free)).out).toContain('several threads stored to one line');
    expect((await compare('hand-0', 'hand-0')).out).toContain(
      '2 threads: the verdict is for the recorded order',
    );
  });

  // A pointer that is published before its node is persistent. Before leaves nothing, the node, or both; after also the pointer
  // alone. Nearest to that, of what before may leave, is the node with the pointer: one word differs, the latest such instant.
  it('should show what only differs in flight, within a region and at any time too, and what makes it impossible', async () => {
    const noise = ['{"k":"c","t":0,"f":0,"a":8192,"d":"01"}', ...persist(8192)];
    const before = recorded('node-first', [
      ...noise,
      STORE_NODE,
      ...persist(4096),
      STORE_POINTER,
      ...persist(64),
    ]);
    const after = recorded('pointer-first', [STORE_NODE, STORE_POINTER, ...persist(64), ...persist(4096)]);
    const both = ['--region', 'x.img:64:8', '--region', 'x.img:4096:8'];
    const shown =
      /only after may leave:\n  x.img \+0x1000  before aa aa aa aa aa aa aa aa\n                 after  00 00 00 00 00 00 00 00   as at first\n  while on both sides x.img \+0x40 \(8 bytes\) has what was stored by mov \(thread 0, event 2\)\n/;
    const inFlight = await compare(before, after, ...both);
    expect(inFlight).toMatchObject({ code: 0, out: expect.stringMatching(shown) });
    expect(inFlight.out).toContain("Only in flight: until 'put 1'");
    expect(await compare(before, after, ...both, '--any-time')).toMatchObject({
      code: 1,
      out: expect.stringMatching(shown),
    });
    const one = await compare(before, after, '--region', 'x.img:64:8');
    expect(one).toMatchObject({ code: 0, out: expect.not.stringContaining('may leave:') });
    const data = JSON.parse((await compare(before, after, ...both, '--format', 'json')).out) as {
      difference: object;
    };
    expect(data.difference).toMatchObject({
      when: 'in flight',
      words: [{ offset: 4096, before: 'aa'.repeat(8), after: '00'.repeat(8) }],
      alike: [{ offset: 64, bytes: '0010000000000000', isLacking: false }],
    });
  });
});
