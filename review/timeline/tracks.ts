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
  /** Index of `Timeline.words`. */
  readonly word: number;
  readonly tracks: readonly Track[];
  /** Pixels from the top of the side's rows. */
  readonly top: number;
  readonly height: number;
  /** The first row of a cache line. */
  readonly isLineStart: boolean;
}

const LINE_SIZE_BYTES = 64;
/** Pixels of a word with one track, of each track where there are several, and between words. */
const WORD_HEIGHT = 15;
const TRACK_HEIGHT = 6;
const GAP = 3;

export interface SideRows {
  readonly history: SideHistory;
  readonly rows: readonly Row[];
  readonly height: number;
}

/** The rows of a side: of these words where they are given, else of all. */
export function rowsOf(timeline: Timeline, history: SideHistory, words?: ReadonlySet<number>): SideRows {
  const rows: Row[] = [];
  let top = 0;
  let line = '';
  for (const [word, { place, offset }] of timeline.words.entries()) {
    if (words?.has(word) === false) continue;
    const tracks = tracksOf(history, word);
    const height = Math.max(WORD_HEIGHT, tracks.length > 1 ? tracks.length * TRACK_HEIGHT : 0);
    const ownLine = `${place} ${Math.floor(offset / LINE_SIZE_BYTES)}`;
    rows.push({ word, tracks, top, height, isLineStart: ownLine !== line });
    line = ownLine;
    top += height + GAP;
  }
  return { history, rows, height: top };
}

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
