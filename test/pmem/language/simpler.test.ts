import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shrink } from '#engine/shrink.ts';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { simplerWorkloads } from '#pmem/language/simpler.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { isThorough } from '../../support/thorough.ts';

/** The texts of all simpler workloads, lines parted by ` / `. */
const simplerTexts = (text: string): string[] => [...simpler(text)].map((one) => one.replaceAll('\n', ' / '));

const BOOT = 'boot adr clwb pmem0=2M';

function* simpler(text: string): Generator<string> {
  for (const workload of simplerWorkloads(parseWorkload(text))) yield formatWorkload(workload);
}

const scenarios = suiteScenarios();

describe('workloads that are simpler', () => {
  it('should be without the later half first, then without less and less', () => {
    const texts = simplerTexts(
      'dax write pmem0:/f @0 iov 8 / flush pmem0 / fsync pmem0:/f / load pmem0:/f @0 8',
    );
    expect(texts.slice(0, 4)).toEqual([
      `${BOOT} / dax write pmem0:/f @0 iov 8 / flush pmem0`,
      `${BOOT} / fsync pmem0:/f / load pmem0:/f @0 8`,
      `${BOOT} / dax write pmem0:/f @0 iov 8 / flush pmem0 / fsync pmem0:/f`,
      `${BOOT} / dax write pmem0:/f @0 iov 8 / flush pmem0 / load pmem0:/f @0 8`,
    ]);
  });

  const offered: readonly (readonly [what: string, from: string, to: string])[] = [
    ['without what may be left out', 'dax write pmem0:/f @0 iov 8 sync', 'dax write pmem0:/f @0 iov 8'],
    ['of memory that never faults', 'dax write pmem0:/f @0 iov 8 readable 3', 'dax write pmem0:/f @0 iov 8'],
    ['of user memory', 'dax write pmem0:/f @0 pipe 8', 'dax write pmem0:/f @0 iov 8'],
    ['in one segment', 'dax write pmem0:/f @0 bvec 1,2,3', 'dax write pmem0:/f @0 bvec 6'],
    ['with a segment less', 'bio write pmem0 @0 512,1K', 'bio write pmem0 @0 512'],
    ['without FUA', 'bio write pmem0 @0 512 preflush fua', 'bio write pmem0 @0 512 preflush'],
    ['aligned as usual', 'create pmem0:/f 8K hole align 2M', 'create pmem0:/f 8K hole'],
    ['of blocks that are there', 'create pmem0:/f 8K hole', 'create pmem0:/f 8K mapped'],
    ['by the usual process', 'store pmem0:/f @0 8 by B', 'store pmem0:/f @0 8'],
    ['that waits', 'msync pmem0:/f @0 8 async', 'msync pmem0:/f @0 8'],
    ['without a pattern', 'raw write pmem0 @0 8 bytes 5a', 'raw write pmem0 @0 8'],
    ['at the same place of a page', 'store pmem0:/f @8259 8', 'store pmem0:/f @67 8'],
    ['at the beginning', 'store pmem0:/f @8259 8', 'store pmem0:/f @0 8'],
    ['of a byte', 'store pmem0:/f @0 4095', 'store pmem0:/f @0 1'],
    ['after a worse power failure', 'flush pmem0 / crash best', 'flush pmem0 / crash'],
    [
      'at the same distances',
      'store pmem0:/f @4K 8 / store pmem0:/f @4104 8',
      'store pmem0:/f @0 8 / store pmem0:/f @8 8',
    ],
  ];
  for (const [what, from, to] of offered) {
    it(`should be ${what}: ${to}`, () => {
      expect(simplerTexts(from)).toContain(`${BOOT} / ${to}`);
    });
  }

  const machines: readonly (readonly [what: string, from: string, to: string])[] = [
    [
      'a member in place of a mapped device',
      'pmem0=2M ram0=2M / dm dm-0 linear 1M ram0@0 / flush dm-0',
      'pmem0=2M ram0=2M / flush ram0',
    ],
    [
      'a namespace in place of its BTT',
      'pmem0=32M / personality pmem0 btt 512 / bio write pmem0s @0 512',
      'pmem0=32M / bio write pmem0 @0 512',
    ],
    [
      'a member of a member',
      'pmem0=2M / dm dm-0 linear 1M pmem0@0 / dm dm-1 linear 1M dm-0@0 / flush dm-1',
      'pmem0=2M / dm dm-1 linear 1M pmem0@0 / flush dm-1',
    ],
    ['a device less', 'pmem0=2M pmem1=2M / flush pmem0', 'pmem0=2M / flush pmem0'],
    ['a device less, and the next in its place', 'pmem0=2M pmem1=4M / flush pmem1', 'pmem0=4M / flush pmem0'],
    [
      'one device for what was done to two',
      'pmem0=2M ram0=2M / flush pmem0 / flush ram0',
      'pmem0=2M / flush pmem0 / flush pmem0',
    ],
    [
      'the BTT of the device that moves up',
      'pmem0=2M pmem1=32M / personality pmem1 btt 512 / flush pmem1s',
      'pmem0=32M / personality pmem0 btt 512 / flush pmem0s',
    ],
    [
      'an attribute of the device that moves up',
      'pmem0=2M pmem1=2M / sysfs read /sys/block/pmem1/size',
      'pmem0=2M / sysfs read /sys/block/pmem0/size',
    ],
    ['a region of tables that moves up', 'pmem0=2M nfit=pmem / flush pmem1', 'nfit=pmem / flush pmem0'],
    ['no hints', 'pmem0=2M,hints=8+8 / flush pmem0', 'pmem0=2M / flush pmem0'],
    ['an option less of several', 'pmem0=2M,hints=8,pages / flush pmem0', 'pmem0=2M,hints=8 / flush pmem0'],
    ['the usual size', 'pmem0=64M / flush pmem0', 'pmem0=2M / flush pmem0'],
    ['the whole kernel', 'no-pmem-api pmem0=2M / flush pmem0', 'pmem0=2M / flush pmem0'],
    ['no legacy range', 'pmem0=2M e820=2M / flush pmem0', 'pmem0=2M / flush pmem0'],
    ['no table', 'pmem0=2M nfit=mock0 / flush pmem0', 'pmem0=2M / flush pmem0'],
    [
      'a table without options',
      'nfit=mock0,no-labels,ars=overflow / flush pmem0',
      'nfit=mock0,ars=overflow / flush pmem0',
    ],
  ];
  for (const [what, from, to] of machines) {
    it(`should be on a plainer machine, with ${what}`, () => {
      expect(simplerTexts(`boot adr clwb ${from}`)).toContain(`boot adr clwb ${to}`);
    });
  }

  it('should be on the usual processor and platform', () => {
    expect(simplerTexts('boot none clflush pmem0=2M / flush pmem0')).toEqual([
      'boot adr clflush pmem0=2M / flush pmem0',
      'boot none clwb pmem0=2M / flush pmem0',
    ]);
  });

  it('should never be those where a disk is missing, nothing runs, or more is readable than there is', () => {
    expect(simplerTexts(`${BOOT} / flush pmem0`)).toEqual([]);
    for (const { workload } of scenarios.slice(0, 60))
      for (const simpler of simplerWorkloads(parseWorkload(workload)))
        expect(() => checkWorkload(parseWorkload(formatWorkload(simpler)))).not.toThrow();
  });

  it('should each have a text of its own, and none that of the workload', () => {
    for (const { workload } of scenarios.slice(0, 60)) {
      const texts = simplerTexts(workload);
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts).not.toContain(formatWorkload(parseWorkload(workload)).replaceAll('\n', ' / '));
    }
  });

  it('should come to an end, whichever is taken', () => {
    // Every simpler one of a long workload, time and again, takes a minute.
    const starts = scenarios.filter(({ workload }) => isThorough || workload.split('\n').length <= 8);
    expect(starts.length).toBeGreaterThan(100);
    assert(
      property(constantFrom(...starts), integer({ min: 1, max: 997 }), (start, pick) => {
        let workload = parseWorkload(start.workload);
        for (let taken = 0; taken < 2000; taken++) {
          const simpler = [...simplerWorkloads(workload)];
          if (simpler.length === 0) return true;
          workload = simpler[(taken * pick) % simpler.length]!;
        }
        return false;
      }),
      { numRuns: 30 },
    );
  });
});

