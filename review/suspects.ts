/** Which steps a failure may come from: what the road of the lost byte and the lines that fit best say together. */
import type { Failure } from '#engine/failure.ts';

/** Their numbers, the likeliest first; none where nothing points at one. */
export function stepsBehind({ road, origin }: Pick<Failure, 'road' | 'origin'>): number[] {
  const found =
    typeof road?.step === 'number' ? [road.step] : [road?.keptBy?.frame?.functionStep, origin?.cameInAt];
  return [...new Set(found)].filter((step): step is number => typeof step === 'number' && step > 0);
}
