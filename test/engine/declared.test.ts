/** What a declaration excuses: only what the operations to blame are spoken of. */
import { describe, expect, it } from 'vitest';
import type { Declaration } from '#engine/contract.ts';
import { declarationsFor } from '#engine/declared.ts';
import { findingsOf } from '#engine/failure.ts';
import type { Difference, Facts } from '#engine/subject.ts';

const weakerWrites: Declaration = {
  id: 'D1-writes',
  shows: [{ dimension: 'acked', relation: 'weaker' }],
  when: { operation: ['write'], device: ['pmem', 'ram'] },
  because: 'it is meant so',
};
const write = { operation: ['write'], device: ['pmem'] };
const sync = { operation: ['sync'], device: ['pmem'] };

const difference = (more: Partial<Difference>): Difference => ({
  dimension: 'acked',
  relation: 'weaker',
  index: 0,
  at: 'write',
  cause: 'write',
  blamed: [write],
  isPromised: false,
  before: '',
  after: '',
  ...more,
});
const excuses = (more: Partial<Difference>): string[] =>
  declarationsFor(difference(more), [weakerWrites]).map(({ id }) => id);

describe('a declaration', () => {
  it('should excuse a difference of its dimension and relation that it speaks of', () => {
    expect(excuses({})).toEqual(['D1-writes']);
  });

  it('should not excuse another dimension or relation', () => {
    expect(excuses({ dimension: 'in-flight' })).toEqual([]);
    expect(excuses({ relation: 'incomparable' })).toEqual([]);
  });

  it('should not excuse what comes from an operation that it does not speak of', () => {
    expect(excuses({ blamed: [sync] })).toEqual([]);
    expect(excuses({ blamed: [write, sync] })).toEqual([]);
    expect(excuses({ blamed: [{ operation: ['write'], device: ['blk'] }] })).toEqual([]);
    expect(excuses({ blamed: [] })).toEqual([]);
  });

  it('should excuse more and fewer ways at once where both are declared', () => {
    const both = [
      weakerWrites,
      { ...weakerWrites, id: 'D1-safer', shows: [{ dimension: 'acked', relation: 'stronger' as const }] },
    ];
    const mixed = difference({ relation: 'incomparable' });
    expect(declarationsFor(mixed, both).map(({ id }) => id)).toEqual(['D1-writes', 'D1-safer']);
    expect(declarationsFor(mixed, [weakerWrites])).toEqual([]);
  });

  it('should share the blame with others that speak of the rest', () => {
    const both = declarationsFor(difference({ blamed: [write, sync] }), [
      weakerWrites,
      { ...weakerWrites, id: 'D1-syncs', when: { operation: ['sync'] } },
    ]);
    expect(both.map(({ id }) => id)).toEqual(['D1-writes', 'D1-syncs']);
  });
});

describe('bytes that a promise covers', () => {
  const facts: Facts = { digest: '', broken: [], cost: {}, places: 1 };
  const kinds = (what: Difference): string[] =>
    findingsOf(
      { name: 'w', text: 'write' },
      { before: facts, after: facts, compared: { differences: [what], relations: {} } },
      { differences: [weakerWrites] } as never,
      [],
    ).map(({ kind }) => kind);

  it('should never be lost with an excuse', () => {
    expect(kinds(difference({}))).toEqual([]);
    expect(kinds(difference({ isPromised: true }))).toEqual(['broken promise']);
    expect(kinds(difference({ isPromised: true, relation: 'incomparable' }))).toEqual(['broken promise']);
  });

  it('may be safer than before', () => {
    expect(kinds(difference({ isPromised: true, relation: 'stronger' }))).toEqual(['undeclared difference']);
  });
});
