/** A timeline packed for a page, and unpacked there: the same data, with nothing said twice. */
import type {
  BrokenBytes,
  InstructionKind,
  Timeline,
  TimelineColumn,
  TimelineInstant,
  TimelineInstruction,
  TimelineSide,
  TimelineWord,
  WordChange,
  WordChoice,
} from '#base/timeline.ts';

type By = number | readonly number[];
type PackedWord = readonly [
  word: number,
  uncertain: number,
  inFlight: number,
  smallest: string,
  largest: string | 0,
  smallestBy: By,
  largestBy: By,
];
type PackedChoice = readonly [
  words: readonly number[],
  contents: readonly string[],
  count: number,
  levels?: WordChoice['levels'],
];
type PackedLine = readonly [place: string, offset: number, choices: readonly PackedChoice[]];
type PackedInstant = readonly [
  images: string | null,
  words: readonly PackedWord[],
  lines?: readonly PackedLine[],
];
type PackedInstruction = readonly [
  kind: InstructionKind,
  text: string,
  stack: number,
  place?: string | null | undefined,
  offset?: number | null | undefined,
  sizeBytes?: number | null | undefined,
  bytes?: string | 0,
  count?: number,
  thread?: number | null | undefined,
  name?: string | null | undefined,
];

interface PackedSide {
  readonly name: string;
  readonly stacks: readonly (readonly number[])[];
  readonly instructions: readonly PackedInstruction[];
  readonly instants: readonly PackedInstant[];
  readonly broken: readonly (readonly [instant: number, word: number, bytes: number])[];
  readonly results: readonly string[];
}

export interface PackedTimeline extends Omit<Timeline, 'columns' | 'words' | 'sides' | 'frames'> {
  /** For each operation the columns in a row: how many, and which sides have an instruction there, as bits. */
  readonly columns: readonly (readonly number[])[];
  readonly words: readonly (readonly [
    place: string,
    offsets: readonly number[],
    names?: readonly (string | null)[],
  ])[];
  readonly frames: readonly (readonly [file: string, line: number, name: string])[];
  readonly sides: readonly PackedSide[];
}

/** Packs a timeline. */
export function pack(timeline: Timeline): PackedTimeline {
  const words: [string, number[], (string | null)[]?][] = [];
  const isNamed = timeline.words.some(({ name }) => name !== undefined);
  for (const { place, offset, name } of timeline.words) {
    if (words.at(-1)?.[0] !== place) words.push(isNamed ? [place, [], []] : [place, []]);
    const last = words.at(-1);
    last?.[1].push(offset);
    last?.[2]?.push(name ?? null);
  }
  return {
    ...timeline,
    columns: timeline.operations.map((_, operation) => runsOf(timeline.columns, operation)),
    words,
    frames: timeline.frames.map((frame) => [frame.file, frame.line, frame.function]),
    sides: timeline.sides.map(packSide),
  };
}

/** What `pack` was given. */
export function unpack(packed: PackedTimeline): Timeline {
  const next = packed.sides.map(() => 0);
  const columns = packed.columns.flatMap((runs, operation) => columnsOf(runs, operation, next));
  return {
    ...packed,
    columns,
    words: packed.words.flatMap(([place, offsets, names]) =>
      offsets.map((offset, index): TimelineWord => {
        const name = names?.[index];
        return { place, offset, ...(typeof name === 'string' && { name }) };
      }),
    ),
    frames: packed.frames.map(([file, line, name]) => ({ file, line, function: name })),
    sides: packed.sides.map(unpackSide),
  };
}

/** Pairs of a count and the sides, as bits, that have an instruction in as many columns. */
function runsOf(columns: readonly TimelineColumn[], operation: number): number[] {
  const runs: number[] = [];
  for (const column of columns) {
    if (column.operation !== operation) continue;
    const bits = column.instructions.reduce((sum, index, side) => (index < 0 ? sum : sum | (1 << side)), 0);
    if (runs.at(-1) === bits) runs[runs.length - 2] = (runs[runs.length - 2] ?? 0) + 1;
    else runs.push(1, bits);
  }
  return runs;
}

