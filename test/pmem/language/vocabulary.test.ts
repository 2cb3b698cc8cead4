import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { bootTraits, traitsOf } from '#pmem/language/operation-traits.ts';
import { type Trait, type Traits, VOCABULARY } from '#pmem/language/vocabulary.ts';
import type { Workload } from '#pmem/language/workload.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { generatedWorkload } from './generated-workloads.ts';

const scenarios = suiteScenarios();

const allTraits = (workload: Workload): Traits[] =>
  traitsOf(workload).filter((traits) => traits !== undefined);

/** Values of traits that are no words of the vocabulary. */
function strangers(traits: Traits): string[] {
  return (Object.keys(traits) as Trait[]).flatMap((trait) =>
    traits[trait].filter((value) => VOCABULARY[trait] !== 'text' && !VOCABULARY[trait].includes(value)),
  );
}

describe('the vocabulary of traits', () => {
  it('should hold what contracts say, and refuse what nobody can mean', () => {
    expect(VOCABULARY.operation).toContain('fsync');
    expect(VOCABULARY.operation).not.toContain('fsinc');
    // A power failure is no operation of a kernel, so nothing can differ at it.
    expect(VOCABULARY.operation).not.toContain('crash');
    expect(VOCABULARY.vector).toEqual(['iovec', 'kvec', 'bvec', 'pipe']);
    expect(VOCABULARY.device).toEqual(['pmem', 'volatile', 'blk', 'ram', 'axonram', 'dcssblk']);
    expect(VOCABULARY.configuration).toEqual(['full', 'no-pmem-api', 'no-flushcache', 'no-ram-dax']);
    expect(VOCABULARY.domain).toEqual(['none', 'adr', 'eadr']);
  });

  it('should hold every trait of every operation of every scenario', () => {
    const found = scenarios.flatMap(({ workload }) => allTraits(parseWorkload(workload)).flatMap(strangers));
    expect(found).toEqual([]);
    const invented: Traits = { ...allTraits(parseWorkload('flush pmem0'))[0]!, vector: ['iov'] };
    expect(strangers(invented)).toEqual(['iov']);
  });

  it('should hold what booting is like: every device counts', () => {
    const boot = bootTraits(parseWorkload('boot none no-pmem-api ram0=2M nfit=volatile-bare\nflush ram0'));
    expect(strangers(boot)).toEqual([]);
    expect(boot).toMatchObject({
      operation: ['boot'],
      device: ['ram', 'volatile'],
      domain: ['none'],
      configuration: ['no-pmem-api'],
    });
  });

  it('should hold every trait of generated operations too', () => {
    assert(
      property(generatedWorkload, (workload) => allTraits(workload).flatMap(strangers).length === 0),
      { numRuns: 500 },
    );
  });

  it('should have no word that no operation can have', () => {
    const lines = [
      'boot eadr no-ram-dax pmem0=2M\npid 1 / signal on / zero pmem0:/f @0 1',
      'boot no-pmem-api no-flushcache pmem0=2M\nflush pmem0',
    ];
    const ofBoot = bootTraits(parseWorkload('flush pmem0'));
    const shown = [...scenarios.map(({ workload }) => workload), ...lines].flatMap((text) =>
      allTraits(parseWorkload(text)),
    );
    for (const trait of Object.keys(VOCABULARY) as Trait[]) {
      const values = new Set([...shown, ofBoot].flatMap((traits) => traits[trait]));
      expect([...values].sort()).toEqual([...VOCABULARY[trait]].sort());
    }
  });
});
