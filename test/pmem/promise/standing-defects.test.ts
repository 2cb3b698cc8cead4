/**
 * Findings over all scenarios and over random workloads: each is a standing defect that docs/DEFECTS.md lists, so the rules
 * accuse nobody wrongly. `npm run bench -- promise` does the same for as many workloads as one likes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sample } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { promiseFindings, waysOf } from '#pmem/promise/promise.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { rootFolder } from '../../support/project.ts';
import { DEFECT_IDS, defectOf } from '#pmem/fuzz/standing-defects.ts';
import { anyWorkload } from '../../../bench/random-workloads.ts';
import { isThorough, runs, share } from '../../support/thorough.ts';

/** Defects that workloads show, and findings that are none. */
function shownBy(boot: Boot, workloads: readonly string[]): { defects: string[]; others: string[] } {
  const defects = new Set<string>();
  const others: string[] = [];
  for (const text of workloads) {
    const workload = parseWorkload(text);
    for (const finding of promiseFindings(workload, runWorkload(boot, workload), waysOf(boot, workload))) {
      const defect = defectOf(finding, text, boot === after);
      if (defect === undefined) others.push(`${finding.text}: ${text.replaceAll('\n', ' / ')}`);
      else defects.add(defect);
    }
  }
  return { defects: [...defects].sort(), others };
}

const OURS = [
  'a bus without commands',
  'a file that is cut in the middle of a dirty 2 MiB entry',
  'a power failure between the labels of two dimms',
];

/** What a share of the workloads shows is a part of what all show. */
const expected = (all: readonly string[], shown: readonly string[]): readonly string[] =>
  isThorough ? all : all.filter((id) => shown.includes(id));

describe('the findings over all scenarios', () => {
  const workloads = share(suiteScenarios(), 5).map(({ workload }) => workload);

  it('should be standing defects on before/', () => {
    const { defects, others } = shownBy(before, workloads);
    expect(others).toEqual([]);
    const early = ['B14', 'B15', 'B4', 'B5', 'B6', 'G', 'l', 'p', 'r', 'y'];
    expect(defects).toEqual(expected([...early, ...OURS].sort(), defects));
  });

  it('should be standing defects on after/, those aside that the series mends', () => {
    const { defects, others } = shownBy(after, workloads);
    expect(others).toEqual([]);
    const left = ['B14', 'B15', 'B6', 'G', 'l', 'p', 'r', 'y'];
    expect(defects).toEqual(expected([...left, ...OURS].sort(), defects));
  });

  it('should be of defects that are listed', () => {
    const listed = readFileSync(join(rootFolder, 'docs/DEFECTS.md'), 'utf8');
    const ids = listed
      .split('\n')
      .flatMap((line) => (line.split('|')[1] ?? '').split(',').map((id) => id.trim()));
    expect(DEFECT_IDS.filter((id) => !ids.includes(id) && !listed.includes(id))).toEqual([]);
  });
});

describe('the findings of random workloads', () => {
  for (const [name, boot] of [
    ['before', before],
    ['after', after],
  ] as const)
    it(`should be standing defects on ${name}/`, () => {
      expect(shownBy(boot, sample(anyWorkload(10), { seed: 2017, numRuns: runs(600) })).others).toEqual([]);
    });
});
