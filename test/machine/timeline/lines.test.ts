import { describe, expect, it } from 'vitest';
import { sourceOf } from '#machine/images/crash-images.ts';
import { shownLines, storedLines } from '#machine/timeline/lines.ts';
import { BASE, machineAfter } from '../oracle/sets.ts';

const all = new Set(Array.from({ length: 10 }, (_, index) => index * 64));

describe('the lines that a timeline shows', () => {
  it('should be those that anything is stored to', () => {
    const { record } = sourceOf(machineAfter('c60:8 W128 n256:8*9 S'));
    expect([...storedLines(record)].map((line) => line - BASE)).toEqual([0, 64, 256, 320]);
    expect([...storedLines(record, 2)].map((line) => line - BASE)).toEqual([256, 320]);
  });

  it('should be all where they are few', () => {
    expect(shownLines(all, [64], 10)).toBe(undefined);
  });

  it('should be the wanted ones first, then the first and the last of the others', () => {
    expect([...(shownLines(all, [320, 999], 5) ?? [])].sort((left, right) => left - right)).toEqual([
      0, 64, 320, 512, 576,
    ]);
    expect(shownLines(all, all, 4)?.size).toBe(4);
  });
});
