/**
 * What pmreorder looks at against what a power failure may really leave, image by image: images it visits that are
 * impossible, and reachable images it never visits, each with the reason (persistency.md 2.3). Images are compared on
 * the bytes that the log stores to. Both sides are listed, so this is for logs with few images.
 */
import { type ImageSet, materialise } from '#machine/images/crash-images.ts';
import { intersectSpans } from '#machine/images/image-set.ts';
import type { LevelSpan } from '#machine/images/line-cells.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import type { PmemcheckLog, StoreRecord } from './log-records.ts';
import { type Barrier, type ByteImage, inOrderContents } from './pmreorder.ts';

/** Images listed on either side before giving up. */
export const IMAGES_MAX = 1 << 16;

export type MissedReason = 'evicted' | 'torn';
export type ImpossibleReason = 'coherence' | 'line order' | 'order';

export interface Gap {
  readonly exact: number;
  readonly visited: number;
  readonly common: number;
  /** Reachable, never visited. */
  readonly missed: ReadonlyMap<MissedReason, number>;
  /** Visited, never reachable. */
  readonly impossible: ReadonlyMap<ImpossibleReason, number>;
  /** One image of each reason, as `address=bytes` of the words that differ from the start. */
  readonly examples: ReadonlyMap<MissedReason | ImpossibleReason, string>;
}

/** The difference between `exact`, all images of the run, and those of `barriers`; `undefined` when they are too many. */
export function gapOf(log: PmemcheckLog, exact: ImageSet, barriers: readonly Barrier[]): Gap | undefined {
  // Told before any of them is made: listing the first 65,536 of far more takes seconds.
  if (exact.count() > IMAGES_MAX || barriers.some(({ choices }) => isTooMuch(choices))) return undefined;
  const stores = log.records.filter((record) => record.kind === 'store');
  const addresses = [
    ...new Set(stores.flatMap(({ address, bytes }) => Array.from(bytes, (_, index) => address + index))),
  ];
  addresses.sort((left, right) => left - right);
  const reachable = exactImages(exact, addresses);
  const visited = visitedImages(barriers, addresses);
  if (reachable === undefined || visited === undefined) return undefined;
  const judge = new Judge(stores, addresses, barriers);
  const missed = new Map<MissedReason, number>();
  const impossible = new Map<ImpossibleReason, number>();
  const examples = new Map<MissedReason | ImpossibleReason, string>();
  for (const image of reachable) {
    if (!visited.has(image)) count(missed, judge.missed(image), examples, describeImage(image, addresses));
  }
  for (const image of visited) {
    if (!reachable.has(image))
      count(impossible, judge.impossible(image), examples, describeImage(image, addresses));
  }
  const common = [...visited].filter((image) => reachable.has(image)).length;
  return { exact: reachable.size, visited: visited.size, common, missed, impossible, examples };
}

/** Whether one of each list is more than `IMAGES_MAX` choices. */
function isTooMuch(lists: readonly (readonly unknown[])[]): boolean {
  let count = 1;
  return lists.some(({ length }) => (count *= length) > IMAGES_MAX);
}

function count<Reason extends MissedReason | ImpossibleReason>(
  totals: Map<Reason, number>,
  reason: Reason,
  examples: Map<MissedReason | ImpossibleReason, string>,
  example: string,
): void {
  totals.set(reason, (totals.get(reason) ?? 0) + 1);
  if (!examples.has(reason)) examples.set(reason, example);
}

/** Every image as text with one character for each of `addresses`; `undefined` above `IMAGES_MAX`. */
export function exactImages(set: ImageSet, addresses: readonly number[]): Set<string> | undefined {
  const minimal = materialise(set.view.order.source.initialMedia, set.minimalWords());
  const start = new Map(addresses.map((address) => [address, byteIn(minimal, address)]));
  let partial: { readonly image: Map<number, number>; readonly spans: readonly LevelSpan[] }[] = [
    { image: start, spans: [set.view.levels] },
  ];
  for (const cell of set.cells) {
    const next: typeof partial = [];
    for (const { image, spans } of partial) {
      for (const content of cell.contents()) {
        const possible = intersectSpans(spans, content.spans);
        if (possible.length === 0) continue;
        const changed = new Map(image);
        for (const [index, { address }] of cell.words.entries()) {
          for (let byte = 0; byte < WORD_SIZE_BYTES; byte++) {
            if (changed.has(address + byte))
              changed.set(address + byte, content.bytes[index * WORD_SIZE_BYTES + byte] ?? 0);
          }
        }
        next.push({ image: changed, spans: possible });
      }
      if (next.length > IMAGES_MAX) return undefined;
    }
    partial = next;
  }
  return new Set(partial.map(({ image }) => keyOf(image, addresses)));
}

