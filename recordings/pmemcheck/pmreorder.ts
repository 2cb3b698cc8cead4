/**
 * The engines of PMDK's pmreorder, emulated: the same barriers, the same sequences, hence the same images, without
 * files and checkers (persistency.md 2.2; pmreorder of September 2025). Kept with its defects, because the point is
 * to know what it looks at: a FLUSH marks every store it overlaps, whole; a FENCE without a FLUSH since the last
 * replay is ignored; nothing is ever evicted; line order does not exist.
 *
 * The images of a barrier are kept as a product: stores that overlap form a group, groups are independent, and each
 * group has the contents that its orders can leave. So 7 separate stores are 7 groups of two, not 13,700 sequences.
 */
import { InputError } from '#base/input-error.ts';
import { LINE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import type { PmemcheckLog, StoreRecord } from './log-records.ts';

export const ENGINES = [
  'NoReorderNoCheck', 'ReorderFull', 'NoReorderDoCheck', 'ReorderAccumulative', 'ReorderReverseAccumulative', 'ReorderPartial',
] as const; // prettier-ignore
export type EngineName = (typeof ENGINES)[number];

/** Bytes by address; what is not in it is as before the log. */
export type ByteImage = ReadonlyMap<number, number>;

/** One replay: a FENCE after a FLUSH. */
export interface Barrier {
  /** Number of the FENCE record. */
  readonly number: number;
  readonly engine: EngineName;
  readonly storeCount: number;
  /** How many times pmreorder would call the checker. */
  readonly checks: bigint;
  /** Image before the barrier. */
  readonly before: ByteImage;
  /** The stores that the FLUSHes before it marked, in program order; empty without images. */
  readonly stores: readonly StoreRecord[];
  /** Independent choices of contents; the images are `before` with one of each. Empty when nothing is checked. */
  readonly choices: readonly (readonly ByteImage[])[];
}

export interface EmulationOptions {
  readonly engine: EngineName;
  /** Engines by marker name, as pmreorder's -x. */
  readonly markers: ReadonlyMap<string, EngineName>;
  /** Without images, `before` and `choices` stay empty: long logs are counted only. */
  readonly withImages: boolean;
}

/** Stores of one barrier that may overlap each other, at most: their orders are enumerated. */
export const OVERLAPPING_STORES_MAX = 7;

/** Replays `log` as pmreorder would. Throws `InputError` when too many overlapping stores meet one barrier. */
export function emulate(log: PmemcheckLog, options: EmulationOptions): Barrier[] {
  return new Emulation(log, options).run();
}

class Emulation {
  readonly #log: PmemcheckLog;
  readonly #options: EmulationOptions;
  readonly #barriers: Barrier[] = [];
  readonly #image = new Map<number, number>();
  readonly #engines: EngineName[];
  #collected: StoreRecord[] = [];
  #byLine = new Map<number, StoreRecord[]>();
  #flushed = new Set<StoreRecord>();
  #phase: 'init' | 'dirty' | 'flush' = 'init';

  constructor(log: PmemcheckLog, options: EmulationOptions) {
    this.#log = log;
    this.#options = options;
    this.#engines = [options.engine];
  }

  run(): Barrier[] {
    for (const record of this.#log.records) {
      switch (record.kind) {
        case 'store':
          this.#collect(record);
          break;
        case 'flush':
          this.#flush(record.address, record.sizeBytes);
          break;
        case 'fence':
          if (this.#phase === 'flush') this.#replay(record.number);
          break;
        case 'marker':
          if (record.edge === 'END') this.#engines.pop();
          else
            this.#engines.push(this.#options.markers.get(record.name.split('.')[0] ?? '') ?? this.#engine());
          break;
        default:
          // pmreorder dies of DEEP_SYNC; the emulation passes over it.
          break;
      }
    }
    return this.#barriers;
  }

  #engine(): EngineName {
    return this.#engines.at(-1) ?? this.#options.engine;
  }

  #collect(store: StoreRecord): void {
    this.#collected.push(store);
    for (const line of linesOf(store.address, store.bytes.length)) {
      const stores = this.#byLine.get(line);
      if (stores === undefined) this.#byLine.set(line, [store]);
      else stores.push(store);
    }
    if (this.#phase === 'init') this.#phase = 'dirty';
  }

  /** Any overlap marks the whole store; a flush counts for the next fence even when it touches none. */
  #flush(address: number, sizeBytes: number): void {
    // A log may flush a whole pool at once: then the lines with stores are fewer.
    const isLong = sizeBytes / LINE_SIZE_BYTES > this.#byLine.size;
    for (const line of isLong ? this.#byLine.keys() : linesOf(address, sizeBytes)) {
      for (const store of this.#byLine.get(line) ?? []) {
        if (store.address < address + sizeBytes && address < store.address + store.bytes.length)
          this.#flushed.add(store);
      }
    }
    this.#phase = 'flush';
  }

  #replay(number: number): void {
    const stores = this.#collected.filter((store) => this.#flushed.has(store));
    const engine = this.#engine();
    const { withImages } = this.#options;
    const choices = withImages ? choicesOf(engine, stores, this.#log, number) : [];
    this.#barriers.push({
      number,
      engine,
      storeCount: stores.length,
      checks: checksOf(engine, stores.length),
      before: new Map(withImages ? this.#image : []),
      stores: withImages ? stores : [],
      choices,
    });
    if (withImages) for (const store of stores) apply(store, this.#image);
    const rest = this.#collected.filter((store) => !this.#flushed.has(store));
    this.#collected = [];
    this.#byLine = new Map();
    this.#flushed = new Set();
    for (const store of rest) this.#collect(store);
    this.#phase = 'init';
  }
}

