import { describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { promiseFindings } from '#pmem/promise/promise.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { KNOWN_BREAKS, knownBreak } from '#pmem/sweep/known-breaks.ts';
import { loadTree, stepName } from '../../support/project.ts';

const SWITCH = 'sysfs write pmem0/queue/write_cache "write through"';

/** For each defect and step a workload that the step before keeps (docs/DEFECTS.md B6 and B11). */
const SHOWN: readonly [defect: string, step: number, workload: string][] = [
  ['B11', 1, `boot eadr pmem0=2M / ${SWITCH} / bio write pmem0 @4K 512 fua`],
  ['B11', 3, `boot eadr pmem0=2M / ${SWITCH} / dax write pmem0:/f @0 kvec 4096 sync`],
  // 1 and 64 bytes at 7 with 9 readable: bytes 8 to 15 are a half block in the cache. Byte 7 has its line written back by the
  // request; the segment of 64 at 8 has no edges.
  ['B6', 3, 'dax write pmem0:/f @7 iov 1,64 readable 9 sync'],
];

async function findings(tree: string, text: string): Promise<number> {
  const workload = parseWorkload(text);
  return promiseFindings(workload, runWorkload(await loadTree(tree), workload)).length;
}

describe('known breaks', () => {
  it.each(SHOWN)('should break what the step before keeps: %s at step %i', async (defect, step, text) => {
    const { boot, steps } = parseWorkload(text);
    const operations = steps.map(({ operation }) => operation);
    expect(knownBreak(step, boot, operations)).toBe(defect);
    expect([await findings(stepName(step - 1), text), await findings(stepName(step), text)]).toEqual([0, 1]);
  });

  it('should all be shown', () => {
    const all = KNOWN_BREAKS.flatMap(({ defect, steps }) => steps.map((step) => `${defect} ${step}`));
    expect(SHOWN.map(([defect, step]) => `${defect} ${step}`).sort()).toEqual(all.sort());
  });

  it('should excuse nothing else', () => {
    const { boot, steps } = parseWorkload('dax write pmem0:/f @62 iov 4 sync');
    const operations = steps.map(({ operation }) => operation);
    for (let step = 1; step <= 14; step++) expect(knownBreak(step, boot, operations)).toBeUndefined();
  });
});
