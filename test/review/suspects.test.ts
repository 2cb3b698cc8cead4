/** Which steps a failure may come from. */
import { describe, expect, it } from 'vitest';
import type { Failure } from '#engine/failure.ts';
import { stepsBehind } from '#review/suspects.ts';

type Given = Pick<Failure, 'road' | 'origin'>;

const frame = (functionStep: number | null): NonNullable<Given['road']>['frames'][number] => {
  return { file: 'a.ts', line: 1, function: 'a', text: '', step: null, functionStep };
};

const road = (step: number | null, keptByStep?: number): NonNullable<Given['road']> => ({
  place: 'pmem0',
  first: 0,
  last: 0,
  storedBy: 'write',
  promisedBy: 'fsync',
  instruction: 'c0:1',
  frames: [],
  step,
  ...(keptByStep !== undefined && {
    keptBy: { instruction: 'W0', operation: 'fsync', frames: [], frame: frame(keptByStep) },
  }),
});

const origin = (cameInAt: number | null): NonNullable<Given['origin']> => {
  return { cameInAt, reachableAt: 6, suspects: [] };
};

describe('the steps behind a failure', () => {
  it('should be the one that changed the road of the lost byte, whatever fits besides', () => {
    expect(stepsBehind({ road: road(1), origin: origin(3) })).toEqual([1]);
  });

  it('should be the one that changed what kept the byte, and the one whose lines fit', () => {
    expect(stepsBehind({ road: road(null, 6), origin: origin(5) })).toEqual([6, 5]);
    expect(stepsBehind({ road: road(null, 6), origin: origin(6) })).toEqual([6]);
  });

  it('should be none where all of it was there before the series', () => {
    expect(stepsBehind({ road: road(null), origin: origin(0) })).toEqual([]);
    expect(stepsBehind({ origin: origin(null) })).toEqual([]);
    expect(stepsBehind({})).toEqual([]);
  });
});
