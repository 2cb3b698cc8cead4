/**
 * The same machine as `enumerate.ts`, for the programs of `program-tree.ts` only, with work shared between programs:
 * a program of n + 1 instructions reaches every state of its first n, and beyond these only states in which the last
 * instruction has left the store buffer. So `push` adds those states and `pop` forgets them. It knows rules and
 * states, no levels, bases or cells: nothing of the closed form.
 *
 * A state is five numbers: which instructions have left, the media, the two line buffers, and the queue in front of
 * the media (only without ADR). Instruction i stores the value i + 1; in three bits, so that 7 instructions fit.
 */
import type { PersistencySetting } from '#machine/order/persistency-setting.ts';
import type { Letter } from './program-tree.ts';
import { keepsOrder, type Kind } from './tree-order.ts';
import { TreeStates } from './tree-states.ts';

const INSTRUCTIONS_MAX = 7;
const VALUE_BITS = 3;
const VALUE_MASK = (1 << VALUE_BITS) - 1;
/** An image is three values; a set of images is one bit for each. */
const IMAGE_SET_SIZE = (1 << (3 * VALUE_BITS)) / 32;

/** A set of images: bit number `media` of it. */
export type ImageBits = Int32Array;

export class TreeMachine {
  readonly #setting: PersistencySetting;
  readonly #kinds: Kind[] = [];
  readonly #letters: Letter[] = [];
  readonly #mustPrecede: number[] = [];
  readonly #acknowledgeable: number[] = [0];
  readonly #anywhere = Array.from({ length: INSTRUCTIONS_MAX + 1 }, () => new Int32Array(IMAGE_SET_SIZE));
  readonly #stateCounts: number[] = [1];
  // The states of the present program, those of shorter prefixes first; number 0 is power-on.
  readonly #states = new TreeStates();

