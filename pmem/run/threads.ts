/**
 * Scenarios of several CPUs: each thread's operations run on a tree, the records of the threads become one litmus
 * program (`from-records.ts`), and its crash images, a union of boxes over execution graphs (persistency.md 4.5), are
 * compared between before and after. The kernel runs one thread after another, in the order given: what interleaves
 * are the instructions, not the choices of the kernel (dirty tags, locks).
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import { type Relation, relationOf } from '#base/relation.ts';
import { type BoxOutcomes, exploreBoxes } from '#machine/litmus/boxes.ts';
import { type RecordedProgram, programFromRecords } from '#machine/litmus/from-records.ts';
import { type Diagram, imagesOf } from '#machine/litmus/image-union.ts';
import { DEFAULT_MACHINE, type LitmusMachine } from '#machine/litmus/machine-switches.ts';
import type { PowerFailDomain } from '#machine/hardware/machine.ts';
import { EntryKind, type EntryKindValue, InstructionRecord } from '#machine/hardware/record.ts';
import type { DiskMemory, Operation } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { checkWorkload } from '../language/check-workload.ts';
import { DEFAULT_BOOT, formatStep, parseWorkload } from '../language/notation.ts';
import { formatRanges, placeOf } from '../compare/losses.ts';
import type { Boot, Trees } from './run.ts';
import { isPowerFailure, type Workload } from '../language/workload.ts';

/** Images of a union that are listed one by one, at most. */
const IMAGES_MAX = 1 << 16;

/** What must come of one point: how after compares with before, and how many images each has. */
export type PointExpectation = readonly [relation: Relation, before: number, after: number];

export interface ThreadScenario {
  readonly name: string;
  /** Where the expectations come from. */
  readonly source: string;
  readonly shows: string;
  /** The boot line; the usual one when absent. */
  readonly boot?: string;
  /** The operations of each thread, one a line. */
  readonly threads: readonly string[];
  /** By point: `any time`, `thread N operation M` (it has returned, whatever the others do) or `all returned`. */
  readonly expected: Readonly<Record<string, PointExpectation>>;
}

/** The images of each point of one tree, as text: where on which disk which bytes are new. */
export interface ThreadRun {
  readonly recorded: RecordedProgram;
  readonly machine: LitmusMachine;
  readonly memory: readonly DiskMemory[];
  readonly imagesByPoint: ReadonlyMap<string, ReadonlySet<string>>;
  /** The text of the operation that a point follows. */
  readonly textByPoint: ReadonlyMap<string, string>;
}

/** Before and after at one point. */
export interface ThreadPoint {
  readonly point: string;
  /** The operation that has returned, where the point is about one. */
  readonly text: string;
  readonly relation: Relation;
  readonly before: number;
  readonly after: number;
  /** The shortest image that only one side allows. */
  readonly onlyBefore?: string;
  readonly onlyAfter?: string;
}

export interface ThreadScenarioResult {
  readonly scenario: ThreadScenario;
  readonly points: readonly ThreadPoint[];
  /** What was not as the scenario says, in sentences. */
  readonly mismatches: readonly string[];
}

/** Runs each scenario on both sides and holds it to what it says. */
export function runThreadScenarios(
  trees: Trees,
  scenarios: readonly ThreadScenario[],
): ThreadScenarioResult[] {
  return scenarios.map((scenario) => {
    const points = comparePoints(
      runThreads(trees.before, scenario.threads, scenario.boot),
      runThreads(trees.after, scenario.threads, scenario.boot),
    );
    return { scenario, points, mismatches: mismatchesOf(scenario, points) };
  });
}

/**
 * Runs the threads on one tree. Throws `RangeError` for what the boxes engine or a litmus program cannot hold: no ADR,
 * more than 30 instructions of a thread that matter, stores that overlap in part.
 */
