/**
 * The label area of a dimm (drivers/nvdimm/label.c and label.h of v4.12, format 1.1): two index blocks, of which a
 * sequence number says the newer, then slots of 128 bytes. Nothing is changed in place: a new label goes to a free
 * slot, then the older index block is written. Numbers are little-endian.
 */
import { latin1Bytes, latin1Text } from '#base/latin1.ts';
import { ndFletcher64 } from './fletcher64.ts';
import type { NvdimmDriverData } from './nd.ts';
import { uuidBytes, uuidText } from './uuid.ts';

/** Bytes of a label. */
export const LABEL_BYTES = 128;

/** Labels lie on a multiple of this and their sizes are one, bytes. */
const SZ_4K = 4096;

/** NSINDEX_ALIGN, bytes. */
const INDEX_ALIGNMENT = 256;

/** sizeof(struct nd_namespace_index), without the bitmap of free slots that follows. */
const INDEX_HEADER_BYTES = 72;

const SIGNATURE = 'NAMESPACE_INDEX\0';

/** NSLABEL_FLAG_*. */
export const LabelFlag = { local: 4, updating: 8 } as const;

/** struct nd_namespace_label. */
export interface Label {
  readonly uuid: string;
  readonly name: string;
  readonly flags: number;
  /** How many labels the set has, and which of them this is; 0 for block windows. */
  readonly labelCount: number;
  readonly position: number;
  readonly isetCookie: bigint;
  /** Sector size of a namespace on block windows, bytes. */
  readonly lbaSizeBytes: number;
  /** What of the dimm the namespace has, bytes. */
  readonly dpa: number;
  readonly rawSizeBytes: number;
  readonly slot: number;
}

/** sizeof_namespace_index: bytes of one index block, by the bytes of the area. */
export function sizeofNamespaceIndex(areaBytes: number): number {
  return Math.floor(Math.floor(areaBytes / 129) / (INDEX_ALIGNMENT * 2)) * INDEX_ALIGNMENT;
}

