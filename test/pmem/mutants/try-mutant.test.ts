import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMutant } from '#pmem/mutants/mutant-tree.ts';
import { allMutants, type Mutant } from '#pmem/mutants/mutants.ts';
import { type Original, originalOf, tryMutant } from '#pmem/mutants/try-mutant.ts';
import type { MutantVerdict } from '#pmem/mutants/verdict.ts';
import { loadTree as loadFolder } from '#pmem/load-tree.ts';
import { quickPlan } from '#pmem/sweep/plan.ts';
import { loadTree, rootFolder, scratchFolder } from '../../support/project.ts';

const folder = scratchFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let all: Mutant[] = [];
let original: Original;
beforeAll(async () => {
  all = await allMutants(rootFolder);
  const rows = quickPlan().filter(({ id }) => /^(dax write (iov|bvec)|store|zero), plain/.test(id));
  original = originalOf(
    await loadTree('after'),
    rows.map(({ make }) => make()),
    [
      'poison pmem0 @0 512\nbio write pmem0 @0 512 fua\nbio read pmem0 @0 512',
      // A task that would block is told so by the kernel of the tree, which is another copy for a mutant of the kernel.
      'store pmem0:/f @0 8\nwhile fsync pmem0:/f: store pmem0:/f @8 8\nfsync pmem0:/f',
    ],
  );
});

async function verdictOn(part: string): Promise<MutantVerdict> {
  const mutant = all.find(({ id }) => id.endsWith(part));
  if (mutant === undefined) throw new Error(`no mutant ${part}`);
  const where = join(folder, part.replaceAll(/\W+/g, '-'));
  return tryMutant(mutant.id, await loadFolder(writeMutant(rootFolder, where, mutant)), original, () => {});
}

describe('a mutant', () => {
  it.each([
    // A write-back that is not done loses what fsync promised.
    ['archWbCachePmem/drop-1', 'promise'],
    // A kernel routine: the first block of a user copy a line further.
    ['kernel/arch/x86/copy-user-64.ts#blocks/round-1', 'promise'],
    // A second write-back costs an instruction and nothing else.
    ['memcpyFlushcache/twice-1', 'cost'],
    ['kernel/arch/x86/special-insns.ts#wmb/twice-1', 'cost'],
  ])('should be killed by the gravest thing that shows: %s by %s', async (part, kill) => {
    expect((await verdictOn(part)).killedBy).toBe(kill);
  });

  it('should survive where nothing it does can be seen', async () => {
    // Which of two fields of an entry is cleared first nobody can tell.
    expect(await verdictOn('daxWritebackOne/early-1')).toMatchObject({ killedBy: null });
  });
});
