/**
 * The words that contracts use to say where a difference shows: what an operation of a workload can be like, trait by
 * trait. What `traitsOf` gives are words of this vocabulary and no others.
 */
import { MEMORY_DISK_KINDS } from '#kernel/subsystem/operation.ts';
import { VECTOR_KINDS } from './arguments/vector.ts';
import { DISABLED, DOMAINS } from './boot/boot-line.ts';
import { OPERATIONS } from './operations.ts';

/** One thing that can be said of an operation. */
export type Trait =
  /** Its kind; `boot` for what the kernel does before the first. */
  | 'operation'
  /** The memory its data is in. */
  | 'vector'
  /** Whether its data is in one piece. Empty pieces do not count. */
  | 'segments'
  /** `small`: a piece is shorter than 8 bytes. */
  | 'size'
  /** `words`: every piece begins and ends on an 8-byte boundary; `edges`: not. */
  | 'alignment'
  /** Whether the file's blocks were there (`mapped`) or are made when they are written (`new`). */
  | 'blocks'
  /** What lies behind the disk; all members of a mapped device count. `blk` are block windows. */
  | 'device'
  /** What survives a power failure. */
  | 'domain'
  /** Flush hints of the machine: `mixed` where a region has them on some of its dimms only; `table` where tables say. */
  | 'hints'
  /** `full`, or the words that switch parts of the kernel off. */
  | 'configuration'
  /** `queue/write_cache` of the disk: as the driver set it, or what an administrator made of it. */
  | 'writeCache';

/** The traits of one operation. Each may have several values (the members of a mapped device) or none. */
export type Traits = Readonly<Record<Trait, readonly string[]>>;

/** Every value that a trait may have; `text` where it may be anything. */
export const VOCABULARY: Readonly<Record<Trait, readonly string[] | 'text'>> = {
  operation: ['boot', ...OPERATIONS.filter(({ endsLife }) => endsLife !== true).map(({ kind }) => kind)],
  vector: VECTOR_KINDS,
  segments: ['one', 'several'],
  size: ['small', 'large'],
  alignment: ['words', 'edges'],
  blocks: ['mapped', 'new'],
  device: ['pmem', 'volatile', 'blk', ...MEMORY_DISK_KINDS],
  domain: DOMAINS,
  hints: ['none', 'all', 'mixed', 'table'],
  configuration: ['full', ...DISABLED.keys()],
  writeCache: ['default', 'write back', 'write through'],
};
