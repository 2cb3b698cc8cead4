/** The persistence timeline of two recordings: an operation is what runs up to an acknowledgement that both have. */
import type { Timeline, TimelineFrame } from '#base/timeline.ts';
import { printable } from '#base/printable.ts';
import { assembleTimeline, type SideParts } from '#engine/timeline/assemble.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import type { PersistencySetting } from '#machine/images/crash-images.ts';
import { LINE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import { LINES_MAX, shownLines, storedLines } from '#machine/timeline/lines.ts';
import { INSTRUCTIONS_MAX, runSide, type Shown } from '#machine/timeline/side.ts';
import type { Compared } from '../compare/compared.ts';
import { placeOfAddress, runSourceOf } from '../compare/files.ts';
import { KERNEL_PLACE, type Place, type Recording } from '../recording.ts';

/** Entries of a long recording that are shown before the first difference, and after it. */
const SHOWN_BEFORE = 3000;
const SHOWN_AFTER = 300;

/** The timeline of what was compared. `media`: what the files held at first. A long recording is shown around its first difference. */
export function timelineOfRecordings(
  compared: Compared,
  setting: PersistencySetting,
  media: MediaImage,
): Timeline {
  const { recordings, alignment, notes } = compared;
  const frames = new Frames();
  const operations = [...alignment.pairs.map(({ label }) => label), 'after the last of them'];
  const parts = ([0, 1] as const).map((side) =>
    shownOf(recordings[side], compared.difference?.entries[side]),
  );
  const lines = linesToShow(compared, parts);
  const sides = ([0, 1] as const).map((side) => {
    const recording = recordings[side];
    const ends = alignment.pairs.map((pair) => (side === 0 ? pair.before : pair.after).entry);
    const name = side === 0 ? 'before' : 'after';
    const shown = { from: 0, to: 0, ...parts[side], lines };
    return sideOf({ name, recording, ends, shown, setting, media, frames });
  });
  const isCut = sides.some(({ instructions }) => instructions[0]?.kind === 'earlier');
  const used = [...new Set(sides.flatMap((one) => one.operations))].sort((left, right) => left - right);
  return assembleTimeline(
    {
      title: `${recordings[0].source} against ${recordings[1].source}`,
      operations: used.map((operation) => ({ text: operations[operation] ?? '', isPromise: false })),
      frames: frames.list,
      notes: [...notes, ...(isCut ? [CUT] : []), ...(lines === undefined ? [] : [LINES])].map((note) =>
        printable(note),
      ),
    },
    sides.map((side) => ({ ...side, operations: side.operations.map((one) => used.indexOf(one)) })),
  );
}

const CUT =
  'The recordings are long: what is shown is around their first difference; all that came before is in the first column.';

const LINES = `Only ${LINES_MAX} of the lines that are stored to are shown, first those that differ, and images are not counted.`;

/** The lines that the shown parts store to; where there are many, those that differ first. Nothing where all can be shown. */
function linesToShow(
  { recordings, difference, where }: Compared,
  parts: readonly Shown[],
): ReadonlySet<number> | undefined {
  const all = new Set(recordings.flatMap(({ record }) => [...storedLines(record)]));
  if (all.size <= LINES_MAX) return undefined;
  const witnesses = difference?.witness.words.map(({ address }) => roundDown(address, LINE_SIZE_BYTES)) ?? [];
  const differing = where.flatMap(({ start, end }) => {
    const count = Math.min(LINES_MAX, Math.ceil((end - start) / LINE_SIZE_BYTES));
    return Array.from({ length: count }, (_, index) => start + index * LINE_SIZE_BYTES);
  });
  const near = recordings.flatMap(({ record }, side) => {
    const { from = 0, to = 0 } = parts[side] ?? {};
    return [...storedLines(record, from, to)];
  });
  return shownLines(all, [...witnesses, ...differing, ...near]);
}

function shownOf({ record }: Recording, difference: number | undefined): Shown {
  if (record.length <= INSTRUCTIONS_MAX / 4) return { from: 0, to: record.length };
  const at = Math.min(difference ?? 0, record.length);
  return { from: Math.max(0, at - SHOWN_BEFORE), to: Math.min(record.length, at + SHOWN_AFTER) };
}

interface SideOptions {
  readonly name: string;
  readonly recording: Recording;
  /** Entries of the acknowledgements that both have, ascending. */
  readonly ends: readonly number[];
  readonly shown: Shown;
  readonly setting: PersistencySetting;
  readonly media: MediaImage;
  readonly frames: Frames;
}

function sideOf({ name, recording, ends, shown, setting, media, frames }: SideOptions): SideParts {
  const placeOf = (address: number): { place: string; offset: number } => {
    const { file, offset } = placeOfAddress(address, recording.files);
    return { place: printable(file), offset };
  };
  const names = {
    placeOf,
    stackOf: (entry: number) => frames.stackOf(recording, entry),
    hintOf: String,
    hasPlaces: recording.files.length > 1,
    hasThreads: recording.threadCount > 1,
  };
  const side = runSide(runSourceOf(recording, media), setting, names, shown);
  const compared = new Set(ends);
  let next = 0;
  const operations = side.entries.map((entry) => {
    while (entry > (ends[next] ?? Infinity)) next++;
    return next;
  });
  const { instants } = side;
  const instructions = side.instructions.map((own, index) => {
    const entry = side.entries[index] ?? -1;
    return own.kind !== 'return' || compared.has(entry) ? own : { ...own, ...toldAt(recording, entry) };
  });
  // The part that is shown begins with what came before it, whichever acknowledgements that had.
  if (instructions[0]?.kind === 'earlier') operations[0] = operations[1] ?? 0;
  return { name, instructions, operations, instants, broken: [], results: [], placeOf };
}

/** An acknowledgement that is not compared: of the other sort, or of this side alone. */
function toldAt({ acknowledgements }: Recording, entry: number): { kind: 'told'; text: string } {
  const { name = '', number } = acknowledgements.find((one) => one.entry === entry) ?? {};
  return { kind: 'told', text: printable(`told: ${name}${number === undefined ? '' : ` ${number}`}`) };
}

/** Places in code, each once. */
class Frames {
  readonly list: TimelineFrame[] = [];
  readonly #numbers = new Map<string, number>();

  /** The functions behind an entry, innermost first: its own with what it was compiled into, then the call that led there. */
  stackOf(recording: Recording, entry: number): number[] {
    const own = recording.places[entry] ?? 0;
    if (own === KERNEL_PLACE) return [this.#numberOf({ file: 'kernel', line: 0, function: 'a system call' })];
    return [own, recording.callers[entry] ?? 0].flatMap((place) =>
      this.#framesOf(recording.placeTable[place]),
    );
  }

  #framesOf(place: Place | undefined): number[] {
    if (place === undefined) return [];
    const { object, offset, source = `${object}+0x${offset.toString(16)}`, inlined } = place;
    return [`${place.function ?? object} ${source}`, ...inlined].map((text) => this.#parsed(printable(text)));
  }

  /** `main plog.c:22`. */
  #parsed(text: string): number {
    const [, name = text, file = '', line = '0'] = /^(\S*) (.*?)(?::(\d+))?$/.exec(text) ?? [];
    return this.#numberOf({ file, line: Number(line), function: name });
  }

  #numberOf(frame: TimelineFrame): number {
    const key = JSON.stringify(frame);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.list.length);
    return this.list.push(frame) - 1;
  }
}
