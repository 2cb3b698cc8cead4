/** Rows of a picture: a word each with its bytes apart, or a cache line each with the worst of its bytes. */
import { describe, expect, it } from 'vitest';
import { modelOf, shownAs, type TimelineModel } from '#review/timeline/model.ts';
import { sampleTimeline } from './sample.ts';

/** Cached stores of one byte, past the cache and plain ones in three lines; the second side leaves out a write-back. */
const sample = (): TimelineModel =>
  modelOf(
    sampleTimeline(['n0:8*2 c3:1 c72:8 W64 S c130:4 W128 S A0', 'n0:8*2 c3:1 c72:8 S c130:4 W128 S A0']),
    't1',
  );

/** How harmful it is what becomes of a byte, by the letter of its kind. */
const HARM = '.pwcL';

/** The worst kind of the stored bytes of a line on a side, byte by byte from the words, at a crash point. */
function worstAt({ timeline, sides }: TimelineModel, side: number, line: string, point: number): string {
  const { history } = sides[side]!;
  const kinds = [...timeline.words.entries()].flatMap(([word, { place, offset }]) =>
    `${place} ${offset - (offset % 64)}` === line
      ? [...history.kindsAt(word, history.instantAt[point]!)].map((kind) => HARM.indexOf(kind))
      : [],
  );
  return HARM[Math.max(...kinds)]!;
}

describe('rows of cache lines', () => {
  it('should show at each crash point the worst that holds for any byte of the line', () => {
    const model = sample();
    const byLine = shownAs(model, { isShortened: false, isByLine: true });
    let count = 0;
    for (const [side, { rows }] of byLine.sides.entries())
      for (const { word, offset, sizeBytes, tracks } of rows) {
        expect(sizeBytes).toBe(64);
        const line = `${model.timeline.words[word]!.place} ${offset}`;
        for (let point = 0; point <= model.timeline.columns.length; point++) {
          const shown = tracks[0]!.bands.findLast(({ column }) => column < point)?.kind ?? '.';
          expect(shown, `${line} at ${point}`).toBe(worstAt(model, side, line, point));
          count++;
        }
      }
    expect(count).toBeGreaterThan(40);
  });

  it('should be the lines of all words, or of those alone that the sides do not treat alike', () => {
    const model = sample();
    const linesOf = (isShortened: boolean): number[] =>
      shownAs(model, { isShortened, isByLine: true }).sides[0]!.rows.map(({ offset }) => offset);
    const all = new Set(model.timeline.words.map(({ offset }) => offset - (offset % 64)));
    expect(linesOf(false)).toEqual([...all]);
    const words = shownAs(model, { isShortened: true, isByLine: false }).sides[0]!.rows;
    expect(linesOf(true)).toEqual([...new Set(words.map(({ offset }) => offset - (offset % 64)))]);
  });
});
