/**
 * Steps that are broken on purpose and declarations that are not so are found out. That the steps of the series are what their
 * contracts say, and that variants are convicted: `conform run`, and test/exhaustive/series-steps.test.ts.
 */
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Contract, Declaration } from '#engine/contract.ts';
import { judgeVariants } from '#engine/judge-series.ts';
import type { Subject, Tree } from '#engine/subject.ts';
import { changed, project, scratchFolder, stepName, treeOf } from '../support/project.ts';
import { isThorough } from '../support/thorough.ts';
import { failuresOf, store } from './failures-of.ts';

const { series, subject } = project;
const scratch = scratchFolder();
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The subject with twenty workloads at most that have `word`; `npm run test:exhaustive` tries all. */
const fewer = (word: string): Subject =>
  isThorough
    ? subject
    : { ...subject, workloads: subject.workloads.filter(({ text }) => text.includes(word)).slice(0, 20) };

let mutants = 0;
const mutant = (step: number, file: string, from: string, to: string): Tree =>
  treeOf(changed(step, file, from, to), scratch, `mutant-${mutants++}`);

describe('a step that is broken on purpose', () => {
  const cases: readonly (readonly [
    what: string,
    word: string,
    step: number,
    file: string,
    from: string,
    to: string,
  ])[] = [
    [
      'a dropped write-back of the head',
      ' iov ',
      3,
      'arch/x86/lib/usercopy_64.ts',
      'cleanCacheRange(kernel, destination, 1);',
      '',
    ],
    [
      'a write-back of one line only at fsync',
      'mmap',
      6,
      'drivers/nvdimm/pmem.ts',
      'wbCachePmem(kernel, address, sizeBytes),',
      'wbCachePmem(kernel, address, Math.min(sizeBytes, 64)),',
    ],
    [
      'a dm flush routed to the wrong member',
      'stripe',
      6,
      'drivers/md/dm-stripe.ts',
      'chunk % target.members.length',
      '0',
    ],
    [
      'a flush before the data of a FUA write',
      'boot none',
      9,
      'drivers/nvdimm/pmem.ts',
      'if (bio.preflush) nvdimmFlush',
      'if (bio.fua) nvdimmFlush',
    ],
    [
      'a fence less in the flush',
      'flush pmem',
      10,
      'drivers/nvdimm/region_devs.ts',
      '  wmb(kernel);\n  if (region',
      '  if (region',
    ],
  ];
  for (const [what, word, step, file, from, to] of cases) {
    it(`should be convicted of a broken promise by a small workload with a command to replay it: ${what}`, async () => {
      const [first] = await failuresOf(step, mutant(step, file, from, to), undefined, fewer(word));
      expect(first?.kind).toBe('broken promise');
      expect((first?.workload ?? '').split('\n').length).toBeLessThanOrEqual(4);
      expect(first?.replay).toContain(`--before ${stepName(step - 1)} --after mutant-`);
    });
  }

  it('should be told of a broken promise first, though nothing at all is declared', async () => {
    // The barrier of a bio with PREFLUSH is dropped: what was written before it may be lost (nvdimm-and-firmware.md 2.1).
    const text =
      'boot none clwb pmem0=2M,hints=1\nbio write pmem0 @0 4096\nbio write pmem0 @4096 4096 preflush';
    const own = { ...subject, workloads: [{ name: 'barrier', text }] };
    const dropped = mutant(
      14,
      'drivers/nvdimm/pmem.ts',
      'if (bio.preflush) nvdimmFlush',
      'if (false) nvdimmFlush',
    );
    const nothing = { ...project.contracts()[13]!, differences: [] };
    const failures = await failuresOf(14, dropped, nothing, own);
    expect(failures.map(({ kind }) => kind)).toEqual(['broken promise']);
    expect(failures[0]?.cause).toBe('bio write');
    expect(Object.keys(failures[0]?.also ?? {}).join()).toContain('broken promise: acked weaker');
  });
});

/** The contract of a step with other differences. */
const contract = (step: number, differences: readonly Declaration[]): Contract => ({
  ...(project.contracts()[step - 1] as Contract),
  differences,
});

describe('a contract', () => {
  it('should fail as stale when it declares what is not so', async () => {
    const invented: Declaration = {
      id: 'D2-invented',
      shows: [{ dimension: 'cost', relation: 'other' }],
      when: { operation: ['fsync'] },
      because: 'nothing of the kind',
    };
    expect(await failuresOf(2, series.tree('step-2'), contract(2, [invented]), fewer('fsync'))).toMatchObject(
      [{ kind: 'stale declaration', message: expect.stringContaining('D2-invented') }],
    );
  });

  it('should fail when it leaves out what is so', async () => {
    const failures = await failuresOf(7, series.tree('step-7'), contract(7, []), fewer('truncate'));
    expect(new Set(failures.map(({ kind }) => kind))).toEqual(new Set(['undeclared difference']));
    expect(failures[0]?.message).toContain('cost other');
  });
});

describe('a variant', () => {
  it('should fail alone when a patch does not apply', async () => {
    expect((await judgeVariants(project, ['no-such-variant'], { store }))[0]).toMatchObject({
      asExpected: false,
      problem: expect.stringContaining("unknown variant 'no-such-variant'"),
    });
  });
});
