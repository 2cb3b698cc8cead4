import { describe, expect, it } from 'vitest';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import type { Step } from '#pmem/language/workload.ts';
import { complaint } from './complaint.ts';

describe('a complaint about what cannot be done', () => {
  it('should do so for a size beyond the device', () => {
    expect(complaint('boot adr pmem0=2M\ndax write pmem0:/f @3M iov 6')).toMatchInlineSnapshot(`
      "line 2: the range ends at 3145734, beyond pmem0
        dax write pmem0:/f @3M iov 6
                           ^^^
        allowed: ranges inside its 2M (2097152 bytes)"
    `);
  });

  it('should do so for a device that is not there, a line that ends, a word too many, too much data', () => {
    expect(complaint('fsync pmem3:/f')).toContain("no device 'pmem3'");
    expect(complaint('dax write pmem0:/f')).toContain('the line ends too early');
    expect(complaint('raw write pmem0 @0 8 bytes 123')).toContain("'123' are not bytes");
    expect(complaint('raw read pmem0 @0 8 bytes 12')).toContain("'bytes' is one word too many");
    expect(complaint('flush pmem0 now')).toContain("'now' is one word too many");
    expect(complaint('boot pmem0=1T\nbio write pmem0 @0 1G')).toContain('1G in one operation');
    expect(complaint('boot pmem1=2M\nflush pmem1')).toContain("'pmem1' out of turn");
    expect(complaint('')).toContain('an empty workload');
  });

  it('should do so for more records of a scrub than there is room for', () => {
    const boot = 'boot adr clwb nfit=pmem\n';
    expect(complaint(`${boot}platform ars-records 65537`)).toContain('65537 records');
    expect(complaint(`${boot}platform clear-limit 65537`)).not.toContain('records');
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
});

describe('a workload that cannot mean anything', () => {
  it('should be refused when memory is readable beyond its end', () => {
    expect(complaint('boot pmem0=2M\ndax write pmem0:/f @0 iov 4 readable 9')).toMatchInlineSnapshot(`
      "line 2: 9 readable bytes of a vector of 4
        dax write pmem0:/f @0 iov 4 readable 9
                                             ^
        allowed: at most the 4 bytes of the data"
    `);
    expect(complaint('dax read pmem0:/f @0 iov 1,2 readable 4')).toContain('at most the 3 bytes of the data');
    expect(complaint('dax write pmem0:/f @0 iov 4 readable 4')).toBe('none');
    expect(complaint('dax write pmem0:/f @0 iov 4 readable 0')).toBe('none');
  });

  it('should be refused when memory of the kernel is to fault', () => {
    for (const kind of ['kvec', 'bvec', 'pipe'])
      expect(complaint(`dax write pmem0:/f @0 ${kind} 4 readable 2`)).toContain(
        `${kind} memory never faults`,
      );
  });

  it('should be refused when nothing runs', () => {
    expect(complaint('')).toContain('an empty workload');
    expect(complaint('boot pmem0=2M # nothing else')).toContain('an empty workload');
    expect(complaint('crash')).toContain('a workload of power failures alone');
    expect(complaint('crash best / crash / crash')).toContain('a workload of power failures alone');
    expect(complaint('crash / flush pmem0')).toBe('none');
  });

  it('should be refused for a power failure inside nothing, a second one, and a bound that is none', () => {
    expect(complaint('flush pmem0 / crash / crash inside')).toContain('nothing runs when the power fails');
    expect(complaint('flush pmem0 / crash inside / flush pmem0 / crash inside')).toContain(
      'a second power failure',
    );
    expect(complaint('flush pmem0 / crash inside 0')).toContain('a bound of 0 images');
    expect(complaint('flush pmem0 / crash inside many')).toContain("'many' is not a number");
    expect(complaint('flush pmem0 / crash inside 8 9')).toContain('one word too many');
    expect(complaint('flush pmem0 / crash inside / flush pmem0')).toBe('none');
  });

  it('should be refused for a range of 0 bytes where nothing would happen, or no kernel takes it', () => {
    // fallocate(2) and mmap(2) answer EINVAL to a length of 0; the others are no system calls.
    for (const name of ['mmap', 'store', 'load', 'punch', 'zero', 'zero-in-place'])
      expect(complaint(`${name} pmem0:/f @0 0`)).toContain('a range of 0 bytes');
    for (const name of ['poison', 'media-poison'])
      expect(complaint(`${name} pmem0 @0 0`)).toContain('a range of 0 bytes');
    expect(complaint('store pmem0:/f @0 0')).toContain(`\n  ${'store pmem0:/f @0 '.replace(/./g, ' ')}^\n`);
    // An empty write is a flush, and write(2) of nothing returns 0.
    expect(complaint('bio write pmem0 @0 0 preflush')).toBe('none');
    expect(complaint('dax write pmem0:/f @0 iov 0')).toBe('none');
  });

  it('should be refused for places that numbers cannot tell apart', () => {
    expect(complaint('store pmem0:/f @9007199254740993 8')).toContain('9007199254740993 is too large');
    // 2^53 - 512 is a place, but the range ends at 2^53 + 3584; only tables know how large such a disk is.
    expect(complaint('boot nfit=pmem\nbio write pmem0 @9007199254740480 4096')).toContain(
      'ranges that end below 2^53',
    );
    expect(complaint('dm dm-0 error 8191T error 8191T')).toContain('dm-0 is too large');
  });

  it('should be refused for more bytes than anybody can wait for', () => {
    for (const text of ['poison pmem0 @0 60G', 'media-poison pmem0 @0 60G', 'clear-error pmem0 @0 60G'])
      expect(complaint(`boot pmem0=64G\n${text}`)).toContain('allowed: at most 64M: split it');
  });

  it('should be refused for an alignment that pages cannot have', () => {
    for (const align of ['0', '3', '2K'])
      expect(complaint(`boot pmem0=32M\npersonality pmem0 pfn ram align ${align}`)).toContain(
        `aligned to ${align === '2K' ? 2048 : align} bytes`,
      );
    expect(complaint('boot nfit=mock0\ncreate-namespace region0 1M dax ram align 0')).toContain(
      'aligned to 0',
    );
    expect(complaint('boot pmem0=32M\npersonality pmem0 pfn ram align 4K')).toBe('none');
  });

  it('should be refused for a list of segments with nothing in it or between its commas', () => {
    expect(complaint('dax write pmem0:/f @0 iov')).toContain('the line ends too early');
    for (const list of [',', '512,', ',512', '512,,512'])
      expect(complaint(`bio write pmem0 @0 ${list}`)).toContain('a number is missing');
  });

  it('should be refused for a word that is said twice', () => {
    const second = 'is a second word for the same thing';
    expect(complaint('dax write pmem0:/f @0 iov 4 sync sync')).toContain(`'sync' ${second}`);
    expect(complaint('bio write pmem0 @0 512 preflush fua preflush')).toContain(`'preflush' ${second}`);
    expect(complaint('raw write pmem0 @0 8 bytes 5a bytes 5b')).toContain(`'bytes' ${second}`);
    expect(complaint('create pmem0:/f 4K hole mapped')).toContain(`'mapped' ${second}`);
    expect(complaint('store pmem0:/f @0 8 by B by C')).toContain(`'by' ${second}`);
    expect(complaint('crash best worst / flush pmem0')).toContain(`'worst' ${second}`);
    expect(complaint('msync pmem0:/f @0 8 async async')).toContain(`'async' ${second}`);
    expect(complaint('check-namespace pmem0 force force')).toContain(`'force' ${second}`);
  });

  it('should be refused for a mapped device that no other operation could name', () => {
    for (const name of ['a@b', 'a,b', 'a:b', 'a/b', '"a"'])
      expect(complaint(`dm ${name} linear 1M pmem0@0`)).toContain('is not a name');
  });
});

/** The complaint about one operation that no text was read for. */
function complaintOf(operation: Step): string {
  const { boot } = parseWorkload('flush pmem0');
  try {
    checkWorkload({ boot, steps: [{ operation: { kind: 'flush', disk: 'pmem0' } }, { operation }] });
  } catch (error) {
    return String(error);
  }
  return 'none';
}

describe('a generated step', () => {
  it('should be complained of as if it had been written behind the boot line', () => {
    const operation = { kind: 'store', file: { disk: 'pmem0', path: '/f' }, offset: 4194304 } as const;
    expect(complaintOf({ ...operation, process: 'A', sizeBytes: 8 })).toContain(
      'line 3: the range ends at 4194312, beyond pmem0\n  store pmem0:/f @4M 8\n                 ^^^',
    );
  });

  it('should be refused without segments', () => {
    const operation = { kind: 'bio write', disk: 'pmem0', offset: 0, lengths: [] } as const;
    expect(complaintOf({ ...operation, preflush: true, fua: false })).toContain('no segment at all');
  });
});
