/**
 * How far promises reach: over disks and their members, over power failures, rebinding and switches. Each workload is kept by
 * `after/` and broken by a tree with one thing wrong in it, so that a rule that saw nothing would be noticed.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { promiseFindings } from '#pmem/promise/promise.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';
import { Mutants, type Mutation } from './mutants.ts';

const mutants = new Mutants();
afterAll(() => mutants.remove());

/** Rule, place in the workload and writer's place of each finding. */
function foundIn(boot: Boot, text: string): string[] {
  const workload = parseWorkload(text);
  return promiseFindings(workload, runWorkload(boot, workload)).map(
    ({ rule, index, writerIndex }) => `${rule} ${index} ${writerIndex}`,
  );
}

const REGION: Mutation['file'] = 'drivers/nvdimm/region_devs.ts';
const PMEM: Mutation['file'] = 'drivers/nvdimm/pmem.ts';
const NO_FENCES: readonly Mutation[] = [
  { file: REGION, from: '  wmb(kernel);\n  if (region', to: '  if (region' },
  { file: REGION, from: '  }\n  wmb(kernel);\n}', to: '  }\n}' },
];
const NO_HINTS: readonly Mutation[] = [
  { file: REGION, from: 'if (slots[0] !== undefined', to: 'if (slots[0] === undefined' },
];
const ONE_HINT: readonly Mutation[] = [
  {
    file: REGION,
    from: 'for (const slots of flushWpq) {',
    to: 'for (const slots of flushWpq.slice(0, 1)) {',
  },
];
const NO_REMOVE_FLUSH: readonly Mutation[] = [
  {
    file: PMEM,
    from: 'releaseMemRegion(kernel, pmem.physAddr);\n  nvdimmFlush(pmem.namespace.region);',
    to: 'releaseMemRegion(kernel, pmem.physAddr);',
  },
];
const NO_MKCLEAN: readonly Mutation[] = [
  {
    file: 'fs/dax.ts',
    from: 'setPteAt(space, pte, { writable: false, dirty: false });',
    to: 'setPteAt(space, pte, { writable: pte.writable, dirty: false });',
  },
];
const SHIFTED_READ: readonly Mutation[] = [
  {
    file: PMEM,
    from: 'readPmem(kernel, page, offset, address, lengthBytes)',
    to: 'readPmem(kernel, page, offset, address + 512, lengthBytes)',
  },
];
const UNMAPPED_OFFSET: readonly Mutation[] = [
  {
    file: 'drivers/md/dm-linear.ts',
    from: "daxFlush(kernel, mustExist(member.dax, 'dax_dev'), mapped.pgoff, address, sizeBytes)",
    to: "daxFlush(kernel, mustExist(member.dax, 'dax_dev'), pgoff, address, sizeBytes)",
  },
];
const NO_WARNING: readonly Mutation[] = [
  {
    file: PMEM,
    from: "print(kernel, 'warning', namespace.name, 'unable to guarantee persistence of writes');",
    to: '',
  },
];
const POISON_IS_DATA: readonly Mutation[] = [
  {
    file: PMEM,
    from: 'return memcpyMcsafe(kernel, page.bytes.subarray(offset, offset + length), address) === 0 ? 0 : -EIO;',
    to: 'page.bytes.set(kernel.machine.memory.read(address, length), offset);\n  return memcpyMcsafe === undefined ? -EIO : 0;',
  },
  { file: PMEM, from: 'if (!isWrite) return bad ? -EIO :', to: 'if (!isWrite) return' },
];
const RAW_UNFLUSHED: readonly Mutation[] = [
  { file: 'drivers/nvdimm/claim.ts', from: '  nvdimmFlush(namespace.region);\n', to: '' },
];
const STRAY_STORE: readonly Mutation[] = [
  {
    file: PMEM,
    from: '  if (bio.fua) nvdimmFlush(region);',
    to: '  memcpyFlushcache(kernelOf(pmem), pmem.virtAddr + 65536, new Uint8Array([7]));\n  if (bio.fua) nvdimmFlush(region);',
  },
];

const STRAY_ZERO: readonly Mutation[] = STRAY_STORE.map((mutation) => ({
  ...mutation,
  to: mutation.to.replace('[7]', '[0]'),
}));

const WRITE_THROUGH = 'sysfs write pmem0/queue/write_cache "write through"';
const WRITE_BACK = 'sysfs write pmem0/queue/write_cache "write back"';

