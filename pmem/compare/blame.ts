/**
 * Which operations to blame where two runs leave different images: those that did something else to the words that differ,
 * not merely something earlier. A word's *onset* is the first acknowledgement of this life since which what it may hold has
 * differed without a break; the sets were equal there before that operation.
 */
import type { ImageSet } from '#machine/images/image-set.ts';
import { differingWords, sameContents, WordContents } from '#machine/images/word-contents.ts';
import { EntryKind, type EntryKindValue, type InstructionRecord } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import type { Outcome, Run } from '../run/run.ts';

/** Words of a set that are looked at one by one; beyond that every operation that differs is to blame. */
const WORDS_MAX = 1 << 17;

/** What makes the images differ at one operation. */
export interface Blame {
  /** Places in the workload of the operations to blame, ascending; never empty where the images differ. */
  readonly operations: readonly number[];
  /** Byte addresses of the words whose contents differ; none where only their order does. */
  readonly words: readonly number[];
}

/** A place of comparison: the same operation on both sides, once it has returned or while it runs. */
export interface Place {
  readonly before: Run;
  readonly after: Run;
  /** Of the run before; that of the run after has the same place in the workload. */
  readonly outcome: Outcome;
  readonly isInFlight: boolean;
}

/** Finds out what to blame for a difference of images at `place`. */
export function blameAt(place: Place): Blame {
  const { outcome, isInFlight } = place;
  const [left, right] = isInFlight ? setsInFlight(place) : setsAt(place, outcome.acknowledgement);
  const isLarge = Math.max(left.view.pieceCount, right.view.pieceCount) > WORDS_MAX;
  const words = isLarge ? [] : differingWords(left, right);
  const blamed = new Set<number>();
  const done = new Set<string>();
  for (const [word, onset] of onsetsOf(place, words)) {
    const line = roundDown(word, LINE_SIZE_BYTES);
    if (done.has(`${line} ${onset}`)) continue;
    done.add(`${line} ${onset}`);
    for (const index of blameLine(place, line, onset)) blamed.add(index);
  }
  if (blamed.size === 0) for (const index of differingOperations(place)) blamed.add(index);
  if (blamed.size === 0) blamed.add(outcome.index);
  return { operations: [...blamed].sort((one, other) => one - other), words };
}

/** The sets of both sides once acknowledgement `acknowledgement` of the life has happened. */
function setsAt({ before, after, outcome: { life } }: Place, acknowledgement: number): [ImageSet, ImageSet] {
  const [left, right] = [before, after].map((run) => run.lives[life]?.history.acked(acknowledgement));
  if (left === undefined || right === undefined) throw new RangeError(`no life ${life}`);
  return [left, right];
}

function setsInFlight({ before, after, outcome: { life, acknowledgement } }: Place): [ImageSet, ImageSet] {
  const [left, right] = [before, after].map((run) => run.lives[life]?.history.inFlight(acknowledgement));
  if (left === undefined || right === undefined) throw new RangeError(`no life ${life}`);
  return [left, right];
}

/** The acknowledgement at which each word began to differ. */
function onsetsOf(place: Place, words: readonly number[]): Map<number, number> {
  const onsets = new Map<number, number>();
  let left = words;
  for (let acknowledgement = place.outcome.acknowledgement; left.length > 0; acknowledgement--) {
    const still = acknowledgement === 0 ? [] : stillDiffering(place, acknowledgement - 1, left);
    const rest = new Set(still);
    for (const word of left) if (!rest.has(word)) onsets.set(word, acknowledgement);
    left = still;
  }
  return onsets;
}

function stillDiffering(place: Place, acknowledgement: number, words: readonly number[]): number[] {
  const [left, right] = setsAt(place, acknowledgement).map((set) => new WordContents(set));
  if (left === undefined || right === undefined) return [];
  return words.filter((word) => !sameContents(left.at(word), right.at(word)));
}

/**
 * The first that is not empty: the onset operation if it did something else to the line, or fenced otherwise; earlier
 * operations that did something else to the line (a write-back that nobody has fenced yet shows at the next fence); earlier
 * operations that fenced otherwise; the onset.
 */
