import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, maxSafeNat, property, string } from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { formatWorkload, OPERATIONS, parseWorkload } from '#pmem/language/notation.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { formatSize, formatText, parseSize } from '#pmem/language/words.ts';
import { firmwareTable } from '#kernel/subsystem/firmware-tables.ts';
import { InputError } from '#base/input-error.ts';
import { rootFolder } from '../../support/project.ts';

const scenarios = suiteScenarios();

/** The table that a boot line with that source brings. */
const tableOf = (source: string) =>
  parseWorkload(`boot nfit=${source}\nflush pmem0`).boot.firmware?.[0]?.table;

/** The kinds of the operations of a workload. */
const kindsOf = (text: string) => parseWorkload(text).steps.map(({ operation }) => operation.kind);

/** What a line writes to an attribute. */
function textOf(line: string): string | undefined {
  const operation = parseWorkload(line).steps[0]?.operation;
  return operation?.kind === 'sysfs write' ? operation.text : undefined;
}

/** The complaint about a workload. */
function complaint(text: string): string {
  try {
    checkWorkload(parseWorkload(text));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the workload notation', () => {
  it('should read the example of the design', () => {
    const workload = parseWorkload(
      'boot adr clwb pmem0=2M / dax write pmem0:/f @61 iov 6 / fsync pmem0:/f / crash',
    );
    expect(workload.boot.devices).toMatchObject([{ kind: 'pmem', name: 'pmem0', sizeBytes: 2 * 2 ** 20 }]);
    expect(workload.steps.map(({ operation }) => operation)).toEqual([
      {
        kind: 'dax write',
        file: { disk: 'pmem0', path: '/f' },
        offset: 61,
        vector: { kind: 'iovec', lengths: [6] },
        sync: false,
      },
      { kind: 'fsync', file: { disk: 'pmem0', path: '/f' } },
      { kind: 'crash', image: 'worst' },
    ]);
  });

  it('should give back the same workload when its text is read again, for every scenario', () => {
    for (const scenario of scenarios) {
      const text = formatWorkload(parseWorkload(scenario.workload));
      expect(formatWorkload(parseWorkload(text))).toBe(text);
      const once = parseWorkload(scenario.workload).steps.map(({ operation }) => operation);
      expect(parseWorkload(text).steps.map(({ operation }) => operation)).toEqual(once);
    }
  });

  it('should read and write back every type of target and every kind of device', () => {
    const text = [
      'boot adr clwb pmem0=2M ram0=1M axonram0=1M axonram1=64K dcssblk0=1M',
      'dm dm-0 linear 8K pmem0@4K stripe 16K 4K ram0@0,axonram0@8K error 4K',
      'dm dm-1 snapshot-origin 1M dcssblk0@0',
    ].join('\n');
    expect(formatWorkload(parseWorkload(text))).toBe(text);
    const [first, second] = parseWorkload(text).steps.map(({ operation }) => operation);
    expect(first).toMatchObject({
      targets: [
        { type: 'linear', sizeBytes: 8192, members: [{ disk: 'pmem0', startBytes: 4096 }] },
        { type: 'striped', chunkBytes: 4096, members: [{ disk: 'ram0' }, { disk: 'axonram0' }] },
        { type: 'error', sizeBytes: 4096, members: [] },
      ],
    });
    expect(second).toMatchObject({ targets: [{ type: 'snapshot-origin', members: [{ disk: 'dcssblk0' }] }] });
  });

  it('should use every operation of the language in some scenario, or name those it does not', () => {
    const used = new Set(
      scenarios.flatMap(({ workload }) =>
        parseWorkload(workload).steps.map(({ operation }) => operation.kind),
      ),
    );
    const unused = OPERATIONS.flatMap(({ kinds }) => kinds).filter((kind) => !used.has(kind));
    expect(unused.sort()).toEqual(['pid', 'signal', 'zero']);
  });

  it('should write sizes so that they read back', () => {
    assert(property(maxSafeNat(), (size) => parseSize(formatSize(size)) === size));
  });

  it('should never fail otherwise than with a complaint, whatever is typed', () => {
    const words = constantFrom(
      'boot',
      'dax',
      'write',
      'pmem0:/f',
      '@0',
      '@',
      'iov',
      '6',
      '6x',
      '-1',
      '1T',
      'fua',
      'dm',
      'linear',
      '/',
      ';',
      '"',
      '"1\\\\n"',
      'sysfs write pmem0/ro',
      'boot nfit=constructor',
      '#',
      '\n',
      'pmem0@0',
      ',',
      'pmem0=2M',
      'crash',
    );
    assert(
      property(array(words, { maxLength: 12 }), (line) => typeof complaint(line.join(' ')) === 'string'),
      { numRuns: 2000 },
    );
    assert(
      property(string(), (text) => typeof complaint(text) === 'string'),
      { numRuns: 1000 },
    );
  });
});

