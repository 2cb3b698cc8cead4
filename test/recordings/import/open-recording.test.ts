import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '#base/input-error.ts';
import { EntryKind } from '#machine/hardware/record.ts';
import { openRecording } from '#recordings/import/open-recording.ts';
import { parseMapping } from '#recordings/import/pmemcheck-files.ts';
import { eventOf, FILE_SPAN_BYTES, type Recording } from '#recordings/recording.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'import-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = '{"k":"recording","version":1,"recorder":"test","isa":"x86-64","serial":false}';
const MAP =
  '{"k":"map","t":0,"f":0,"path":"x.img","a":0,"n":8192,"size":8192,"sync":false,"initial":"zeros"}';
const PC = '{"k":"pc","p":1,"object":"log","offset":10,"function":"main","source":"log.c:3"}';

const read = (content: string | Uint8Array, options = {}): Promise<Recording> => {
  const path = join(folder, 'one');
  writeFileSync(path, content);
  return openRecording(path, options);
};
const recordingOf = (...events: readonly string[]): string =>
  [
    HEAD,
    MAP,
    PC,
    ...events,
    `{"k":"end","events":${events.filter((line) => !/"k":"(pc|map)"/.test(line)).length},"lost":0}`,
    '',
  ].join('\n');
const entriesOf = ({ record }: Recording): unknown[] =>
  Array.from({ length: record.length }, (_, entry) => [
    record.kinds[entry],
    record.addresses[entry],
    record.unitSizes[entry],
    record.counts[entry],
    Buffer.from(record.dataOf(entry)).toString('hex'),
  ]);

const refused = (line: string): Promise<unknown> =>
  read(recordingOf(line)).catch((error: Error) => error.message);

const log = (...records: readonly string[]): string => ['START', ...records, 'STOP'].join('|') + '\n';

describe('a recording', () => {
  it('should become the record that its events are on the machine', async () => {
    const recording = await read(
      recordingOf(
        '{"k":"c","t":0,"f":0,"a":64,"d":"0102030405060708","p":1}',
        '{"k":"c","t":0,"f":0,"a":128,"u":8,"d":"00000000000000010000000000000002","p":1}',
        '{"k":"c","t":0,"f":0,"a":256,"d":"000102030405060708090a0b0c0d0e0f","p":1}',
        '{"k":"n","t":0,"f":0,"a":0,"u":4,"d":"0a0a0a0a0b0b0b0b","p":1}',
        '{"k":"r","t":0,"f":0,"a":0,"u":1,"d":"0101","p":1}',
        '{"k":"L","t":0,"f":0,"a":8,"d":"02000000","p":1}',
        '{"k":"W","t":0,"f":0,"a":64,"p":1}',
        '{"k":"S","t":0,"p":1}',
        '{"k":"Y","t":0,"name":"msync","f":0,"a":4096,"n":10,"flags":4}',
        '{"k":"Y","t":0,"name":"msync","f":0,"a":0,"n":10,"flags":1}',
        '{"k":"P","t":0,"f":0,"a":100,"d":"09"}',
        '{"k":"B","t":0,"name":"put.END"}',
        '{"k":"A","t":0,"n":3,"name":"append"}',
      ),
    );
    // docs/RECORDINGS.md, "How events enter the machine".
    expect(entriesOf(recording)).toEqual([
      [EntryKind.storeCached, 64, 8, 1, '0102030405060708'],
      [EntryKind.storeCached, 128, 8, 2, '00000000000000010000000000000002'],
      [EntryKind.storeString, 256, 16, 1, '000102030405060708090a0b0c0d0e0f'],
      [EntryKind.storeNonTemporal, 0, 4, 2, '0a0a0a0a0b0b0b0b'],
      [EntryKind.storeString, 0, 2, 1, '0101'],
      [EntryKind.lockedStore, 8, 4, 1, '02000000'],
      [EntryKind.clwb, 64, 64, 1, ''],
      [EntryKind.sfence, 0, 0, 1, ''],
      [EntryKind.clwb, 4096, 64, 64, ''],
      [EntryKind.sfence, 0, 0, 1, ''],
      [EntryKind.acknowledgement, 0, 0, 0, ''],
      [EntryKind.storeNonTemporal, 100, 1, 1, '09'],
      [EntryKind.acknowledgement, 0, 0, 1, ''],
      [EntryKind.acknowledgement, 0, 0, 2, ''],
    ]);
    expect(recording.acknowledgements.map(({ kind, name, number }) => [kind, name, number])).toEqual([
      ['call', 'msync', undefined],
      ['marker', 'put', undefined],
      ['marker', 'append', 3],
    ]);
    expect([0, 7, 10, 11, 13].map((entry) => eventOf(recording, entry))).toEqual([1, 8, 9, 11, 13]);
  });

  it('should be the same whatever the order of fields, blanks, gzip and a last line without its end', async () => {
    const store = '{"k":"c","t":0,"f":0,"a":64,"d":"01020304","p":1}';
    const plain = await read(recordingOf(store));
    const others = [
      recordingOf('{ "p": 1, "a": 64, "k": "c", "f": 0, "d": "01020304", "t": 0, "later": [1] }'),
      recordingOf(store).trimEnd(),
      recordingOf(store).replaceAll('\n', '\r\n'),
      gzipSync(recordingOf(store)),
    ];
    for (const other of others) expect(entriesOf(await read(other))).toEqual(entriesOf(plain));
  });

  it('should never be half believed: cut off anywhere it is refused with a line', async () => {
    const whole = Buffer.from(
      recordingOf('{"k":"c","t":0,"f":0,"a":64,"d":"0102","p":1}', '{"k":"A","t":0,"n":1}'),
    );
    for (let length = 0; length < whole.length - 1; length += 3)
      await expect(read(whole.subarray(0, length))).rejects.toThrow(InputError);
    await expect(read(gzipSync(whole).subarray(0, 100))).rejects.toThrow(/gzip data ends too early/);
  });

  it('should be read or refused, and never break the reader, whatever byte is changed', async () => {
    const whole = recordingOf(
      '{"k":"c","t":0,"f":0,"a":64,"u":2,"d":"01020304","p":1}',
      '{"k":"W","t":0,"f":0,"a":64,"p":1}',
      '{"k":"A","t":0,"n":1}',
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 32, max: 126 }), async (at, code) => {
        const changed = whole.slice(0, at) + String.fromCharCode(code) + whole.slice(at + 1);
        const outcome = await read(changed).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(InputError);
      }),
      { numRuns: 300 },
    );
  });

  it('should be refused for events that cannot be', async () => {
    expect(await refused('{"k":"Z","t":0}')).toMatch(/line 4: unknown kind of line 'Z'/);
    expect(await refused('{"k":"c","t":0,"f":0,"a":0,"d":"01","p":9}')).toMatch(/line 4: place 9/);
    expect(await refused('{"k":"c","t":0,"f":0,"a":-8,"d":"01"}')).toMatch(/line 4: "a"/);
    expect(await refused('{"k":"W","t":0,"f":0,"a":7,"p":1}')).toMatch(/multiple of 64/);
    expect(await refused('{"k":"W","t":0,"f":0,"a":8192,"p":1}')).toMatch(/outside every mapping/);
    expect(await refused('{"k":"c","t":999,"f":0,"a":0,"d":"01","p":1}')).toMatch(/thread/);
    expect(await refused(`{"k":"c","t":0,"f":0,"a":0,"u":1,"d":"${'00'.repeat(4097)}","p":1}`)).toMatch(
      /at most 4096 bytes/,
    );
    expect(await refused('{"k":"Y","t":0,"name":"reboot"}')).toMatch(/unknown system call/);
  });
});

