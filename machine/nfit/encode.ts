/** Subtables to bytes: the inverse of `decode.ts`, so that what firmware wrote comes back byte for byte. */
import { fieldWriter } from './fields.ts';
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
import type { Subtable } from './subtables.ts';

/** How many bytes `subtable` takes, its `u16 type, u16 length` included. */
export function subtableSizeBytes(subtable: Subtable): number {
  switch (subtable.type) {
    case 0:
      return SubtableSize.spaRange;
    case 1:
      return SubtableSize.memoryMap;
    case 2:
      return SubtableSize.interleaveFixed + 4 * subtable.lineOffsets.length + subtable.trailing.length;
    case 4:
      return (
        (subtable.window === undefined
          ? SubtableSize.controlRegionFixed
          : SubtableSize.controlRegionWindows) + subtable.trailing.length
      );
    case 5:
      return SubtableSize.blockWindow;
    case 6:
      return SubtableSize.flushHintFixed + 8 * subtable.addresses.length + subtable.trailing.length;
    case 7:
      return SubtableSize.capabilities;
    case 'raw':
      return subtable.bytes.length;
  }
}

/** The bytes of one subtable. Throws `RangeError` when it is longer than a length field can say. */
export function encodeSubtable(subtable: Subtable): Uint8Array {
  if (subtable.type === 'raw') return subtable.bytes.slice();
  const sizeBytes = subtableSizeBytes(subtable);
  if (sizeBytes > 0xffff) throw new RangeError(`a subtable of ${sizeBytes} bytes: at most 65535`);
  const bytes = new Uint8Array(sizeBytes);
  const access = fieldWriter(bytes);
  access.u16(0, subtable.type);
  access.u16(2, sizeBytes);
  switch (subtable.type) {
    case 0:
      spaRangeLayout(access, subtable);
      break;
    case 1:
      memoryMapLayout(access, subtable);
      break;
    case 2:
      interleaveLayout(access, subtable, subtable.lineOffsets.length, subtable.trailing.length);
      break;
    case 4:
      controlRegionLayout(access, subtable, subtable.window !== undefined, subtable.trailing.length);
      break;
    case 5:
      blockWindowLayout(access, subtable);
      break;
    case 6:
      flushHintLayout(access, subtable, subtable.addresses.length, subtable.trailing.length);
      break;
    case 7:
      capabilitiesLayout(access, subtable);
      break;
  }
  return bytes;
}

/** `pieces` one after the other. */
export function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}