describe('the lines of a workload', () => {
  it('should end a comment with its line, whatever stands in it', () => {
    expect(kindsOf('flush pmem0 # then; nothing / at all\nattach pmem0')).toEqual(['flush', 'attach']);
    expect(kindsOf('# boot none; flush pmem0\nattach pmem0')).toEqual(['attach']);
    expect(kindsOf('flush pmem0;# the rest ; detach pmem0')).toEqual(['flush']);
    expect(kindsOf('flush pmem0 ; attach pmem0 / detach pmem0')).toEqual(['flush', 'attach', 'detach']);
  });

  it('should leave a text in quotes whole', () => {
    expect(textOf('sysfs write a/b "1; 2 / 3 # 4"')).toBe('1; 2 / 3 # 4');
    expect(textOf('sysfs write a/b ""')).toBe('');
    expect(textOf('sysfs write a/b 1')).toBe('1');
  });

  it('should read a line break, a quote and a backslash in quotes', () => {
    expect(textOf(String.raw`sysfs write a/b "1\n"`)).toBe('1\n');
    expect(textOf(String.raw`sysfs write a/b "\"\\n\""`)).toBe(String.raw`"\n"`);
  });

  it('should write any text so that it reads back', () => {
    assert(
      property(string(), (text) => textOf(`sysfs write a/b ${formatText(text)}`) === text),
      { numRuns: 2000 },
    );
    const written = String.raw`sysfs write a/b "\"1\\2\n\""`;
    expect(formatWorkload(parseWorkload(written)).split('\n').at(-1)).toBe(written);
  });
});

describe('the path of a firmware table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tables-'));
  const table = firmwareTable('pmem-hints')!.table;
  afterEach(() => void vi.restoreAllMocks());

  it("should be looked for from the current folder first, then from the project's", () => {
    writeFileSync(join(folder, 'own.nfit'), table);
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    expect(tableOf('own.nfit')).toEqual(table);
    const shipped = 'test/golden/data/real-firmware/plain.nfit';
    expect(tableOf(shipped)).toEqual(new Uint8Array(readFileSync(join(rootFolder, shipped))));
  });
});