describe('a log of pmemcheck', () => {
  const FILE = 'REGISTER_FILE;x.img;0x10000;0x2000;0x0';

  it('should become the same kind of record', async () => {
    const recording = await read(
      log(FILE, 'STORE;0x10040;0x0102;0x2', 'FLUSH;0x10044;0x8', 'FENCE', 'op.BEGIN', 'op.END'),
    );
    expect(entriesOf(recording)).toEqual([
      [EntryKind.storeCached, 64, 2, 1, '0201'],
      [EntryKind.clwb, 64, 64, 1, ''],
      [EntryKind.sfence, 0, 0, 1, ''],
      [EntryKind.acknowledgement, 0, 0, 0, ''],
    ]);
    expect(recording.notes.join()).toMatch(/name no thread: one is assumed/);
  });

  it('should have pages of its stores offered where it registers no file, and be read with them', async () => {
    const text = log('STORE;0x7f0000001008;0x1;0x8', 'STORE;0x7f0000003000;0x1;0x8');
    await expect(read(text)).rejects.toThrow(/registers no file[^]*--map file0@0x7f0000001000\+0x3000/);
    const recording = await read(text, { maps: [parseMapping('a.img@0x7f0000001000+0x3000')] });
    expect(recording.record.addresses[1]).toBe(0x2000);
  });

  it('should take two addresses of one byte for one byte, and refuse different files over each other', async () => {
    const again = 'REGISTER_FILE;x.img;0x90000;0x1000;0x1000';
    const recording = await read(log(FILE, again, 'STORE;0x11000;0x1;0x8', 'STORE;0x90000;0x2;0x8'));
    expect([...recording.record.addresses]).toEqual([0x1000, 0x1000]);
    await expect(
      read(log(FILE, 'REGISTER_FILE;y.img;0x11000;0x1000;0x0', 'STORE;0x10000;0x1;0x8')),
    ).rejects.toThrow(/record 2: y.img is mapped over x.img/);
    const two = await read(log(FILE, 'REGISTER_FILE;y.img;0x90000;0x1000;0x0', 'STORE;0x90000;0x2;0x8'));
    expect(two.record.addresses[0]).toBe(FILE_SPAN_BYTES);
  });

  it('should be read with what logs in the wild have', async () => {
    const recording = await read(
      log(
        FILE,
        'FREORDER',
        'DEFAULT_REORDER',
        'some text; of mine',
        'STORE;0x10000;0x1;0x8;operator',
        '(Foo const&) (foo.h:3)',
        'COMMIT',
        '\r\n==77== Warning: set address range perms\r\nFENCE',
      ),
    );
    // COMMIT is pcommit, which is no fence.
    expect([...recording.record.kinds]).toEqual([
      EntryKind.storeCached,
      EntryKind.flushHint,
      EntryKind.sfence,
    ]);
    expect(recording.notes.join('\n')).toMatch(
      /2 requests to an old pmreorder skipped\n1 marker without BEGIN or END/,
    );
    const marked = await read(log(FILE, 'STORE;0x10000;0x1;0x8', 'done'), { acknowledging: ['done'] });
    expect(marked.acknowledgements.map(({ name }) => name)).toEqual(['done']);
  });

  it('should be refused when it is cut off or of two programs', async () => {
    await expect(read(log(FILE, 'STORE;0x10000;0x1;0x8').replace('|STOP', ''))).rejects.toThrow(
      /expected STOP/,
    );
    await expect(read(log(FILE, 'START'))).rejects.toThrow(/second START/);
    await expect(read(log(FILE, 'STORE;0x10000;0x123;0x1'))).rejects.toThrow(
      /record 2: the value 123 does not fit/,
    );
  });
});
