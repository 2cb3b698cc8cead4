/**
 * Small workloads and what must be found in them, worked out by hand from the rules (docs/PROMISE.md): on the two trees,
 * and on trees in which one thing is broken.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { promiseFindings } from '#pmem/promise/promise.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';
import { loadTree } from '../../support/project.ts';
import { Mutants, type Mutation } from './mutants.ts';

const mutants = new Mutants();
afterAll(() => mutants.remove());

/** The rules that a run breaks, each once, in order of their names. */
function rulesBroken(boot: Boot, text: string): string[] {
  const workload = parseWorkload(text);
  return [...new Set(promiseFindings(workload, runWorkload(boot, workload)).map(({ rule }) => rule))].sort();
}

type Row = readonly [tree: Boot, workload: string, why: string, ...rules: string[]];

describe('the trees of the series', () => {
  const rows: readonly Row[] = [
    [after, 'dax write pmem0:/f @62 iov 4 / fsync pmem0:/f', 'patch 3 in its mended form'],
    [before, 'dax write pmem0:/f @0 iov 1,4095 / fsync pmem0:/f', 'B5, and fsync promises the file', 'lost'],
    [after, 'dax write pmem0:/f @0 iov 1,4095 / fsync pmem0:/f', 'patch 3 mends B5'],
    [before, 'detach pmem0 / raw write pmem0 @3 13', 'B4, and a raw write promises itself', 'lost'],
    [after, 'store pmem0:/f @0 8', 'nothing is promised'],
    [after, 'store pmem0:/f @0 8 / flush pmem0', 'flush promises block writes only'],
    [after, 'store pmem0:/f @0 8 / msync pmem0:/f @4K 4K', 'msync promises its own pages'],
    [after, 'store pmem0:/f @8192 8 / msync pmem0:/f @0 4K', 'msync promises its own pages'],
    [
      after,
      'boot adr pmem0=2M / sysfs write pmem0/queue/write_cache "write through" / store pmem0:/f @0 8 / fsync pmem0:/f / sysfs write pmem0/queue/write_cache "write back" / fsync pmem0:/f',
      'waived by the fsync under write through: its dirty tag is spent',
    ],
    [
      after,
      'boot eadr pmem0=2M / sysfs write pmem0/queue/write_cache "write through" / dax write pmem0:/f @0 kvec 4096 / fsync pmem0:/f',
      'B11: on eADR the declaration is true, but the fence goes too',
      'lost',
    ],
    [after, 'boot none pmem0=2M / store pmem0:/f @0 8 / fsync pmem0:/f', 'no hints: nobody vouches'],
    [
      after,
      'boot none pmem0=2M,hints=0+4 / store pmem0:/f @0 8 / fsync pmem0:/f',
      'one dimm without hints: 15.1 d',
    ],
    [
      before,
      'boot adr pmem0=2M pmem1=2M,no-dimm / dax write pmem1:/f @0 iov 1,4095 / fsync pmem1:/f',
      'the kernel declined',
    ],
    [
      before,
      'boot adr pmem0=2M pmem1=2M,no-dimm / dax write pmem0:/f @0 iov 1,4095 / fsync pmem0:/f',
      'a sibling without dimms silences only itself',
      'lost',
    ],
    [
      after,
      'boot adr pmem0=2M,volatile / store pmem0:/f @0 8 / fsync pmem0:/f / crash / dax read pmem0:/f @0 iov 8',
      'volatile: any content after a power failure',
    ],
    [
      after,
      'boot adr pmem0=2M / dm dm-0 linear 1M pmem0@0 / bio write dm-0 @0 512 / flush pmem0',
      'a flush of the member covers it, and keeps it',
    ],
    [after, 'poison pmem0 @0 512 / bio write pmem0 @0 512 fua / bio read pmem0 @0 512', 'cleared, written'],
    [
      after,
      'platform clear-fails 1 / poison pmem0 @0 512 / bio write pmem0 @0 512 fua',
      '-EIO promises nothing',
    ],
    [after, 'poison pmem0 @0 512 / clear-error pmem0 @0 512 / bio read pmem0 @0 512', '15.1 y', 'refused'],
    [after, 'bio write pmem0 @0 512 / shutdown pmem0', 'a shutdown flushes'],
    [after, 'store pmem0:/f @0 8 / crash / dax read pmem0:/f @0 iov 8', 'old or new'],
    [
      after,
      'create pmem0:/f 16K hole / load pmem0:/f @0 8 / dax write pmem0:/f @0 iov 8 / load pmem0:/f @0 8',
      'reads see the write',
    ],
    [after, 'dax write pmem0:/f @0 iov 4096 readable 40 / fsync pmem0:/f', 'B6', 'lost'],
    [
      after,
      'boot adr clwb pmem0=8M,pages / create pmem0:/b 4M align 2M / store pmem0:/b @0 8 / fsync pmem0:/b / store pmem0:/b @8 8 / fsync pmem0:/b',
      'a huge page is write-protected by the first fsync',
    ],
    [
      after,
      'dm dm-0 stripe 128K 16K pmem0@0,pmem0@256K / dax write dm-0:/f @16377 bvec 8 / fsync dm-0:/f',
      'two chunks, one page of source',
    ],
    [after, 'store pmem0:/f @64 64 / zero pmem0:/f @64 65 / fsync pmem0:/f', 'one byte beyond a line'],
    [after, 'dax write pmem0:/f @0 kvec 4096 / fsync pmem0:/f / punch pmem0:/f @100 50 / fsync pmem0:/f', ''],
    [
      after,
      'boot adr clwb pmem0=8M,pages / create pmem0:/f 4M mapped align 2M / store pmem0:/f @0 1 / punch pmem0:/f @64 8128 / fsync pmem0:/f',
      'punching writes back first',
    ],
    [
      after,
      'boot adr clwb pmem0=8M,pages / create pmem0:/f 4M mapped align 2M / store pmem0:/f @0 1 / truncate pmem0:/f 8192 / fsync pmem0:/f',
      'truncating does not (docs/DEFECTS.md)',
      'lost',
    ],
  ];
  for (const [tree, workload, why, ...rules] of rows) {
    const verdict = rules.length === 0 ? 'keep the promise' : `break it (${rules.join(', ')})`;
    it(`${tree === before ? 'before' : 'after'} should ${verdict}: ${workload} — ${why}`, () => {
      expect(rulesBroken(tree, workload)).toEqual(rules);
    });
  }
});

