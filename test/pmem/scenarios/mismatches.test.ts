/** A run is held to what its scenario says of its own tree, and to nothing that is said of another. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { readScenarios } from '#pmem/scenarios/file/parse.ts';
import { mismatchesOf } from '#pmem/scenarios/mismatches.ts';
import { runScenario } from '#pmem/scenarios/run-scenario.ts';
import type { Scenario } from '#pmem/scenarios/scenario.ts';
import { loadTree } from '../../support/project.ts';

const named = { before: { name: 'before', boot: before }, after: { name: 'after', boot: after } };

/** The scenario with that body; the workload is memory-and-dax.md 17 T2, what must come of it too. */
function scenarioOf(...body: readonly string[]): Scenario {
  const [scenario] = readScenarios(['scenario: T2', ...body].join('\n'), 'x');
  return scenario!;
}

const T2 = scenarioOf(
  'dax write pmem0:/f @0 iov 1,4095 => 4096',
  'does before: c0:1 S c1:1*7 n8:8*511 S',
  'does after: c0:1 S W0 c1:1*7 n8:8*511 S W0',
  'fsync pmem0:/f => 0',
  'does: S S',
  'lost before: pmem0:0-7',
  'lost after: none',
  'cost before: 511/0/4',
  'cost after: 511/2/4',
  'log: nothing',
  'images before -> after: stronger',
);

describe('a scenario', () => {
  it('should hold both trees that it names', () => {
    expect(runScenario(named, T2).mismatches).toEqual([]);
  });

  it('should find a tree that gives what another one must', () => {
    const run = runWorkload(before, parseWorkload(T2.workload));
    expect(mismatchesOf(T2, 'before', run)).toEqual([]);
    expect(mismatchesOf(T2, 'after', run)).toEqual([
      "after: instructions of operation 1 'dax write pmem0:/f @0 iov 1,4095': expected c0:1 S W0 c1:1*7 n8:8*511 S W0, found c0:1 S c1:1*7 n8:8*511 S",
      'after: bytes that may be lost: expected none, found pmem0:0-7',
      'after: movnti/write-backs/sfence: expected 511/2/4, found 511/0/4',
    ]);
  });

  it('should hold a tree that it does not name to what it says of all, and any two trees to no relation', () => {
    for (const [left, right] of [
      ['before', 'before'],
      ['after', 'before'],
      ['mine', 'yours'],
    ] as const) {
      const trees = { before: { name: left, boot: before }, after: { name: right, boot: before } };
      expect(runScenario(trees, T2).mismatches.filter((text) => text.startsWith('images'))).toEqual([]);
    }
    const mine = { before: { name: 'mine', boot: before }, after: { name: 'yours', boot: after } };
    expect(runScenario(mine, T2).mismatches).toEqual([]);
    expect(runScenario(mine, scenarioOf('fsync pmem0:/f => -EIO')).mismatches).toEqual([
      "mine: result of operation 1 'fsync pmem0:/f': expected -EIO, found 0",
      "yours: result of operation 1 'fsync pmem0:/f': expected -EIO, found 0",
    ]);
  });

  it('should say a mismatch of one tree once when it is compared with itself', () => {
    const trees = { before: named.before, after: named.before };
    expect(runScenario(trees, scenarioOf('fsync pmem0:/f => -EIO')).mismatches).toHaveLength(1);
  });

  it('should let what it says of one tree stand in place of what it says of all', async () => {
    // memory-and-dax.md 15 B3: 4 bytes at 62 lose two as posted.
    const scenario = scenarioOf(
      'dax write pmem0:/f @62 iov 4',
      'fsync pmem0:/f',
      'lost: none',
      'lost as-posted: pmem0:64-65',
    );
    const posted = { name: 'as-posted', boot: await loadTree('as-posted') };
    expect(runScenario({ before: named.before, after: posted }, scenario).mismatches).toEqual([]);
    const unnamed = { ...posted, name: 'mine' };
    expect(runScenario({ before: named.before, after: unnamed }, scenario).mismatches).toEqual([
      'mine: bytes that may be lost: expected none, found pmem0:64-65',
    ]);
  });

  it('should compare instructions however they are merged, and log and data as a whole', () => {
    const scenario = scenarioOf(
      'dax write pmem0:/f @0 iov 16',
      'does: n0:8 n8:8 S',
      'dax read pmem0:/f @8 iov 16',
      'reads: 8 stored, 8 zero',
      'log: no such line',
    );
    expect(runScenario(named, scenario).mismatches).toEqual([
      'before: log: expected no such line, found nothing',
      'after: log: expected no such line, found nothing',
    ]);
  });

  it('should find relations that are not as it says', () => {
    const scenario = scenarioOf(
      'dax write pmem0:/f @0 iov 1,4095',
      'fsync pmem0:/f',
      'images before -> after: acknowledged equal, synced weaker',
    );
    expect(runScenario(named, scenario).mismatches).toEqual([
      'images before -> after: relation at acknowledgements: expected equal, found stronger',
      'images before -> after: relation where a promise is made: expected weaker, found stronger',
    ]);
  });
});

describe('what is promised', () => {
  it('should not count where nobody vouches for the platform or the kernel, as for the judge', () => {
    // platform.scenarios: without the flushcache helpers the FUA write is lost after the series, and not before it; the
    // driver says that it can not guarantee persistence.
    const body = ['boot no-flushcache pmem0=2M', 'bio write pmem0 @0 512 fua => 512'];
    expect(runScenario(named, scenarioOf(...body))).toMatchObject({
      comparison: { acked: 'weaker' },
      synced: 'equal',
    });
    // Fully configured, T2 tells the sides apart where a promise is made.
    expect(runScenario(named, T2).synced).toBe('stronger');
    // The same workload on a disk without dimms: fsync returns, and promises nothing.
    const bare = scenarioOf(
      'boot pmem0=2M,no-dimm',
      'dax write pmem0:/f @0 iov 1,4095',
      'fsync pmem0:/f => 0',
    );
    expect(runScenario(named, bare)).toMatchObject({ comparison: { acked: 'stronger' }, synced: 'equal' });
  });
});
