import { assert, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '#review/timeline/pack.ts';
import { anyProgram, anySetting } from '../../machine/oracle/programs.ts';
import { sampleTimeline } from './sample.ts';

/** As it is after it has been in a page. */
const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

describe('a packed timeline', () => {
  it('should be unpacked to what it was', () => {
    const programs = tuple(anyProgram(8), anyProgram(8));
    const holds = property(programs, anySetting, (traces, setting) => {
      const timeline = sampleTimeline(traces, setting);
      expect(unpack(throughJson(pack(timeline)))).toEqual(throughJson(timeline));
    });
    assert(holds, { seed: 5, numRuns: 200 });
  });

  it('should keep names, threads, stacks, notes and what was promised', () => {
    const sample = sampleTimeline(['c0 W0 S A0']);
    const [side] = sample.sides;
    if (side === undefined) throw new Error('no side');
    const timeline = {
      ...sample,
      words: sample.words.map((word) => ({ ...word, name: 'x' })),
      frames: [{ file: 'a.ts', line: 3, function: 'f' }],
      notes: ['a note'],
      sides: [
        {
          ...side,
          instructions: side.instructions.map((one) => ({ ...one, thread: 1, stack: [0], name: 'x' })),
          broken: [{ instant: 4, word: 0, bytes: 3 }],
          results: ['0'],
        },
      ],
    };
    expect(unpack(throughJson(pack(timeline)))).toEqual(timeline);
  });

  it('should take half the room or less', () => {
    const timeline = sampleTimeline(['n0:8*64 S A0', 'n0:8*64 S A0']);
    expect(JSON.stringify(pack(timeline)).length).toBeLessThan(JSON.stringify(timeline).length / 2);
  });
});
