/** The nearest image of a set, held to the list of all its images. */
import { assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashHistory, type ImageSet, persistencySetting } from '#machine/images/crash-images.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import { nearestWords } from '#machine/images/nearest-image.ts';
import { anyProgram, anySetting } from '../oracle/programs.ts';
import { BASE, listImages, machineAfter } from '../oracle/sets.ts';
import { runs } from '../../support/thorough.ts';

type Words = ReadonlyMap<number, Uint8Array>;

const ADR = persistencySetting('adr');

function inFlight(trace: string, setting = ADR): ImageSet {
  return crashHistory(machineAfter(trace, setting.domain), setting).inFlight(0);
}

const addressesOf = (set: ImageSet): number[] =>
  set.touchedWords().map((word) => set.view.order.pieces.addressOfWord(word));

/** Each image of a set: the contents of these words, as text. */
function imagesOf(set: ImageSet, addresses: readonly number[]): string[][] {
  return [...listImages(set, addresses)].map((key) => {
    const bytes = Array.from(key, (character) => character.charCodeAt(0));
    return addresses.map((_, index) => bytes.slice(index * 8, index * 8 + 8).join());
  });
}

const textsOf = (words: Iterable<Uint8Array>): string[] => Array.from(words, (bytes) => bytes.join());

const distance = (left: readonly string[], right: readonly string[]): number =>
  left.filter((word, index) => word !== right[index]).length;

/** Words at offsets from the base, each full of one byte. */
const wanted = (...words: readonly (readonly [offset: number, byte: number])[]): Words =>
  new Map(words.map(([offset, byte]) => [BASE + offset, new Uint8Array(8).fill(byte)]));

/** The first byte of each word of the nearest image. */
const nearest = (set: ImageSet, words: Words): (number | undefined)[] =>
  nearestWords(set, words).map(({ bytes }) => bytes[0]);

describe('the nearest image', () => {
  it('should be the wanted one where the set has it', () => {
    // Two words past the cache, in any combination before the fence.
    expect(nearest(inFlight('n0=11 n8=22 A0'), wanted([0, 0], [8, 0x22]))).toEqual([0, 0x22]);
    expect(nearest(inFlight('n0=11 n8=22 A0'), wanted([0, 0x11], [8, 0]))).toEqual([0x11, 0]);
  });

  it('should change as few words as it can, and then hold as much as it can', () => {
    // One line, through the cache: words persist in order. The third alone can not be there: one word less, or two more.
    const line = inFlight('c0=11 c8=22 c16=33 A0');
    expect(nearest(line, wanted([0, 0], [8, 0], [16, 0x33]))).toEqual([0, 0, 0]);
    // The second alone: without it, or with the first. Both change one word; the second holds more.
    expect(nearest(line, wanted([0, 0], [8, 0x22], [16, 0]))).toEqual([0x11, 0x22, 0]);
  });

  it('should keep words of different lines together that a fence holds together', () => {
    // The second word is there only when the first is: they are two lines with a fence between.
    const fenced = inFlight('n0=11 S n64=22 A0');
    expect(nearest(fenced, wanted([0, 0], [64, 0x22]))).toEqual([0x11, 0x22]);
    expect(nearest(fenced, wanted([0, 0], [64, 0]))).toEqual([0, 0]);
  });

  it('should say who stored what it holds', () => {
    const [first, second] = nearestWords(inFlight('n0=11 S n64=22 A0'), wanted([0, 0x11], [64, 0]));
    expect(first?.writers).toEqual(Array.from({ length: 8 }, () => 0));
    expect(second?.writers).toEqual(Array.from({ length: 8 }, () => undefined));
  });

  it('should be an image of the set, and no other should be nearer, for any two programs', () => {
    assert(
      property(anyProgram(6), anyProgram(6, 'repeating'), anySetting, nat(), (one, two, setting, pick) => {
        const [left, right] = [inFlight(one, setting), inFlight(two, setting)];
        const addresses = [...new Set([...addressesOf(left), ...addressesOf(right)])];
        const images = imagesOf(left, addresses);
        const image = images[pick % images.length] ?? [];
        const words = new Map(
          addresses.map((address, index) => [
            address,
            Uint8Array.from((image[index] ?? '').split(',').map(Number)),
          ]),
        );
        const found = textsOf(nearestWords(right, words).map(({ bytes }) => bytes));
        const others = imagesOf(right, addresses);
        expect(others.map((other) => other.join(';'))).toContain(found.join(';'));
        expect(distance(found, image)).toBe(Math.min(...others.map((other) => distance(other, image))));
      }),
      { numRuns: runs(300) },
    );
  });

  it('should differ from a witness in one of its words at least', () => {
    assert(
      property(anyProgram(6), anyProgram(6, 'repeating'), anySetting, (one, two, setting) => {
        const [left, right] = [inFlight(one, setting), inFlight(two, setting)];
        const { onlyBefore } = relate(left, right);
        if (onlyBefore === undefined) return;
        const decisive = onlyBefore.bytes.filter(({ isDecisive }) => isDecisive);
        const words = new Map<number, Uint8Array>();
        for (let start = 0; start < decisive.length; start += 8) {
          const word = decisive.slice(start, start + 8);
          words.set(
            word[0]?.address ?? 0,
            Uint8Array.from(word, ({ value }) => value),
          );
        }
        const found = textsOf(nearestWords(right, words).map(({ bytes }) => bytes));
        expect(distance(found, textsOf(words.values()))).toBeGreaterThan(0);
      }),
      { numRuns: runs(300) },
    );
  });
});
