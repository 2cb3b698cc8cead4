/**
 * The list of subtables, from bytes, by the rules of the Linux 4.12 parser (nvdimm-and-firmware.md 10.1): what it
 * refuses, what it skips, and what it prints. Where the real parser would read past the end of the table, this one
 * stops with -EINVAL and says so.
 */
import {
  BLANK_BLOCK_WINDOW,
  BLANK_CAPABILITIES,
  BLANK_CONTROL_REGION,
  BLANK_FLUSH_HINT,
  BLANK_INTERLEAVE,
  BLANK_MEMORY_MAP,
  BLANK_SPA_RANGE,
} from './blank-subtables.ts';
import { fieldReader } from './fields.ts';
import {
  SubtableSize,
  blockWindowLayout,
  capabilitiesLayout,
  controlRegionLayout,
  flushHintLayout,
  interleaveLayout,
  memoryMapLayout,
  spaRangeLayout,
} from './layouts.ts';
import { type Subtable, SubtableType } from './subtables.ts';

/** A line for the log of whoever parses. */
export interface NfitMessage {
  readonly level: 'error' | 'warning' | 'info' | 'debug';
  readonly text: string;
}

/** What became of a list of subtables. */
export interface ParsedSubtables {
  readonly subtables: readonly Subtable[];
  /** The bytes from where the parser stopped: empty when it came to the end. */
  readonly rest: Uint8Array;
  readonly messages: readonly NfitMessage[];
  /** A negative error number (-12 -ENOMEM, -22 -EINVAL) when the parse failed. */
  readonly error?: number;
}

/** -ENOMEM: what the 4.12 parser answers for a length that does not fit the type. */
export const NFIT_ENOMEM = -12;

/** -EINVAL: the table is cut off or contradicts itself. */
export const NFIT_EINVAL = -22;

/** Bytes of `u16 type, u16 length`. */
const SUBTABLE_HEADER_BYTES = 4;

/**
 * The subtables in `bytes`, without the table header (this is also what a hot-plug `_FIT` object holds). A length of
 * zero ends the list with a warning; an unknown type is reported and skipped.
 */
export function parseSubtables(bytes: Uint8Array): ParsedSubtables {
  const subtables: Subtable[] = [];
  const messages: NfitMessage[] = [];
  let position = 0;
  const stop = (error?: number): ParsedSubtables => ({
    subtables,
    rest: bytes.slice(position),
    messages,
    ...(error === undefined ? {} : { error }),
  });
  while (position < bytes.length) {
    if (bytes.length - position < SUBTABLE_HEADER_BYTES) {
      messages.push({ level: 'error', text: `${bytes.length - position} bytes at the end hold no subtable` });
      return stop(NFIT_EINVAL);
    }
    const access = fieldReader(bytes.subarray(position));
    const type = access.u16(0, 0);
    const lengthBytes = access.u16(2, 0);
    if (lengthBytes === 0) {
      messages.push({ level: 'warning', text: `found a zero length table '${type}' parsing nfit` });
      return stop();
    }
    if (!lengthFits(type, lengthBytes)) {
      messages.push({ level: 'error', text: `table '${type}' can not have ${lengthBytes} bytes` });
      return stop(NFIT_ENOMEM);
    }
    const left = bytes.length - position;
    if (lengthBytes > left) {
      messages.push({
        level: 'error',
        text: `table '${type}' at ${position} says ${lengthBytes} bytes, ${left} are left`,
      });
      return stop(NFIT_EINVAL);
    }
    const subtable = decodeSubtable(type, bytes.subarray(position, position + lengthBytes));
    messages.push(...messagesOf(type, subtable));
    subtables.push(subtable);
    position += lengthBytes;
  }
  return stop();
}

function isKnownType(type: number): boolean {
  return type <= SubtableType.flushHint && type !== SubtableType.smbios;
}

/** Whether the 4.12 parser takes a subtable of `type` with this length. */
function lengthFits(type: number, lengthBytes: number): boolean {
  switch (type) {
    case SubtableType.spaRange:
      return lengthBytes === SubtableSize.spaRange;
    case SubtableType.memoryMap:
      return lengthBytes === SubtableSize.memoryMap;
    case SubtableType.blockWindow:
      return lengthBytes === SubtableSize.blockWindow;
    case SubtableType.interleave:
      return lengthBytes >= SubtableSize.interleaveLeast;
    case SubtableType.controlRegion:
      return lengthBytes >= SubtableSize.controlRegionFixed;
    case SubtableType.flushHint:
      return lengthBytes >= SubtableSize.flushHintLeast;
    default:
      return true;
  }
}

/** One subtable of `bytes.length` bytes, a length that fits its type. */
function decodeSubtable(type: number, bytes: Uint8Array): Subtable {
  const access = fieldReader(bytes);
  switch (type) {
    case SubtableType.spaRange:
      return spaRangeLayout(access, BLANK_SPA_RANGE);
    case SubtableType.memoryMap:
      return memoryMapLayout(access, BLANK_MEMORY_MAP);
    case SubtableType.blockWindow:
      return blockWindowLayout(access, BLANK_BLOCK_WINDOW);
    case SubtableType.interleave:
      return decodeInterleave(bytes);
    case SubtableType.controlRegion:
      return decodeControlRegion(bytes);
    case SubtableType.flushHint:
      return decodeFlushHint(bytes);
    default:
      if (type === SubtableType.capabilities && bytes.length === SubtableSize.capabilities)
        return capabilitiesLayout(access, BLANK_CAPABILITIES);
      return { type: 'raw', rawType: type, bytes: bytes.slice() };
  }
}

function decodeInterleave(bytes: Uint8Array): Subtable {
  const access = fieldReader(bytes);
  const room = Math.floor((bytes.length - SubtableSize.interleaveFixed) / 4);
  const count = Math.min(room, access.u32(8, 0));
  return interleaveLayout(
    access,
    BLANK_INTERLEAVE,
    count,
    bytes.length - SubtableSize.interleaveFixed - 4 * count,
  );
}

function decodeControlRegion(bytes: Uint8Array): Subtable {
  const access = fieldReader(bytes);
  const hasWindow = access.u16(30, 0) !== 0 && bytes.length >= SubtableSize.controlRegionWindows;
  const usedBytes = hasWindow ? SubtableSize.controlRegionWindows : SubtableSize.controlRegionFixed;
  return controlRegionLayout(access, BLANK_CONTROL_REGION, hasWindow, bytes.length - usedBytes);
}

function decodeFlushHint(bytes: Uint8Array): Subtable {
  const access = fieldReader(bytes);
  const room = Math.floor((bytes.length - SubtableSize.flushHintFixed) / 8);
  const count = Math.min(room, access.u16(8, 0));
  return flushHintLayout(
    access,
    BLANK_FLUSH_HINT,
    count,
    bytes.length - SubtableSize.flushHintFixed - 8 * count,
  );
}

/** What the parser prints of a subtable, and where a real one would look past it. */
function messagesOf(type: number, subtable: Subtable): NfitMessage[] {
  if (type === SubtableType.smbios) return [{ level: 'debug', text: 'smbios' }];
  if (!isKnownType(type)) return [{ level: 'error', text: `unknown table '${type}' parsing nfit` }];
  const short =
    (subtable.type === 2 && subtable.lineOffsets.length < subtable.lineCount) ||
    (subtable.type === 4 && subtable.windows !== 0 && subtable.window === undefined) ||
    (subtable.type === 6 && subtable.addresses.length < subtable.hintCount);
  return short ? [{ level: 'debug', text: `table '${type}' states more than its length holds` }] : [];
}
