/** The persistence timeline of one workload on two trees. */
import type { Timeline } from '#base/timeline.ts';
import { assembleTimeline, type SideParts } from '#engine/timeline/assemble.ts';
import { LINE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import { undecidedLines } from '#machine/order/open-lines.ts';
import { LINES_MAX, shownLines, storedLines } from '#machine/timeline/lines.ts';
import { formatWorkload } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import { promisesOf } from '../promise/promise.ts';
import type { Tree } from '#engine/subject.ts';
import { loadBoot } from '../load-tree.ts';
import { type AnalysisChoices, runWorkload } from '../run/run.ts';
import { type NotedRun, refusedBytes, sideOfRun, Slots } from './side.ts';
import { Frames, StackRecorder, type TreeScript } from './stacks.ts';

/** A tree that can be booted, and where its source lies. */
export interface TimelineTree {
  /** What the side is called. */
  readonly name: string;
  readonly script: TreeScript;
}

/** Loads a tree in such a way that the places of its instructions can be told. */
export async function timelineTree({ name, folder }: Pick<Tree, 'name' | 'folder'>): Promise<TimelineTree> {
  return { name, script: { ...(await loadBoot(folder, { withKernel: true })), folder } };
}

/** Runs `workload` on one or two trees, noting who issues each instruction, and asks for every instant. */
export function timelineOf(
  trees: readonly TimelineTree[],
  workload: Workload,
  choices: AnalysisChoices = {},
): Timeline {
  const frames = new Frames();
  const notes = new Set<string>();
  const slots = new Slots(workload);
  const runs = trees.map(({ name, script }): NotedRun => {
    const { boot } = script.exports;
    const stacks = new StackRecorder(script, frames);
    const noted: Workload = { ...workload, boot: { ...workload.boot, onInstruction: stacks.note } };
    const run = runWorkload(boot, noted, choices);
    return { name, run, stacks, refused: refusedBytes(workload, run) };
  });
  const lines = linesToShow(runs);
  if (lines !== undefined) notes.add(LINES);
  const sides = runs.map((run) => sideOfRun(run, { slots, lines, notes }));
  const promises = promisesOf(workload);
  if (workload.steps.some(({ operation }) => operation.kind === 'crash inside')) notes.add(INSIDE);
  const operations = slots.list.map(({ text, step }) => ({ text, isPromise: promises[step] === true }));
  const used = new Set(sides.flatMap((side) => side.operations));
  const kept = operations.map(({ text }, slot) => text !== 'boot' || used.has(slot));
  return assembleTimeline(
    {
      title: formatWorkload(workload),
      operations: operations.filter((_, slot) => kept[slot]),
      frames: frames.list,
      notes: [...notes],
    },
    sides.map((side) => withoutSlots(side, kept)),
  );
}

const INSIDE =
  'The run ends where the power fails inside an operation: the ways it may go on from there are no one run.';

const LINES = `The run stores to many lines: ${LINES_MAX} of them are shown, first those that may be lost, and images are not counted.`;

/** The lines to show where there are many: those with lost bytes of a promise, those that are undecided in the end, the ends. */
function linesToShow(runs: readonly NotedRun[]): ReadonlySet<number> | undefined {
  const lives = runs.flatMap(({ run }) => run.lives);
  const all = new Set(lives.flatMap(({ subsystem }) => [...storedLines(subsystem.machine.record)]));
  if (all.size <= LINES_MAX) return undefined;
  const refused = runs.flatMap((run) =>
    run.refused.map(({ address }) => roundDown(address, LINE_SIZE_BYTES)),
  );
  const undecided = lives.flatMap(({ history }) => {
    const last = history.acknowledgements.length - 1;
    return last < 0 ? [] : [...undecidedLines(history.acked(last).openLines)];
  });
  return shownLines(all, [...refused, ...undecided]);
}

/** The side without operations that no instruction belongs to: boots that store nothing. */
function withoutSlots(side: SideParts, kept: readonly boolean[]): SideParts {
  const numbers: number[] = [];
  let next = 0;
  for (const isKept of kept) numbers.push(isKept ? next++ : -1);
  return {
    ...side,
    operations: side.operations.map((slot) => numbers[slot] ?? 0),
    results: side.results.filter((_, slot) => kept[slot]),
  };
}
