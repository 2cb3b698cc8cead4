import { assert, constantFrom, nat, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { complaint } from './complaint.ts';

/** The kinds of the operations of a workload. */
const kindsOf = (text: string) => parseWorkload(text).steps.map(({ operation }) => operation.kind);

describe('the lines of a workload', () => {
  it('should end a comment with its line, whatever stands in it', () => {
    expect(kindsOf('flush pmem0 # then; nothing / at all\nattach pmem0')).toEqual(['flush', 'attach']);
    expect(kindsOf('# boot none; flush pmem0\nattach pmem0')).toEqual(['attach']);
    expect(kindsOf('flush pmem0;# the rest ; detach pmem0')).toEqual(['flush']);
    expect(kindsOf('flush pmem0 ; attach pmem0 / detach pmem0')).toEqual(['flush', 'attach', 'detach']);
  });

  it('should end with a line break of any system, and may begin with a byte order mark', () => {
    expect(kindsOf('\ufeffflush pmem0\r\ndetach pmem0\r\n')).toEqual(['flush', 'detach']);
    expect(kindsOf('flush pmem0 # one\r\ndetach pmem0')).toEqual(['flush', 'detach']);
  });
});

describe('a character that cannot be seen', () => {
  it('should be refused where it stands, shown as an escape', () => {
    expect(complaint('fsync pmem0:/f\nflush pmem0\u001b[31m')).toMatchInlineSnapshot(`
      "line 2: the character \\x1b, which cannot be seen
        flush pmem0\\x1b[31m
                   ^^^^
        allowed: characters that can be seen; in quotes, \\x1b means this one"
    `);
    expect(complaint('dax write pmem0:/a\u202eb @0 iov 8')).toContain(String.raw`pmem0:/a\u{202e}b`);
    expect(complaint('sysfs write pmem0/ro "a\u001bb"')).toContain(
      String.raw`in quotes, \x1b means this one`,
    );
    expect(complaint('flush pmem0\rdetach pmem0')).toContain(String.raw`the character \x0d`);
  });

  it('should do no harm in a comment', () => {
    expect(complaint('flush pmem0 # \u001b[31m red \u202e')).toBe('none');
  });

  it('should part words when it is a tab', () => {
    expect(kindsOf('flush\tpmem0')).toEqual(['flush']);
    expect(complaint('flush\tpmem9')).toContain('  flush pmem9\n        ^^^^^');
  });

  // The names of disks, files, processes and mapped devices, numbers, words, texts in quotes and boot words.
  const lines = [
    'boot adr clwb pmem0=2M',
    'boot nfit=mock0',
    'dax write pmem0:/f @0 iov 8 sync',
    'store pmem0:/f @0 8 by B',
    'dm dm-0 linear 1M pmem0@0',
    'raw write pmem0 @0 8 bytes 5a',
    'sysfs write pmem0/ro "1"',
    'sysfs read /sys/block',
    'create-namespace region0 1M raw',
    'nonsense',
  ];
  const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  it('should never reach a terminal, wherever it stands in a workload', () => {
    const characters = constantFrom(
      '\u001b',
      '\u0007',
      '\u009b',
      '\u007f',
      '\r',
      '\u202e',
      '\u2066',
      '\u200f',
    );
    const place = tuple(constantFrom(...lines), nat({ max: 40 }), characters);
    assert(
      property(place, ([line, at, character]) => {
        const text = line.slice(0, at) + character + line.slice(at);
        expect(hidden.test(text)).toBe(true);
        return !hidden.test(complaint(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('should never be written into a workload', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const operation = { kind: 'sysfs write', path: 'pmem0/ro', text } as const;
        return !hidden.test(formatWorkload({ ...parseWorkload('flush pmem0'), steps: [{ operation }] }));
      }),
    );
  });
});