describe('a promise', () => {
  const rows: readonly (readonly [
    what: string,
    workload: string,
    broken: readonly Mutation[],
    ...found: string[],
  ])[] = [
    ['of flush covers block writes', 'bio write pmem0 @0 512 / flush pmem0', NO_FENCES, 'lost 1 0'],
    [
      'of a mapped device covers what went through it',
      'dm dm-0 linear 1M pmem0@0 / bio write dm-0 @0 512 / flush dm-0',
      NO_FENCES,
      'lost 2 1',
    ],
    [
      'of a mapped device does not cover what went to its member',
      'dm dm-0 linear 1M pmem0@0 / bio write pmem0 @0 512 / flush dm-0',
      NO_FENCES,
    ],
    [
      'of a member covers what came from above',
      'dm dm-0 linear 1M pmem0@4K / bio write dm-0 @0 512 / flush pmem0',
      NO_FENCES,
      'lost 2 1',
    ],
    [
      'of a mapped device reaches through two tables',
      'dm dm-0 linear 1M pmem0@4K / dm dm-1 linear 64K dm-0@4K / bio write dm-1 @0 512 / flush dm-0',
      NO_FENCES,
      'lost 3 2',
    ],
    [
      'of deep_flush covers blocks of its region',
      'boot adr pmem0=2M,hints=1 / bio write pmem0 @0 512 / sysfs write /sys/bus/nd/devices/region0/deep_flush "1"',
      NO_FENCES,
      'lost 1 0',
    ],
    [
      'of deep_flush does not cover another region',
      'boot adr pmem0=2M,hints=1 pmem1=2M,hints=1 / bio write pmem1 @0 512 / sysfs write /sys/bus/nd/devices/region0/deep_flush "1"',
      NO_FENCES,
    ],
    ['of detach covers block writes', 'bio write pmem0 @0 512 / detach pmem0', NO_REMOVE_FLUSH, 'lost 1 0'],
    ['of detach does not cover mapped stores', 'store pmem0:/f @0 8 / detach pmem0', NO_REMOVE_FLUSH],
    [
      'lives over rebinding',
      'bio write pmem0 @0 512 / detach pmem0 / attach pmem0 / flush pmem0',
      [...NO_FENCES],
      'lost 1 0',
    ],
    [
      'comes back with the write cache',
      `bio write pmem0 @0 512 / ${WRITE_THROUGH} / flush pmem0 / ${WRITE_BACK} / flush pmem0`,
      NO_FENCES,
      'lost 4 0',
    ],
    [
      'without ADR is kept by hints',
      'boot none pmem0=2M,hints=1 / bio write pmem0 @0 512 fua',
      NO_HINTS,
      'lost 0 0',
    ],
    [
      'without ADR needs a hint for every dimm',
      'boot none pmem0=2M,hints=1+1 / bio write pmem0 @0 512 fua',
      ONE_HINT,
      'lost 0 0',
    ],
    [
      'in firmware tables without ADR is judged by their hints',
      'boot none nfit=pmem-hints / bio write pmem0 @0 512 fua',
      NO_HINTS,
      'lost 0 0',
    ],
    [
      'is not silenced by a sibling without hints',
      'boot none pmem0=2M,hints=1 pmem1=2M / bio write pmem0 @0 512 fua',
      NO_HINTS,
      'lost 0 0',
    ],
    [
      'is owed by a kernel that does not decline',
      'boot adr no-flushcache pmem0=2M / bio write pmem0 @0 512 fua',
      NO_WARNING,
      'lost 0 0',
    ],
    [
      'of the second fsync needs that the first write-protected',
      'boot adr clwb pmem0=8M,pages / create pmem0:/b 4M align 2M / store pmem0:/b @0 8 / fsync pmem0:/b / store pmem0:/b @8 8 / fsync pmem0:/b',
      NO_MKCLEAN,
      'lost 4 3',
    ],
    [
      'goes through stacked tables page by page',
      'boot adr pmem0=2M ram0=1M / dm dm-0 linear 1M ram0@0 linear 1M pmem0@0 / dm dm-1 linear 1M dm-0@1M / store dm-1:/f @8 8 / fsync dm-1:/f',
      UNMAPPED_OFFSET,
      'lost 3 2',
    ],
    [
      'of a sync write is its own data, not the zeros around it',
      'create pmem0:/f 16K hole / dax write pmem0:/f @0 kvec 64 sync',
      NO_FENCES,
      'lost 1 1',
    ],
    ['of a raw write is its own bytes', 'detach pmem0 / raw write pmem0 @0 64', RAW_UNFLUSHED, 'lost 1 1'],
    [
      'of a BTT is there when the write returns',
      'boot adr pmem0=17M / personality pmem0 btt 512 / bio write pmem0s @0 512',
      RAW_UNFLUSHED,
      'synchronous 1 1',
    ],
    [
      'of a BTT is there through a mapped device',
      'boot adr pmem0=17M / personality pmem0 btt 512 / dm dm-0 linear 64K pmem0s@0 / bio write dm-0 @0 512',
      RAW_UNFLUSHED,
      'synchronous 2 2',
    ],
  ];
  for (const [what, workload, broken, ...found] of rows) {
    it(`${what}: ${workload}`, async () => {
      expect(foundIn(after, workload)).toEqual([]);
      expect(foundIn(await mutants.load(...broken), workload)).toEqual(found);
    });
  }
});

