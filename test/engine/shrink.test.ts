import { describe, expect, it } from 'vitest';
import { shrink } from '#engine/shrink.ts';

function* fewerLines(text: string): Generator<string> {
  const lines = text.split('\n');
  for (const [index] of lines.entries()) if (lines.length > 1) yield lines.toSpliced(index, 1).join('\n');
}

const hasBoth = async (text: string): Promise<boolean> => /b[^]*d/.test(text);

describe('shrinking', () => {
  it('should end at a workload that no simplification keeps', async () => {
    expect(await shrink('a\nb\nc\nd\ne', fewerLines, hasBoth)).toBe('b\nd');
  });

  it('should try nothing twice, and stop after so many trials', async () => {
    const tried: string[] = [];
    const shows = async (text: string): Promise<boolean> => {
      tried.push(text);
      return false;
    };
    await shrink('a\na\na', fewerLines, shows);
    expect(tried).toEqual(['a\na']);
    tried.length = 0;
    await shrink('a\nb\nc\nd', fewerLines, shows, 3);
    expect(tried).toHaveLength(2);
  });
});