  constructor(setting: PersistencySetting) {
    this.#setting = setting;
    include(this.#anywhere[0]!, 0);
    this.#states.add(0, 0, 0, 0, 0);
  }

  get depth(): number {
    return this.#letters.length;
  }

  get stateCount(): number {
    return this.#states.count;
  }

  /** Images of all states. */
  get anywhere(): ImageBits {
    return this.#anywhere[this.depth]!;
  }

  /** Images once an acknowledgement after the first `length` instructions could have been seen, until the next. */
  acked(length: number): ImageBits {
    return this.#imagesOf(this.#stateCounts[length]!, this.#acknowledgeable[length]!);
  }

  /** Images from an acknowledgement right before instruction `index` to one right after it. */
  inFlight(index: number): ImageBits {
    return this.#imagesOf(this.#stateCounts[index + 1]!, this.#acknowledgeable[index]!);
  }

  /** Appends an instruction to the program. */
  push(letter: Letter): void {
    const index = this.depth;
    const isAmdFlush = letter.kind === 'FL' && this.#setting.clflushOrdering === 'amd';
    const kind = isAmdFlush ? 'FX' : letter.kind;
    let before = 0;
    for (const [earlier, other] of this.#kinds.entries())
      if (keepsOrder([other, this.#letters[earlier]!], [kind, letter], this.#setting)) before |= 1 << earlier;
    this.#kinds.push(kind);
    this.#letters.push(letter);
    this.#mustPrecede.push(before);
    // An acknowledgement is a store to volatile memory: it waits for whatever a store elsewhere waits for.
    const waits = kind === 'W' || kind === 'FL' || kind === 'SF' || kind === 'MF';
    this.#acknowledgeable.push(this.#acknowledgeable[index]! | (waits ? 1 << index : 0));
    this.#explore(index);
    this.#stateCounts.push(this.#states.count);
  }

  /** Takes the last instruction back. */
  pop(): void {
    this.#kinds.pop();
    this.#letters.pop();
    this.#mustPrecede.pop();
    this.#acknowledgeable.pop();
    this.#stateCounts.pop();
    this.#states.keep(this.#stateCounts.at(-1)!);
  }

  #explore(index: number): void {
    const first = this.#states.count;
    this.#states.startAdding();
    for (let state = 0; state < first; state++) this.#leave(state, index);
    for (let state = first; state < this.#states.count; state++) {
      for (let older = 0; older < index; older++) this.#leave(state, older);
      this.#persist(state, 0);
      this.#persist(state, 1);
      this.#drain(state);
    }
    const images = this.#anywhere[index + 1]!;
    images.set(this.#anywhere[index]!);
    for (let state = first; state < this.#states.count; state++) include(images, this.#states.media[state]!);
  }

  #imagesOf(stateCount: number, haveLeft: number): ImageBits {
    const images = new Int32Array(IMAGE_SET_SIZE);
    for (let state = 0; state < stateCount; state++)
      if ((haveLeft & ~this.#states.left[state]!) === 0) include(images, this.#states.media[state]!);
    return images;
  }

  // ---- steps

  /** Lets instruction `index` leave the store buffer in `state`, if it may (R5). */
  #leave(state: number, index: number): void {
    const left = this.#states.left[state]!;
    if ((left >>> index) & 1 || (this.#mustPrecede[index]! & ~left) !== 0) return;
    const after = left | (1 << index);
    const media = this.#states.media[state]!;
    const zero = this.#states.lineZero[state]!;
    const one = this.#states.lineOne[state]!;
    const queue = this.#states.queue[state]!;
    const { line, word } = this.#letters[index]!;
    const isEadr = this.#setting.domain === 'eadr';
    const own = line === 1 ? one : zero;
    switch (this.#kinds[index]!) {
      case 'W':
        if (isEadr) return this.#accept(after, media, zero, one, queue, index + 1);
        return this.#addWithLine(after, media, zero, one, queue, line, appended(own, index + 1));
      case 'NT': {
        const isWriteBack = this.#setting.nonTemporalInDirtyLine === 'write-back';
        if (isWriteBack && this.#holdsStore(own)) return;
        const patched = isWriteBack ? own : this.#patched(own, word, index + 1);
        if (line === 1) return this.#accept(after, media, zero, patched, queue, index + 1);
        return this.#accept(after, media, patched, one, queue, index + 1);
      }
      case 'FL':
        if (isEadr || !this.#holdsStore(own)) this.#states.add(after, media, zero, one, queue);
        return;
      case 'FO':
      case 'FX':
        if (isEadr) return this.#states.add(after, media, zero, one, queue);
        return this.#addWithLine(after, media, zero, one, queue, line, appended(own, index + 1));
      case 'SF':
        if (!this.#holdsMarker(zero, false) && !this.#holdsMarker(one, false))
          this.#states.add(after, media, zero, one, queue);
        return;
      case 'MF':
        if (!this.#holdsMarker(zero, true) && !this.#holdsMarker(one, true))
          this.#states.add(after, media, zero, one, queue);
    }
  }

  /** The oldest entry of a line buffer becomes durable (R6). */
  #persist(state: number, line: 0 | 1): void {
    const zero = this.#states.lineZero[state]!;
    const one = this.#states.lineOne[state]!;
    const value = (line === 0 ? zero : one) & VALUE_MASK;
    if (value === 0) return;
    const nextZero = line === 0 ? zero >>> VALUE_BITS : zero;
    const nextOne = line === 1 ? one >>> VALUE_BITS : one;
    const left = this.#states.left[state]!;
    const media = this.#states.media[state]!;
    const queue = this.#states.queue[state]!;
    if (this.#isStore(value)) this.#accept(left, media, nextZero, nextOne, queue, value);
    else this.#states.add(left, media, nextZero, nextOne, queue);
  }

  #drain(state: number): void {
    const queue = this.#states.queue[state]!;
    if (queue === 0) return;
    const media = this.#written(this.#states.media[state]!, queue & VALUE_MASK);
    this.#states.add(
      this.#states.left[state]!,
      media,
      this.#states.lineZero[state]!,
      this.#states.lineOne[state]!,
      queue >>> VALUE_BITS,
    );
  }

  /** A value leaves the CPU: into the media, or, without ADR, into the queue before it. */
  #accept(left: number, media: number, zero: number, one: number, queue: number, value: number): void {
    if (this.#setting.domain === 'none') this.#states.add(left, media, zero, one, appended(queue, value));
    else this.#states.add(left, this.#written(media, value), zero, one, queue);
  }

  #written(media: number, value: number): number {
    const shift = this.#letters[value - 1]!.word * VALUE_BITS;
    return (media & ~(VALUE_MASK << shift)) | (value << shift);
  }

  // ---- line buffers

  #isStore(value: number): boolean {
    const kind = this.#kinds[value - 1];
    return kind === 'W' || kind === 'NT';
  }

  #holdsStore(buffer: number): boolean {
    for (let rest = buffer; rest !== 0; rest >>>= VALUE_BITS)
      if (this.#isStore(rest & VALUE_MASK)) return true;
    return false;
  }

  #holdsMarker(buffer: number, amdToo: boolean): boolean {
    for (let rest = buffer; rest !== 0; rest >>>= VALUE_BITS) {
      const kind = this.#kinds[(rest & VALUE_MASK) - 1];
      if (kind === 'FO' || (amdToo && kind === 'FX')) return true;
    }
    return false;
  }

  /** Older cached stores to the word of a non-temporal store from now on carry its value (1.3a). */
  #patched(buffer: number, word: number, value: number): number {
    let patched = 0;
    for (let shift = 0; buffer >>> shift !== 0; shift += VALUE_BITS) {
      const entry = (buffer >>> shift) & VALUE_MASK;
      const isOlder = entry < value && this.#letters[entry - 1]!.word === word;
      patched |= (isOlder ? value : entry) << shift;
    }
    return patched;
  }

  #addWithLine(
    left: number,
    media: number,
    zero: number,
    one: number,
    queue: number,
    line: number,
    buffer: number,
  ): void {
    if (line === 1) this.#states.add(left, media, zero, buffer, queue);
    else this.#states.add(left, media, buffer, one, queue);
  }
}

function appended(buffer: number, value: number): number {
  const length = Math.ceil((32 - Math.clz32(buffer)) / VALUE_BITS);
  return buffer | (value << (length * VALUE_BITS));
}

function include(images: ImageBits, media: number): void {
  images[media >>> 5]! |= 1 << (media & 31);
}
