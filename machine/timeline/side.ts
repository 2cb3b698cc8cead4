/** One run as a side of a timeline: its instructions and instants as plain data. */
import type {
  InstructionKind,
  TimelineInstant,
  TimelineInstruction,
  WordChange,
  TimelineWord,
} from '#base/timeline.ts';
import { EntryKind } from '../hardware/record.ts';
import { formatUnit } from '../hardware/trace-notation.ts';
import type { RunSource } from '../order/persists-before.ts';
import type { PersistencySetting } from '../order/persistency-setting.ts';
import type { Choice } from './choices.ts';
import { type Instant, instantsOf, type WordAtInstant } from './instants.ts';
import { type Unit, unitRun } from './unit-record.ts';

/** Instructions of one run that are told apart; longer runs are shown entry by entry of their record. */
export const INSTRUCTIONS_MAX = 20_000;

/** Bytes of contents of choices that one side lists; later ones are left out. */
const CHOICES_MAX_BYTES = 1 << 20;

/** Bytes of an instruction that are shown. */
const BYTES_SHOWN = 64;

/** What names places and those who issued instructions. */
export interface SideNames {
  /** A physical address as a place and an offset in it. */
  readonly placeOf: (address: number) => TimelineWord;
  /** The stack behind an entry, innermost first. */
  readonly stackOf: (entry: number) => readonly number[];
  /** The name of a flush hint. */
  readonly hintOf: (address: number) => string;
  /** Names the place in front of an instruction: there are several. */
  readonly hasPlaces: boolean;
  readonly hasThreads?: boolean;
}

/** A run as plain data. Words are named by their addresses still. */
export interface RunSide {
  readonly instructions: readonly TimelineInstruction[];
  /** The entry of the run's record behind each instruction. */
  readonly entries: readonly number[];
  readonly instants: readonly RunInstant[];
  readonly isMerged: boolean;
  /** Choices were left out because there are too many. */
  readonly isShortened: boolean;
}

/** An instant whose words are addresses: two sides number them together. */
export interface RunInstant extends Pick<TimelineInstant, 'images' | 'lines'> {
  readonly words: readonly WordChange[];
}

/** What is shown of a run. */
export interface Shown {
  /** Entries of its record: `to` is the first that is not. What comes before `from` is one instruction, `earlier`. */
  readonly from: number;
  readonly to: number;
  /** Addresses of the lines; all where it is absent. Images are counted only then. */
  readonly lines?: ReadonlySet<number> | undefined;
}

/** Reads a run, or the part of it that is to be shown. `word` of what it returns is a byte address. */
export function runSide(
  source: RunSource,
  setting: PersistencySetting,
  names: SideNames,
  shown: Shown = { from: 0, to: source.record.length },
): RunSide {
  const run = unitRun(source, INSTRUCTIONS_MAX, shown.to);
  const first = run.units.findIndex(({ entry }) => entry >= shown.from);
  const skipped = first < 0 ? run.units.length : first;
  const own = run.units.slice(skipped);
  const instructions = own.map((unit, index) =>
    instructionOf(unit, names, source, run.units[skipped + index - 1]),
  );
  const budget = { left: CHOICES_MAX_BYTES };
  const instants = [...instantsOf(run, setting, skipped, shown.lines)].map((instant) =>
    plainInstant(instant, names, budget, skipped),
  );
  if (skipped > 0) {
    instructions.unshift({ kind: 'earlier', text: `${skipped} instructions before`, stack: [] });
    instants.unshift({ images: '1', words: [] });
  }
  return {
    instructions,
    entries: [...(skipped > 0 ? [-1] : []), ...own.map(({ entry }) => entry)],
    instants,
    isMerged: run.isMerged,
    isShortened: budget.left < 0,
  };
}

const KINDS: Readonly<Record<number, InstructionKind>> = {
  [EntryKind.storeCached]: 'store',
  [EntryKind.storeString]: 'string store',
  [EntryKind.storeNonTemporal]: 'movnti',
  [EntryKind.clwb]: 'clwb',
  [EntryKind.clflushopt]: 'clflushopt',
  [EntryKind.clflush]: 'clflush',
  [EntryKind.sfence]: 'sfence',
  [EntryKind.mfence]: 'mfence',
  [EntryKind.lockedStore]: 'locked store',
  [EntryKind.lockedNoStore]: 'locked',
  [EntryKind.flushHint]: 'flush hint',
  [EntryKind.acknowledgement]: 'return',
};

