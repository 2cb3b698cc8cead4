/** Work on many things: all of them, in order, no more at a time than allowed, and an error is not lost. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eachOf } from '#base/each-of.ts';

describe('work on many things', () => {
  for (const countMax of [1, 2, 5, 100])
    it(`should do all, ${countMax} at a time`, async () => {
      const [begun, most]: [number[], number[]] = [[], []];
      let open = 0;
      await eachOf([1, 2, 3, 4, 5, 6, 7], countMax, async (item) => {
        begun.push(item);
        most.push(++open);
        await turn();
        open--;
      });
      expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(Math.max(...most)).toBe(Math.min(countMax, 7));
    });

  it('should reject with an error of the work', async () => {
    const failing = eachOf([1, 2], 2, async (item) => {
      if (item === 2) throw new Error('no 2');
    });
    await expect(failing).rejects.toThrow('no 2');
  });
});