describe('a complaint', () => {
  it('should name line, word and what is allowed for an unknown operation', () => {
    expect(complaint('boot adr pmem0=2M\ndax wrote pmem0:/f @0 iov 6')).toMatchInlineSnapshot(`
      "line 2: unknown operation 'dax wrote'
        dax wrote pmem0:/f @0 iov 6
            ^^^^^
        allowed: dax write, dax read"
    `);
  });

  it('should say where words of the machine belong', () => {
    expect(complaint('nfit=mock0\nflush pmem0')).toMatchInlineSnapshot(`
      "line 1: 'nfit=mock0' is no operation
        nfit=mock0
        ^^^^^^^^^^
        allowed: in the first line, after \`boot\`"
    `);
  });

  it('should do so for a size beyond the device', () => {
    expect(complaint('boot adr pmem0=2M\ndax write pmem0:/f @3M iov 6')).toMatchInlineSnapshot(`
      "line 2: the range ends at 3145734, beyond pmem0
        dax write pmem0:/f @3M iov 6
                           ^^^
        allowed: ranges inside its 2M (2097152 bytes)"
    `);
  });

  it('should do so for a malformed number', () => {
    expect(complaint('dax write pmem0:/f @0 iov 1,6x,3')).toMatchInlineSnapshot(`
      "line 1: '6x' is not a number
        dax write pmem0:/f @0 iov 1,6x,3
                                    ^^
        allowed: a number of bytes: digits or 0x…, then K, M, G or T if wanted"
    `);
  });

  it('should do so for a device that is not there, a line that ends, a word too many, too much data', () => {
    expect(complaint('fsync pmem3:/f')).toContain("no device 'pmem3'");
    expect(complaint('dax write pmem0:/f')).toContain('the line ends too early');
    expect(complaint('raw write pmem0 @0 8 bytes 123')).toContain("'123' are not bytes");
    expect(complaint('raw read pmem0 @0 8 bytes 12')).toContain("'bytes' is one word too many");
    expect(complaint('flush pmem0 now')).toContain("'now' is one word too many");
    expect(complaint('boot pmem0=1T\nbio write pmem0 @0 1G')).toContain('1G of data');
    expect(complaint('boot pmem1=2M\nflush pmem1')).toContain("'pmem1' out of turn");
    expect(complaint('')).toContain('an empty workload');
  });

  it('should do so for a table that would contain itself', () => {
    expect(
      complaint(
        'boot pmem0=2M\ndm dm-0 linear 1M pmem0@0\ndm dm-1 linear 1M dm-0@0\ndm dm-0 linear 1M dm-1@0',
      ),
    ).toMatchInlineSnapshot(`
      "line 4: dm-0 would be a member of itself
        dm dm-0 linear 1M dm-1@0
                          ^^^^^^
        allowed: members that do not lead back to dm-0"
    `);
  });

  it('should do so for options of a device that has none', () => {
    expect(complaint('boot axonram0=1M,pages\nflush axonram0')).toMatchInlineSnapshot(`
      "line 1: axonram0 has no options
        boot axonram0=1M,pages
             ^^^^^^^^^^^^^^^^^
        allowed: axonramN=SIZE"
    `);
  });

  it('should do so for a part of a disk as origin', () => {
    expect(complaint('dm dm-0 snapshot-origin 1M pmem0@4K')).toMatchInlineSnapshot(`
      "line 1: an origin from 4K on
        dm dm-0 snapshot-origin 1M pmem0@4K
                                   ^^^^^^^^
        allowed: DISK@0: an origin begins with its disk"
    `);
  });

  it('should do so for other tables and devices that can not be', () => {
    expect(complaint('dm dm-0 mirror 1M pmem0@0')).toContain(
      'allowed: linear, stripe, error, snapshot-origin',
    );
    expect(complaint('dm dm-0 linear 1M pmem0@0,pmem0@1M')).toContain('several members of one linear target');
    expect(complaint('dm dm-0 linear 1000 pmem0@0')).toContain('allowed: whole sectors of 512 bytes');
    expect(complaint('dm pmem0 linear 1M pmem0@0')).toContain("'pmem0' is there already");
    expect(complaint('boot dcssblk1=1M\nflush dcssblk1')).toContain('dcssblk0: devices of a kind count up');
    expect(complaint('boot axonram0=1000\nflush axonram0')).toContain('a multiple of 4K above 0');
    expect(complaint('boot axonram0=1M\ndetach axonram0')).toContain("'axonram0' is not a pmem device");
  });

  it('should do so for a name that every object of JavaScript has', () => {
    for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(complaint(`boot ${word} pmem0=2M\nflush pmem0`)).toContain(`'${word}' means nothing`);
      expect(complaint(`boot nfit=${word}\nflush pmem0`)).toContain(`no firmware table '${word}'`);
    }
  });

  it('should do so for a second word or option of a kind', () => {
    expect(complaint('boot none adr pmem0=2M\nflush pmem0')).toMatchInlineSnapshot(`
      "line 1: 'adr' is a second word for what survives a power failure
        boot none adr pmem0=2M
                  ^^^
        allowed: one of them"
    `);
    expect(complaint('boot clwb clflush pmem0=2M\nflush pmem0')).toContain("'clflush' is a second word");
    expect(complaint('boot no-pmem-api no-pmem-api\nflush pmem0')).toContain('is a second word');
    expect(complaint('boot pmem0=2M,hints=1,no-dimm\nflush pmem0')).toContain("'no-dimm' is a second word");
    expect(complaint('boot nfit=pmem,labels,no-labels\nflush pmem0')).toContain(
      'is a second word for labels',
    );
  });

  it('should do so for more dimms than a region has mappings, and more hints than fit on a page', () => {
    // nvdimm-and-firmware.md 1: up to 32 mappings. A page of 4096 bytes holds 512 addresses of 8 bytes.
    const most = Array.from({ length: 32 }, () => '1').join('+');
    expect(complaint(`boot pmem0=2M,hints=${most}\nflush pmem0`)).toBe('none');
    expect(complaint(`boot pmem0=2M,hints=${most}+1\nflush pmem0`)).toContain('33 dimms in one region');
    expect(complaint('boot pmem0=2M,hints=512\nflush pmem0')).toBe('none');
    expect(complaint('boot pmem0=2M,hints=513\nflush pmem0')).toContain('513 flush hints of one dimm');
  });

  it('should do so for a file that is no firmware table', () => {
    expect(complaint('boot nfit=package.json\nflush pmem0')).toContain(
      'package.json holds no firmware table',
    );
    expect(complaint('boot nfit=no/such/file\nflush pmem0')).toContain("no firmware table 'no/such/file'");
  });

  it('should do so for places and alignments that no kernel can express', () => {
    expect(complaint('page write pmem0 @100')).toMatchInlineSnapshot(`
      "line 1: a page from byte 100 on
        page write pmem0 @100
                         ^^^^
        allowed: whole sectors of 512 bytes"
    `);
    expect(complaint('page read pmem0 @512')).toBe('none');
    for (const align of ['0', '3', '512', '12K'])
      expect(complaint(`create pmem0:/f 8K align ${align}`)).toContain('a power of two from 4K on');
    expect(complaint('create pmem0:/f 8K align 2M')).toBe('none');
    expect(complaint('machine-check pmem0 @2M')).toContain('the range ends at 2097153, beyond pmem0');
    expect(complaint('machine-check pmem0 @2097151')).toBe('none');
  });

  it('should do so for a mapped device with the name of a disk that tables or a BTT make', () => {
    for (const name of ['pmem0', 'pmem1.2', 'pmem0s', 'ndblk0.0']) {
      const text = complaint(`boot ram0=2M nfit=pmem\ndm ${name} linear 1M ram0@0`);
      expect(text).toContain(`'${name}' is what the disk of a namespace is called`);
    }
  });

  it('should do so for a read into a pipe, which only a write can come from', () => {
    expect(complaint('dax read pmem0:/f @0 pipe 8')).toContain('allowed: iov, kvec, bvec');
    expect(complaint('dax write pmem0:/f @0 pipe 8')).toBe('none');
  });

  it('should do so for a quote that is not closed', () => {
    expect(complaint('flush pmem0\nsysfs write pmem0/ro "1; flush pmem0')).toMatchInlineSnapshot(`
      "line 2: a quote that is not closed
        sysfs write pmem0/ro "1; flush pmem0
                             ^^^^^^^^^^^^^^^
        allowed: text in quotes, on one line, with \\n for a line break, \\" and \\\\"
    `);
    expect(complaint(String.raw`sysfs write pmem0/ro "1\"`)).toContain('a quote that is not closed');
    expect(complaint(String.raw`sysfs write pmem0/ro "\t"`)).toContain(String.raw`'\t' in quotes`);
  });
});
