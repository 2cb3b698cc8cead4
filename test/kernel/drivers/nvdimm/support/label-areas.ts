/**
 * Label areas as a real kernel wrote them. The ndctl suite keeps four of them (test/nmem1.bin to nmem4.bin at v57): the
 * labels of one namespace over region offset 16 MiB of four dimms, made before the cookie's sort was right. All they
 * hold is spelt out here; the checksums are theirs.
 */
export const AREA_BYTES = 128 * 1024;

export const UUID = '6830f039-7914-423e-bad6-22bda8fde8d6';

const SLOTS = 1016;

interface IndexFields {
  readonly index: 0 | 1;
  readonly sequence: number;
  readonly takenSlots: number;
  readonly checksum: bigint;
}

/** An index block of 256 bytes. */
function indexBlock({ index, sequence, takenSlots, checksum }: IndexFields): Uint8Array {
  const block = new Uint8Array(256);
  const view = new DataView(block.buffer);
  block.set(new TextEncoder().encode('NAMESPACE_INDEX'));
  view.setUint32(20, sequence, true);
  view.setBigUint64(24, BigInt(256 * index), true);
  view.setBigUint64(32, 256n, true);
  view.setBigUint64(40, BigInt(256 * (1 - index)), true);
  view.setBigUint64(48, 512n, true);
  view.setUint32(56, SLOTS, true);
  view.setUint16(60, 1, true);
  view.setUint16(62, 1, true);
  view.setBigUint64(64, checksum, true);
  block.fill(0xff, 72, 72 + SLOTS / 8);
  block[72] = 0xff & ~((1 << takenSlots) - 1);
  return block;
}

/** The label area of dimm `position` of the set of four; its label is in slot 0. */
export function legacyLabelArea(position: number): Uint8Array {
  const area = new Uint8Array(AREA_BYTES);
  area.set(indexBlock({ index: 0, sequence: 0, takenSlots: 0, checksum: 18042340024148639235n }));
  area.set(indexBlock({ index: 1, sequence: 3, takenSlots: 1, checksum: 18042344984835866117n }), 256);
  const view = new DataView(area.buffer, 512);
  area.set(Buffer.from(UUID.replaceAll('-', ''), 'hex'), 512);
  view.setUint32(80, 8, true);
  view.setUint16(84, 4, true);
  view.setUint16(86, position, true);
  view.setBigUint64(88, 0x0803f6d70100fefbn, true);
  view.setBigUint64(104, 0x1000000n, true);
  view.setBigUint64(112, 0x1000000n, true);
  return area;
}
