/** The committed list is that of the sources: a mutant that came or went must be tried, and its line written. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readKnown } from '#pmem/mutants/known.ts';
import { allMutants, type Mutant } from '#pmem/mutants/mutants.ts';
import { scoresOf, type MutantVerdict } from '#pmem/mutants/verdict.ts';
import { rootFolder } from '../../support/project.ts';

const { mutants: known, equivalent, open } = readKnown();

let all: Mutant[] = [];
beforeAll(async () => {
  all = await allMutants(rootFolder);
});

describe('known.json', () => {
  it('should have at least 300 mutants, in both trees and in the kernel', () => {
    const folders = new Set(all.map(({ file }) => file.split('/')[0]));
    expect([all.length >= 300, [...folders].sort()]).toEqual([true, ['after', 'before', 'kernel']]);
  });

  it('should name every mutant of the sources and no other: npm run mutate -- --survivors --write', () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(known).sort()).toEqual([...ids].sort());
  });

  it('should have a reason for every survivor, and for nothing else', () => {
    const survivors = Object.keys(known).filter((id) => known[id] === 'survives');
    expect([...Object.keys(equivalent), ...Object.keys(open)].sort()).toEqual(survivors.sort());
    for (const reason of [...Object.values(equivalent), ...Object.values(open)])
      expect(reason.length).toBeGreaterThan(20);
  });
});

const verdict = (id: string, killedBy: MutantVerdict['killedBy'], isWeaker = false): MutantVerdict => ({
  id,
  killedBy,
  by: '',
  isWeaker,
});

describe('the scores', () => {
  it('should count what can lose data, and leave out what is equivalent', () => {
    const verdicts = [
      ...Array.from({ length: 17 }, (_, at) => verdict(`p${at}`, 'promise')),
      verdict('r', 'result'),
      verdict('w', 'images', true),
      verdict('i', 'images'),
      verdict('c', 'cost'),
      verdict('s', null),
      verdict('e', null),
    ];
    // 18 of those 18, the weaker one and the survivor; 21 of 22 that are not equivalent.
    expect(scoresOf(verdicts, new Set(['e']))).toMatchObject({
      harmful: 20,
      harmfulByPromiseOrResult: 18,
      killable: 22,
      killed: 21,
      isReached: true,
    });
    expect(scoresOf(verdicts, new Set())).toMatchObject({
      harmful: 21,
      killed: 21,
      killable: 23,
      isReached: false,
    });
  });
});
