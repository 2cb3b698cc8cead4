/** Operations on disks: bios, pages, flushes, and the raw bytes below them. */
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type Argument, optional } from '../argument.ts';
import { disk, pmem } from '../arguments/disks.ts';
import { START_WORD, startInPage } from '../arguments/start-in-page.ts';
import { flag, onOrOff, place, size, sizes } from '../arguments/values.ts';
import { type CheckPlace, placeWord, refusal, wordBehind } from '../check-place.ts';
import { type Pieces, describe, onePiece } from '../descriptor.ts';
import type { StepOf } from '../workload.ts';

type BioStep = StepOf<'bio write'> | StepOf<'bio read'>;
type PageStep = StepOf<'page write'> | StepOf<'page read'>;

const bioArguments = {
  disk,
  offset: place,
  lengths: sizes,
  startInPage,
  preflush: flag('preflush'),
  fua: flag('fua'),
};

const bioPieces = ({ offset, lengths }: BioStep): Pieces => ({ offset, lengths });

/** Drivers take whole sectors: none of them goes over the end of a page. */
function checkSectors({ lengths, startInPage: start = 0 }: BioStep, place: CheckPlace): void {
  const isCut = lengths.some((length) => start % SECTOR_SIZE !== 0 && start + length > PAGE_SIZE_BYTES);
  if (!isCut) return;
  const allowed = `places at multiples of ${SECTOR_SIZE}, or segments that end in their page`;
  throw refusal(place, wordBehind(START_WORD), 'a sector over the end of a page', allowed);
}

/** A page of a disk can begin at any of its sectors. */
const sectorPlace: Argument<number> = {
  ...place,
  check: (offset, at) => {
    if (offset % SECTOR_SIZE === 0) return;
    const allowed = `whole sectors of ${SECTOR_SIZE} bytes`;
    throw refusal(at, placeWord, `a page from byte ${offset} on`, allowed);
  },
};

const pageArguments = { disk, offset: sectorPlace };

const pageEnd = ({ offset }: PageStep): number => offset + PAGE_SIZE_BYTES;

const rawArguments = { disk: pmem, offset: place, sizeBytes: size, atomic: flag('atomic') };

/** What a raw write stores, in hexadecimal digits. */
const pattern: Argument<string | undefined> = optional<string | undefined>(
  {
    usage: 'bytes HEX',
    take: (reader) => {
      reader.take('bytes');
      const allowed = 'hexadecimal digits, two a byte, such as 00 or 1e1e00c0';
      const word = reader.take(allowed);
      if (/^(?:[0-9a-f]{2})+$/i.test(word.text)) return word.text.toLowerCase();
      throw reader.error(word, `'${word.text}' are not bytes`, allowed);
    },
    text: (digits) => (digits === undefined ? '' : `bytes ${digits}`),
  },
  ['bytes'],
  undefined,
);

export const DISK_OPERATIONS = describe({
  'bio write': {
    meaning:
      'a write bio with one segment for each SIZE, waited for; their memory begins at byte `from` of a page',
    arguments: bioArguments,
    pieces: bioPieces,
    check: checkSectors,
    isRecorded: true,
    writesBlocks: true,
    // A write with PREFLUSH alone may lose its own data (nvdimm-and-firmware.md 2.1, 11.2).
    promises: ({ disk: name, preflush, fua }) => [
      ...(preflush ? [{ of: 'earlier blocks', disk: name } as const] : []),
      ...(fua ? [{ of: 'own data', disk: name, flushesItself: false } as const] : []),
    ],
  },
  'bio read': {
    meaning: 'a read bio',
    arguments: bioArguments,
    pieces: bioPieces,
    check: checkSectors,
    isRecorded: true,
  },
  'page write': {
    meaning: 'rw_page: writes one page past the bio layer',
    arguments: pageArguments,
    end: pageEnd,
    writesBlocks: true,
  },
  'page read': { meaning: 'rw_page: reads one page', arguments: pageArguments, end: pageEnd },
  zeroout: {
    meaning: 'blkdev_issue_zeroout: writes zeros through bios',
    arguments: { disk, offset: place, sizeBytes: size },
    pieces: onePiece,
    isRecorded: true,
    writesBlocks: true,
  },
  flush: {
    meaning: 'blkdev_issue_flush: an empty write with PREFLUSH',
    arguments: { disk },
    promises: (step) => [{ of: 'earlier blocks', disk: step.disk }],
  },
  'set read-only': {
    name: 'set-read-only',
    meaning: 'the ioctl BLKROSET: `bio write` to a read-only disk is refused, until it is attached again',
    arguments: { disk, readOnly: onOrOff },
  },
  'raw write': {
    meaning:
      'nsio_rw_bytes on a detached namespace, always flushed; `atomic` may not clear poison; `bytes` is what to write, repeated',
    arguments: { ...rawArguments, pattern },
    pieces: onePiece,
    isRecorded: true,
    promises: (step) => [{ of: 'own data', disk: step.disk, flushesItself: true }],
  },
  'raw read': {
    meaning: 'nsio_rw_bytes, reading',
    arguments: rawArguments,
    pieces: onePiece,
    isRecorded: true,
  },
});