describe('shrinking with them', () => {
  it('should go on to one operation on the usual machine when everything shows', async () => {
    for (const { workload } of scenarios.slice(0, 40)) {
      const smallest = await shrink(workload, simpler, () => Promise.resolve(true));
      expect(parseWorkload(smallest).steps).toHaveLength(1);
      expect([...simpler(smallest)]).toEqual([]);
    }
  });

  it('should keep what is needed to show it, and find that in a few trials', async () => {
    const text = [
      'boot none clwb pmem0=8M,hints=2 pmem1=4M,pages ram0=1M',
      'dm dm-0 stripe 1M 4K pmem0@1M,pmem1@1M',
      'bio write dm-0 @0 512,1024 preflush',
      'dax write dm-0:/g @4099 pipe 3,64,7 sync',
      'fsync pmem1:/f',
      'store pmem0:/f @61 16 by B',
      'flush pmem0',
    ];
    let trials = 0;
    // Six bytes or more over the end of the first line of a file.
    const smallest = await shrink(text.join('\n'), simpler, (candidate) => {
      trials++;
      return Promise.resolve(
        parseWorkload(candidate).steps.some(
          ({ operation }) =>
            operation.kind === 'store' &&
            operation.sizeBytes >= 6 &&
            operation.offset < 64 &&
            operation.offset + operation.sizeBytes > 64,
        ),
      );
    });
    expect(smallest).toBe('boot adr clwb pmem0=2M\nstore pmem0:/f @59 6');
    expect(trials).toBeLessThan(100);
  });
});