export function runThreads(
  boot: Boot,
  threads: readonly string[],
  bootLine: string = DEFAULT_BOOT,
): ThreadRun {
  const workloads = threads.map((text) => parseWorkload(`${bootLine}\n${text}`));
  for (const workload of workloads) checkWorkload(workload);
  const { boot: configuration } = parseWorkload([bootLine, ...threads].join('\n'));
  const subsystem = boot(configuration);
  const parts = performThreads(subsystem, workloads);
  const recorded = programFromRecords(
    parts.map(({ record }) => record),
    (address) => subsystem.machine.memory.rangeOf(address, 1).kind === 'persistent',
  );
  const machine: LitmusMachine = { ...DEFAULT_MACHINE, domain: LITMUS_DOMAINS[configuration.domain] };
  const outcomes = exploreBoxes(recorded.program, { machine });
  const points = pointsOf(parts, listImages(outcomes, recorded, subsystem.memory));
  return {
    recorded,
    machine,
    memory: subsystem.memory,
    imagesByPoint: new Map(points.map(({ point, images }) => [point, images])),
    textByPoint: new Map(points.map(({ point, text }) => [point, text])),
  };
}

/** What one thread did, and its part of the record. */
interface ThreadPart {
  /** `index` counts over all threads: acknowledgements carry it. */
  readonly operations: readonly { readonly text: string; readonly index: number }[];
  readonly record: InstructionRecord;
}

function performThreads(subsystem: Subsystem, workloads: readonly Workload[]): ThreadPart[] {
  const { record } = subsystem.machine;
  let operationCount = 0;
  return workloads.map((workload) => {
    const from = record.length;
    const operations = operationsOf(workload).map((operation) => {
      const index = operationCount++;
      subsystem.perform(operation, index);
      return { text: formatStep(operation), index };
    });
    return { operations, record: partOf(record, from, record.length) };
  });
}

interface PointImages {
  readonly point: string;
  readonly text: string;
  readonly images: ReadonlySet<string>;
}

function pointsOf(parts: readonly ThreadPart[], listed: readonly ListedImages[]): PointImages[] {
  const returned = parts.flatMap(({ operations }, thread) =>
    operations.map(({ text, index }, position) => ({
      point: `thread ${thread + 1} operation ${position + 1}`,
      text,
      images: unionOf(listed, (acknowledged) => (acknowledged[thread] ?? 0) > index),
    })),
  );
  const lastIndexes = parts.map(({ operations }) => operations.at(-1)?.index ?? -1);
  const all = unionOf(listed, (acknowledged) =>
    lastIndexes.every((index, thread) => (acknowledged[thread] ?? 0) > index),
  );
  return [
    { point: 'any time', text: '', images: unionOf(listed, () => true) },
    ...returned,
    { point: 'all returned', text: '', images: all },
  ];
}

const LITMUS_DOMAINS: Readonly<Record<PowerFailDomain, LitmusMachine['domain']>> = {
  none: 'no-ADR',
  adr: 'ADR',
  eadr: 'eADR',
};

function operationsOf({ steps }: Workload): Operation[] {
  return steps.map(({ operation }) => {
    if (isPowerFailure(operation)) throw new RangeError('a thread has no power failure of its own');
    return operation;
  });
}

/** The entries `[from, to)` as a record of their own. */
function partOf(record: InstructionRecord, from: number, to: number): InstructionRecord {
  const part = new InstructionRecord();
  for (let entry = from; entry < to; entry++) {
    const kind = (record.kinds[entry] ?? 0) as EntryKindValue;
    const address = record.addresses[entry] ?? 0;
    const unit = record.unitSizes[entry] ?? 0;
    const count = record.counts[entry] ?? 0;
    if (!STORES.has(kind)) {
      part.append(kind, address, unit, count);
      continue;
    }
    const start = record.dataPositions[entry] ?? 0;
    part.appendStore(kind, address, unit, count, record.data.slice(start, start + unit * count));
  }
  return part;
}

const STORES: ReadonlySet<EntryKindValue> = new Set([
  EntryKind.storeCached,
  EntryKind.storeString,
  EntryKind.storeNonTemporal,
  EntryKind.lockedStore,
]);

