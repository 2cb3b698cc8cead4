/**
 * The machine as a library, `import { … } from 'pmem-conform'`: record instructions, order them, ask what a power failure may
 * leave, compare two answers. docs/LIBRARY.md has examples.
 */
import { type Machine, powerOn } from '#machine/hardware/machine.ts';
import { CrashHistory, sourceOf } from '#machine/images/crash-images.ts';
import { ImageSet } from '#machine/images/image-set.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import { PersistsBefore } from '#machine/order/persists-before.ts';
import { persistencySetting } from '#machine/order/persistency-setting.ts';
import type {
  Comparison,
  Domain,
  History,
  Images,
  MachineOptions,
  MemoryRange,
  Moment,
  OrderChoices,
  Program,
  Recording,
} from './types.ts';

export type * from './types.ts';

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
  return machine;
}

/**
 * Works out what must be persistent before what. `domain` is what survives a power failure by itself: `adr` what has left
 * the caches, `eadr` the caches too, `none` only what a flush hint drained. `changes` are further choices (docs/MACHINE.md).
 */
export function order(recording: Recording, domain: Domain = 'adr', changes: OrderChoices = {}): History {
  return new CrashHistory(
    new PersistsBefore(sourceOf(machineOf(recording)), persistencySetting(domain, changes)),
  );
}

/** The machine behind a recording. */
function machineOf(recording: Recording): Machine {
  if ('memory' in recording && 'configuration' in recording) return recording as unknown as Machine;
  throw new TypeError('expected what record() returns');
}

/**
 * The images that a power failure may leave, without listing them. Throws `RangeError` for an acknowledgement that is not there,
 * `TypeError` for a history that `order` has not made.
 */
export function images(history: History, moment: Moment = 'any'): Images {
  if (!(history instanceof CrashHistory)) throw new TypeError('expected what order() returns');
  if (moment === 'any') return history.anywhere();
  return 'acknowledged' in moment ? history.acked(moment.acknowledged) : history.inFlight(moment.before);
}

/**
 * How two sets compare: `equal`; `stronger` where the second allows fewer images, so fewer ways to lose data; `weaker` where it
 * allows more; `incomparable` where each allows one that the other does not. Both must be read under one domain and the same
 * choices. Throws `TypeError` for sets that `images` has not made.
 */
export function relation(before: Images, after: Images): Comparison {
  if (!(before instanceof ImageSet && after instanceof ImageSet))
    throw new TypeError('expected what images() returns');
  return relate(before, after);
}
