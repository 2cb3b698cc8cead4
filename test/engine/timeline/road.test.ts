/**
 * The road of the lost byte, on the series with the write-back of the tail taken out at one step: the promise first breaks at
 * step 3, whose own change only leads to the routine.
 */
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { TreeFiles } from '#base/tree-files.ts';
import type { TreeOfStep } from '#engine/series/line-origins.ts';
import { gather } from '#engine/evidence.ts';
import { explain } from '#engine/explain.ts';
import { judgeStep, type StepToJudge } from '#engine/judge.ts';
import { type Road, roadOf } from '#engine/timeline/road.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { timelineOf, timelineTree } from '#pmem/timeline/timeline.ts';
import { changed, emptyStore, project, scratchFolder, treeOf } from '../../support/project.ts';

const scratch = scratchFolder();
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const TAIL = '    cleanCacheRange(kernel, destination + sizeBytes - 1, 1);\n';
const cut = (step: number): TreeFiles => changed(step, 'arch/x86/lib/usercopy_64.ts', TAIL, '');

/** The road of the byte that 13 bytes at 0 lose, where the write-back of the tail is missing from step `from` on. */
async function roadFrom(from: number): Promise<Road | undefined> {
  const chain = [0, 1, 2, 3].map((step): TreeOfStep => {
    return { step, files: step < from ? project.series.stepFiles(step) : cut(step) };
  });
  const { folder } = treeOf(cut(3), scratch, `from-${from}`);
  const tree = await timelineTree({ name: 'after', folder });
  return roadOf(timelineOf([tree], parseWorkload('dax write pmem0:/f @0 iov 13\nfsync pmem0:/f')), 0, chain);
}

describe('the road of a lost byte', () => {
  it('should name the step that wrote the routine, not the one that first leads there', async () => {
    const road = await roadFrom(1);
    // Of 13 bytes the last is stored through the cache (memory-and-dax.md 3: 8 and 4 bytes past it, the rest by bytes).
    expect([road?.place, road?.first, road?.last, road?.instruction]).toEqual(['pmem0', 12, 12, 'c12:1']);
    expect([road?.storedBy, road?.promisedBy]).toEqual(['dax write pmem0:/f @0 iov 13', 'fsync pmem0:/f']);
    expect(road?.step).toBe(1);
    const stepOf = (name: string): number | null | undefined =>
      road?.frames.find((frame) => frame.function === name)?.functionStep;
    expect(stepOf('copyUserFlushcache')).toBe(1);
    expect(stepOf('daxIomapActor')).toBe(3);
    expect(stepOf('writeFile')).toBe(null);
    expect(road?.frames[0]?.file).toMatch(/^kernel\//);
    for (const { file, text } of road?.frames ?? [])
      expect([file, text === '']).toEqual([file, file.startsWith('kernel/')]);
  });

  it('should name a step that took a line out, which leaves no line of its own', async () => {
    const road = await roadFrom(2);
    const own = road?.frames.find((frame) => frame.function === 'copyUserFlushcache');
    expect([own?.step, own?.functionStep]).toEqual([1, 2]);
    expect(road?.step).toBe(2);
  });

  it('should be nowhere when nothing that was promised may be lost', async () => {
    const { folder } = treeOf(project.series.stepFiles(3), scratch, 'whole');
    const tree = await timelineTree({ name: 'after', folder });
    const found = timelineOf([tree], parseWorkload('dax write pmem0:/f @0 iov 13\nfsync pmem0:/f'));
    expect(roadOf(found, 0, [])).toBe(undefined);
  });
});

describe('a byte that was stored through a mapping', () => {
  // Patch 6 leads daxWritebackOne to daxFlush; here it asks for one page of a huge one.
  const WRITE_BACK = 'daxFlush(kernel, dax, pgoff, found.address, sizeBytes)';
  const short = changed(6, 'fs/dax.ts', WRITE_BACK, WRITE_BACK.replace('sizeBytes', '4096'));
  const WORKLOAD =
    'boot adr clwb pmem0=2M,pages\ncreate pmem0:/f 2093057 mapped\nstore pmem0:/f @4K 1\nfsync pmem0:/f';

  it('should be told by what kept it before the step, and by what of that the step changed', async () => {
    const chain = [0, 1, 2, 3, 4, 5, 6].map((step): TreeOfStep => {
      return { step, files: step < 6 ? project.series.stepFiles(step) : short };
    });
    const trees = await Promise.all(
      [project.series.stepFiles(5), short].map((files, side) =>
        timelineTree({
          name: ['before', 'after'][side]!,
          folder: treeOf(files, scratch, `page-${side}`).folder,
        }),
      ),
    );
    const timeline = timelineOf(trees, parseWorkload(WORKLOAD));
    const road = roadOf(timeline, 1, chain);
    // No function that stores it is of the trees.
    expect([road?.first, road?.step]).toEqual([4096, null]);
    expect([road?.keptBy?.instruction, road?.keptBy?.operation]).toEqual(['W4096', 'fsync pmem0:/f']);
    expect(road?.keptBy?.frames.map((frame) => frame.function).slice(0, 4)).toEqual([
      'clwbLines',
      'archWbCachePmem',
      'wbCachePmem',
      'daxWritebackOne',
    ]);
    expect(road?.keptBy?.frame).toMatchObject({
      file: 'fs/dax.ts',
      function: 'daxWritebackOne',
      functionStep: 6,
    });
    // Before the step nothing is lost, so that there is no road.
    expect(roadOf(timeline, 0, chain.slice(0, -1))).toBe(undefined);
  });
});

describe('a failure that is explained', () => {
  it('should have the road of what its smallest workload loses', async () => {
    const subject = {
      ...project.subject,
      workloads: project.subject.workloads.filter(({ name }) => name.startsWith('E1 ')),
    };
    const [before, after] = [treeOf(cut(2), scratch, 'cut-2'), treeOf(cut(3), scratch, 'cut-3')];
    const lineage = [
      treeOf(project.series.stepFiles(0), scratch, 'cut-0'),
      treeOf(cut(1), scratch, 'cut-1'),
      before,
    ];
    const step: StepToJudge = {
      step: 3,
      before,
      after,
      first: before,
      contract: project.contracts()[2],
      lineage: () => lineage,
    };
    const store = emptyStore();
    const { groups } = judgeStep(subject, step, await gather({ subject, store }, [], [step]));
    const [failure] = await explain(subject, step, groups, async () => undefined);
    expect(failure?.kind).toBe('broken promise');
    expect(failure?.scenario).toMatch(/^E1 /);
    expect(failure?.road?.step).toBe(1);
    expect(failure?.road?.promisedBy).toMatch(/^fsync /);
    expect(failure?.states?.[0]?.side).toBe('after');
    expect(failure?.states?.[0]?.bytes[0]?.holds).toMatch(/^[0-9a-f]{16}$/);
    expect(failure?.traces?.length).toBeGreaterThan(0);
    // Variants are explained in brief: without a road, which takes another run.
    const [brief] = await explain(subject, step, groups, undefined, 1);
    expect(brief?.road).toBe(undefined);
  });
});
