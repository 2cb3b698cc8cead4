/**
 * The text form of workloads, one operation a line (docs/WORKLOADS.md). `OPERATIONS` is the whole language: for each
 * operation its words, what they mean, how they are read and how they are written back.
 */
import type { DmMemberShape, DmTargetShape, FileName, VectorShape } from '#kernel/subsystem/operation.ts';
import { formatBoot, parseBoot } from './boot-notation.ts';
import { NAMESPACE_OPERATIONS } from './namespace-notation.ts';
import { type OperationNotation, type Step, type StepOf, notation } from './operation-notation.ts';
import { type Line, WordReader, formatSize, formatText, linesOf, wordError } from './words.ts';
import type { Workload, WorkloadStep } from './workload.ts';

function parseFile(reader: WordReader): FileName {
  const allowed = 'DISK:/PATH, such as pmem0:/f';
  const word = reader.take(allowed);
  const match = /^([^:/]+):(\/.+)$/.exec(word.text);
  if (match === null) throw wordError(reader.line, word, `'${word.text}' is not a file`, allowed);
  return { disk: match[1] ?? '', path: match[2] ?? '' };
}

const fileText = ({ disk, path }: FileName): string => `${disk}:${path}`;

const DISK_ALLOWED = 'a disk, such as pmem0, ram0 or dm-0';

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

const at = (offset: number): string => `@${formatSize(offset)}`;

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

function diskOperation(
  kind: 'flush' | 'kill' | 'detach' | 'attach' | 'shutdown',
  meaning: string,
): OperationNotation {
  return notation(
    kind,
    kind,
    'DISK',
    meaning,
    (reader) => ({ kind, disk: reader.take(DISK_ALLOWED).text }) as StepOf<typeof kind>,
    ({ disk }) => disk,
  );
}

/** `DISK@START`. */
function parseMember(reader: WordReader, text: string, column: number): DmMemberShape {
  const [disk = '', start, ...rest] = text.split('@');
  if (disk === '' || start === undefined || rest.length > 0) {
    throw wordError(
      reader.line,
      { text, column },
      `'${text}' is not a member`,
      'DISK@START, such as pmem0@0',
    );
  }
  return { disk, startBytes: reader.number({ text: start, column: column + disk.length + 1 }) };
}

/** The members of a stripe: `DISK@START`, several with commas between. */
function parseStripeMembers(reader: WordReader): DmMemberShape[] {
  const word = reader.take('DISK@START, and more of them with commas between');
  let { column } = word;
  return word.text.split(',').map((text) => {
    const member = parseMember(reader, text, column);
    column += text.length + 1;
    return member;
  });
}

/** The one member of a linear target or an origin; an origin is the whole of it. */
function parseOnlyMember(reader: WordReader, type: 'linear' | 'snapshot-origin'): DmMemberShape {
  const allowed =
    type === 'linear' ? 'DISK@START, such as pmem0@0' : 'DISK@0: an origin begins with its disk';
  const word = reader.take(allowed);
  if (word.text.includes(','))
    throw wordError(reader.line, word, `several members of one ${type} target`, allowed);
  const member = parseMember(reader, word.text, word.column);
  if (type === 'snapshot-origin' && member.startBytes !== 0)
    throw wordError(reader.line, word, `an origin from ${formatSize(member.startBytes)} on`, allowed);
  return member;
}

function parseTarget(reader: WordReader): DmTargetShape {
  const type = reader.takeOneOf(['linear', 'stripe', 'error', 'snapshot-origin'] as const, 'a target');
  const sizeBytes = reader.takeSize();
  if (type === 'error') return { type, sizeBytes, chunkBytes: 0, members: [] };
  if (type !== 'stripe') return { type, sizeBytes, chunkBytes: 0, members: [parseOnlyMember(reader, type)] };
  return {
    type: 'striped',
    sizeBytes,
    chunkBytes: reader.takeSize(),
    members: parseStripeMembers(reader),
  };
}

function parseTargets(reader: WordReader): DmTargetShape[] {
  const targets: DmTargetShape[] = [];
  do targets.push(parseTarget(reader));
  while (reader.peek() !== undefined);
  return targets;
}

