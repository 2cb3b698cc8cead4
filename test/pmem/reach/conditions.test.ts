/** Conditions of small files: which there are, and that files which ask them still do the same. */
import { describe, expect, it } from 'vitest';
import { type Condition, withConditions } from '#pmem/reach/conditions.ts';

const TOY = `export function toy(a: number, b: number): string {
  let text = '';
  for (let i = 0; i < a; i++) text += i;
  if (a > 1 && !(b === 2 || b === 3)) text += 'x';
  return b > 4 ? text : \`\${text}!\`;
}
`;

const named = (only?: string): Condition[] => [
  ...withConditions(new Map([['toy.ts', TOY]]), only).conditions,
];

describe('the conditions of a file', () => {
  it('should be those of loops, if and ?:, and each part of && and ||', () => {
    expect(named().map(({ name, isLoop }) => [name, isLoop])).toEqual([
      ['toy.ts#toy: i < a', true],
      ['toy.ts#toy: a > 1', false],
      ['toy.ts#toy: !(b === 2 || b === 3)', false],
      ['toy.ts#toy: b === 2', false],
      ['toy.ts#toy: b === 3', false],
      ['toy.ts#toy: b > 4', false],
    ]);
  });

  it('should say of while and for alike that they are loops, and of their parts', () => {
    const text =
      'function f(a: boolean, b: boolean) { while (a && b) g(); for (; !a; ) h(); do g(); while (b); }';
    const { conditions } = withConditions(new Map([['f.ts', text]]));
    expect(conditions.map(({ name, isLoop }) => [name, isLoop])).toEqual([
      ['f.ts#f: a', true],
      ['f.ts#f: b', true],
      ['f.ts#f: !a', true],
      ['f.ts#f: b (2)', true],
    ]);
  });

  it('should be none where another file is asked for', () => {
    const { conditions, files } = withConditions(new Map([['toy.ts', TOY]]), 'other.ts');
    expect([conditions, files.get('toy.ts')]).toEqual([[], TOY]);
  });

  it('should be told apart by a number where a function has one twice', () => {
    const text = 'function f(a: boolean) { if (a) g(); if (a) h(); }';
    const { conditions } = withConditions(new Map([['f.ts', text]]));
    expect(conditions.map(({ name }) => name)).toEqual(['f.ts#f: a', 'f.ts#f: a (2)']);
  });
});
