/** What a persistence timeline costs: every instant of 10,000 instructions over 2,000 words, and the page that shows both sides. */
import { powerOn } from '#machine/hardware/machine.ts';
import { runTrace } from '#machine/hardware/trace-notation.ts';
import { persistencySetting, sourceOf } from '#machine/images/crash-images.ts';
import { runSide } from '#machine/timeline/side.ts';
import { assembleTimeline, type SideParts } from '#engine/timeline/assemble.ts';
import { timelineAssets } from '#review/timeline/assets.ts';
import { renderTimeline } from '#review/timeline/render.ts';
import { formatSeconds } from './report.ts';

const TRACES: readonly (readonly [name: string, trace: string])[] = [
  ['non-temporal, a fence at the end', `${'n0:8*2000 '.repeat(5)}S A0`],
  ['cached, written back and fenced', `${'c0:8*2000 W0*250 S '.repeat(4)}A0`],
];

export async function benchTimeline(): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, trace] of TRACES) {
    const start = performance.now();
    const side = sideOf(name, trace);
    const seconds = (performance.now() - start) / 1000;
    const parts = { title: name, operations: [{ text: name, isPromise: false }], frames: [], notes: [] };
    const timeline = assembleTimeline(parts, [side, side]);
    timelineAssets();
    const rendering = performance.now();
    const { length } = renderTimeline(timeline, 't').text;
    const drawing = (performance.now() - rendering) / 1000;
    lines.push(
      `${name}: ${side.instructions.length} instructions, ${timeline.words.length} words: ${formatSeconds(seconds)} a side, ` +
        `page ${formatSeconds(drawing)}, ${(length / 2 ** 20).toFixed(1)} MiB`,
    );
  }
  return lines;
}

const placeOf = (address: number): { place: string; offset: number } => ({ place: 'pmem0', offset: address });

function sideOf(name: string, trace: string): SideParts {
  const range = { name: 'pmem0', start: 0, sizeBytes: 1 << 20, kind: 'persistent' as const, modules: [] };
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [range],
    flushHints: [],
  });
  runTrace(machine.cpu, trace);
  const names = { placeOf, stackOf: () => [], hintOf: String, hasPlaces: false };
  const { instructions, instants } = runSide(sourceOf(machine), persistencySetting('adr'), names);
  const operations = instructions.map(() => 0);
  return { name, instructions, operations, instants, broken: [], results: [], placeOf };
}
