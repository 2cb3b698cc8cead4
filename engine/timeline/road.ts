/**
 * The road of the lost byte: who issued the store that may be lost, frame by frame, each with the step of the series that last
 * changed it. The step at which a promise first breaks is often not the one that broke it: a write-back that step 1 leaves out
 * shows when step 3 first calls the routine.
 */
import type { BrokenBytes, InstructionKind, Timeline, TimelineFrame } from '#base/timeline.ts';
import { lineOrigins, type TreeOfStep } from '../series/line-origins.ts';

/** One frame of the road, innermost first. */
export interface RoadFrame extends TimelineFrame {
  /** The text of the line. */
  readonly text: string;
  /** The step that brought in the line or changed it last; `null`: no step did. */
  readonly step: number | null;
  /** The step that changed anything of the function last, also by taking a line out; `null`: no step did. */
  readonly functionStep: number | null;
}

export interface Road {
  /** Where the lost bytes of one word are: a disk or file, offset of the first and of the last. */
  readonly place: string;
  readonly first: number;
  readonly last: number;
  /** The operation that stored them, and the one that promised them. */
  readonly storedBy: string;
  readonly promisedBy: string;
  /** The instruction that stored them, in the notation of traces. */
  readonly instruction: string;
  readonly frames: readonly RoadFrame[];
  /**
   * The step behind the innermost function of the tree that the series changed: the first to ask. `null` where the road
   * leads through none.
   */
  readonly step: number | null;
  /** How the tree before the step kept the same bytes; only where the road itself leads to no step. */
  readonly keptBy?: KeptBy;
}

/** The instruction that put bytes on their way to memory where they are not lost. */
export interface KeptBy {
  readonly instruction: string;
  /** The operation that it was issued in. */
  readonly operation: string;
  /** Innermost first, as in the tree before the step; steps up to the one that loses the bytes. */
  readonly frames: readonly RoadFrame[];
  /** The frame to look at: the innermost that this step changed, else the innermost that any did. */
  readonly frame: RoadFrame | undefined;
}

/** Frames of one instruction with the step behind each. `chain`: the files of all trees up to the one that ran. */
export function roadFrames(
  timeline: Timeline,
  stack: readonly number[],
  chain: readonly TreeOfStep[],
): RoadFrame[] {
  const origins = new Map<string, readonly (number | null)[]>();
  return stack.flatMap((number) => {
    const frame = timeline.frames[number];
    if (frame === undefined) return [];
    const own = origins.get(frame.file) ?? lineOrigins(chain, frame.file);
    origins.set(frame.file, own);
    const step = own[frame.line - 1] ?? null;
    const text = chain.at(-1)?.files.get(frame.file)?.split('\n')[frame.line - 1]?.trim() ?? '';
    return [{ ...frame, text, step, functionStep: functionStep(chain, frame) ?? step }];
  });
}

/** The road of the first byte of a side that was stored, promised and may be lost; nothing where there is none. */
export function roadOf(timeline: Timeline, side: number, chain: readonly TreeOfStep[]): Road | undefined {
  const found = firstLost(timeline, side);
  const { place, offset } = timeline.words[found?.word ?? -1] ?? {};
  const instruction = timeline.sides[side]?.instructions[found?.writer ?? -1];
  if (found === undefined || place === undefined || offset === undefined || instruction === undefined)
    return undefined;
  const frames = roadFrames(timeline, instruction.stack, chain);
  const step = frames.find((frame) => frame.functionStep !== null)?.functionStep ?? null;
  const lost = { place, offset: offset + found.byte, promise: found.instant - 1 };
  const keptBy = step === null ? keeperOf(timeline, side, lost, chain) : undefined;
  return {
    place,
    first: offset + found.byte,
    last: offset + 31 - Math.clz32(found.bytes),
    storedBy: operationText(timeline, side, found.writer),
    promisedBy: operationText(timeline, side, found.instant - 1),
    instruction: instruction.text,
    frames,
    step,
    ...(keptBy !== undefined && { keptBy }),
  };
}

/** Kinds of instructions after which a fence is enough. */
const KEEPING: ReadonlySet<InstructionKind> = new Set(['clwb', 'clflushopt', 'clflush', 'movnti']);