function blameLine(place: Place, line: number, onset: number): number[] {
  const earlier = operationsUpTo(place, onset);
  const last = earlier.at(-1);
  if (last === undefined) return [];
  if (differs(place, last, (record, outcome) => onLine(record, outcome, line))) return [last];
  if (differs(place, last, fencesOf)) return [last];
  const touching = earlier.filter((index) =>
    differs(place, index, (record, outcome) => onLine(record, outcome, line)),
  );
  if (touching.length > 0) return touching;
  const fencing = earlier.filter((index) => differs(place, index, fencesOf));
  return fencing.length > 0 ? fencing : [last];
}

/** The operations whose instructions differ at all since the sets were last equal; else all that do in this life. */
function differingOperations(place: Place): number[] {
  const all = operationsUpTo(place, place.outcome.acknowledgement);
  const since = all.slice(lastEqual(place) + 1).filter((index) => differs(place, index, everything));
  return since.length > 0 ? since : all.filter((index) => differs(place, index, everything));
}

/** The last acknowledgement before the place at which both sets were equal; -1 where they never were. */
function lastEqual(place: Place): number {
  for (let earlier = place.outcome.acknowledgement - 1; earlier >= 0; earlier--) {
    const [left, right] = setsAt(place, earlier);
    if (left.digest === right.digest) return earlier;
  }
  return -1;
}

/** Places in the workload of the operations of this life up to an acknowledgement. */
function operationsUpTo({ before, outcome: { life } }: Place, acknowledgement: number): number[] {
  return before.lives[life]?.operationIndexes.slice(0, acknowledgement + 1) ?? [];
}

type Look = (record: InstructionRecord, outcome: Outcome) => string;

function differs({ before, after }: Place, index: number, look: Look): boolean {
  const [left, right] = [before, after].map((run) => {
    const outcome = run.outcomes.find((one) => one.index === index);
    const record = outcome === undefined ? undefined : run.lives[outcome.life]?.subsystem.machine.record;
    return outcome === undefined || record === undefined ? '' : look(record, outcome);
  });
  return left !== right;
}

const FENCES: ReadonlySet<number | undefined> = new Set<number>([
  EntryKind.sfence,
  EntryKind.mfence,
  EntryKind.lockedStore,
  EntryKind.lockedNoStore,
  EntryKind.flushHint,
]);

const WRITE_BACKS: ReadonlySet<number | undefined> = new Set<EntryKindValue>([
  EntryKind.clwb,
  EntryKind.clflushopt,
  EntryKind.clflush,
]);

/** The fences and hint stores of an operation, as text. */
const fencesOf: Look = (record, { entries }) => {
  const found: string[] = [];
  for (let entry = entries.from; entry < entries.to; entry++)
    if (FENCES.has(record.kinds[entry])) found.push(`${record.kinds[entry]} ${record.addresses[entry]}`);
  return found.join();
};

/** All instructions of an operation, as text. */
const everything: Look = (record, { entries }) => {
  const found: string[] = [];
  for (let entry = entries.from; entry < entries.to; entry++) {
    const data = Buffer.from(record.dataOf(entry)).toString('latin1');
    found.push(
      `${record.kinds[entry]} ${record.addresses[entry]} ${record.unitSizes[entry]} ${record.counts[entry]} ${data}`,
    );
  }
  return found.join();
};

/** What an operation stored to one line and wrote back of it, as text: kind, part of the line, bytes. */
function onLine(record: InstructionRecord, { entries }: Outcome, line: number): string {
  const found: string[] = [];
  for (let entry = entries.from; entry < entries.to; entry++) {
    const kind = record.kinds[entry];
    const address = record.addresses[entry] ?? 0;
    if (WRITE_BACKS.has(kind)) {
      const start = roundDown(address, LINE_SIZE_BYTES);
      if (start <= line && line < start + LINE_SIZE_BYTES * (record.counts[entry] ?? 1))
        found.push(String(kind));
      continue;
    }
    const data = record.dataOf(entry);
    const [from, to] = [Math.max(address, line), Math.min(address + data.length, line + LINE_SIZE_BYTES)];
    if (from >= to) continue;
    const bytes = Buffer.from(data.subarray(from - address, to - address)).toString('latin1');
    found.push(`${kind} ${record.unitSizes[entry]} ${from - line} ${bytes}`);
  }
  return found.join();
}
