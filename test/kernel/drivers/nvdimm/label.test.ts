/** Label areas against what a real kernel wrote (support/label-areas.ts), and what breaks them. */
import { describe, expect, it } from 'vitest';
import {
  activeLabels,
  encodeLabel,
  initLabels,
  labelAt,
  ndLabelAllocSlot,
  ndLabelFreeSlot,
  ndLabelNfree,
  ndLabelValidate,
  ndLabelWriteIndex,
  nvdimmNumLabelSlots,
  sizeofNamespaceIndex,
  writeLabel,
} from '#kernel/drivers/nvdimm/label.ts';
import type { NvdimmDriverData } from '#kernel/drivers/nvdimm/nd.ts';
import { EIO } from '#kernel/errno.ts';
import { AREA_BYTES, UUID, legacyLabelArea } from './support/label-areas.ts';

function driverData(area: Uint8Array): NvdimmDriverData {
  const nsCurrent = ndLabelValidate(area);
  return { area, nsCurrent, nsNext: nsCurrent === -1 ? -1 : 1 - nsCurrent, dpa: [] };
}

/** A dimm whose kernel copy and whose own area are apart. */
function emptyDimm() {
  const onDimm = new Uint8Array(AREA_BYTES);
  const data = driverData(new Uint8Array(AREA_BYTES));
  const write = (offset: number, bytes: Uint8Array): number => {
    onDimm.set(bytes, offset);
    return 0;
  };
  return { onDimm, data, write };
}

const LABEL = {
  uuid: UUID,
  name: '',
  flags: 8,
  labelCount: 4,
  position: 2,
  isetCookie: 0x0803f6d70100fefbn,
  lbaSizeBytes: 0,
  dpa: 0x1000000,
  rawSizeBytes: 0x1000000,
  slot: 0,
};

describe('a label area of 128 KiB', () => {
  it('should have 1016 slots behind two index blocks of 256 bytes', () => {
    // 131072 / 129 = 1016.06; 1016 / 512 = 1.98, in units of 256.
    expect(nvdimmNumLabelSlots(AREA_BYTES)).toBe(1016);
    expect(sizeofNamespaceIndex(AREA_BYTES)).toBe(256);
  });

  it('should be read as the kernel wrote it: the index block with a sequence number, and one label', () => {
    const data = driverData(legacyLabelArea(2));
    expect(data.nsCurrent).toBe(1);
    expect(activeLabels(data)).toEqual([LABEL]);
  });

  it('should be written as the kernel wrote it, sequence numbers apart', () => {
    const { onDimm, data, write } = emptyDimm();
    expect(initLabels(data, write)).toBe(0);
    const slot = ndLabelAllocSlot(data);
    expect(slot).toBe(0);
    writeLabel(data, LABEL, write);
    expect(ndLabelWriteIndex(data, write)).toBe(0);
    const expected = legacyLabelArea(2);
    const differing = [...onDimm.keys()].filter((offset) => onDimm[offset] !== expected[offset]);
    // Bytes 20 of the blocks are the sequence numbers, 64 to 71 the checksums over them. This kernel starts with 3 and
    // 2, so that both blocks are valid; the one that wrote the images started with 0 and 2.
    const inBlock = differing.map((offset) => offset % 256);
    expect(differing.every((offset) => offset < 512)).toBe(true);
    expect(inBlock.every((offset) => offset === 20 || (offset >= 64 && offset < 72))).toBe(true);
    expect(onDimm[20]).toBe(3);
    expect(onDimm[256 + 20]).toBe(3);
    expect(ndLabelValidate(onDimm)).toBe(1);
  });

  it('should have no index when both blocks are broken, and the other one when one is', () => {
    const area = legacyLabelArea(0);
    area[256 + 100]! ^= 1;
    expect(ndLabelValidate(area)).toBe(-1);
    const { onDimm, data, write } = emptyDimm();
    initLabels(data, write);
    ndLabelWriteIndex(data, write);
    onDimm[256]! ^= 1;
    expect(ndLabelValidate(onDimm)).toBe(0);
  });

  it.each([
    ['its own offset', 24],
    ['the offset of the other', 40],
    ['its size', 32],
    ['more slots than there is room for', 57],
  ])('should not take an index block that is wrong about %s', (_what, place) => {
    const { onDimm, data, write } = emptyDimm();
    initLabels(data, write);
    for (const start of [0, 256]) onDimm[start + place]! ^= 0x7f;
    expect(ndLabelValidate(onDimm)).toBe(-1);
  });

  it('should count slots, and give them back', () => {
    const { data, write } = emptyDimm();
    expect(ndLabelNfree(data)).toBe(1016);
    expect(ndLabelAllocSlot(data)).toBeUndefined();
    initLabels(data, write);
    for (let slot = 0; slot < 1016; slot++) expect(ndLabelAllocSlot(data)).toBe(slot);
    expect(ndLabelAllocSlot(data)).toBeUndefined();
    ndLabelFreeSlot(data, 500);
    expect(ndLabelNfree(data)).toBe(1);
    expect(ndLabelAllocSlot(data)).toBe(500);
  });

  it('should keep the old index in use when the new one can not be written', () => {
    const { data, write } = emptyDimm();
    initLabels(data, write);
    expect(ndLabelWriteIndex(data, () => -EIO)).toBe(-EIO);
    expect([data.nsCurrent, data.nsNext]).toEqual([0, 1]);
  });
});

describe('a label', () => {
  it('should read back whatever it says', () => {
    const area = new Uint8Array(AREA_BYTES);
    const label = { ...LABEL, name: 'a name', lbaSizeBytes: 4224, slot: 7, position: 3 };
    area.set(encodeLabel(label), 512 + 7 * 128);
    expect(labelAt(area, 7)).toEqual(label);
  });

  it('should not count in another slot than its own, or over parts of pages', () => {
    for (const wrong of [{ slot: 1 }, { dpa: 512 }, { rawSizeBytes: 100 }]) {
      const area = legacyLabelArea(0);
      area.set(encodeLabel({ ...LABEL, ...wrong }), 512);
      expect(activeLabels(driverData(area))).toEqual([]);
    }
  });
});
