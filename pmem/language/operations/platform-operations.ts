/** Operations of the platform below the kernel: media that goes bad, and how its poison is cleared. */
import { pmem } from '../arguments/disks.ts';
import { oneOf, place, size, sizeAboveZero } from '../arguments/values.ts';
import { refusal } from '../check-place.ts';
import { describe, onePiece } from '../descriptor.ts';

const PLATFORM_SETTINGS = [
  'clear-unit',
  'clear-limit',
  'clear-fails',
  'clear-zeroes',
  'stale-lines',
  'ars-records',
] as const;

/** Most records of a scrub: the driver makes room for all of them each time it asks. */
const RECORDS_MAX = 65_536;

const media = { disk: pmem, offset: place, sizeBytes: sizeAboveZero };

export const PLATFORM_OPERATIONS = describe({
  poison: {
    meaning: 'the platform reports bytes as poisoned',
    arguments: media,
    pieces: onePiece,
    isRecorded: true,
  },
  'media poison': {
    name: 'media-poison',
    meaning: 'media goes bad without anybody knowing',
    arguments: media,
    pieces: onePiece,
    isRecorded: true,
  },
  'clear error': {
    name: 'clear-error',
    meaning: 'user space has the platform clear poison, past the disk (the ioctl ND_CMD_CLEAR_ERROR)',
    arguments: { ...media, sizeBytes: size },
    pieces: onePiece,
    isRecorded: true,
  },
  'machine check': {
    name: 'machine-check',
    meaning:
      'media goes bad and the processor reports the place, which only the driver of `nfit` buses listens to',
    arguments: { disk: pmem, offset: place },
    end: ({ offset }) => offset + 1,
  },
  platform: {
    meaning:
      'sets how the platform clears poison (unit, most bytes at once, 1 for never, 1 for zeros in what was cleared, 1 for lines that stay poisoned in the cache until they are flushed) and how many records a scrub holds',
    arguments: {
      setting: oneOf(PLATFORM_SETTINGS, 'a setting of the platform'),
      value: { ...size, usage: 'NUMBER' },
    },
    check: ({ setting, value }, at) => {
      if (setting !== 'ars-records' || value <= RECORDS_MAX) return;
      throw refusal(at, (line) => line.words.at(-1), `${value} records`, `at most ${RECORDS_MAX}`);
    },
  },
});