/** What the other side did last for a byte before the operation that promises it returned. */
function keeperOf(
  timeline: Timeline,
  side: number,
  lost: { readonly place: string; readonly offset: number; readonly promise: number },
  chain: readonly TreeOfStep[],
): KeptBy | undefined {
  const other = timeline.sides.length > 1 ? 1 - side : -1;
  const { instructions = [] } = timeline.sides[other] ?? {};
  const until = timeline.columns.findIndex((column) => column.instructions[side] === lost.promise);
  const reached = timeline.columns
    .slice(0, until + 1)
    .findLast((column) => (column.instructions[other] ?? -1) >= 0);
  const found = instructions
    .slice(0, (reached?.instructions[other] ?? -1) + 1)
    .findLastIndex(({ kind, place, offset = 0, sizeBytes = 0, count = 1 }) => {
      const isThere = lost.offset >= offset && lost.offset < offset + sizeBytes * count;
      return KEEPING.has(kind) && place === lost.place && isThere;
    });
  const instruction = instructions[found];
  if (instruction === undefined) return undefined;
  const frames = roadFrames(timeline, instruction.stack, chain.slice(0, -1)).map((frame) => ({
    ...frame,
    functionStep: functionStep(chain, frame) ?? frame.functionStep,
  }));
  const own = chain.at(-1)?.step;
  return {
    instruction: instruction.text,
    operation: operationText(timeline, other, found),
    frames,
    frame:
      frames.find((frame) => frame.functionStep === own) ??
      frames.find((frame) => frame.functionStep !== null),
  };
}

/** The first byte that was promised and may be lost; one that was never stored where it was promised has no road. */
function firstLost(
  timeline: Timeline,
  side: number,
): (BrokenBytes & { readonly byte: number; readonly writer: number }) | undefined {
  const { broken = [] } = timeline.sides[side] ?? {};
  const sorted = [...broken].sort((left, right) => left.instant - right.instant || left.word - right.word);
  for (const one of sorted) {
    const byte = 31 - Math.clz32(one.bytes & -one.bytes);
    const writer = writerAt(timeline, side, one.instant, one.word, byte);
    if (writer >= 0) return { ...one, byte, writer };
  }
  return undefined;
}

/** The instruction that stored a byte last before an instant. */
function writerAt({ sides }: Timeline, side: number, instant: number, word: number, byte: number): number {
  const changes = (sides[side]?.instants ?? []).slice(0, instant + 1).flatMap(({ words }) => words);
  const by = changes.findLast((change) => change.word === word)?.largestBy ?? -1;
  return typeof by === 'number' ? by : (by[byte] ?? -1);
}

function operationText({ columns, operations }: Timeline, side: number, instruction: number): string {
  const column = columns.find(({ instructions }) => instructions[side] === instruction);
  return operations[column?.operation ?? -1]?.text ?? '';
}

/** The step at which the text of a function changed last, along the chain. */
function functionStep(chain: readonly TreeOfStep[], frame: TimelineFrame): number | null {
  let text: string | undefined;
  let found: number | null = null;
  for (const [index, { step, files }] of chain.entries()) {
    const next = functionText(files.get(frame.file) ?? '', frame.function);
    if (index > 0 && next !== text) found = step;
    text = next;
  }
  return found;
}

/**
 * The lines of the declaration at the margin that names a function: from the line that does up to the next one at the margin,
 * with the brace that closes it. What is formatted otherwise has no text, and is told by its lines alone.
 */
function functionText(file: string, name: string): string | undefined {
  const lines = file.split('\n');
  const start = lines.findIndex((line) => /^[a-zA-Z]/.test(line) && declares(line, name));
  if (start < 0) return undefined;
  let end = start + 1;
  while (end < lines.length && /^(?:\s|\)|$)/.test(lines[end] ?? '')) end++;
  return lines.slice(start, lines[end]?.startsWith('}') === true ? end + 1 : end).join('\n');
}

/** Whether a line declares a function or constant of a name, in the languages that write `NAME(` or `NAME =`. */
function declares(line: string, name: string): boolean {
  if (!/^\w+$/.test(name)) return false;
  return new RegExp(String.raw`\b${name}\b\s*[(<=:]`).test(line) && !/^(?:import|return)\b/.test(line);
}