function columnsOf(runs: readonly number[], operation: number, next: number[]): TimelineColumn[] {
  const columns: TimelineColumn[] = [];
  for (let at = 0; at < runs.length; at += 2)
    for (let count = runs[at] ?? 0; count > 0; count--)
      columns.push({
        operation,
        instructions: next.map((index, side) => {
          if (((runs[at + 1] ?? 0) & (1 << side)) === 0) return -1;
          next[side] = index + 1;
          return index;
        }),
      });
  return columns;
}

function packSide({ name, instructions, instants, broken, results }: TimelineSide): PackedSide {
  const stacks = new Map<string, number>();
  const numberOf = (stack: readonly number[]): number => {
    const key = stack.join();
    const known = stacks.get(key) ?? stacks.size;
    stacks.set(key, known);
    return known;
  };
  const packed = instructions.map(
    ({ kind, text, stack, place, offset, sizeBytes, bytes, count, thread, name }): PackedInstruction =>
      place === undefined && thread === undefined
        ? [kind, text, numberOf(stack)]
        : [kind, text, numberOf(stack), place, offset, sizeBytes, bytes ?? 0, count ?? 1, thread, name],
  );
  return {
    name,
    stacks: [...stacks.keys()].map((key) => (key === '' ? [] : key.split(',').map(Number))),
    instructions: packed,
    instants: instants.map(packInstant),
    broken: broken.map(({ instant, word, bytes }) => [instant, word, bytes]),
    results,
  };
}

function packInstant({ images, words, lines }: TimelineInstant): PackedInstant {
  const changes = words.map((change): PackedWord => {
    const { word, uncertain, inFlight, smallest, largest, smallestBy, largestBy } = change;
    return [word, uncertain, inFlight, smallest, largest === smallest ? 0 : largest, smallestBy, largestBy];
  });
  if (lines === undefined) return [images, changes];
  return [
    images,
    changes,
    lines.map(({ place, offset, choices }): PackedLine => [
      place,
      offset,
      choices.map(({ words: own, contents, count, levels }): PackedChoice =>
        levels === undefined ? [own, contents, count] : [own, contents, count, levels],
      ),
    ]),
  ];
}

function unpackSide({ name, stacks, instructions, instants, broken, results }: PackedSide): TimelineSide {
  return {
    name,
    instructions: instructions.map(
      ([
        kind,
        text,
        stack,
        place,
        offset,
        sizeBytes,
        bytes = 0,
        count = 1,
        thread,
        name,
      ]): TimelineInstruction => ({
        kind,
        text,
        stack: stacks[stack] ?? [],
        // A page's JSON has null for what is not there.
        ...(place !== undefined &&
          place !== null && { place, offset: offset ?? 0, sizeBytes: sizeBytes ?? 0 }),
        ...(bytes !== 0 && { bytes }),
        ...(count !== 1 && { count }),
        ...(thread !== undefined && thread !== null && { thread }),
        ...(typeof name === 'string' && { name }),
      }),
    ),
    instants: instants.map(unpackInstant),
    broken: broken.map(([instant, word, bytes]): BrokenBytes => ({ instant, word, bytes })),
    results,
  };
}

function unpackInstant([images, words, lines]: PackedInstant): TimelineInstant {
  return {
    images,
    words: words.map(([word, uncertain, inFlight, smallest, largest, smallestBy, largestBy]): WordChange => ({
      word,
      uncertain,
      inFlight,
      smallest,
      largest: largest === 0 ? smallest : largest,
      smallestBy,
      largestBy,
    })),
    ...(lines !== undefined && {
      lines: lines.map(([place, offset, choices]) => ({
        place,
        offset,
        choices: choices.map(([own, contents, count, levels]): WordChoice => ({
          words: own,
          contents,
          count,
          ...(levels !== undefined && { levels }),
        })),
      })),
    }),
  };
}
