// The library as docs/LIBRARY.md shows it. The numbers follow from persistency.md: an 8-byte store persists whole or not at all,
// a write-back and a fence make it certain.
import { describe, expect, it } from 'vitest';
import { images, order, type Program, record, relation } from '../../library/index.ts';

const word = (value: number): Uint8Array => new Uint8Array(8).fill(value);

const flushed: Program = (cpu, acknowledge) => {
  cpu.store(0, word(1));
  cpu.writeBack('clwb', 0);
  cpu.sfence();
  acknowledge();
};

const forgotten: Program = (cpu, acknowledge) => {
  cpu.store(0, word(1));
  acknowledge();
};

const fenced: Program = (cpu, acknowledge) => {
  cpu.store(0, word(1));
  cpu.sfence();
  acknowledge();
};

const two: Program = (cpu, acknowledge) => {
  cpu.store(0, word(1));
  cpu.store(64, word(1));
  acknowledge();
};

const after = (program: Program, domain?: 'adr' | 'eadr') =>
  images(order(record(program), domain), { acknowledged: 0 });

describe('the library', () => {
  it('should leave one image of a word that was written back and fenced, and two of one that was not', () => {
    expect(after(flushed).count()).toBe(1n);
    expect(after(forgotten).count()).toBe(2n);
    expect(after(flushed).contains(new Map([[0, word(1)]]))).toBe(true);
    expect(after(flushed).contains(new Map([[0, word(0)]]))).toBe(false);
  });

  it('should allow less where caches survive', () => {
    // persistency.md, list of 7, item 5: a store and a fence without a write-back leave {0, 1} under ADR, {1} under eADR.
    expect(after(fenced).count()).toBe(2n);
    expect(after(fenced, 'eadr').count()).toBe(1n);
    // Two lines, nothing written back: each of the words may be there or not.
    expect(after(two).count()).toBe(4n);
  });

  it('should call fewer ways to lose data stronger, with the image that shows it', () => {
    const { relation: verdict, onlyBefore } = relation(after(forgotten), after(flushed));
    expect(verdict).toBe('stronger');
    expect([...(onlyBefore?.words ?? [])]).toEqual([[0, word(0)]]);
    expect(relation(after(flushed), after(forgotten)).relation).toBe('weaker');
    expect(relation(after(flushed), after(flushed)).relation).toBe('equal');
  });

  it('should say which acknowledgement is not there', () => {
    expect(() => images(order(record(flushed)), { acknowledged: 1 })).toThrow(
      'acknowledgement 1 of a run that has 1',
    );
  });
});
