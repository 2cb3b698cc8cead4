import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineInstruction } from '#base/timeline.ts';
import { alignedColumns, type SideInstructions } from '#engine/timeline/columns.ts';

/** A side from words such as `n0 S | S`: `|` ends an operation. */
function side(text: string): SideInstructions {
  const instructions: TimelineInstruction[] = [];
  const operations: number[] = [];
  let operation = 0;
  for (const word of text.split(' ').filter((one) => one !== '')) {
    if (word === '|') {
      operation++;
      continue;
    }
    const offset = Number(word.slice(1));
    instructions.push(
      word === 'S'
        ? { kind: 'sfence', text: 'S', stack: [] }
        : { kind: 'movnti', text: word, place: 'pmem0', offset, sizeBytes: 8, stack: [] },
    );
    operations.push(operation);
  }
  return { instructions, operations };
}

const columnsOf = (left: string, right: string, count: number): string =>
  alignedColumns([side(left), side(right)], count)
    .map(({ operation, instructions: [one = -1, other = -1] }) => `${operation}:${one},${other}`)
    .join(' ');

describe('the common axis of two runs', () => {
  it('should leave a gap where one side alone has an instruction', () => {
    expect(columnsOf('n0 S', 'n0 n8 S', 1)).toBe('0:0,0 0:-1,1 0:1,2');
  });

  it('should never pair instructions of different operations', () => {
    expect(columnsOf('n0 | S', 'n0 S |', 2)).toBe('0:0,0 0:-1,1 1:1,-1');
  });

  it('should have one side alone as it is', () => {
    expect(alignedColumns([side('n0 S')], 1).map(({ instructions }) => instructions)).toEqual([[0], [1]]);
  });

  it('should hold every instruction once, in order, and pair only equal ones', () => {
    const words = array(constantFrom('n0', 'n8', 'S', '|'), { maxLength: 12 }).map((list) => list.join(' '));
    const holds = property(words, words, (left, right) => {
      const sides = [side(left), side(right)] as const;
      const columns = alignedColumns(sides, 13);
      for (const [index, { instructions }] of sides.entries()) {
        const own = columns.map((column) => column.instructions[index] ?? -1).filter((one) => one >= 0);
        expect(own).toEqual([...instructions.keys()]);
      }
      for (const {
        instructions: [one = -1, other = -1],
      } of columns)
        if (one >= 0 && other >= 0)
          expect(sides[0].instructions[one]?.text).toBe(sides[1].instructions[other]?.text);
    });
    assert(holds, { seed: 3, numRuns: 300 });
  });

  it('should give up pairing where nearly everything differs, and still hold everything', () => {
    const left = Array.from({ length: 4000 }, (_, index) => `n${index * 8}`).join(' ');
    const right = Array.from({ length: 4000 }, (_, index) => `n${index * 8 + 100_000}`).join(' ');
    expect(alignedColumns([side(left), side(right)], 1)).toHaveLength(8000);
  });
});
