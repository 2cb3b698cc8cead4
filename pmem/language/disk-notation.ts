/** The part of the workload language that works on disks, raw bytes of namespaces and mapped devices. */
import {
  DISK_ALLOWED,
  type OperationNotation,
  type StepOf,
  at,
  diskOperation,
  notation,
} from './operation-notation.ts';
import { parseTargets, targetText } from './table-notation.ts';
import { type WordReader, formatSize, wordError } from './words.ts';

function bioOperation(kind: 'bio write' | 'bio read', meaning: string): OperationNotation {
  return notation(
    kind,
    kind,
    'DISK @OFFSET SIZE[,SIZE…] [preflush] [fua]',
    meaning,
    (reader) =>
      ({
        kind,
        disk: reader.take(DISK_ALLOWED).text,
        offset: reader.takeOffset(),
        lengths: reader.takeSizes(),
        preflush: reader.takeIf('preflush'),
        fua: reader.takeIf('fua'),
      }) as StepOf<typeof kind>,
    ({ disk, offset, lengths, preflush, fua }) =>
      `${disk} ${at(offset)} ${lengths.map(formatSize).join(',')}${preflush ? ' preflush' : ''}${fua ? ' fua' : ''}`,
  );
}

function pageOperation(kind: 'page write' | 'page read', meaning: string): OperationNotation {
  return notation(
    kind,
    kind,
    'DISK @OFFSET',
    meaning,
    (reader) =>
      ({ kind, disk: reader.take(DISK_ALLOWED).text, offset: reader.takeOffset() }) as StepOf<typeof kind>,
    ({ disk, offset }) => `${disk} ${at(offset)}`,
  );
}

function rawOperation(kind: 'raw write' | 'raw read', meaning: string): OperationNotation {
  const isWrite = kind === 'raw write';
  return notation(
    kind,
    kind,
    `PMEM @OFFSET SIZE [atomic]${isWrite ? ' [bytes HEX]' : ''}`,
    meaning,
    (reader) =>
      ({
        kind,
        disk: reader.take(DISK_ALLOWED).text,
        offset: reader.takeOffset(),
        sizeBytes: reader.takeSize(),
        atomic: reader.takeIf('atomic'),
        ...(isWrite && reader.takeIf('bytes') ? { pattern: parsePattern(reader) } : {}),
      }) as StepOf<typeof kind>,
    ({ disk, offset, sizeBytes, atomic, pattern }) =>
      `${disk} ${at(offset)} ${formatSize(sizeBytes)}${atomic ? ' atomic' : ''}${pattern === undefined ? '' : ` bytes ${pattern}`}`,
  );
}

function parsePattern(reader: WordReader): string {
  const allowed = 'hexadecimal digits, two a byte, such as 00 or 1e1e00c0';
  const word = reader.take(allowed);
  if (!/^(?:[0-9a-f]{2})+$/i.test(word.text)) {
    throw wordError(reader.line, word, `'${word.text}' are not bytes`, allowed);
  }
  return word.text.toLowerCase();
}

export const DISK_OPERATIONS: readonly OperationNotation[] = [
  bioOperation('bio write', 'a write bio with one segment for each SIZE, waited for'),
  bioOperation('bio read', 'a read bio'),
  pageOperation('page write', 'rw_page: writes one page past the bio layer'),
  pageOperation('page read', 'rw_page: reads one page'),
  notation(
    'zeroout',
    'zeroout',
    'DISK @OFFSET SIZE',
    'blkdev_issue_zeroout: writes zeros through bios',
    (reader) => ({
      kind: 'zeroout',
      disk: reader.take(DISK_ALLOWED).text,
      offset: reader.takeOffset(),
      sizeBytes: reader.takeSize(),
    }),
    ({ disk, offset, sizeBytes }) => `${disk} ${at(offset)} ${formatSize(sizeBytes)}`,
  ),
  diskOperation('flush', 'blkdev_issue_flush: an empty write with PREFLUSH'),
  notation(
    'set read-only',
    'set-read-only',
    'DISK on|off',
    'the ioctl BLKROSET: `bio write` to a read-only disk is refused, until it is attached again',
    (reader) => ({
      kind: 'set read-only',
      disk: reader.take(DISK_ALLOWED).text,
      readOnly: reader.takeOneOf(['on', 'off'] as const, 'on or off') === 'on',
    }),
    ({ disk, readOnly }) => `${disk} ${readOnly ? 'on' : 'off'}`,
  ),
  rawOperation(
    'raw write',
    'nsio_rw_bytes on a detached namespace, always flushed; `atomic` may not clear poison; `bytes` is what to write, repeated',
  ),
  rawOperation('raw read', 'nsio_rw_bytes, reading'),
  notation(
    'dm create',
    'dm',
    'NAME linear SIZE DISK@START|stripe SIZE CHUNK DISK@START,DISK@START…|error SIZE|snapshot-origin SIZE DISK@0 …',
    'makes a mapped device of one target or several; again for a new table, without freezing the file system',
    (reader) => ({
      kind: 'dm create',
      disk: reader.take('a name, such as dm-0').text,
      targets: parseTargets(reader),
    }),
    ({ disk, targets }) => `${disk} ${targets.map(targetText).join(' ')}`,
  ),
];