/** Every image that pmreorder's checker would see; `undefined` above `IMAGES_MAX`. */
export function visitedImages(
  barriers: readonly Barrier[],
  addresses: readonly number[],
): Set<string> | undefined {
  const found = new Set<string>();
  for (const { before, choices, checks } of barriers) {
    if (checks === 0n) continue;
    let images: ByteImage[] = [before];
    for (const contents of choices) {
      images = images.flatMap((image) => contents.map((content) => new Map([...image, ...content])));
      if (images.length > IMAGES_MAX) return undefined;
    }
    for (const image of images) found.add(keyOf(image, addresses));
    if (found.size > IMAGES_MAX) return undefined;
  }
  return found;
}

function keyOf(image: ByteImage, addresses: readonly number[]): string {
  return addresses.map((address) => String.fromCharCode(image.get(address) ?? 0)).join('');
}

function byteIn(media: ReadonlyMap<number, Uint8Array>, address: number): number {
  return media.get(Math.floor(address / PAGE_SIZE_BYTES))?.[address % PAGE_SIZE_BYTES] ?? 0;
}

/** `0x1000=0100000000000000 …`: the words with a byte that is not 0; bytes the log never stores are shown as `..`. */
function describeImage(image: string, addresses: readonly number[]): string {
  const words = new Map<number, string[]>();
  let changed = new Set<number>();
  for (const [index, address] of addresses.entries()) {
    const word = roundDown(address, WORD_SIZE_BYTES);
    const bytes = words.get(word) ?? Array.from({ length: WORD_SIZE_BYTES }, () => '..');
    const value = image.charCodeAt(index);
    bytes[address - word] = value.toString(16).padStart(2, '0');
    words.set(word, bytes);
    if (value !== 0) changed = changed.add(word);
  }
  return (
    [...changed].map((word) => `0x${word.toString(16)}=${words.get(word)?.join('')}`).join(' ') || 'nothing'
  );
}

/** Says why an image is on one side only. */
class Judge {
  readonly #stores: readonly StoreRecord[];
  readonly #addresses: readonly number[];
  readonly #positions: ReadonlyMap<number, number>;
  readonly #inOrder: ReadonlySet<string>;
  readonly #prefixesOfLine = new Map<number, ReadonlySet<string>>();

  constructor(stores: readonly StoreRecord[], addresses: readonly number[], barriers: readonly Barrier[]) {
    this.#stores = stores;
    this.#addresses = addresses;
    this.#positions = new Map(addresses.map((address, index) => [address, index]));
    const ordered = barriers.map((barrier) => ({ ...barrier, choices: inOrderContents(barrier) }));
    this.#inOrder = visitedImages(ordered, addresses) ?? new Set();
  }

  /** `torn`: a store over an 8-byte boundary shows in one word and not in the other; else something left a cache early. */
  missed(image: string): MissedReason {
    const isTorn = this.#stores.some(({ address, bytes }) => {
      const shown = new Map<number, boolean>();
      for (const [index, byte] of bytes.entries()) {
        const word = roundDown(address + index, WORD_SIZE_BYTES);
        shown.set(word, (shown.get(word) ?? true) && this.#byteOf(image, address + index) === byte);
      }
      return new Set(shown.values()).size > 1;
    });
    return isTorn ? 'torn' : 'evicted';
  }

  /** `coherence`: an older store over a newer one; `line order`: a newer store of a line without an older one. */
  impossible(image: string): ImpossibleReason {
    if (!this.#inOrder.has(image)) return 'coherence';
    const lines = new Set(this.#addresses.map((address) => roundDown(address, LINE_SIZE_BYTES)));
    return [...lines].every((line) => this.#prefixes(line).has(this.#lineOf(image, line)))
      ? 'order'
      : 'line order';
  }

  #byteOf(image: string, address: number): number {
    return image.charCodeAt(this.#positions.get(address) ?? 0);
  }

  #lineOf(image: string, line: number): string {
    return this.#addresses
      .filter((address) => roundDown(address, LINE_SIZE_BYTES) === line)
      .map((address) => String.fromCharCode(this.#byteOf(image, address)))
      .join('');
  }

  /** Contents of a line after each prefix of the pieces stored to it. */
  #prefixes(line: number): ReadonlySet<string> {
    const known = this.#prefixesOfLine.get(line);
    if (known !== undefined) return known;
    const addresses = this.#addresses.filter((address) => roundDown(address, LINE_SIZE_BYTES) === line);
    const content = new Map<number, number>();
    const found = new Set([keyOf(content, addresses)]);
    for (const { address, bytes } of this.#stores) {
      for (const [index, byte] of bytes.entries()) {
        content.set(address + index, byte);
        const isPieceEnd = index === bytes.length - 1 || (address + index + 1) % WORD_SIZE_BYTES === 0;
        if (isPieceEnd) found.add(keyOf(content, addresses));
      }
    }
    this.#prefixesOfLine.set(line, found);
    return found;
  }
}
