/**
 * struct acpi_nfit_desc and what it is made of (drivers/acpi/nfit/nfit.h; nvdimm-and-firmware.md 10): the tables of
 * one platform device, the dimms found in them, and the state of the scrub.
 */
import { type SpaTypeName, spaTypeOf } from '#machine/nfit/guid.ts';
import type {
  BlockWindow,
  ControlRegion,
  FlushHintTable,
  Interleave,
  MemoryMap,
  SpaRange,
  Subtable,
} from '#machine/nfit/subtables.ts';
import type { NdRegion, Nvdimm, NvdimmBus } from '../../nvdimm/nd.ts';
import type { NfitBlk } from './blk-window.ts';

/** struct nfit_spa. */
export interface NfitSpa {
  readonly spa: SpaRange;
  /** `undefined` for a GUID that nobody knows (type -1). */
  readonly type: SpaTypeName | undefined;
  readonly start: number;
  readonly sizeBytes: number;
  /** The region made of it. */
  region?: NdRegion;
  /** The range needs a scrub of its own. */
  arsRequired?: boolean;
}

/** struct nfit_mem: all that the tables say of one dimm. */
export interface NfitMem {
  readonly handle: number;
  readonly memdevs: readonly MemoryMap[];
  controlRegion?: ControlRegion;
  blockWindow?: BlockWindow;
  /** The ranges of its block window: the registers and the aperture. */
  controlSpa?: NfitSpa;
  apertureSpa?: NfitSpa;
  hasPmem: boolean;
  /** Format interface codes of all its control regions, each once. */
  readonly formats: readonly number[];
  readonly flushHints: readonly number[];
  nvdimm?: Nvdimm;
}

/** What tables do not say of the dimms behind them, by handle. */
export interface DimmHardware {
  /** The label area; `undefined` for a dimm without one. */
  readonly labelArea: (handle: number) => Uint8Array | undefined;
  /** Where the memory that block windows reach begins in the simulated machine. */
  readonly memoryStart: (handle: number) => number;
  /** Replaces the protocol of block windows, as the test module of the regression suite does. */
  readonly blkDoIo?: (blk: NfitBlk, dpa: number, buffer: Uint8Array, isWrite: boolean) => number;
}

/** What the scrub has done: `nfit/scrub`, `nfit/hw_error_scrub`. */
export interface ScrubState {
  count: number;
  hwErrorScrub: boolean;
}

/** struct acpi_nfit_desc. */
export interface AcpiNfitDesc {
  readonly bus: NvdimmBus;
  readonly commands: NfitCommands;
  readonly hardware: DimmHardware;
  /** Revision of the table (`nfit/revision`). */
  readonly revision: number;
  readonly spas: NfitSpa[];
  readonly memdevs: MemoryMap[];
  readonly controlRegions: ControlRegion[];
  readonly blockWindows: BlockWindow[];
  readonly flushes: FlushHintTable[];
  readonly interleaves: Interleave[];
  readonly dimms: NfitMem[];
  readonly scrub: ScrubState;
}

/** Output of ARS_STATUS: the status word, and what the last scrub looked at and found. */
export interface ArsStatus {
  /** Lower half: error code; upper half: 0 done, 1 busy, 2 none since boot, 3 interrupted. */
  readonly status: number;
  /** Bit 0: more was found than fits. */
  readonly flags: number;
  readonly start: number;
  readonly length: number;
  /** Where an interrupted scrub would go on. */
  readonly restartStart: number;
  readonly restartLength: number;
  readonly records: readonly { readonly start: number; readonly length: number }[];
  /** There were more records than the answer had room for. */
  readonly isTruncated?: boolean;
}

/** The commands that the NFIT driver itself sends to the platform; a negative number is the error of the command. */
export interface NfitCommands {
  /** ARS_CAP: status word (upper half: scrub types, 1 volatile and 2 persistent) and clear unit. */
  arsCap(start: number, length: number): { readonly status: number; readonly clearErrUnit: number } | number;
  /** ARS_START: the status word. */
  arsStart(start: number, length: number, type: number): number;
  arsStatus(): ArsStatus | number;
  /** CLEAR_ERROR: the status word and the bytes cleared. */
  clearError(start: number, length: number): { readonly status: number; readonly cleared: number } | number;
}

/** An empty description of a platform device. */
export function newAcpiNfitDesc(
  bus: NvdimmBus,
  commands: NfitCommands,
  hardware: DimmHardware,
  revision: number,
): AcpiNfitDesc {
  return {
    bus,
    commands,
    hardware,
    revision,
    spas: [],
    memdevs: [],
    controlRegions: [],
    blockWindows: [],
    flushes: [],
    interleaves: [],
    dimms: [],
    scrub: { count: 0, hwErrorScrub: false },
  };
}

/** add_table: enters one subtable. SMBIOS and unknown ones are not kept. */
export function addTable(desc: AcpiNfitDesc, table: Subtable): void {
  switch (table.type) {
    case 0:
      desc.spas.push({
        spa: table,
        type: spaTypeOf(table.guid),
        start: Number(table.address),
        sizeBytes: Number(table.lengthBytes),
      });
      break;
    case 1:
      desc.memdevs.push(table);
      break;
    case 2:
      desc.interleaves.push(table);
      break;
    case 4:
      desc.controlRegions.push(table);
      break;
    case 5:
      desc.blockWindows.push(table);
      break;
    case 6:
      desc.flushes.push(table);
      break;
    default:
      break;
  }
}
