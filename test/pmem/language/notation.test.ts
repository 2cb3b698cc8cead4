import { type Arbitrary, array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { OPERATIONS } from '#pmem/language/operations.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import type { Step } from '#pmem/language/workload.ts';
import { complaint } from './complaint.ts';
import { generatedSteps } from './generated-workloads.ts';

const scenarios = suiteScenarios();

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

  for (const [kind, steps] of Object.entries<Arbitrary<Step>>(generatedSteps)) {
    it(`should read back every ${kind} as the same operation`, () => {
      const { boot } = parseWorkload('flush pmem0');
      assert(
        property(steps, (operation) => {
          const text = formatWorkload({ boot, steps: [{ operation }] });
          expect(parseWorkload(text).steps.map((step) => step.operation)).toEqual([operation]);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('should read options in any order, and write them in one', () => {
    const written = ['bio write pmem0 @0 512 preflush fua', 'create pmem0:/f 2M hole align 2M'];
    const lines = ['bio write pmem0 @0 512 fua preflush', 'create pmem0:/f 2M align 2M hole'];
    expect(
      formatWorkload(parseWorkload(lines.join('\n')))
        .split('\n')
        .slice(1),
    ).toEqual(written);
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
    const unused = OPERATIONS.map(({ kind }) => kind).filter((kind) => !used.has(kind));
    expect(unused.sort()).toEqual(['pid', 'signal']);
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

  it('should say which options are left for a word that is none of them', () => {
    expect(complaint('bio write pmem0 @0 512 fua preflsh')).toMatchInlineSnapshot(`
      "line 1: 'preflsh' is one word too many
        bio write pmem0 @0 512 fua preflsh
                                   ^^^^^^^
        allowed: from, preflush, the end of the line"
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

  it('should do so for a read into a pipe, which only a write can come from', () => {
    expect(complaint('dax read pmem0:/f @0 pipe 8')).toContain('allowed: iov, kvec, bvec');
    expect(complaint('dax write pmem0:/f @0 pipe 8')).toBe('none');
  });
});
