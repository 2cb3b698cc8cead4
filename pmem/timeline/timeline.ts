/** The persistence timeline of one workload on two trees. */
import type { Timeline } from '#base/timeline.ts';
import { assembleTimeline, type SideParts } from '#engine/timeline/assemble.ts';
import { formatWorkload } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import { promisesOf } from '../promise/promise.ts';
import type { Tree } from '#engine/subject.ts';
import { loadBoot } from '../load-tree.ts';
import { type AnalysisChoices, runWorkload } from '../run/run.ts';
import { sideOfRun, Slots } from './side.ts';
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
  const sides = trees.map(({ name, script }) => {
    const { boot } = script.exports;
    const stacks = new StackRecorder(script, frames);
    const noted: Workload = { ...workload, boot: { ...workload.boot, onInstruction: stacks.note } };
    return sideOfRun(name, workload, runWorkload(boot, noted, choices), slots, stacks, notes);
  });
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
