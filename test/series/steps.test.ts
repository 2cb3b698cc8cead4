/**
 * The steps of the series are what their contracts say; and steps that are broken on purpose, declarations that are not so, and
 * variants of real history are found out, with the step that is to blame.
 */
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Contract, Declaration } from '#engine/contract.ts';
import { gather } from '#engine/evidence.ts';
import type { Failure } from '#engine/failure.ts';
import { explain, explainAsIs } from '#engine/explain.ts';
import { judgeStep, type StepToJudge } from '#engine/judge.ts';
import { judgeSteps, judgeVariants } from '#engine/judge-series.ts';
import { readVariant, variantNames } from '#engine/variant.ts';
import type { Subject, Tree } from '#engine/subject.ts';
import { changed, project, scratchFolder, stepName, treeOf } from '../support/project.ts';

const { series, subject } = project;
const scratch = scratchFolder();
// What is found out about trees is kept under the hashes of all that it follows from, as by `conform run`.
const store = project.store(false);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What is wrong with `after` as step `step`; the gravest is explained in full, or nothing is where `isBrief`. */
async function failuresOf(
  step: number,
  after: Tree,
  contract: Contract | undefined = project.contracts()[step - 1],
  own: Subject = subject,
  isBrief = false,
): Promise<readonly Failure[]> {
  const before = series.tree(stepName(step - 1));
  const judged: StepToJudge = { step, before, after, first: before, contract, lineage: () => [] };
  const { evidence, groups } = judgeStep(own, judged, await gather({ subject: own, store }, [], [judged]));
  const told = isBrief ? explainAsIs(own, judged, groups) : await explain(own, judged, groups, undefined, 1);
  return [...told, ...evidence.failures];
}

let mutants = 0;
const mutant = (step: number, file: string, from: string, to: string): Tree =>
  treeOf(changed(step, file, from, to), scratch, `mutant-${mutants++}`);

describe('the fourteen steps', () => {
  it('should hold their contracts over all scenarios, and keep every promise that was kept before', async () => {
    const evidence = await judgeSteps(project, 1, 14, { store });
    expect(
      evidence.flatMap(({ step, failures }) => failures.map(({ message }) => `${step}: ${message}`)),
    ).toEqual([]);
    const pure = evidence.filter(({ differences }) => differences.length === 0).map(({ step }) => step);
    // memory-and-dax.md 16.13: these steps must be observationally equal to their predecessors.
    expect(pure).toEqual([2, 4, 5, 8, 9, 10]);
    // The promises broken before the series and after it are the standing defects of docs/DEFECTS.md: short copies,
    // inner mappings, mappings from before a new device-mapper table, padded pfn devices, page reads past a sector's
    // end, places that tell the kernel of poison too little or too much, and labels of an interleave set.
    const standing =
      /^(B6|B14|B15|15\.1 [Gpry]|a 2 MiB entry that is cut in its middle|a legacy region that was told of poison|a label update of an interleave set is cut|raw bytes of which one sector and a half are cleared)\b/;
    const unexpected = evidence.at(-1)?.standing.filter((name) => !standing.test(name));
    expect(unexpected).toEqual([]);
    expect(evidence[0]?.standing.some((name) => name.startsWith('B5'))).toBe(true);
  });
});

describe('a step that is broken on purpose', () => {
  const cases: readonly (readonly [what: string, step: number, file: string, from: string, to: string])[] = [
    [
      'a dropped write-back of the head',
      3,
      'arch/x86/lib/usercopy_64.ts',
      'cleanCacheRange(kernel, destination, 1);',
      '',
    ],
    [
      'a write-back of one line only at fsync',
      6,
      'drivers/nvdimm/pmem.ts',
      'wbCachePmem(kernel, address, sizeBytes),',
      'wbCachePmem(kernel, address, Math.min(sizeBytes, 64)),',
    ],
    [
      'a dm flush routed to the wrong member',
      6,
      'drivers/md/dm-stripe.ts',
      'chunk % target.members.length',
      '0',
    ],
    [
      'a flush before the data of a FUA write',
      9,
      'drivers/nvdimm/pmem.ts',
      'if (bio.preflush) nvdimmFlush',
      'if (bio.fua) nvdimmFlush',
    ],
    [
      'a fence less in the flush',
      10,
      'drivers/nvdimm/region_devs.ts',
      '  wmb(kernel);\n  if (region',
      '  if (region',
    ],
  ];
  for (const [what, step, file, from, to] of cases) {
    it(`should be convicted of a broken promise by a small workload with a command to replay it: ${what}`, async () => {
      const [first] = await failuresOf(step, mutant(step, file, from, to));
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
    expect(await failuresOf(2, series.tree('step-2'), contract(2, [invented]))).toMatchObject([
      { kind: 'stale declaration', message: expect.stringContaining('D2-invented') },
    ]);
  });

  it('should fail when it leaves out what is so', async () => {
    const failures = await failuresOf(7, series.tree('step-7'), contract(7, []));
    expect(new Set(failures.map(({ kind }) => kind))).toEqual(new Set(['undeclared difference']));
    expect(failures[0]?.message).toContain('cost other');
  });
});

describe('the variants', () => {
  const folder = series.source.variants;
  for (const name of variantNames(folder)) {
    const variant = readVariant(folder, name);
    const where =
      variant.convictedAt === null ? 'not be convicted' : `be convicted at step ${variant.convictedAt}`;
    it(`should ${where}: ${name}`, async () => {
      const [verdict] = await judgeVariants(project, [name], { store });
      expect(verdict).toMatchObject({ convictedAt: variant.convictedAt, asExpected: true });
      // What takes more is told in docs/HISTORY.md (test/docs/history.test.ts).
      if (variant.judgedBy === 'own workload') return;
      for (const { workload } of verdict?.failures.slice(0, 1) ?? []) {
        const operations = (workload ?? '').split('\n').filter((line) => !line.startsWith('boot '));
        expect(operations.length).toBeLessThanOrEqual(4);
      }
    }, 180_000);
  }

  it('should be cleared by its contract alone where a harmless one differs: without it images convict, all stronger', async () => {
    const tree = series.tree('large-copies-cached@14');
    // All but one, whose 130,000 words in caches take as long to compare as all others together.
    const workloads = subject.workloads.filter(({ name }) => name !== 'more zeros than a bio holds');
    expect(workloads.length).toBe(subject.workloads.length - 1);
    const most = { ...subject, workloads };
    const plain = await failuresOf(14, tree, undefined, most, true);
    const seen = plain.flatMap(({ message, also }) => [message, ...Object.keys(also)]);
    expect(plain[0]).toMatchObject({ kind: 'undeclared difference', cause: 'page write' });
    expect(seen.filter((text) => /weaker|incomparable|result|promise/.test(text))).toEqual([]);
    expect(seen.filter((text) => text.includes('acked stronger'))).not.toEqual([]);
    const own = project.contracts()[13];
    const declared = readVariant(folder, 'large-copies-cached').declarations(subject);
    if (own === undefined) throw new Error('there is no step 14');
    const cleared = { ...own, differences: [...own.differences, ...declared] };
    expect(await failuresOf(14, tree, cleared, most)).toEqual([]);
  });

  it('should fail alone when a patch does not apply', async () => {
    expect((await judgeVariants(project, ['no-such-variant'], { store }))[0]).toMatchObject({
      asExpected: false,
      problem: expect.stringContaining("unknown variant 'no-such-variant'"),
    });
  });
});
