/** docs/NDCTL.md names what there is: every scenario and test file in its tables exists, and no ndctl scenario is missing. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { rootFolder } from '../support/project.ts';

const text = readFileSync(`${rootFolder}/docs/NDCTL.md`, 'utf8');

/** What stands in backquotes in the second column of the tables. */
const named = text
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => [...(line.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

const scenarioNames = new Set(suiteScenarios().map(({ name }) => name));

describe('docs/NDCTL.md', () => {
  it('should name scenarios and tests that exist', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !scenarioNames.has(name) && !existsSync(`${rootFolder}/${name}`))).toEqual(
      [],
    );
  });

  it('should name every scenario that has the name of an ndctl test', () => {
    const all = [...scenarioNames].filter((name) => name.startsWith('ndctl '));
    expect(all.filter((name) => !named.includes(name))).toEqual([]);
  });

  it('should say of every test of v57 whether it is carried (nvdimm-and-firmware.md 16.1)', () => {
    const tests =
      'libndctl dsm-fail dpa-alloc parent-uuid multi-pmem create.sh clear.sh dax-errors.sh daxdev-errors.sh btt-check.sh ' +
      'label-compat.sh blk-exhaust.sh blk-ns pmem-ns dax-dev dax.sh device-dax device-dax-fio.sh mmap.sh core.c';
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const first = rows.flatMap((line) =>
      (line.split('|')[1] ?? '').split(/,| and /).map((cell) => cell.trim()),
    );
    expect(tests.split(' ').filter((name) => !first.includes(name))).toEqual([]);
  });
});
