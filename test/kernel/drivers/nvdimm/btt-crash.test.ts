/**
 * Power failures in the middle of a BTT write, instruction by instruction: whatever subset of the pending stores
 * survives, the block reads as before or as written, never as a mixture, and as written once the write returned. The
 * partner test leaves out the flush of the raw writes and must see the law fail.
 */
import { describe, expect, it } from 'vitest';
import { memcpyFlushcache } from '../../../../after/include/linux/string.ts';
import {
  type ImageSet,
  crashHistory,
  materialise,
  persistencySetting,
} from '#machine/images/crash-images.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import {
  DEVICE_START,
  MIB,
  type RawDevice,
  contents,
  mediaOf,
  mustAttachBtt,
  rawDevice,
  readBtt,
  transfer,
} from './support/raw-device.ts';

const SIZE = 17 * MIB;
const ADR = persistencySetting('adr');
const OLD = 0xaa;
const NEW = 0xcc;
const NEIGHBOUR = 0xbb;

/** Bits from a fixed sequence. */
function randomBits(seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % 2 === 0;
  };
}

/** The two extreme images and mixtures of them, word by word, as far as they are possible. */
function* someImages(images: ImageSet, seed: number): Generator<ReadonlyMap<number, Uint8Array>> {
  const least = images.minimalImage();
  const most = images.maximalImage();
  yield least;
  yield most;
  for (let sample = 0; sample < 12; sample++) {
    const bit = randomBits(seed * 100 + sample);
    const mixed = new Map(least);
    for (const [address, bytes] of most) if (bit()) mixed.set(address, bytes);
    if (images.contains(mixed)) yield mixed;
  }
}

interface Reading {
  readonly phase: number;
  readonly returned: boolean;
  readonly values: ReadonlySet<number>;
}

/** Media with a BTT on which block 5 (or 4) is old and its neighbours are something else. */
function mediaBefore(sectorBytes: number, lba: number): MediaImage {
  const device = rawDevice(SIZE);
  const btt = mustAttachBtt(device, sectorBytes);
  for (const at of [lba - 1, lba, lba + 1]) {
    const byte = at === lba ? OLD : NEIGHBOUR;
    transfer(btt, 'write', at * sectorBytes, new Uint8Array(sectorBytes).fill(byte));
  }
  return mediaOf(contents(device));
}

/** Writes block `lba`, and reads it again after power failures during and after each of the four raw writes. */
function readingsOf(side: 'before' | 'after' | 'unflushed', sectorBytes: number, lba: number): Reading[] {
  const media = mediaBefore(sectorBytes, lba);
  const device: RawDevice = rawDevice(SIZE, { media, side: side === 'before' ? 'before' : 'after' });
  let writes = 0;
  const btt = mustAttachBtt(device, sectorBytes, {
    raw: (offset, buffer, isWrite, flags) => {
      if (side === 'unflushed' && isWrite) memcpyFlushcache(device.kernel, DEVICE_START + offset, buffer);
      else expect(device.raw(offset, buffer, isWrite, flags)).toBe(0);
      if (isWrite) device.machine.record.acknowledge(writes++);
      return 0;
    },
  });
  transfer(btt, 'write', lba * sectorBytes, new Uint8Array(sectorBytes).fill(NEW));
  expect(writes).toBe(4);
  const history = crashHistory(device.machine, ADR);
  const readings: Reading[] = [];
  for (let phase = 0; phase <= 4; phase++) {
    const images = phase === 4 ? history.acked(3) : history.inFlight(phase);
    for (const image of someImages(images, phase + 1)) {
      const restarted = rawDevice(SIZE, { media: materialise(media, image) });
      const opened = mustAttachBtt(restarted, sectorBytes);
      for (const neighbour of [lba - 1, lba + 1]) {
        const bytes = readBtt(opened, neighbour * sectorBytes, sectorBytes)!;
        if (side !== 'unflushed') expect(new Set(bytes)).toEqual(new Set([NEIGHBOUR]));
      }
      const values = new Set(readBtt(opened, lba * sectorBytes, sectorBytes)!);
      readings.push({ phase, returned: phase === 4, values });
    }
  }
  return readings;
}

/** The law: old or new, and new once the write has returned. */
function holds({ returned, values }: Reading): boolean {
  return values.size === 1 && (values.has(NEW) || (!returned && values.has(OLD)));
}

describe.each([512, 4096])('a write of a %i-byte block', (sectorBytes) => {
  for (const side of ['before', 'after'] as const) {
    for (const lba of [4, 5]) {
      it(`should be whole or not at all with the raw access of ${side}/ and a map entry at ${(lba % 2) * 4} modulo 8`, () => {
        const readings = readingsOf(side, sectorBytes, lba);
        expect(readings.filter((reading) => !holds(reading))).toEqual([]);
        const seen = (value: number): boolean => readings.some(({ values }) => values.has(value));
        expect(seen(OLD) && seen(NEW)).toBe(true);
        // During the data write everything is old, after the log's second half everything new.
        expect(readings.filter(({ phase }) => phase < 2).every(({ values }) => values.has(OLD))).toBe(true);
        expect(readings.filter(({ phase }) => phase > 2).every(({ values }) => values.has(NEW))).toBe(true);
      });
    }
  }

  it('should be torn or lost when its raw writes are not flushed', () => {
    const readings = readingsOf('unflushed', sectorBytes, 5);
    expect(readings.some(({ values }) => values.size > 1)).toBe(true);
    expect(readings.some(({ returned, values }) => returned && values.has(OLD))).toBe(true);
  });
});