function instructionOf(
  unit: Unit,
  { placeOf, stackOf, hintOf, hasPlaces, hasThreads }: SideNames,
  source: RunSource,
  previous: Unit | undefined,
): TimelineInstruction {
  const { entry, address, sizeBytes, count } = unit;
  const kind = KINDS[unit.kind] ?? 'return';
  const stack = stackOf(entry);
  const thread = hasThreads === true ? { thread: source.threads?.[entry] ?? 0 } : {};
  if (kind === 'return') return { kind, text: 'return', stack, ...thread };
  if (kind === 'flush hint') return { kind, text: `H${hintOf(address)}`, stack, ...thread };
  if (kind === 'sfence' || kind === 'mfence') return { kind, text: formatUnit(unit, 0), stack, ...thread };
  const { place, offset, name } = placeOf(address);
  const data = source.record.dataOf(entry);
  const from = previous?.entry === entry || count > 1 ? address - (source.record.addresses[entry] ?? 0) : 0;
  const bytes = Buffer.from(data.subarray(from, from + Math.min(sizeBytes * count, BYTES_SHOWN))).toString(
    'hex',
  );
  return {
    kind,
    text: `${hasPlaces ? `${place}@` : ''}${formatUnit(unit, address - offset)}`,
    place,
    offset,
    ...(name !== undefined && { name }),
    sizeBytes,
    ...(count > 1 && { count }),
    ...(bytes !== '' && { bytes }),
    stack,
    ...thread,
  };
}

function plainInstant(
  { images, words, lines }: Instant,
  { placeOf }: SideNames,
  budget: { left: number },
  skipped: number,
): RunInstant {
  const listed = lines.map(({ line, choices }) => {
    const { place, offset } = placeOf(line);
    return { place, offset, choices: affordable(choices, budget) };
  });
  return {
    images: images === undefined ? null : countText(images),
    words: words.map((word) => plainWord(word, skipped)),
    ...(listed.length > 0 && { lines: listed }),
  };
}

function affordable(choices: readonly Choice[], budget: { left: number }): ReturnType<typeof plainChoice>[] {
  for (const { contents } of choices) for (const content of contents) budget.left -= content.length;
  return budget.left < 0 ? [] : choices.map(plainChoice);
}

/** In decimal; above 2^64 as a power of two, to one digit. */
function countText(images: bigint): string {
  if (images < 1n << 64n) return images.toString();
  const digits = images.toString(16);
  const log = Math.log2(Number.parseInt(digits.slice(0, 12), 16)) + 4 * (digits.length - 12);
  return `2^${log.toFixed(1)}`;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function plainWord({ address, smallestBy, largestBy, ...word }: WordAtInstant, skipped: number): WordChange {
  return {
    word: address,
    uncertain: word.uncertain,
    inFlight: word.inFlight,
    smallest: hex(word.smallest),
    largest: hex(word.largest),
    smallestBy: oneOrAll(smallestBy, skipped),
    largestBy: oneOrAll(largestBy, skipped),
  };
}

/** Writers counted among the instructions that are shown: 0 stands for those before where some were skipped. */
function oneOrAll(units: readonly number[], skipped: number): number | readonly number[] {
  const writers =
    skipped === 0 ? units : units.map((unit) => (unit < 0 ? unit : Math.max(0, unit - skipped + 1)));
  const [first = -1] = writers;
  return writers.every((writer) => writer === first) ? first : writers;
}

function plainChoice({ words, contents, count, spans }: Choice): {
  words: readonly number[];
  contents: string[];
  count: number;
  levels?: [number, number][][];
} {
  const [first] = spans;
  const isOneLevel = spans.every((own) => JSON.stringify(own) === JSON.stringify(first));
  return {
    words,
    contents: contents.map(hex),
    count,
    ...(!isOneLevel && {
      levels: spans.map((own) => own.map(({ from, to }): [number, number] => [from, to])),
    }),
  };
}