// ---- images as text, which two trees with different instructions have in common

/** Images that may be left while each thread's last acknowledgement is the one given (operation + 1; 0 is none). */
interface ListedImages {
  readonly acknowledged: readonly number[];
  readonly images: readonly string[];
}

function listImages(
  outcomes: BoxOutcomes,
  recorded: RecordedProgram,
  memory: readonly DiskMemory[],
): ListedImages[] {
  return [...outcomes.byVolatile].map(([key, union]) => {
    const values = key.split(',').map(Number);
    return {
      acknowledged: recorded.program.threads.map(
        (_, thread) => values[outcomes.volatileWords.indexOf(`ack${thread}`)] ?? 0,
      ),
      images: textsOf(union, outcomes.lines.length, recorded, memory),
    };
  });
}

function textsOf(
  union: Diagram,
  lineCount: number,
  recorded: RecordedProgram,
  memory: readonly DiskMemory[],
): string[] {
  if (union.count > BigInt(IMAGES_MAX))
    throw new TooManyImagesError(`${union.count} images are too many to list: shorten the threads`);
  return [...imagesOf(union, lineCount)].map((contents) =>
    imageText(contents.flatMap((content) => content.split(',')).map(Number), recorded, memory),
  );
}

/** What an image holds that was stored, e.g. `pmem0:8-15=0102030405060708`; `nothing new` when it holds none of it. */
export function imageText(
  values: readonly number[],
  { pieces }: RecordedProgram,
  memory: readonly DiskMemory[],
): string {
  const kept = values
    .flatMap((value) => pieces[value - 1] ?? [])
    .sort((left, right) => left.address - right.address)
    .map(({ address, bytes }) => {
      const { disk, offset } = placeOf(address, memory);
      const place = formatRanges([{ disk, start: offset, end: offset + bytes.length }]);
      return `${place}=${Buffer.from(bytes).toString('hex')}`;
    });
  return kept.length === 0 ? 'nothing new' : kept.join(' ');
}

function unionOf(
  listed: readonly ListedImages[],
  isAt: (acknowledged: readonly number[]) => boolean,
): ReadonlySet<string> {
  return new Set(listed.flatMap(({ acknowledged, images }) => (isAt(acknowledged) ? images : [])));
}

// ---- comparison

/** Compares two runs of the same threads, point by point. */
export function comparePoints(before: ThreadRun, after: ThreadRun): ThreadPoint[] {
  return [...before.imagesByPoint].map(([point, left]) => {
    const right = after.imagesByPoint.get(point) ?? new Set<string>();
    const onlyBefore = shortestOutside(left, right);
    const onlyAfter = shortestOutside(right, left);
    return {
      point,
      text: before.textByPoint.get(point) ?? '',
      relation: relationOf(onlyBefore !== undefined, onlyAfter !== undefined),
      before: left.size,
      after: right.size,
      ...(onlyBefore === undefined ? {} : { onlyBefore }),
      ...(onlyAfter === undefined ? {} : { onlyAfter }),
    };
  });
}

function shortestOutside(inner: ReadonlySet<string>, outer: ReadonlySet<string>): string | undefined {
  return [...inner]
    .filter((image) => !outer.has(image))
    .sort((left, right) => left.length - right.length || (left < right ? -1 : 1))[0];
}

function mismatchesOf({ expected }: ThreadScenario, points: readonly ThreadPoint[]): string[] {
  return Object.entries(expected).flatMap(([name, expectation]) => {
    const point = points.find((candidate) => candidate.point === name);
    const found = point === undefined ? 'no such point' : countsText(point);
    const [relation, before, after] = expectation;
    const wanted = countsText({ relation, before, after });
    return found === wanted ? [] : [`${name}: expected ${wanted}, found ${found}`];
  });
}

/** Relation and numbers of images in words. */
export const countsText = ({
  relation,
  before,
  after,
}: Pick<ThreadPoint, 'relation' | 'before' | 'after'>): string => `${relation}, ${before} -> ${after} images`;
