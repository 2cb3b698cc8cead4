/**
 * What a case did to memory, wherever that was: its instructions relative to the first line they touch. Three symmetries of the
 * machine (docs/MACHINE.md) make fewer of them. Which line is which does not matter, so runs of neighbouring lines that are
 * treated alike count as two; nor which word of a line, so runs of neighbouring words count as two as well; nor which bytes of
 * a word, where one entry alone stored to it, so its pieces count as two at most. Two, because one cannot be torn and two can.
 */
import { EntryKind, type InstructionRecord } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';

/** Entries `[from, to)` of a record. */
export interface RecordPart {
  readonly record: InstructionRecord;
  readonly from: number;
  readonly to: number;
}

const WRITE_BACKS: ReadonlySet<number | undefined> = new Set([
  EntryKind.clwb,
  EntryKind.clflushopt,
  EntryKind.clflush,
]);

/** Lines that a write-back of many touches besides those that were stored to say no more than their number. */
const LINES_MAX = 256;

/** A store to a part of a word. */
interface WordStore {
  readonly what: string;
  readonly unitBytes: number;
  readonly inWord: number;
  readonly length: number;
  readonly shifts: string;
}

interface Touched {
  /** What was stored to each word, by its place in the line. */
  readonly words: Map<number, WordStore[]>;
  /** What was done to the whole line. */
  whole: string;
}

/** One text for each part; equal ones are treated alike by anything that asks which images there are. */
export function patternsOf(parts: readonly RecordPart[]): string[] {
  const origin = Math.min(...parts.map(firstLine));
  const tags = new TagBase();
  return parts.map((part) => patternOf(part, origin, tags));
}

function firstLine({ record, from, to }: RecordPart): number {
  let first = Infinity;
  for (let entry = from; entry < to; entry++)
    if (record.dataOf(entry).length > 0) first = Math.min(first, record.addresses[entry] ?? Infinity);
  return first === Infinity ? 0 : roundDown(first, LINE_SIZE_BYTES);
}

/** Bytes of workloads count up with their place (`tag-bytes.ts`): only how they are shifted against each other matters. */
class TagBase {
  #base: number | undefined;

  /** `z` for a zero byte, else how far it is shifted against the first one that was asked for. */
  shift(byte: number, address: number): string {
    if (byte === 0) return 'z';
    const shift = (((byte - 1 - address) % 255) + 255) % 255;
    this.#base ??= shift;
    return String((shift - this.#base + 255) % 255);
  }
}

function patternOf({ record, from, to }: RecordPart, origin: number, tags: TagBase): string {
  const lines = new Map<number, Touched>();
  const order: string[] = [];
  const touch = (line: number): Touched => {
    const known = lines.get(line) ?? { words: new Map<number, WordStore[]>(), whole: '' };
    lines.set(line, known);
    return known;
  };
  for (let entry = from; entry < to; entry++) {
    const kind = record.kinds[entry];
    const address = record.addresses[entry] ?? 0;
    const step = entry - from;
    const count = record.counts[entry] ?? 1;
    const data = record.dataOf(entry);
    if (data.length > 0)
      addStores(touch, `${step}:${kind}`, record.unitSizes[entry] ?? 0, address, data, tags);
    else if (WRITE_BACKS.has(kind)) {
      order.push(`${step}w${kind}${count > LINES_MAX ? `*${count}` : ''}`);
      for (let line = address, done = 0; done < Math.min(count, LINES_MAX); line += LINE_SIZE_BYTES, done++)
        touch(line).whole += `${step}:${kind} `;
    } else if (kind !== EntryKind.acknowledgement) order.push(`${step}:${kind}`);
    else order.push(`${step}.`);
  }
  return `${order.join(' ')} | ${linesText(lines, origin)}`;
}

function addStores(
  touch: (line: number) => Touched,
  what: string,
  unitBytes: number,
  address: number,
  data: Uint8Array,
  tags: TagBase,
): void {
  for (let at = 0; at < data.length;) {
    const place = address + at;
    const line = roundDown(place, LINE_SIZE_BYTES);
    const word = Math.floor((place - line) / WORD_SIZE_BYTES);
    const inWord = place % WORD_SIZE_BYTES;
    const length = Math.min(WORD_SIZE_BYTES - inWord, data.length - at);
    const { words } = touch(line);
    const store = { what, unitBytes, inWord, length, shifts: shifts(data, at, length, place, tags) };
    const known = words.get(word);
    if (known === undefined) words.set(word, [store]);
    else known.push(store);
    at += length;
  }
}

function shifts(data: Uint8Array, at: number, length: number, address: number, tags: TagBase): string {
  const first = tags.shift(data[at] ?? 0, address);
  let text = first;
  for (let next = 1; next < length; next++) {
    const shift = tags.shift(data[at + next] ?? 0, address + next);
    if (shift !== first) text += `,${next}:${shift}`;
  }
  return text;
}

/** Where in the word something was stored only matters where several instructions did. */
function wordText(stores: readonly WordStore[]): string {
  const [only] = stores;
  if (stores.length === 1 && only !== undefined) {
    const { what, unitBytes, length, shifts: own } = only;
    return `${what}*${Math.min(Math.ceil(length / unitBytes), 2)}=${own}`;
  }
  return stores
    .map(
      (store) =>
        `${store.what}:${Math.min(store.unitBytes, 8)}@${store.inWord}+${store.length}=${store.shifts}`,
    )
    .join(' ');
}

/** Neighbouring lines that are alike count as two, and so do neighbouring words of one. */
function linesText(lines: ReadonlyMap<number, Touched>, origin: number): string {
  const sorted = [...lines].sort(([left], [right]) => left - right);
  const texts = sorted.map(([line, { words, whole }]) => {
    const own = [...words].sort(([left], [right]) => left - right);
    return {
      at: line,
      unit: LINE_SIZE_BYTES,
      text: `${whole}[${runsText(own.map(([word, stores]) => ({ at: word, unit: 1, text: wordText(stores) })))}]`,
    };
  });
  const start = (sorted[0]?.[0] ?? origin) - origin;
  return `${start === 0 ? '' : `from ${start} `}${runsText(texts)}`;
}

interface Piece {
  readonly at: number;
  readonly unit: number;
  readonly text: string;
}

function runsText(pieces: readonly Piece[]): string {
  const texts: string[] = [];
  let run = 0;
  for (const [index, piece] of pieces.entries()) {
    const last = pieces[index - 1];
    const isNext = last !== undefined && piece.at === last.at + last.unit;
    run = isNext && piece.text === last.text ? run + 1 : 1;
    if (last !== undefined && !isNext) texts.push('gap');
    if (run <= 2) texts.push(piece.text);
  }
  return texts.join(';');
}