/** nvdimm_num_label_slots: a label and a byte of the index for each. */
export function nvdimmNumLabelSlots(areaBytes: number): number {
  return Math.floor(areaBytes / 129);
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** to_namespace_index: one of the two index blocks; `undefined` for -1. */
export function indexBlock(area: Uint8Array, index: number): Uint8Array | undefined {
  const sizeBytes = sizeofNamespaceIndex(area.length);
  return index < 0 ? undefined : area.subarray(index * sizeBytes, (index + 1) * sizeBytes);
}

/** nd_inc_seq: 1, 2, 3, 1…; 0 stays 0. */
function ndIncSeq(sequence: number): number {
  return [0, 2, 3, 1][sequence & 3] ?? 0;
}

/** best_seq: the newer of two sequence numbers. */
function bestSeq(first: number, second: number): number {
  const [a, b] = [first & 3, second & 3];
  if (a === 0 || a === b) return b;
  if (b === 0) return a;
  return ndIncSeq(a) === b ? b : a;
}

function checksumOf(block: Uint8Array): bigint {
  const copy = block.slice();
  copy.fill(0, 64, INDEX_HEADER_BYTES);
  return ndFletcher64(copy);
}

/** Whether index block `index` is one, by all that nd_label_validate looks at. */
function isIndexValid(area: Uint8Array, index: 0 | 1): boolean {
  const sizeBytes = sizeofNamespaceIndex(area.length);
  const block = indexBlock(area, index);
  if (block === undefined || block.length < INDEX_HEADER_BYTES) return false;
  const view = viewOf(block);
  const own = view.getBigUint64(32, true);
  return (
    latin1Text(block.subarray(0, 16)) === SIGNATURE &&
    checksumOf(block) === view.getBigUint64(64, true) &&
    (view.getUint32(20, true) & 3) !== 0 &&
    view.getBigUint64(24, true) === BigInt(index * sizeBytes) &&
    view.getBigUint64(40, true) === BigInt((1 - index) * sizeBytes) &&
    own <= BigInt(sizeBytes) &&
    own >= BigInt(INDEX_HEADER_BYTES) &&
    view.getUint32(56, true) * LABEL_BYTES + 2 * sizeBytes <= area.length
  );
}

/** nd_label_validate: the number of the index block in use, -1 when neither is one. */
export function ndLabelValidate(area: Uint8Array): number {
  const [first, second] = [isIndexValid(area, 0), isIndexValid(area, 1)];
  if (!first || !second) return first ? 0 : second ? 1 : -1;
  const sequenceOf = (index: number): number => viewOf(indexBlock(area, index) ?? area).getUint32(20, true);
  return bestSeq(sequenceOf(0), sequenceOf(1)) === (sequenceOf(1) & 3) ? 1 : 0;
}

function isFree(block: Uint8Array, slot: number): boolean {
  return (((block[INDEX_HEADER_BYTES + (slot >> 3)] ?? 0) >> (slot & 7)) & 1) === 1;
}

function setFree(block: Uint8Array, slot: number, free: boolean): void {
  const place = INDEX_HEADER_BYTES + (slot >> 3);
  const bit = 1 << (slot & 7);
  block[place] = free ? (block[place] ?? 0) | bit : (block[place] ?? 0) & ~bit;
}

const slotCountOf = (block: Uint8Array): number => viewOf(block).getUint32(56, true);

/** Slots that an index block says are taken, ascending; none without an index block. */
function takenSlots(block: Uint8Array | undefined): number[] {
  const taken: number[] = [];
  if (block === undefined) return taken;
  const count = slotCountOf(block);
  for (let slot = 0; slot < count; slot++) {
    // Eight free slots are passed over at once: most areas are almost empty.
    if (slot % 8 === 0 && block[INDEX_HEADER_BYTES + (slot >> 3)] === 0xff) slot += 7;
    else if (!isFree(block, slot)) taken.push(slot);
  }
  return taken;
}

/** nd_label_offset: where a slot begins in the area, bytes. */
function slotOffset(area: Uint8Array, slot: number): number {
  return 2 * sizeofNamespaceIndex(area.length) + slot * LABEL_BYTES;
}

/** The label in a slot. */
export function labelAt(area: Uint8Array, slot: number): Label {
  const bytes = area.subarray(slotOffset(area, slot), slotOffset(area, slot) + LABEL_BYTES);
  const view = viewOf(bytes);
  const name = latin1Text(bytes.subarray(16, 80));
  return {
    uuid: uuidText(bytes.subarray(0, 16)),
    name: name.slice(0, Math.max(0, (name + '\0').indexOf('\0'))),
    flags: view.getUint32(80, true),
    labelCount: view.getUint16(84, true),
    position: view.getUint16(86, true),
    isetCookie: view.getBigUint64(88, true),
    lbaSizeBytes: Number(view.getBigUint64(96, true)),
    dpa: Number(view.getBigUint64(104, true)),
    rawSizeBytes: Number(view.getBigUint64(112, true)),
    slot: view.getUint32(120, true),
  };
}

/** Of `slots`, those whose labels have that uuid: 16 bytes. */
export function slotsWithUuid(area: Uint8Array, slots: readonly number[], uuid: Uint8Array): number[] {
  const first = slotOffset(area, 0);
  // Uuids of one machine differ soonest at the end.
  const last = uuid[15];
  return slots.filter((slot) => area[first + slot * LABEL_BYTES + 15] === last && hasUuid(area, slot, uuid));
}

/** Whether the label in a slot has that uuid: 16 bytes. */
export function hasUuid(area: Uint8Array, slot: number, uuid: Uint8Array): boolean {
  const offset = slotOffset(area, slot);
  for (let index = 0; index < 16; index++) if (area[offset + index] !== uuid[index]) return false;
  return true;
}

/** Of `slots`, those whose labels do not give to their namespace what `sizes` says: bytes by where they begin on the dimm. */
export function slotsBeside(
  area: Uint8Array,
  slots: readonly number[],
  sizes: ReadonlyMap<number, number>,
): number[] {
  const view = viewOf(area);
  const first = slotOffset(area, 0);
  return slots.filter((slot) => {
    const offset = first + slot * LABEL_BYTES;
    return sizes.get(u64At(view, offset + 104)) !== u64At(view, offset + 112);
  });
}

/** A number of 8 bytes below 2^53. */
const u64At = (view: DataView, offset: number): number =>
  view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;

/** The bytes of a label. */
export function encodeLabel(label: Label): Uint8Array {
  const bytes = new Uint8Array(LABEL_BYTES);
  const view = viewOf(bytes);
  bytes.set(uuidBytes(label.uuid));
  bytes.set(latin1Bytes(label.name).subarray(0, 64), 16);
  view.setUint32(80, label.flags, true);
  view.setUint16(84, label.labelCount, true);
  view.setUint16(86, label.position, true);
  view.setBigUint64(88, label.isetCookie, true);
  view.setBigUint64(96, BigInt(label.lbaSizeBytes), true);
  view.setBigUint64(104, BigInt(label.dpa), true);
  view.setBigUint64(112, BigInt(label.rawSizeBytes), true);
  view.setUint32(120, label.slot, true);
  return bytes;
}

/** slot_valid: the label is in the slot that it names, over whole pages. */
function isSlotValid(label: Label, slot: number): boolean {
  return label.slot === slot && label.dpa % SZ_4K === 0 && label.rawSizeBytes % SZ_4K === 0;
}

/** nd_label_active for all: the labels of the index block in use, by slot. */
export function activeLabels({ area, nsCurrent }: NvdimmDriverData): Label[] {
  return takenSlots(indexBlock(area, nsCurrent))
    .map((slot) => ({ slot, label: labelAt(area, slot) }))
    .filter(({ slot, label }) => isSlotValid(label, slot))
    .map(({ label }) => label);
}

/** Slots that the index block to be written next says are taken, whatever is in them. */
export function nextTakenSlots({ area, nsNext }: NvdimmDriverData): number[] {
  return takenSlots(indexBlock(area, nsNext));
}

/** How many slots an index block says are free, a byte of the bitmap at a time (bitmap_weight). */
function freeCount(block: Uint8Array): number {
  const slots = slotCountOf(block);
  let count = 0;
  for (let place = 0; place < slots >> 3; place++)
    for (let bits = block[INDEX_HEADER_BYTES + place] ?? 0; bits !== 0; bits &= bits - 1) count++;
  for (let slot = slots & ~7; slot < slots; slot++) if (isFree(block, slot)) count++;
  return count;
}

/** nd_label_nfree: slots left in the index block to be written next; all of them before there is one. */
export function ndLabelNfree({ area, nsNext }: NvdimmDriverData): number {
  const block = indexBlock(area, nsNext);
  if (block === undefined) return nvdimmNumLabelSlots(area.length);
  return freeCount(block);
}

/** The first free slot, looked for a byte of the bitmap at a time. */
function firstFree(block: Uint8Array): number | undefined {
  const place = block.subarray(INDEX_HEADER_BYTES).findIndex((byte) => byte !== 0);
  if (place === -1) return undefined;
  const slots = Array.from({ length: 8 }, (_, bit) => place * 8 + bit);
  return slots.find((slot) => slot < slotCountOf(block) && isFree(block, slot));
}

/** nd_label_alloc_slot: takes the first free slot; `undefined` when none is left, or without an index block. */
export function ndLabelAllocSlot({ area, nsNext }: NvdimmDriverData): number | undefined {
  const block = indexBlock(area, nsNext);
  if (block === undefined) return undefined;
  const slot = firstFree(block);
  if (slot !== undefined) setFree(block, slot, false);
  return slot;
}

/** nd_label_free_slot. */
export function ndLabelFreeSlot({ area, nsNext }: NvdimmDriverData, slot: number): void {
  const block = indexBlock(area, nsNext);
  if (block !== undefined) setFree(block, slot, true);
}

/** Writes a piece of the label area to the dimm (nvdimm_set_config_data). Returns 0 or a negative error. */
export type SetConfigData = (offset: number, bytes: Uint8Array) => number;

/** Puts a label into its slot, in the kernel's copy and on the dimm. Returns 0 or a negative error. */
export function writeLabel({ area }: NvdimmDriverData, label: Label, setConfigData: SetConfigData): number {
  const offset = slotOffset(area, label.slot);
  const bytes = encodeLabel(label);
  area.set(bytes, offset);
  return setConfigData(offset, bytes);
}

/** Fills in the head of an index block and its checksum, and writes it to the dimm. */
function writeIndexBlock(
  area: Uint8Array,
  index: number,
  sequence: number,
  setConfigData: SetConfigData,
): number {
  const sizeBytes = sizeofNamespaceIndex(area.length);
  const block = area.subarray(index * sizeBytes, (index + 1) * sizeBytes);
  const view = viewOf(block);
  block.set(latin1Bytes(SIGNATURE));
  view.setUint32(16, 0, true);
  view.setUint32(20, sequence, true);
  view.setBigUint64(24, BigInt(index * sizeBytes), true);
  view.setBigUint64(32, BigInt(sizeBytes), true);
  view.setBigUint64(40, BigInt((1 - index) * sizeBytes), true);
  view.setBigUint64(48, BigInt(2 * sizeBytes), true);
  view.setUint16(60, 1, true);
  view.setUint16(62, 1, true);
  view.setBigUint64(64, checksumOf(block), true);
  return setConfigData(index * sizeBytes, block);
}

/**
 * nd_label_write_index: writes the next index block with the next sequence number; the two then change places.
 * Returns 0 or a negative error, and then the old index block stays in use.
 */
export function ndLabelWriteIndex(data: NvdimmDriverData, setConfigData: SetConfigData): number {
  const { area, nsCurrent, nsNext } = data;
  const next = indexBlock(area, nsNext);
  if (next === undefined) return 0;
  const sequence = ndIncSeq(viewOf(next).getUint32(20, true));
  const error = writeIndexBlock(area, nsNext, sequence, setConfigData);
  if (error < 0) return error;
  indexBlock(area, nsCurrent)?.set(next);
  [data.nsCurrent, data.nsNext] = [nsNext, nsCurrent];
  return 0;
}

/** init_labels, the first time: an empty label area with two index blocks. Returns 0 or a negative error. */
export function initLabels(data: NvdimmDriverData, setConfigData: SetConfigData): number {
  const { area } = data;
  if (data.nsCurrent !== -1 && data.nsNext !== -1) return 0;
  area.fill(0);
  for (const index of [0, 1]) {
    const block = indexBlock(area, index) ?? area;
    const slots = nvdimmNumLabelSlots(area.length);
    viewOf(block).setUint32(56, slots, true);
    block.fill(0xff, INDEX_HEADER_BYTES, INDEX_HEADER_BYTES + (slots >> 3));
    for (let slot = slots & ~7; slot < slots; slot++) setFree(block, slot, true);
    const error = writeIndexBlock(area, index, 3 - index, setConfigData);
    if (error !== 0) return error;
  }
  data.nsNext = 1;
  data.nsCurrent = 0;
  return 0;
}

/** Takes the kernel's copy of the index block in use over the one to be written next (nd_label_copy). */
export function copyCurrentIndex({ area, nsCurrent, nsNext }: NvdimmDriverData): void {
  const current = indexBlock(area, nsCurrent);
  if (current !== undefined) indexBlock(area, nsNext)?.set(current);
}
