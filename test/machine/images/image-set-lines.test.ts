import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CrashHistory, crashHistory, type ImageSet } from '#machine/images/crash-images.ts';
import { walkLines } from '#machine/images/image-set-lines.ts';
import { anyProgram, anySetting } from '../oracle/programs.ts';
import { machineAfter } from '../oracle/sets.ts';

function lastAcked(history: CrashHistory): ImageSet {
  return history.acked(history.acknowledgements.length - 1);
}

describe('a walk over the lines of two sets', () => {
  it('says whether the words agree that are undecided in neither', () => {
    const seen = { true: 0, false: 0 };
    const program = anyProgram(8, 'repeating');
    const agrees = property(program, program, anySetting, (one, other, setting) => {
      const set = (trace: string): ImageSet =>
        lastAcked(crashHistory(machineAfter(trace, setting.domain), setting));
      const [left, right] = [set(one), set(other)];
      const words = [left, right].flatMap((set) =>
        set.touchedWords().map((word) => set.view.order.pieces.addressOfWord(word)),
      );
      const areEqual = words
        .filter((address) => !left.isOpen(address) && !right.isOpen(address))
        .every((address) => left.requiredContent(address).join() === right.requiredContent(address).join());
      expect(walkLines(left, right, [], true).decided.areEqual).toBe(areEqual);
      seen[`${areEqual}`]++;
    });
    assert(agrees, { seed: 2, numRuns: 1000 });
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(100);
  });
});