describe('variants of real history', () => {
  it('as-posted should lose a short write over a line that was synchronous (15.2 a)', async () => {
    expect(rulesBroken(await loadTree('as-posted'), 'dax write pmem0:/f @62 iov 4 sync')).toEqual(['lost']);
  });

  it('as-merged should lose a store through a mapped device (15.2 c)', async () => {
    const text = 'boot adr pmem0=2M / dm dm-0 linear 1M pmem0@0 / store dm-0:/f @0 8 / fsync dm-0:/f';
    expect(rulesBroken(await loadTree('as-merged'), text)).toEqual(['lost']);
  });
});

const PMEM = 'drivers/nvdimm/pmem.ts';
const NO_PARTIAL_ZEROING: Mutation = {
  file: 'fs/dax.ts',
  from: '  memsetZero(kernel, found.address + offset, sizeBytes);\n',
  to: '',
};
const FLUSH_AFTER_DATA: Mutation = {
  file: PMEM,
  from: '  if (bio.preflush) nvdimmFlush(region);\n',
  to: '',
};
const WITH_FUA: Mutation = { file: PMEM, from: 'if (bio.fua)', to: 'if (bio.preflush || bio.fua)' };

describe('a tree that is broken on purpose', () => {
  const rows: readonly (readonly [what: string, Mutation[], workload: string, ...rules: string[]])[] = [
    [
      'a mapped device that sends PREFLUSH after the data',
      [
        {
          file: 'drivers/md/dm.ts',
          from: `  if (bio.preflush && bio.status === 0) bio.status = sendEmptyFlush(md);
  if (bio.status === 0) bio.status = splitAndProcess(md, bio);`,
          to: `  if (bio.status === 0) bio.status = splitAndProcess(md, bio);
  if (bio.preflush && bio.status === 0) bio.status = sendEmptyFlush(md);`,
        },
      ],
      'boot adr pmem0=2M / dm dm-0 linear 1M pmem0@0 / bio write dm-0 @0 512 / bio write dm-0 @4K 512 preflush',
      'order',
    ],
    [
      'a driver that flushes after the data of a PREFLUSH',
      [FLUSH_AFTER_DATA, WITH_FUA],
      'bio write pmem0 @4096 4096 / bio write pmem0 @0 512 preflush fua',
      'order',
    ],
    [
      'partial zeroing that clears nothing',
      [NO_PARTIAL_ZEROING],
      'dax write pmem0:/f @0 iov 4096 / fsync pmem0:/f / punch pmem0:/f @100 200',
      'not there',
    ],
    [
      'partial zeroing that clears nothing, before another fsync',
      [NO_PARTIAL_ZEROING],
      'dax write pmem0:/f @0 iov 4096 / fsync pmem0:/f / punch pmem0:/f @100 200 / fsync pmem0:/f',
      'lost',
      'not there',
    ],
    [
      'zeroing skipped behind a mapped store',
      [NO_PARTIAL_ZEROING],
      'store pmem0:/f @64 64 / zero pmem0:/f @64 65 / fsync pmem0:/f',
      'lost',
      'not there',
    ],
    [
      'zeroing that is not flushed',
      [
        {
          file: 'fs/dax.ts',
          from: "daxFlush(kernel, mustExist(dax, 'dax_dev'), pgoff, found.address + offset, sizeBytes);",
          to: '0;',
        },
      ],
      'dax write pmem0:/f @0 kvec 4096 / fsync pmem0:/f / punch pmem0:/f @100 50 / fsync pmem0:/f',
      'lost',
    ],
    [
      'an end that misses a line',
      [
        {
          file: 'arch/x86/lib/usercopy_64.ts',
          from: 'clwbLines(kernel, address, address + sizeBytes);',
          to: 'clwbLines(kernel, address, Math.max(address + 1, (address + sizeBytes) - ((address + sizeBytes) % CLFLUSH_SIZE)));',
        },
        {
          file: 'arch/x86/include/asm/pmem.ts',
          from: 'clwbLines(kernel, address, address + sizeBytes)',
          to: 'clwbLines(kernel, address, address + sizeBytes - ((address + sizeBytes) % 64))',
        },
      ],
      'dax write pmem0:/f @0 iov 4096 / fsync pmem0:/f / zero pmem0:/f @64 65 / fsync pmem0:/f',
      'lost',
    ],
    [
      'a clear that failed and counts as success',
      [{ file: PMEM, from: 'return cleared < length ? -EIO : 0;', to: 'return 0;' }],
      'platform clear-fails 1 / poison pmem0 @0 512 / bio write pmem0 @0 512 fua',
      'over poison',
    ],
    [
      'a shutdown that does not flush',
      [
        {
          file: PMEM,
          from: 'export function ndPmemShutdown(pmem: PmemDevice): void {\n  nvdimmFlush(pmem.namespace.region);',
          to: 'export function ndPmemShutdown(_pmem: PmemDevice): void {',
        },
      ],
      'bio write pmem0 @0 512 / shutdown pmem0',
      'lost',
    ],
    [
      'sectors that advance by a page a segment',
      [{ file: PMEM, from: 'sector += segment.lengthBytes / SECTOR_SIZE;', to: 'sector += 8;' }],
      'bio write pmem0 @0 512,512,512 fua',
      'lost',
      'not there',
      'wrong',
    ],
    [
      'a kernel copy that leaves a rest of 4 bytes in the cache',
      [
        {
          file: 'arch/x86/lib/usercopy_64.ts',
          from: '  for (const unit of [8, 4]) {',
          to: `  if (source.length - done === 4) {
    memcpyShort(kernel, destination + done, source.subarray(done));
    return;
  }
  for (const unit of [8, 4]) {`,
        },
      ],
      'boot adr pmem0=17M / personality pmem0 btt 512 / bio write pmem0s @0 512',
      'synchronous',
    ],
    [
      'a page copy that forgets the offset into the page',
      [
        {
          file: 'arch/x86/lib/usercopy_64.ts',
          from: 'page.bytes.subarray(offset, offset + lengthBytes)',
          to: 'page.bytes.subarray(0, offset * 0 + lengthBytes)',
        },
      ],
      'boot adr pmem0=2M pmem1=2M / dm dm-0 stripe 128K 4K pmem0@0,pmem1@0 / dax write dm-0:/f @0 bvec 9000',
      'not there',
      'wrong',
    ],
    [
      'a page copy that forgets the offset, across a chunk, and an fsync',
      [
        {
          file: 'arch/x86/lib/usercopy_64.ts',
          from: 'page.bytes.subarray(offset, offset + lengthBytes)',
          to: 'page.bytes.subarray(0, offset * 0 + lengthBytes)',
        },
      ],
      'dm dm-0 stripe 128K 16K pmem0@0,pmem0@256K / dax write dm-0:/f @16377 bvec 8 / fsync dm-0:/f',
      'not there',
      'wrong',
    ],
  ];
  for (const [what, mutations, workload, ...rules] of rows) {
    it(`should be found out: ${what}`, async () => {
      expect(rulesBroken(await mutants.load(...mutations), workload)).toEqual(rules);
    });
  }
});
