/** Every image that a reader can choose is one that a power failure may leave; and the choice is not empty. */
import { array, assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { modelOf } from '#review/timeline/model.ts';
import { nextOf, picksAt, SMALLEST, type Wish } from '#review/timeline/choose.ts';
import { anyProgram, anySetting } from '../../machine/oracle/programs.ts';
import { BASE, machineAfter } from '../../machine/oracle/sets.ts';
import { sampleTimeline } from './sample.ts';
import { runs } from '../../support/thorough.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** The image that picks show at the last instant of a trace. */
function imageOf(
  trace: string,
  setting = persistencySetting('adr'),
  clicks: readonly number[] = [],
  base: Wish = SMALLEST,
) {
  const model = modelOf(sampleTimeline([trace], setting), 't');
  const { history } = model.sides[0] ?? {};
  if (history === undefined) throw new Error('no side');
  const instant = history.side.instants.length - 1;
  let wish = base;
  for (const click of clicks) {
    const picks = picksAt(history, instant, wish);
    const pick = picks[click % Math.max(1, picks.length)];
    if (pick !== undefined) wish = nextOf(wish, pick);
  }
  const image = new Map<number, Uint8Array>();
  const at = (word: number): number => BASE + (model.timeline.words[word]?.offset ?? 0);
  for (const word of history.words) {
    const change = history.word(word, instant);
    if (change !== undefined) image.set(at(word), bytesOf(change.smallest));
  }
  const picks = picksAt(history, instant, wish);
  for (const { words, contents, chosen } of picks)
    for (const [index, word] of words.entries())
      image.set(at(word), bytesOf((contents[chosen] ?? '').slice(index * 16, index * 16 + 16)));
  return { image, picks };
}

const word = (value: number): Uint8Array => new Uint8Array(8).fill(value);

describe('the image that a reader chooses', () => {
  it('should be one that a power failure may leave, whatever is clicked, under any setting', () => {
    const clicks = array(nat(6), { maxLength: 6 });
    const holds = property(anyProgram(8), anySetting, clicks, (trace, setting, given) => {
      const set = crashHistory(machineAfter(trace, setting.domain), setting);
      const last = set.acked(set.acknowledgements.length - 1);
      for (const base of ['smallest', 'largest'] as const) {
        const { image } = imageOf(trace, setting, given, { base, own: new Map() });
        expect([trace, last.contains(image)]).toEqual([trace, true]);
      }
    });
    assert(holds, { seed: 11, numRuns: runs(500) });
  });

  it('should be refused by the images when it mixes what does not go together', () => {
    // Two cached stores of one line persist in order: the second alone is no image.
    const set = crashHistory(machineAfter('c0=11 c8=22 A0'), persistencySetting('adr')).acked(0);
    expect(
      set.contains(
        new Map([
          [BASE, word(0)],
          [BASE + 8, word(0x22)],
        ]),
      ),
    ).toBe(false);
    const shown = [0, 1, 2].map(
      (count) =>
        imageOf(
          'c0=11 c8=22 A0',
          undefined,
          Array.from({ length: count }, () => 0),
        ).image,
    );
    expect(shown.map((image) => [image.get(BASE)?.[0], image.get(BASE + 8)?.[0]])).toEqual([
      [0, 0],
      [0x11, 0],
      [0x11, 0x22],
    ]);
  });
});
