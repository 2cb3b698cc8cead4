import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { complaint } from '../complaint.ts';
import { generatedBoot } from '../generated-workloads.ts';

describe('a boot line', () => {
  it('should read back as the same machine', () => {
    assert(
      property(generatedBoot, (boot) => {
        expect(parseWorkload(formatWorkload({ boot, steps: [] })).boot).toEqual(boot);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a complaint about a boot line', () => {
  it('should name line, word and what is allowed for options of a device that has none', () => {
    expect(complaint('boot axonram0=1M,pages\nflush axonram0')).toMatchInlineSnapshot(`
      "line 1: axonram0 has no options
        boot axonram0=1M,pages
             ^^^^^^^^^^^^^^^^^
        allowed: axonramN=SIZE"
    `);
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

  it('should do so for a value of an option that is no number', () => {
    expect(complaint('boot pmem0=2M,hints=1,clear=4x\nflush pmem0')).toMatchInlineSnapshot(`
      "line 1: '4x' is not a number
        boot pmem0=2M,hints=1,clear=4x
                                    ^^
        allowed: a number of bytes: digits or 0x…, then K, M, G or T if wanted"
    `);
    expect(complaint('boot pmem0=2M,clear=8192T\nflush pmem0')).toContain('8192T is too large');
  });
});
