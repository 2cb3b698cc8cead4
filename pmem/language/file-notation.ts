/** The part of the workload language that works on files of a DAX file system. */
import type { FileName, VectorShape } from '#kernel/subsystem/operation.ts';
import { type OperationNotation, type StepOf, at, notation } from './operation-notation.ts';
import { type WordReader, formatSize, wordError } from './words.ts';

function parseFile(reader: WordReader): FileName {
  const allowed = 'DISK:/PATH, such as pmem0:/f';
  const word = reader.take(allowed);
  const match = /^([^:/]+):(\/.+)$/.exec(word.text);
  if (match === null) throw wordError(reader.line, word, `'${word.text}' is not a file`, allowed);
  return { disk: match[1] ?? '', path: match[2] ?? '' };
}

const fileText = ({ disk, path }: FileName): string => `${disk}:${path}`;

/** What a file is read into; a write may come from a pipe besides. */
const READ_VECTORS = ['iov', 'kvec', 'bvec'] as const;

const WRITE_VECTORS = [...READ_VECTORS, 'pipe'] as const;

function parseVector(reader: WordReader, kinds: readonly (typeof WRITE_VECTORS)[number][]): VectorShape {
  const kind = reader.takeOneOf(kinds, 'a kind of vector for this');
  const lengths = reader.takeSizes();
  if (!reader.takeIf('readable')) return { kind: kind === 'iov' ? 'iovec' : kind, lengths };
  return { kind: kind === 'iov' ? 'iovec' : kind, lengths, accessibleBytes: reader.takeSize() };
}

function vectorText({ kind, lengths, accessibleBytes }: VectorShape): string {
  const readable = accessibleBytes === undefined ? '' : ` readable ${formatSize(accessibleBytes)}`;
  return `${kind === 'iovec' ? 'iov' : kind} ${lengths.map(formatSize).join(',')}${readable}`;
}

interface FileRange {
  readonly file: FileName;
  readonly offset: number;
  readonly sizeBytes: number;
}

const parseRange = (reader: WordReader): FileRange => ({
  file: parseFile(reader),
  offset: reader.takeOffset(),
  sizeBytes: reader.takeSize(),
});

const rangeText = ({ file, offset, sizeBytes }: FileRange): string =>
  `${fileText(file)} ${at(offset)} ${formatSize(sizeBytes)}`;

const parseProcess = (reader: WordReader): string =>
  reader.takeIf('by') ? reader.take('a process name').text : 'A';

const processText = (process: string): string => (process === 'A' ? '' : ` by ${process}`);

function processOperation(kind: 'mmap' | 'store' | 'load', name: string, meaning: string): OperationNotation {
  return notation(
    kind,
    name,
    'DISK:/PATH @OFFSET SIZE [by PROCESS]',
    meaning,
    (reader) => ({ kind, ...parseRange(reader), process: parseProcess(reader) }) as StepOf<typeof kind>,
    (step) => `${rangeText(step)}${processText(step.process)}`,
  );
}

function rangeOperation(
  kind: 'zero' | 'zero in place' | 'punch',
  name: string,
  meaning: string,
): OperationNotation {
  return notation(
    kind,
    name,
    'DISK:/PATH @OFFSET SIZE',
    meaning,
    (reader) => ({ kind, ...parseRange(reader) }) as StepOf<typeof kind>,
    rangeText,
  );
}

export const FILE_OPERATIONS: readonly OperationNotation[] = [
  notation(
    'create',
    'create',
    'DISK:/PATH SIZE [mapped|unwritten|hole] [align SIZE]',
    'makes a file: blocks written long ago (default), preallocated, or none yet',
    (reader) => {
      const file = parseFile(reader);
      const sizeBytes = reader.takeSize();
      const named = (['mapped', 'unwritten', 'hole'] as const).find((name) => reader.takeIf(name));
      const alignBytes = reader.takeIf('align') ? reader.takeSize() : 4096;
      return { kind: 'create', file, sizeBytes, blocks: named ?? 'mapped', alignBytes };
    },
    ({ file, sizeBytes, blocks, alignBytes }) =>
      `${fileText(file)} ${formatSize(sizeBytes)} ${blocks}${alignBytes === 4096 ? '' : ` align ${formatSize(alignBytes)}`}`,
  ),
  notation(
    'dax write',
    'dax write',
    'DISK:/PATH @OFFSET iov|kvec|bvec|pipe SIZE[,SIZE…] [readable SIZE] [sync]',
    'pwritev of user, kernel or page segments; user memory faults after `readable` bytes; `sync` is O_DSYNC',
    (reader) => ({
      kind: 'dax write',
      file: parseFile(reader),
      offset: reader.takeOffset(),
      vector: parseVector(reader, WRITE_VECTORS),
      sync: reader.takeIf('sync'),
    }),
    ({ file, offset, vector, sync }) =>
      `${fileText(file)} ${at(offset)} ${vectorText(vector)}${sync ? ' sync' : ''}`,
  ),
  notation(
    'dax read',
    'dax read',
    'DISK:/PATH @OFFSET iov|kvec|bvec SIZE[,SIZE…] [readable SIZE]',
    'preadv into user, kernel or page segments',
    (reader) => ({
      kind: 'dax read',
      file: parseFile(reader),
      offset: reader.takeOffset(),
      vector: parseVector(reader, READ_VECTORS),
    }),
    ({ file, offset, vector }) => `${fileText(file)} ${at(offset)} ${vectorText(vector)}`,
  ),
  processOperation(
    'mmap',
    'mmap',
    'maps a page-aligned range of the file for a process (default: A maps it all)',
  ),
  processOperation(
    'store',
    'store',
    'a process stores through its mapping: one instruction for 1, 2, 4, 8 bytes',
  ),
  processOperation('load', 'load', 'a process loads through its mapping'),
  notation(
    'fsync',
    'fsync',
    'DISK:/PATH',
    'writes dirty mappings back, then flushes the device',
    (reader) => ({ kind: 'fsync', file: parseFile(reader) }),
    ({ file }) => fileText(file),
  ),
  notation(
    'msync',
    'msync',
    'DISK:/PATH @OFFSET SIZE [async]',
    'fsync of a range; `async` does nothing, as in the kernel',
    (reader) => ({ kind: 'msync', ...parseRange(reader), waits: !reader.takeIf('async') }),
    (step) => `${rangeText(step)}${step.waits ? '' : ' async'}`,
  ),
  rangeOperation('punch', 'punch', 'punches a hole: partial pages are zeroed, whole ones given back'),
  rangeOperation('zero', 'zero', 'zeroes a range: partial pages in place, whole ones become unwritten'),
  rangeOperation('zero in place', 'zero-in-place', 'zeroes every page of a range in place, as truncate does'),
  notation(
    'truncate',
    'truncate',
    'DISK:/PATH SIZE',
    'sets the size; a cut page is zeroed behind it',
    (reader) => ({ kind: 'truncate', file: parseFile(reader), sizeBytes: reader.takeSize() }),
    ({ file, sizeBytes }) => `${fileText(file)} ${formatSize(sizeBytes)}`,
  ),
];