describe('what is read and where', () => {
  const rows: readonly (readonly [
    what: string,
    workload: string,
    broken: readonly Mutation[],
    ...found: string[],
  ])[] = [
    [
      'a read returns what was written last',
      'bio write pmem0 @0 512 / bio read pmem0 @0 512',
      SHIFTED_READ,
      'read 1 0',
    ],
    [
      'a read after a power failure returns what was promised',
      'bio write pmem0 @0 512 fua / crash / bio read pmem0 @0 512',
      SHIFTED_READ,
      'read 2 -1',
    ],
    [
      'a read of poison does not succeed',
      'media-poison pmem0 @0 64 / bio read pmem0 @0 512',
      POISON_IS_DATA,
      'poison as data 1 1',
    ],
    ['nothing else is stored to', 'bio write pmem0 @0 512', STRAY_STORE, 'wrong 0 -1'],
    [
      'nothing promised is stored over',
      'bio write pmem0 @64K 512 fua / bio write pmem0 @0 512',
      STRAY_ZERO,
      // The zero hides the tag byte before the promise, and comes back after it.
      'lost 0 0',
      'lost again 1 0',
      'not there 0 0',
    ],
  ];
  for (const [what, workload, broken, ...found] of rows) {
    it(`${what}: ${workload}`, async () => {
      expect(foundIn(after, workload)).toEqual([]);
      expect(foundIn(await mutants.load(...broken), workload).sort()).toEqual(found);
    });
  }
});

describe('what is kept to its own', () => {
  const kept: readonly (readonly [why: string, workload: string])[] = [
    [
      'a page that left the file is not promised',
      'store pmem0:/f @12287 2 / truncate pmem0:/f 8237 / fsync pmem0:/f',
    ],
    [
      'extents of the last life are not new in this one',
      'create pmem0:/f 16K hole / store pmem0:/f @4095 2 / crash best / store pmem0:/f @0 1 / load pmem0:/f @0 8',
    ],
    [
      'a file that is cut by the operation that makes it',
      'detach pmem0 / raw write pmem0 @32000 2000 / attach pmem0 / truncate pmem0:/f 32775 / load pmem0:/f @32774 8',
    ],
    [
      'a member without driver stays where it was',
      'dm dm-0 linear 1M pmem0@0 / detach pmem0 / bio write dm-0 @0 512',
    ],
    [
      'windows of the mock promise nothing',
      'boot adr nfit=mock0 / bio write ndblk0.1 @0 4096 / crash / bio read ndblk0.1 @0 4096',
    ],
    [
      'a sync write under write through spends the tags of its pages',
      `${WRITE_THROUGH} / store pmem0:/f @0 8 / dax write pmem0:/f @8 iov 8 sync / ${WRITE_BACK} / fsync pmem0:/f`,
    ],
    [
      'a mapped device over a declared cache is declared too',
      `${WRITE_THROUGH} / dm dm-0 linear 1M pmem0@0 / store dm-0:/f @0 8 / fsync dm-0:/f`,
    ],
    [
      'a power failure forgets the switch',
      `${WRITE_THROUGH} / crash / dax write pmem0:/f @0 kvec 64 / fsync pmem0:/f`,
    ],
    [
      'sectors of a BTT outlive a power failure',
      'boot adr pmem0=17M / personality pmem0 btt 512 / bio write pmem0s @0 512 / crash / bio read pmem0s @0 1024',
    ],
    [
      'a mount that is gone owes nothing more',
      'store pmem0:/f @0 8 / detach pmem0 / attach pmem0 / fsync pmem0:/f',
    ],
    [
      'a bio that leads nowhere in the middle fails, and writes what lies before',
      'dm dm-0 linear 4K pmem0@0 error 4K / bio write dm-0 @0 8K',
    ],
    ['bad blocks put in by hand are refused', 'sysfs write pmem0/badblocks "0 1" / bio read pmem0 @0 512'],
  ];
  for (const [why, workload] of kept)
    it(`${why}: ${workload}`, () => {
      expect(foundIn(after, workload)).toEqual([]);
    });
});
