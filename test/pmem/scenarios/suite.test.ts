/** Every scenario on both sides: the differential suite as tests, one a scenario. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { compareWorkload } from '#pmem/compare/compare-workload.ts';
import { lostAtEnd } from '#pmem/compare/losses.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { parseScenarios } from '#pmem/scenarios/file/parse.ts';
import { runScenario } from '#pmem/scenarios/run-scenario.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { loadTree, rootFolder } from '../../support/project.ts';
import { share } from '../../support/thorough.ts';

const scenarios = suiteScenarios();
const trees = { before: { name: 'before', boot: before }, after: { name: 'after', boot: after } };

describe('before/ and after/', () => {
  // `npm start` and `conform run` try every one of them too.
  for (const scenario of share(scenarios, 8)) {
    it(`should be as the facts say: ${scenario.theme}: ${scenario.name}`, () => {
      expect(runScenario(trees, scenario).mismatches).toEqual([]);
    });
  }

  it('should have scenarios of unique names', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  it('should run every scenario of every file of the suite', () => {
    const folder = `${rootFolder}/pmem/scenarios/suite`;
    const files = readdirSync(folder).filter((name) => name.endsWith('.scenarios'));
    const known = new Set(scenarios.map(({ name }) => name));
    for (const file of files) {
      const own = parseScenarios(readFileSync(`${folder}/${file}`, 'utf8'), file);
      expect(own.filter(({ name }) => !known.has(name)).map(({ name }) => `${file}: ${name}`)).toEqual([]);
    }
    expect(files.length).toBeGreaterThan(15);
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
        const workload = parseWorkload(`dax write pmem0:/f @${offset} iov ${size}\nfsync pmem0:/f`);
        const lost = lostAtEnd(compareWorkload({ before, after: posted }, workload).after);
        if (lost !== 'none') found.push([offset, size, /^pmem0:(.*)$/.exec(lost)?.[1]]);
      }
    }
    expect(found).toEqual(table);
  });
});
