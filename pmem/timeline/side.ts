/** One run of a workload as a side of a timeline: its lives one after another, with a power failure between two. */
import type { BrokenBytes, TimelineInstant, TimelineInstruction, WordChange } from '#base/timeline.ts';
import type { SideParts } from '#engine/timeline/assemble.ts';
import { initialWord } from '#machine/images/image-set.ts';
import { sourceOf } from '#machine/images/crash-images.ts';
import { LINE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { runSide, type RunSide } from '#machine/timeline/side.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { placeOf } from '../compare/losses.ts';
import { formatStep } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import type { RefusedAt } from '../promise/finding.ts';
import { judgePromise } from '../promise/promise.ts';
import type { Life, Run } from '../run/run.ts';
import { hintName } from '../run/events.ts';
import type { StackRecorder } from './stacks.ts';

/** The operations of a timeline: each life begins with its boot, each step has a place. */
export class Slots {
  /** Text and step (-1 for a boot) of each. */
  readonly list: { readonly text: string; readonly step: number }[] = [];
  readonly #boots: number[] = [];
  readonly #steps = new Map<number, number>();

  constructor({ steps }: Workload) {
    this.#boots.push(this.list.push({ text: 'boot', step: -1 }) - 1);
    for (const [step, { operation }] of steps.entries()) {
      this.#steps.set(step, this.list.push({ text: formatStep(operation), step }) - 1);
      if (operation.kind === 'crash') this.#boots.push(this.list.push({ text: 'boot', step: -1 }) - 1);
    }
  }

  bootOf(life: number): number {
    return this.#boots[life] ?? 0;
  }

  ofStep(step: number): number {
    return this.#steps.get(step) ?? 0;
  }

  /** The power failure that ends a life. */
  failureAfter(life: number): number {
    return this.bootOf(life + 1) - 1;
  }
}

/** What is kept of a side while its lives are joined. */
interface Joined {
  readonly instructions: TimelineInstruction[];
  readonly operations: number[];
  readonly instants: TimelineInstant[];
  /** Where the instructions of each life begin. */
  readonly starts: number[];
  /** For each life the number of instructions before the end of each of its record's entries. */
  readonly ends: Map<number, number>[];
  notes: Set<string>;
}

/** A run that becomes a side. */
export interface NotedRun {
  readonly name: string;
  readonly run: Run;
  readonly stacks: StackRecorder;
  /** Bytes that it promised and may lose. */
  readonly refused: readonly RefusedAt[];
}

/** What sides of one timeline share. */
export interface SideOptions {
  readonly slots: Slots;
  /** Addresses of the lines that are shown; all where it is absent. */
  readonly lines: ReadonlySet<number> | undefined;
  /** Gets what a reader must know. */
  readonly notes: Set<string>;
}

/** The side of a run. */
export function sideOfRun(noted: NotedRun, options: SideOptions): SideParts {
  const { name, run } = noted;
  const { slots, lines, notes } = options;
  const joined: Joined = { instructions: [], operations: [], instants: [], starts: [], ends: [], notes };
  for (const [index, life] of run.lives.entries()) addLife(joined, noted, life, index, options);
  const memory = run.lives[0]?.subsystem.memory ?? [];
  return {
    name,
    instructions: joined.instructions,
    operations: joined.operations,
    instants: joined.instants,
    broken: brokenBytes(noted, joined, lines),
    results: resultsOf(run, slots),
    placeOf: (address) => namedPlace(address, memory),
  };
}

const namedPlace = (
  address: number,
  memory: Parameters<typeof placeOf>[1],
): { place: string; offset: number } => {
  const { disk, offset } = placeOf(address, memory);
  return { place: disk, offset };
};

function addLife(
  joined: Joined,
  { run, stacks }: NotedRun,
  life: Life,
  index: number,
  { slots, lines }: SideOptions,
): void {
  const { machine, memory } = life.subsystem;
  const names = {
    placeOf: (address: number) => namedPlace(address, memory),
    stackOf: (entry: number) => stacks.stackOf(machine.record, entry),
    hintOf: (address: number) => hintName(machine.configuration, address),
    hasPlaces: memory.length > 1,
  };
  const shown = { from: 0, to: machine.record.length, lines };
  const side = runSide(sourceOf(machine), life.history.order.setting, names, shown);
  if (side.isMerged) joined.notes.add(MERGED);
  if (side.isShortened) joined.notes.add(SHORTENED);
  if (index > 0) failPower(joined, life, slots.failureAfter(index - 1));
  const start = joined.instructions.length;
  joined.starts.push(start);
  joined.instructions.push(...side.instructions);
  joined.operations.push(...operationsOf(side, run, index, slots));
  const shifted = side.instants.map((instant) => withShift(instant, start));
  joined.instants.push(...(index === 0 ? shifted : shifted.slice(1)));
  joined.ends.push(new Map(side.entries.map((entry, unit) => [entry, start + unit + 1])));
}

const MERGED =
  'The run is long: equal instructions at consecutive places are shown as one, and no instant between them.';
const SHORTENED = 'The run is long: what words may hold together is listed for its beginning only.';

/** The operation that each instruction of a life belongs to. */
function operationsOf(side: RunSide, run: Run, life: number, slots: Slots): number[] {
  const outcomes = run.outcomes.filter((outcome) => outcome.life === life);
  let next = 0;
  return side.entries.map((entry) => {
    while (entry >= (outcomes[next]?.entries.to ?? Infinity)) next++;
    const outcome = outcomes[next];
    return outcome === undefined || entry < outcome.entries.from
      ? slots.bootOf(life)
      : slots.ofStep(outcome.index);
  });
}

/** The next life begins with what the power failure left: nothing is undecided. */
function failPower(joined: Joined, life: Life, operation: number): void {
  const { initialMedia } = life.subsystem.machine.memory;
  const seen = new Set(joined.instants.flatMap(({ words }) => words.map(({ word }) => word)));
  const lines = new Map(
    joined.instants
      .flatMap((instant) => instant.lines ?? [])
      .map((line) => [`${line.place} ${line.offset}`, line]),
  );
  joined.instructions.push({ kind: 'power failure', text: 'power failure', stack: [] });
  joined.operations.push(operation);
  joined.instants.push({
    images: '1',
    words: [...seen].map((word): WordChange => {
      const content = Buffer.from(initialWord(initialMedia, word)).toString('hex');
      return {
        word,
        uncertain: 0,
        inFlight: 0,
        smallest: content,
        largest: content,
        smallestBy: -1,
        largestBy: -1,
      };
    }),
    lines: [...lines.values()].map(({ place, offset }) => ({ place, offset, choices: [] })),
  });
}

/** The instant with writers counted from the first life on. */
function withShift(instant: TimelineInstant, start: number): TimelineInstant {
  if (start === 0) return instant;
  const shift = (by: WordChange['largestBy']): WordChange['largestBy'] =>
    typeof by === 'number' ? (by < 0 ? by : by + start) : by.map((one) => (one < 0 ? one : one + start));
  return {
    ...instant,
    words: instant.words.map((word) => ({
      ...word,
      smallestBy: shift(word.smallestBy),
      largestBy: shift(word.largestBy),
    })),
  };
}

/** The bytes that operations promised and that may be lost, from their return on. */
function brokenBytes(
  { run, refused }: NotedRun,
  { ends }: Joined,
  lines: ReadonlySet<number> | undefined,
): BrokenBytes[] {
  const found = new Map<string, { instant: number; word: number; bytes: number }>();
  for (const { index, address } of refused) {
    const outcome = run.outcomes.find((one) => one.index === index);
    if (outcome === undefined || lines?.has(roundDown(address, LINE_SIZE_BYTES)) === false) continue;
    const instant = ends[outcome.life]?.get(outcome.entries.to - 1) ?? 0;
    const word = roundDown(address, WORD_SIZE_BYTES);
    const known = found.get(`${instant} ${word}`) ?? { instant, word, bytes: 0 };
    found.set(`${instant} ${word}`, { ...known, bytes: known.bytes | (1 << (address - word)) });
  }
  return [...found.values()];
}

/** Rules about what may be left once an operation has returned. */
const AT_RETURN: ReadonlySet<string> = new Set(['lost', 'wrong', 'synchronous']);

/** The bytes of memory that operations of a run promised when they returned, and that may be lost. */
export function refusedBytes(workload: Workload, run: Run): RefusedAt[] {
  const refused: RefusedAt[] = [];
  judgePromise(workload, run, undefined, (byte) => {
    if (AT_RETURN.has(byte.rule)) refused.push(byte);
  });
  return refused;
}

function resultsOf(run: Run, slots: Slots): string[] {
  const results = slots.list.map(() => '');
  for (const { index, result } of run.outcomes) results[slots.ofStep(index)] = describeResult(result);
  return results;
}
