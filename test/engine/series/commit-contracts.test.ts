/** Whose a contract is: by subject, by trailer, by the patch-id of the diff after a rebase; and what is refused. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contract } from '#engine/contract.ts';
import { patchIdOf } from '#engine/series/commits.ts';
import { gitRange } from '#engine/series/git-range.ts';
import { newRepository, type Repository } from '../../support/repository.ts';

let repository: Repository;
let warnings: string[];
beforeEach(() => {
  repository = newRepository();
  warnings = [];
  repository.commit('base', { 'a.txt': 'one\n', 'b.txt': 'one\n' });
  repository.git('branch', 'base');
});
afterEach(() => repository.remove());

function contracts(): readonly Contract[] {
  const place = {
    root: repository.folder,
    imports: [],
    cache: () => join(repository.folder, '..', 'cache'),
    warn: (message: string) => void warnings.push(message.slice(repository.folder.length + 1)),
  };
  return gitRange('base..main')(place).contracts({
    dimensions: [{ name: 'total', meaning: 'the total', isResult: true }],
    vocabulary: { place: 'text' },
  });
}

const contract = (name: string, head: string): void =>
  repository.write({
    [`contracts/${name}.contract.yaml`]: `${head}\ndifferences:\n  - { id: D-${name}, shows: total, because: it is meant to be so }\n`,
  });

const declared = (): string[][] => contracts().map(({ differences }) => differences.map(({ id }) => id));

describe('contracts beside commits', () => {
  it('should leave a commit without one pure', () => {
    repository.commit('Change a', { 'a.txt': 'two\n' });
    expect(contracts()).toMatchObject([{ step: 1, class: 'pure', differences: [] }]);
  });

  it('should belong to the commit with their subject', () => {
    repository.commit('Change b', { 'b.txt': 'two\n' });
    repository.commit('Change a', { 'a.txt': 'two\n' });
    contract('one', 'commit: Change a');
    expect(declared()).toEqual([[], ['D-one']]);
    expect(warnings).toEqual([]);
  });

  it('should belong to the commit that names them in a trailer, whatever subject they say', () => {
    repository.commit('Change b\n\nContract: one', { 'b.txt': 'two\n' });
    repository.commit('Change a', { 'a.txt': 'two\n' });
    contract('one', 'commit: Change a');
    expect(declared()).toEqual([['D-one'], []]);
  });

  it('should be found again by the diff when a rebase reworded the commit and moved it', () => {
    const hash = repository.commit('Change a', { 'a.txt': 'two\n' });
    contract('one', `commit: Change a\npatch: ${patchIdOf(repository.folder, hash)}`);
    repository.git('reset', '--quiet', '--hard', 'base');
    repository.commit('Change b', { 'b.txt': 'two\n' });
    repository.commit('Change a, said otherwise', { 'a.txt': 'two\n' });
    contract('one', `commit: Change a\npatch: ${patchIdOf(repository.folder, hash)}`);
    expect(declared()).toEqual([[], ['D-one']]);
  });

  it('should be told when they belong to no commit', () => {
    repository.commit('Change a', { 'a.txt': 'two\n' });
    contract('one', 'commit: Change c');
    expect(declared()).toEqual([[]]);
    expect(warnings).toEqual([
      'contracts/one.contract.yaml: belongs to no commit of the range, so nothing is held to it',
    ]);
  });

  it('should be refused when they fit several commits, or a trailer names none', () => {
    repository.commit('Change', { 'a.txt': 'two\n' });
    repository.commit('Change', { 'a.txt': 'three\n' });
    contract('one', 'commit: Change');
    expect(() => contracts()).toThrow(
      "one.contract.yaml: fits 2 commits\n  what to do: name it in the message of the one it is of: 'Contract: one'",
    );
    repository.commit('Another\n\nContract: two', { 'a.txt': 'four\n' });
    expect(() => contracts()).toThrow("has the trailer 'Contract: two', but there is no");
  });

  it('should be refused when two are of one commit', () => {
    repository.commit('Change a', { 'a.txt': 'two\n' });
    contract('one', 'commit: Change a');
    contract('two', 'commit: Change a');
    expect(() => contracts()).toThrow(/one\.contract\.yaml and .*two\.contract\.yaml are both of 'Change a'/);
  });

  it('should be known for a draft by the mark', () => {
    repository.commit('Change a', { 'a.txt': 'two\n' });
    contract('one', '# observed, not yet confirmed\ncommit: Change a');
    expect(contracts()[0]).toMatchObject({
      isDraft: true,
      file: expect.stringMatching(/one\.contract\.yaml$/),
    });
  });
});
