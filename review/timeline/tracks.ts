/** Words as rows of a picture: bytes with one history are one track, and a track is bands of one kind. */
import type { Timeline } from '#base/timeline.ts';
import type { ByteKind, SideHistory } from './history.ts';

/** A stretch of columns over which a track is of one kind. */
export interface Band {
  readonly kind: ByteKind;
  /** The column whose instruction began it. */
  readonly column: number;
}

/** Bytes `from` to `to`, both included, of one word. */
export interface Track {
  readonly from: number;
  readonly to: number;
  readonly bands: readonly Band[];
}

export interface Row {
  /** Index of `Timeline.words`; of a line the first of its words. */
  readonly word: number;
  /** What it shows begins here, bytes from the beginning of its place. */
  readonly offset: number;
  /** 8 for a word, 64 for a cache line. */
  readonly sizeBytes: number;
  readonly tracks: readonly Track[];
  /** Pixels from the top of the side's rows. */
  readonly top: number;
  readonly height: number;
  /** The first row of a cache line. */
  readonly isLineStart: boolean;
}

const LINE_SIZE_BYTES = 64;
const WORD_SIZE_BYTES = 8;
/** Pixels of a word with one track, of each track where there are several, and between words. */
const WORD_HEIGHT = 15;
const TRACK_HEIGHT = 6;
const GAP = 3;

export interface SideRows {
  readonly history: SideHistory;
  readonly rows: readonly Row[];
  readonly height: number;
}

/** Which rows are shown. */
export interface View {
  /** Only these words; all where they are not given. */
  readonly words?: ReadonlySet<number>;
  /** A row a cache line instead of a word: of each line the worst that holds for any byte of it. */
  readonly isByLine?: boolean;
}

/** The rows of a side. */
export function rowsOf(
  timeline: Timeline,
  history: SideHistory,
  { words, isByLine = false }: View = {},
): SideRows {
  const rows: Row[] = [];
  let top = 0;
  let line = '';
  for (const own of isByLine ? linesOf(timeline) : [...timeline.words.keys()].map((word) => [word])) {
    const [word = 0] = own;
    if (words !== undefined && !own.some((one) => words.has(one))) continue;
    const { place = '', offset = 0 } = timeline.words[word] ?? {};
    const lineNumber = Math.floor(offset / LINE_SIZE_BYTES);
    const tracks = isByLine ? [lineTrack(history, own)] : tracksOf(history, word);
    const height = Math.max(WORD_HEIGHT, tracks.length > 1 ? tracks.length * TRACK_HEIGHT : 0);
    const isLineStart = `${place} ${lineNumber}` !== line;
    const extent = isByLine
      ? { offset: lineNumber * LINE_SIZE_BYTES, sizeBytes: LINE_SIZE_BYTES }
      : { offset, sizeBytes: WORD_SIZE_BYTES };
    rows.push({ word, ...extent, tracks, top, height, isLineStart });
    line = `${place} ${lineNumber}`;
    top += height + GAP;
  }
  return { history, rows, height: top };
}

/** The words of each cache line, ascending. */
function linesOf({ words }: Timeline): number[][] {
  const lines = new Map<string, number[]>();
  for (const [word, { place, offset }] of words.entries()) {
    const key = `${place} ${Math.floor(offset / LINE_SIZE_BYTES)}`;
    const own = lines.get(key);
    if (own === undefined) lines.set(key, [word]);
    else own.push(word);
  }
  return [...lines.values()];
}

/** Kinds of bytes, the most harmless first. */
const HARM = '.pwcL';

/** The worst kind that any byte of some words has, instant by instant, as one track. */
function lineTrack(history: SideHistory, words: readonly number[]): Track {
  const changes = words
    .flatMap((word) =>
      history.kinds(word).map(({ instant, kinds }) => ({ word, instant, worst: worstOf(kinds) })),
    )
    .sort((left, right) => left.instant - right.instant);
  const now = new Map<number, number>();
  const bands: Band[] = [];
  for (const [index, { word, instant, worst }] of changes.entries()) {
    now.set(word, worst);
    // Several words of a line may change at one instant.
    if (changes[index + 1]?.instant === instant) continue;
    const kind = HARM[Math.max(...now.values())] as ByteKind;
    if ((bands.at(-1)?.kind ?? '.') !== kind) bands.push({ kind, column: history.columnOf[instant] ?? -1 });
  }
  return { from: 0, to: LINE_SIZE_BYTES - 1, bands };
}

const worstOf = (kinds: string): number => Math.max(...[...kinds].map((kind) => HARM.indexOf(kind)));

function tracksOf(history: SideHistory, word: number): Track[] {
  const changes = history.kinds(word);
  const bandsOfByte = Array.from({ length: 8 }, (_, byte) => {
    const bands: Band[] = [];
    for (const { instant, kinds } of changes) {
      const kind = kinds[byte] as ByteKind;
      if ((bands.at(-1)?.kind ?? '.') !== kind) bands.push({ kind, column: history.columnOf[instant] ?? -1 });
    }
    return bands;
  });
  const tracks: { from: number; to: number; bands: readonly Band[]; key: string }[] = [];
  for (const [byte, bands] of bandsOfByte.entries()) {
    const key = JSON.stringify(bands);
    const last = tracks.at(-1);
    if (last?.key === key) last.to = byte;
    else tracks.push({ from: byte, to: byte, bands, key });
  }
  return tracks.map(({ from, to, bands }) => ({ from, to, bands }));
}

/** What becomes of the bytes of a word, column by column. */
const fates = (history: SideHistory, word: number): string =>
  JSON.stringify(history.kinds(word).map(({ instant, kinds }) => [history.columnOf[instant], kinds]));

/** The words whose bytes have not the same fate, column by column, on both sides. */
export function differingWords({ words }: Timeline, histories: readonly SideHistory[]): ReadonlySet<number> {
  const [left, right] = histories;
  if (left === undefined || right === undefined) return new Set(words.keys());
  return new Set([...words.keys()].filter((word) => fates(left, word) !== fates(right, word)));
}
