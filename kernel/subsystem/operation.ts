/**
 * What a workload can do to a booted kernel, as plain data: the one interface through which both trees, and every
 * step between them, are tried (design.md 6). The text form is `pmem/language/notation.ts`.
 */
import type { CpuFeatures } from '#machine/hardware/cpu.ts';
import type { PowerFailDomain } from '#machine/hardware/machine.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import type { InstructionRecord } from '#machine/hardware/record.ts';
import type { Extent } from '../fs/dax-file-system.ts';
import type { ConfigSymbol } from '../kernel.ts';

/** Disks over volatile memory with a dax driver of their own: brd, axonram and dcssblk (memory-and-dax.md 11). */
export const MEMORY_DISK_KINDS = ['ram', 'axonram', 'dcssblk'] as const;

export type MemoryDiskKind = (typeof MEMORY_DISK_KINDS)[number];

/** A pmem namespace over its own region, or a disk over volatile memory. */
export type DeviceConfiguration =
  | {
      readonly kind: 'pmem';
      readonly name: string;
      readonly sizeBytes: number;
      /** Flush hints by dimm; no dimm at all is a region that nobody vouches for (e820). */
      readonly hintsByDimm: readonly number[];
      readonly isVolatile: boolean;
      readonly isReadOnly: boolean;
      /** System RAM ends right below it, in the middle of a memory section. */
      readonly hasRamBelow: boolean;
      /** The memory has struct pages, so that it can be mapped in 2 MiB pages. */
      readonly hasStructPages: boolean;
      /** Smallest range the platform clears poison in, bytes. */
      readonly clearUnitBytes: number;
    }
  | { readonly kind: MemoryDiskKind; readonly name: string; readonly sizeBytes: number };

/** The blocks of a file, which a reboot does not lose (the file system's metadata is not modelled). */
export interface FileLayout extends FileName {
  readonly sizeBytes: number;
  readonly extents: readonly Extent[];
}

/** What outlives a power failure besides the contents of persistent memory. */
export interface CarriedOver {
  readonly files: readonly FileLayout[];
  /** First device page that was never allocated, by disk. */
  readonly nextPages: ReadonlyMap<string, number>;
  /** Device-mapper tables, which user space loads again at boot, members first. */
  readonly tables: readonly DmTableShape[];
  /** Addresses of poisoned cells of the media. */
  readonly poisonedCells: readonly number[];
  /** Label areas of the dimms, by `labelAreaKey`. */
  readonly labelAreas: ReadonlyMap<string, Uint8Array>;
  /** What the platform reports as poisoned when asked at boot. */
  readonly knownPoison: readonly { readonly start: number; readonly length: number }[];
}

/** Firmware tables that a bus is made from. */
export interface FirmwareConfiguration {
  /** How the boot line names it: a ready-made table or a file. */
  readonly source: string;
  readonly table: Uint8Array;
  /** Handles of the dimms with a label area. */
  readonly labels: 'all' | readonly number[];
  /** Scrubs find what the regression suite's mock finds, not what is wrong with the media. */
  readonly isMock: boolean;
  readonly providerName: string;
  /** What firmware had scrubbed when the kernel came up: nothing, or half of the first range before it overflowed. */
  readonly firmwareScrub: 'none' | 'overflow';
}

export interface BootConfiguration {
  readonly domain: PowerFailDomain;
  readonly features: CpuFeatures;
  /** CONFIG_ symbols to switch off. */
  readonly disabledSymbols: readonly ConfigSymbol[];
  readonly devices: readonly DeviceConfiguration[];
  readonly firmware?: readonly FirmwareConfiguration[];
  /** Sizes of "Persistent Memory (legacy)" ranges. */
  readonly legacyRanges?: readonly number[];
  /** What persistent memory holds at power-on. */
  readonly media?: MediaImage;
  readonly carriedOver?: CarriedOver;
  /** Hears of each instruction that is recorded, while the code that issued it runs. */
  readonly onInstruction?: ((record: InstructionRecord) => void) | undefined;
}

/** A file of the file system that is mounted on a disk. */
export interface FileName {
  readonly disk: string;
  readonly path: string;
}

/** The memory a file write comes from or a read goes to. */
export interface VectorShape {
  readonly kind: 'iovec' | 'kvec' | 'bvec' | 'pipe';
  readonly lengths: readonly number[];
  /** Byte of a page at which the memory of each segment begins; page segments are cut where pages end. */
  readonly startInPage?: number;
  /** User memory can be accessed up to here, from the start of the first segment. */
  readonly accessibleBytes?: number;
}

/** A disk that a target of a device-mapper table maps to, from `startBytes` on. */
export interface DmMemberShape {
  readonly disk: string;
  readonly startBytes: number;
}

/** One part of a device-mapper table. */
export interface DmTargetShape {
  readonly type: 'linear' | 'striped' | 'error' | 'snapshot-origin';
  readonly sizeBytes: number;
  /** Bytes of a chunk of a stripe; 0 for the other types. */
  readonly chunkBytes: number;
  /** One for a linear target and an origin, one a stripe, none for errors. */
  readonly members: readonly DmMemberShape[];
}