function targetText({ type, sizeBytes, chunkBytes, members }: DmTargetShape): string {
  const memberTexts = members.map(({ disk, startBytes }) => `${disk}@${formatSize(startBytes)}`);
  const sizes = type === 'striped' ? [sizeBytes, chunkBytes] : [sizeBytes];
  const words = [type === 'striped' ? 'stripe' : type, ...sizes.map(formatSize), memberTexts.join(',')];
  return words.join(' ').trim();
}

const FILE_OPERATIONS: readonly OperationNotation[] = [
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

const DISK_OPERATIONS: readonly OperationNotation[] = [
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

const PLATFORM_SETTINGS = ['clear-unit', 'clear-limit', 'clear-fails', 'ars-records'] as const;

const SYSTEM_OPERATIONS: readonly OperationNotation[] = [
  notation(
    'sysfs read',
    'sysfs read',
    'DISK/ATTRIBUTE',
    'reads an attribute below /sys/block, or any /sys/block/… and /sys/bus/nd/… path',
    (reader) => ({ kind: 'sysfs read', path: reader.take('a path, such as pmem0/queue/write_cache').text }),
    ({ path }) => path,
  ),
  notation(
    'sysfs write',
    'sysfs write',
    'DISK/ATTRIBUTE "TEXT"',
    'writes an attribute',
    (reader) => {
      const path = reader.take('a path, such as pmem0/queue/write_cache').text;
      return { kind: 'sysfs write', path, text: reader.takeText() };
    },
    ({ path, text }) => `${path} ${formatText(text)}`,
  ),
  notation(
    'sysfs list',
    'sysfs list',
    'PATH',
    'lists the devices of /sys/block or /sys/bus/nd/devices, or the files of one device',
    (reader) => ({ kind: 'sysfs list', path: reader.take('a path, such as /sys/bus/nd/devices').text }),
    ({ path }) => path,
  ),
  notation(
    'poison',
    'poison',
    'PMEM @OFFSET SIZE',
    'the platform reports bytes as poisoned',
    (reader) => ({ kind: 'poison', ...parsePoison(reader) }),
    ({ disk, offset, sizeBytes }) => `${disk} ${at(offset)} ${formatSize(sizeBytes)}`,
  ),
  notation(
    'media poison',
    'media-poison',
    'PMEM @OFFSET SIZE',
    'media goes bad without anybody knowing',
    (reader) => ({ kind: 'media poison', ...parsePoison(reader) }),
    ({ disk, offset, sizeBytes }) => `${disk} ${at(offset)} ${formatSize(sizeBytes)}`,
  ),
  notation(
    'clear error',
    'clear-error',
    'PMEM @OFFSET SIZE',
    'user space has the platform clear poison, past the disk (the ioctl ND_CMD_CLEAR_ERROR)',
    (reader) => ({ kind: 'clear error', ...parsePoison(reader) }),
    ({ disk, offset, sizeBytes }) => `${disk} ${at(offset)} ${formatSize(sizeBytes)}`,
  ),
  notation(
    'machine check',
    'machine-check',
    'PMEM @OFFSET',
    'media goes bad and the processor reports the place, which only the driver of `nfit` buses listens to',
    (reader) => ({
      kind: 'machine check',
      disk: reader.take(DISK_ALLOWED).text,
      offset: reader.takeOffset(),
    }),
    ({ disk, offset }) => `${disk} ${at(offset)}`,
  ),
  notation(
    'platform',
    'platform',
    'clear-unit|clear-limit|clear-fails|ars-records NUMBER',
    'sets how the platform clears poison (unit, most bytes at once, 1 for never) and how many records a scrub holds',
    (reader) => ({
      kind: 'platform',
      setting: reader.takeOneOf(PLATFORM_SETTINGS, 'a setting of the platform'),
      value: reader.takeSize(),
    }),
    ({ setting, value }) => `${setting} ${formatSize(value)}`,
  ),
  ...NAMESPACE_OPERATIONS,
  diskOperation('kill', 'kill_dax: the dax device dies'),
  diskOperation('detach', 'unbinds the pmem driver'),
  diskOperation('attach', 'binds it again'),
  diskOperation('shutdown', 'tells the pmem driver of a shutdown'),
  notation(
    'pid',
    'pid',
    'NUMBER',
    'the task that runs from here on; flush hints are chosen by it',
    (reader) => ({ kind: 'pid', pid: reader.takeSize() }),
    ({ pid }) => String(pid),
  ),
  notation(
    'signal',
    'signal',
    'on|off',
    'a fatal signal is pending for the task',
    (reader) => ({ kind: 'signal', pending: reader.takeOneOf(['on', 'off'] as const, 'on or off') === 'on' }),
    ({ pending }) => (pending ? 'on' : 'off'),
  ),
  notation(
    'crash',
    'crash',
    '[worst|best]',
    'power failure and reboot: only what is guaranteed is left (worst, default), or all that was stored (best)',
    (reader) => ({
      kind: 'crash',
      image: reader.peek() === undefined ? 'worst' : reader.takeOneOf(['worst', 'best'] as const, 'an image'),
    }),
    ({ image }) => (image === 'worst' ? '' : image),
  ),
];

function parsePoison(reader: WordReader): { disk: string; offset: number; sizeBytes: number } {
  return { disk: reader.take(DISK_ALLOWED).text, offset: reader.takeOffset(), sizeBytes: reader.takeSize() };
}

/** Every operation of the language. */
export const OPERATIONS: readonly OperationNotation[] = [
  ...FILE_OPERATIONS,
  ...DISK_OPERATIONS,
  ...SYSTEM_OPERATIONS,
];

/** Finds the operation a line begins with: two words first, then one; `mmap store` is `store`. */
function takeOperation(reader: WordReader): OperationNotation {
  const [first, second] = reader.line.words;
  const two = `${first?.text} ${second?.text}`;
  const aliased = /^mmap (store|load)$/.exec(two)?.[1];
  const byTwo = OPERATIONS.find(({ name }) => name === (aliased === undefined ? two : undefined));
  const byOne = OPERATIONS.find(({ name }) => name === (aliased ?? first?.text));
  const found = byTwo ?? byOne;
  if (found === undefined) {
    const names = ['boot', ...OPERATIONS.map(({ name }) => name)].join(', ');
    const family = OPERATIONS.filter(({ name }) => name.startsWith(`${first?.text} `)).map(
      ({ name }) => name,
    );
    const wrong = family.length > 0 ? two.replace(' undefined', '') : first?.text;
    throw wordError(
      reader.line,
      family.length > 0 ? (second ?? first) : first,
      `unknown operation '${wrong}'`,
      family.length > 0 ? family.join(', ') : names,
    );
  }
  reader.take(found.name);
  if (found === byTwo || aliased !== undefined) reader.take(found.name);
  return found;
}

/** Parses one line that is not `boot`. */
function parseStep(line: Line): WorkloadStep {
  const reader = new WordReader(line);
  const operation = takeOperation(reader).parse(reader);
  reader.end();
  return { operation, line };
}

/** The boot line of workloads that have none. */
export const DEFAULT_BOOT = 'boot adr clwb pmem0=2M';

/** Parses a workload. Throws `InputError` for text that is not one; says nothing of sizes (see `check-workload.ts`). */
export function parseWorkload(text: string): Workload {
  const lines = linesOf(text);
  const [first, ...others] = lines;
  const hasBoot = first?.words[0]?.text === 'boot';
  const bootReader = new WordReader(
    hasBoot && first !== undefined ? first : (linesOf(DEFAULT_BOOT)[0] ?? { number: 0, text: '', words: [] }),
  );
  bootReader.take('boot');
  const boot = parseBoot(bootReader);
  const again = others.find(({ words }) => words[0]?.text === 'boot');
  if (again !== undefined)
    throw wordError(again, again.words[0], 'a second boot line', 'one, and it comes first');
  return { boot, steps: (hasBoot ? others : lines).map(parseStep) };
}

/** The text of one step. */
export function formatStep(step: Step): string {
  const found = OPERATIONS.find(({ kinds }) => kinds.includes(step.kind));
  return found === undefined ? step.kind : found.format(step);
}

/** The text of a workload, one operation a line; parsing it gives the same workload. */
export function formatWorkload(workload: Workload): string {
  return [formatBoot(workload.boot), ...workload.steps.map(({ operation }) => formatStep(operation))].join(
    '\n',
  );
}
