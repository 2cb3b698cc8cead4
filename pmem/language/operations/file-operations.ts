/** Operations on files of a DAX file system. */
import { PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import { type Argument, optional } from '../argument.ts';
import { file, fileText } from '../arguments/disks.ts';
import { flag, oneOf, place, size, sizeAboveZero, sizeOption } from '../arguments/values.ts';
import { readVector, writeVector } from '../arguments/vector.ts';
import { requireAlignment } from '../check-place.ts';
import { type Pieces, describe, onePiece } from '../descriptor.ts';
import type { StepOf } from '../workload.ts';

const BLOCKS = ['mapped', 'unwritten', 'hole'] as const;

const blocks = optional(oneOf(BLOCKS, 'a way to make blocks'), BLOCKS, 'mapped');

/** Blocks begin at multiples of it on the device. */
const alignment: Argument<number> = {
  ...sizeOption('align', PAGE_SIZE_BYTES),
  check: requireAlignment,
};

const ANYBODY = 'A';

/** Who maps, stores or loads. */
const owner: Argument<string> = optional(
  {
    usage: 'by PROCESS',
    take: (reader) => {
      reader.take('by');
      return reader.take('a process name').text;
    },
    text: (name) => (name === ANYBODY ? '' : `by ${name}`),
  },
  ['by'],
  ANYBODY,
);

/** A range of which no operation on files makes sense when it is empty. */
const range = { file, offset: place, sizeBytes: sizeAboveZero };

type DataStep = StepOf<'dax write'> | StepOf<'dax read'>;

const vectorPieces = ({ offset, vector }: DataStep): Pieces => ({ offset, lengths: vector.lengths });

const vectorKind = ({ vector }: DataStep) => vector.kind;

export const FILE_OPERATIONS = describe({
  create: {
    meaning: 'makes a file: blocks written long ago (default), preallocated, or none yet',
    arguments: { file, sizeBytes: size, blocks, alignBytes: alignment },
    end: ({ sizeBytes }) => sizeBytes,
    follow: (step, { newFiles }) => {
      if (step.blocks !== 'mapped') newFiles.add(fileText(step.file));
    },
  },
  'dax write': {
    meaning:
      'pwritev of user, kernel or page segments; user memory faults after `readable` bytes; `sync` is O_DSYNC',
    arguments: { file, offset: place, vector: writeVector, sync: flag('sync') },
    pieces: vectorPieces,
    isRecorded: true,
    vector: vectorKind,
    promises: ({ sync, file: { disk } }) => (sync ? [{ of: 'own data', disk, flushesItself: false }] : []),
  },
  'dax read': {
    meaning: 'preadv into user, kernel or page segments',
    arguments: { file, offset: place, vector: readVector },
    pieces: vectorPieces,
    isRecorded: true,
    vector: vectorKind,
  },
  mmap: {
    meaning: 'maps a page-aligned range of the file for a process (default: A maps it all)',
    arguments: { ...range, process: owner },
    pieces: onePiece,
  },
  store: {
    meaning: 'a process stores through its mapping: one instruction for 1, 2, 4, 8 bytes',
    arguments: { ...range, process: owner },
    pieces: onePiece,
    isRecorded: true,
  },
  load: {
    meaning: 'a process loads through its mapping',
    arguments: { ...range, process: owner },
    pieces: onePiece,
    isRecorded: true,
  },
  fsync: {
    meaning: 'writes dirty mappings back, then flushes the device',
    arguments: { file },
    promises: (step) => [{ of: 'file', file: step.file, from: 0, to: Infinity }],
  },
  msync: {
    meaning: 'fsync of a range; `async` does nothing, as in the kernel',
    arguments: { file, offset: place, sizeBytes: size, waits: flag('async', false) },
    pieces: onePiece,
    // Whole pages that hold any of the range (POSIX msync).
    promises: ({ file: name, offset, sizeBytes, waits }) => {
      const from = roundDown(offset, PAGE_SIZE_BYTES);
      const to = roundUp(offset + sizeBytes, PAGE_SIZE_BYTES);
      return waits ? [{ of: 'file', file: name, from, to }] : [];
    },
  },
  punch: {
    meaning: 'punches a hole: partial pages are zeroed, whole ones given back',
    arguments: range,
    pieces: onePiece,
  },
  zero: {
    meaning: 'zeroes a range: partial pages in place, whole ones become unwritten',
    arguments: range,
    pieces: onePiece,
  },
  'zero in place': {
    name: 'zero-in-place',
    meaning: 'zeroes every page of a range in place, as truncate does',
    arguments: range,
    pieces: onePiece,
    isRecorded: true,
  },
  truncate: {
    meaning: 'sets the size; a cut page is zeroed behind it',
    arguments: { file, sizeBytes: size },
    end: ({ sizeBytes }) => sizeBytes,
  },
});