/** The table of one mapped device. */
export interface DmTableShape {
  readonly disk: string;
  readonly targets: readonly DmTargetShape[];
}

/** What user space makes of a namespace. */
export type PersonalityShape =
  | { readonly type: 'raw' }
  | { readonly type: 'btt'; readonly sectorBytes: number }
  | { readonly type: 'pfn' | 'dax'; readonly memmap: 'ram' | 'pmem'; readonly alignBytes: number };

export type Operation =
  | {
      readonly kind: 'create';
      readonly file: FileName;
      readonly sizeBytes: number;
      readonly blocks: 'mapped' | 'unwritten' | 'hole';
      readonly alignBytes: number;
    }
  | {
      readonly kind: 'dax write';
      readonly file: FileName;
      readonly offset: number;
      readonly vector: VectorShape;
      /** O_DSYNC: an fsync of the range follows. */
      readonly sync: boolean;
    }
  | {
      readonly kind: 'dax read';
      readonly file: FileName;
      readonly offset: number;
      readonly vector: VectorShape;
    }
  | {
      readonly kind: 'mmap';
      readonly file: FileName;
      readonly process: string;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | {
      readonly kind: 'store';
      readonly file: FileName;
      readonly process: string;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | {
      readonly kind: 'load';
      readonly file: FileName;
      readonly process: string;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | { readonly kind: 'fsync'; readonly file: FileName }
  | {
      readonly kind: 'msync';
      readonly file: FileName;
      readonly offset: number;
      readonly sizeBytes: number;
      readonly waits: boolean;
    }
  | {
      readonly kind: 'zero' | 'zero in place' | 'punch';
      readonly file: FileName;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | { readonly kind: 'truncate'; readonly file: FileName; readonly sizeBytes: number }
  | {
      readonly kind: 'bio write' | 'bio read';
      readonly disk: string;
      readonly offset: number;
      readonly lengths: readonly number[];
      /** Byte of a page at which the memory of each segment begins. */
      readonly startInPage?: number;
      readonly preflush: boolean;
      readonly fua: boolean;
    }
  | { readonly kind: 'page write' | 'page read'; readonly disk: string; readonly offset: number }
  | { readonly kind: 'zeroout'; readonly disk: string; readonly offset: number; readonly sizeBytes: number }
  | { readonly kind: 'flush'; readonly disk: string }
  | { readonly kind: 'set read-only'; readonly disk: string; readonly readOnly: boolean }
  | {
      readonly kind: 'raw write' | 'raw read';
      readonly disk: string;
      readonly offset: number;
      readonly sizeBytes: number;
      readonly atomic: boolean;
      /** What a write stores, again and again, in hexadecimal digits; without it bytes that say who wrote them. */
      readonly pattern?: string;
    }
  | { readonly kind: 'dm create'; readonly disk: string; readonly targets: readonly DmTargetShape[] }
  | { readonly kind: 'sysfs read'; readonly path: string }
  | { readonly kind: 'sysfs write'; readonly path: string; readonly text: string }
  | {
      readonly kind: 'poison' | 'media poison';
      readonly disk: string;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | {
      readonly kind: 'clear error';
      readonly disk: string;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | { readonly kind: 'machine check'; readonly disk: string; readonly offset: number }
  | {
      readonly kind: 'platform';
      readonly setting:
        | 'clear-unit'
        | 'clear-limit'
        | 'clear-fails'
        | 'clear-zeroes'
        | 'stale-lines'
        | 'ars-records';
      /** A number of bytes or records; 1 or 0 for `clear-fails`, `clear-zeroes`, `stale-lines`. */
      readonly value: number;
    }
  | { readonly kind: 'sysfs list'; readonly path: string }
  | {
      readonly kind: 'check namespace';
      readonly disk: string;
      /** A driver that is bound goes for the time of the check. */
      readonly force: boolean;
      readonly repair: boolean;
    }
  | { readonly kind: 'personality'; readonly disk: string; readonly personality: PersonalityShape }
  | {
      readonly kind: 'create namespace';
      readonly region: string;
      readonly sizeBytes: number;
      /** Sector size of a namespace on block windows; absent for memory. */
      readonly sectorBytes?: number;
      readonly personality: PersonalityShape;
    }
  | { readonly kind: 'destroy namespace'; readonly namespace: string }
  | { readonly kind: 'zero labels'; readonly dimm: string }
  | { readonly kind: 'fail commands'; readonly dimm: string; readonly mask: number }
  | { readonly kind: 'kill' | 'detach' | 'attach' | 'shutdown'; readonly disk: string }
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'signal'; readonly pending: boolean };

/** What an operation gives its caller. */
export interface OperationResult {
  /** Bytes done, 0, or a negative error number. */
  readonly returned: number;
  /** Bytes that a read or a load got. */
  readonly data?: Uint8Array;
  /** Text that a sysfs read got, or a program of user space printed. */
  readonly text?: string;
  /** Why the kernel died; nothing runs after that. */
  readonly oops?: string;
}

/** The persistent memory of a disk, for reports that print places as disk + offset. */
export interface DiskMemory {
  readonly disk: string;
  readonly start: number;
  readonly sizeBytes: number;
}
