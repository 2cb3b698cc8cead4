/** Timelines for tests, as data: made by hand on the machine, without trees. */
import type { Timeline } from '#base/timeline.ts';
import { assembleTimeline } from '#engine/timeline/assemble.ts';
import { persistencySetting, type PersistencySetting, sourceOf } from '#machine/images/crash-images.ts';
import { runSide } from '#machine/timeline/side.ts';
import { BASE, machineAfter } from '../../machine/oracle/sets.ts';

const placeOf = (address: number): { place: string; offset: number } => ({
  place: 'pmem0',
  offset: address - BASE,
});

/** The timeline of one or two traces (`n0:8 S A0`), all of it one operation called `name`. */
export function sampleTimeline(
  traces: readonly string[],
  setting: PersistencySetting = persistencySetting('adr'),
  name = 'it',
): Timeline {
  return assembleTimeline(
    { title: name, operations: [{ text: name, isPromise: false }], frames: [], notes: [] },
    traces.map((trace, side) => {
      const { instructions, instants } = runSide(sourceOf(machineAfter(trace, setting.domain)), setting, {
        placeOf,
        stackOf: () => [],
        hintOf: String,
        hasPlaces: false,
      });
      const operations = instructions.map(() => 0);
      return { name: `side ${side}`, instructions, operations, instants, broken: [], results: [], placeOf };
    }),
  );
}
