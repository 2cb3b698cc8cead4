/**
 * Walks the tree of programs and holds the record engine to the tree machine at every program that is wanted: the
 * same images at any time, after each acknowledgement and between two, and the same counts. The engine reads each
 * program's record from scratch; only the record itself is kept between programs.
 */
import {
  crashHistory,
  type ImageSet,
  type PersistencySetting,
  sourceOf,
} from '#machine/images/crash-images.ts';
import type { LevelSpan } from '#machine/order/crash-view.ts';
import { intersectSpans } from '#machine/images/image-set.ts';
import type { Cell } from '#machine/images/line-cells.ts';
import type { Machine } from '#machine/hardware/machine.ts';
import type { RunSource } from '#machine/order/persists-before.ts';
import { isWanted, type Letter, LETTERS, mayFollow, WORD_OFFSETS } from './program-tree.ts';
import { BASE, machineAfter } from './sets.ts';
import { type ImageBits, TreeMachine } from './tree-machine.ts';

export interface TreeOptions {
  readonly setting: PersistencySetting;
  /** The oracle's, where a test wants to see the two differ. */
  readonly oracleSetting?: PersistencySetting;
  readonly maxLength: number;
  /** `each`: an acknowledgement after each instruction, all crash points compared; `last`: only one at the end. */
  readonly acknowledge: 'each' | 'last';
  /** `all`: no use of symmetry. */
  readonly programs: 'wanted' | 'all';
}

export interface TreeResult {
  /** Programs compared, by length. */
  readonly programCounts: readonly number[];
  readonly mismatches: readonly string[];
}

/** Compares every program of up to `maxLength` instructions. */
export function compareTree(options: TreeOptions): TreeResult {
  return new TreeComparison(options).run();
}

class TreeComparison {
  readonly #options: TreeOptions;
  readonly #oracle: TreeMachine;
  readonly #machine: Machine;
  readonly #source: RunSource;
  readonly #program: Letter[] = [];
  readonly #programCounts: number[];
  readonly #mismatches: string[] = [];

  constructor(options: TreeOptions) {
    this.#options = options;
    this.#oracle = new TreeMachine(options.oracleSetting ?? options.setting);
    this.#machine = machineAfter('', options.setting.domain);
    this.#source = sourceOf(this.#machine);
    this.#programCounts = Array.from({ length: options.maxLength + 1 }, () => 0);
  }

  run(): TreeResult {
    this.#visit();
    return { programCounts: this.#programCounts, mismatches: this.#mismatches };
  }

  #visit(): void {
    const { maxLength, programs } = this.#options;
    if (programs === 'all' || isWanted(this.#program)) this.#compare();
    if (this.#program.length === maxLength) return;
    const { record } = this.#machine;
    for (const letter of LETTERS) {
      if (programs === 'wanted' && !mayFollow(this.#program, letter)) continue;
      const { length, dataLength } = record;
      this.#issue(letter);
      if (this.#options.acknowledge === 'each') record.acknowledge(0);
      this.#program.push(letter);
      this.#oracle.push(letter);
      this.#visit();
      this.#oracle.pop();
      this.#program.pop();
      record.length = length;
      record.dataLength = dataLength;
    }
  }

  #issue({ kind, word, line }: Letter): void {
    const { cpu } = this.#machine;
    switch (kind) {
      case 'W':
        return cpu.store(BASE + WORD_OFFSETS[word]!, valueBytes(this.#program.length + 1));
      case 'NT':
        return cpu.storeNonTemporal(BASE + WORD_OFFSETS[word]!, valueBytes(this.#program.length + 1));
      case 'FL':
        return cpu.writeBack('clflush', BASE + line * 64);
      case 'FO':
        return cpu.writeBack('clwb', BASE + line * 64);
      case 'SF':
        return cpu.sfence();
      case 'MF':
        return cpu.mfence();
    }
  }

  #compare(): void {
    const { length } = this.#program;
    this.#programCounts[length]!++;
    const { record } = this.#machine;
    const oracle = this.#oracle;
    const entries = record.length;
    if (this.#options.acknowledge === 'last') record.acknowledge(0);
    const history = crashHistory(this.#source, this.#options.setting);
    record.length = entries;
    this.#hold('anywhere', history.anywhere(), oracle.anywhere);
    if (this.#options.acknowledge === 'last')
      return this.#hold('acked', history.acked(0), oracle.acked(length));
    for (let index = 0; index < length; index++) {
      this.#hold(`acked ${index}`, history.acked(index), oracle.acked(index + 1));
      this.#hold(`in flight ${index}`, history.inFlight(index), oracle.inFlight(index));
    }
  }

  #hold(point: string, set: ImageSet, expected: ImageBits): void {
    const found = imagesOf(set);
    const size = expected.reduce((sum, bits) => sum + bitCount(bits), 0);
    const isSame = found?.every((bits, index) => bits === expected[index]) ?? false;
    if (isSame && set.count() === BigInt(size)) return;
    const program = this.#program.map(({ text }) => text).join(' ');
    this.#mismatches.push(`${program}: ${point}: ${set.count()} images counted, not the ${size} there are`);
  }
}

/** The images of a set in the tree machine's form; undefined when a word holds parts of several values. */
function imagesOf(set: ImageSet): ImageBits | undefined {
  const images = new Int32Array(16);
  const { cells } = set;
  let image = 0;
  for (const [word, offset] of WORD_OFFSETS.entries()) {
    if (cells.some((cell) => cell.words.some(({ address }) => address === BASE + offset))) continue;
    image |= valueOf(set.requiredContent(BASE + offset), 0) << (3 * word);
  }
  const isWhole = image >= 0 && choose(cells, 0, [set.view.levels], image, images);
  return isWhole ? images : undefined;
}

/** Adds an image for each choice of contents from cell `index` on that one level allows; false for torn words. */
function choose(
  cells: readonly Cell[],
  index: number,
  spans: readonly LevelSpan[],
  image: number,
  images: ImageBits,
): boolean {
  const cell = cells[index];
  if (cell === undefined) {
    images[image >>> 5]! |= 1 << (image & 31);
    return true;
  }
  let isWhole = true;
  for (const content of cell.contents()) {
    const both = intersectSpans(spans, content.spans);
    if (both.length === 0) continue;
    let next = image;
    for (const [at, { address }] of cell.words.entries())
      next |=
        valueOf(content.bytes, at * 8) << (3 * WORD_OFFSETS.findIndex((offset) => BASE + offset === address));
    isWhole = isWhole && next >= 0 && choose(cells, index + 1, both, next, images);
  }
  return isWhole;
}

/** Eight bytes that no other value has in the same place; 0 stands for memory never stored to. */
function valueBytes(value: number): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, index) => value * 8 + index);
}

function valueOf(bytes: Uint8Array, start: number): number {
  const value = bytes[start]! >>> 3;
  for (let index = 0; index < 8; index++)
    if (bytes[start + index] !== (value === 0 ? 0 : value * 8 + index)) return -1;
  return value;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
