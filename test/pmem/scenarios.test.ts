/** Every scenario on both sides: the differential suite as tests, one a scenario. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../after/index.ts';
import { boot as before } from '../../before/index.ts';
import { runScenario } from '#pmem/scenario.ts';
import { scenarios } from '#pmem/scenarios/index.ts';
import { loadTree } from '../support/project.ts';

describe('before/ and after/', () => {
  for (const scenario of scenarios) {
    it(`should be as the facts say: ${scenario.theme}: ${scenario.name}`, () => {
      expect(runScenario({ before, after }, scenario).mismatches).toEqual([]);
    });
  }

  it('should have scenarios of unique names', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });
});

describe('the rule for small copies as it was posted', () => {
  // memory-and-dax.md 15 B3: line offset and size of the segment, bytes lost counted from the line.
  const table: readonly (readonly [offset: number, size: number, lost: string])[] = [
    [58, 7, '64'],
    [59, 6, '64'],
    [59, 7, '64-65'],
    [60, 5, '64'],
    [60, 6, '64-65'],
    [60, 7, '64-66'],
    [61, 4, '64'],
    [61, 5, '64-65'],
    [61, 6, '64-66'],
    [61, 7, '64-67'],
    [62, 3, '64'],
    [62, 4, '64-65'],
    [62, 5, '64-66'],
    [62, 6, '64-67'],
    [62, 7, '64-68'],
    [63, 2, '64'],
    [63, 3, '64-65'],
    [63, 4, '64-66'],
    [63, 5, '64-67'],
    [63, 6, '64-68'],
    [63, 7, '64-69'],
  ];

  it('should lose exactly the bytes of the table, in exactly the 21 places, over all offsets and sizes below 8', async () => {
    const posted = await loadTree('as-posted');
    const found: unknown[] = [];
    for (let offset = 0; offset < 64; offset++) {
      for (let size = 1; size < 8; size++) {
        const workload = `dax write pmem0:/f @${offset} iov ${size}\nfsync pmem0:/f`;
        const expectation = { lost: 'none' };
        const base = {
          name: '',
          theme: '',
          source: '',
          shows: '',
          workload,
          acked: 'equal',
          synced: 'equal',
        } as const;
        const report = runScenario(
          { before, after: posted },
          { ...base, before: expectation, after: expectation },
        );
        const lost = report.mismatches.find((text) => text.startsWith('after: bytes'));
        if (lost !== undefined) found.push([offset, size, /found pmem0:(.*)$/.exec(lost)?.[1]]);
      }
    }
    expect(found).toEqual(table);
  });
});
