/**
 * The machine as a library, `import { … } from 'pmem-conform'`: record instructions, order them, ask what a power failure may
 * leave, compare two answers. docs/LIBRARY.md has examples.
 */
import type { Cpu, CpuFeatures } from '#machine/hardware/cpu.ts';
import { type FlushHint, type Machine, powerOn } from '#machine/hardware/machine.ts';
import type { MediaImage, MemoryRange } from '#machine/hardware/memory.ts';
import { CrashHistory, sourceOf } from '#machine/images/crash-images.ts';
import type { ImageSet } from '#machine/images/image-set.ts';
import { type Comparison, relate } from '#machine/images/image-set-relation.ts';
import { PersistsBefore } from '#machine/order/persists-before.ts';
import { type PersistencySetting, persistencySetting } from '#machine/order/persistency-setting.ts';

export type { Comparison, Cpu, CpuFeatures, FlushHint, ImageSet, MemoryRange, PersistencySetting };

/** A program: instructions, and `acknowledge` where somebody is told that what came before is done. */
export type Program = (cpu: Cpu, acknowledge: () => void) => void;

/** The machine that a program runs on. */
export interface MachineOptions {
  /** One persistent range `pmem0` of a mebibyte at address 0 when absent. Addresses and sizes are multiples of 4096 bytes. */
  readonly ranges?: readonly MemoryRange[];
  /** clwb and clflushopt are there unless told otherwise; clflush always is. */
  readonly features?: CpuFeatures;
  /** Memory before the program: page number (address / 4096) to its 4096 bytes; absent pages are zero. */
  readonly initialMedia?: MediaImage;
  readonly flushHints?: readonly FlushHint[];
}

/** What a program did. It must not change any more. */
export interface Recording {
  readonly machine: Machine;
}

/** Which images are asked for. Acknowledgements count from 0. */
export type Moment =
  /** Once that acknowledgement has happened, and before anything after it. */
  | { readonly acknowledged: number }
  /** Between the acknowledgement before it (or the start) and that one (or, one past the last, the end). */
  | { readonly before: number }
  /** At any time of the program. */
  | 'any';

const ONE_RANGE: MemoryRange = {
  name: 'pmem0',
  start: 0,
  sizeBytes: 1 << 20,
  kind: 'persistent',
  modules: ['dimm0'],
};

/** Runs a program and keeps its instructions. Throws `RangeError` for addresses outside of all ranges, and what the program throws. */
export function record(program: Program, options: MachineOptions = {}): Recording {
  const {
    ranges = [ONE_RANGE],
    features = { clwb: true, clflushopt: true },
    flushHints = [],
    initialMedia,
  } = options;
  const machine = powerOn({
    domain: 'adr',
    ranges,
    features,
    flushHints,
    ...(initialMedia === undefined ? {} : { initialMedia }),
  });
  let count = 0;
  program(machine.cpu, () => machine.record.acknowledge(count++));
  return { machine };
}

/**
 * Works out what must be persistent before what. `domain` is what survives a power failure by itself: `adr` what has left
 * the caches, `eadr` the caches too, `none` only what a flush hint drained. `changes` are further choices (docs/MACHINE.md).
 */
export function order(
  { machine }: Recording,
  domain: PersistencySetting['domain'] = 'adr',
  changes: Partial<Omit<PersistencySetting, 'domain'>> = {},
): CrashHistory {
  return new CrashHistory(new PersistsBefore(sourceOf(machine), persistencySetting(domain, changes)));
}

/**
 * The images that a power failure may leave, without listing them: `count()`, `contains(image)`, `minimalImage()`,
 * `maximalImage()`. Throws `RangeError` for an acknowledgement that is not there.
 */
export function images(history: CrashHistory, moment: Moment = 'any'): ImageSet {
  if (moment === 'any') return history.anywhere();
  return 'acknowledged' in moment ? history.acked(moment.acknowledged) : history.inFlight(moment.before);
}

/**
 * How two sets compare: `equal`; `stronger` where the second allows fewer images, so fewer ways to lose data; `weaker` where it
 * allows more; `incomparable` where each allows one that the other does not. A difference comes with an image that shows it.
 * Both must be read under one domain and the same choices.
 */
export function relation(before: ImageSet, after: ImageSet): Comparison {
  return relate(before, after);
}