function* linesOf(address: number, sizeBytes: number): Generator<number> {
  for (let line = roundDown(address, LINE_SIZE_BYTES); line < address + sizeBytes; line += LINE_SIZE_BYTES)
    yield line;
}

function apply(store: StoreRecord, image: Map<number, number>): void {
  for (const [index, byte] of store.bytes.entries()) image.set(store.address + index, byte);
}

/** Of more stores than this ReorderFull makes so many sequences that only their order of magnitude is worked out. */
export const STORES_COUNTED_MAX = 2000;

/** How many sequences an engine makes of `count` stores; for ReorderFull above `STORES_COUNTED_MAX` a power of two that is near. */
export function checksOf(engine: EngineName, count: number): bigint {
  switch (engine) {
    case 'NoReorderNoCheck':
      return 0n;
    case 'NoReorderDoCheck':
      return 1n;
    case 'ReorderAccumulative':
    case 'ReorderReverseAccumulative':
      return BigInt(count + 1);
    case 'ReorderPartial':
      return count < 2 ? BigInt(count + 1) : 3n;
    case 'ReorderFull': {
      if (count > STORES_COUNTED_MAX) return 1n << BigInt(Math.round(sequencesLog2(count)));
      let total = 0n;
      let ordered = 1n;
      for (let length = 0; length <= count; length++) {
        total += ordered;
        ordered *= BigInt(count - length);
      }
      return total;
    }
  }
}

/** The logarithm of e * count!, which the number of sequences of any of `count` things differs from by less than 1 / count. */
function sequencesLog2(count: number): number {
  let log2 = Math.LOG2E;
  for (let factor = 2; factor <= count; factor++) log2 += Math.log2(factor);
  return log2;
}

/** The contents that an engine's sequences leave, as independent choices. */
function choicesOf(
  engine: EngineName,
  stores: readonly StoreRecord[],
  log: PmemcheckLog,
  number: number,
): ByteImage[][] {
  switch (engine) {
    case 'NoReorderNoCheck':
      return [];
    case 'NoReorderDoCheck':
      return [[contentOf(stores)]];
    case 'ReorderAccumulative':
      return [distinct(prefixes(stores))];
    case 'ReorderReverseAccumulative':
      return [distinct(prefixes([...stores].reverse()))];
    default:
      return groupsOf(stores).map((group) => {
        if (engine === 'ReorderFull' && group.length > OVERLAPPING_STORES_MAX)
          throw new InputError(
            `${log.source}: record ${number}: ${group.length} overlapping stores meet one FENCE; ReorderFull is emulated for at most ${OVERLAPPING_STORES_MAX} (choose another engine for this part with a marker)`,
          );
        return distinct(sequencesOf(group, engine === 'ReorderFull'));
      });
  }
}

/** The choices of a barrier if its engine kept to program order among overlapping stores. */
export function inOrderContents({ stores }: Barrier): ByteImage[][] {
  return groupsOf(stores).map((group) => distinct(sequencesOf(group, false)));
}

function* prefixes(stores: readonly StoreRecord[]): Generator<readonly StoreRecord[]> {
  for (let length = 0; length <= stores.length; length++) yield stores.slice(0, length);
}

/** Sequences of any of the stores, in any order or (the random engine's population) in program order. */
function* sequencesOf(stores: readonly StoreRecord[], anyOrder: boolean): Generator<readonly StoreRecord[]> {
  yield [];
  for (const [index, store] of stores.entries()) {
    const others = anyOrder ? stores.filter((_, other) => other !== index) : stores.slice(index + 1);
    for (const rest of sequencesOf(others, anyOrder)) yield [store, ...rest];
  }
}

function contentOf(stores: readonly StoreRecord[]): ByteImage {
  const image = new Map<number, number>();
  for (const store of stores) apply(store, image);
  return image;
}

function distinct(sequences: Iterable<readonly StoreRecord[]>): ByteImage[] {
  const found = new Map<string, ByteImage>();
  for (const sequence of sequences) {
    const content = contentOf(sequence);
    found.set(keyOf(content), content);
  }
  return [...found.values()];
}

function keyOf(image: ByteImage): string {
  return [...image].sort((left, right) => left[0] - right[0]).join(' ');
}

/** Stores that overlap directly or over others, in program order within a group. */
function groupsOf(stores: readonly StoreRecord[]): StoreRecord[][] {
  const sorted = [...stores].sort((left, right) => left.address - right.address);
  const groups: StoreRecord[][] = [];
  let end = -1;
  for (const store of sorted) {
    if (store.address < end) groups.at(-1)?.push(store);
    else groups.push([store]);
    end = Math.max(end, store.address + store.bytes.length);
  }
  return groups.map((group) => group.sort((left, right) => left.number - right.number));
}
