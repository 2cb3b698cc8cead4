/** Reads one operation of golden/data/real-kernel as a workload, or says why that cannot be done. */

/** A line of linux-6.1-traces.jsonl (README.md there). */
export interface GoldenOperation {
  readonly id: number;
  readonly op: string;
  readonly on: string;
  readonly file_offset?: number;
  readonly dest_offset_in_page?: number;
  readonly segments?: readonly number[];
  readonly readable_source_bytes?: number;
  readonly returned: number;
  readonly errno?: number;
  readonly relative_to: string;
  readonly events: readonly string[];
  readonly calls: readonly string[];
}

/** Why an operation can not be asked of the model; `undefined` when it can. */
export function reasonNotComparable(operation: GoldenOperation): string | undefined {
  const { op, on } = operation;
  if (on.includes('no dax')) return 'goes through the page cache, which is not modelled';
  if (op.startsWith('blk_buffered') || op.startsWith('BLKFLSBUF') || op === 'blk_close')
    return 'buffered block I/O: the page cache is not modelled';
  if (/^(fsync|sync|pwrite_O_SYNC|mmap_MAP_SYNC_store8_into_hole)/.test(op) && op !== 'fsync_clean')
    return 'writes journal blocks of a real file system';
  if (op === 'BLKDISCARD') return 'discard never reaches the driver; the model has no such operation';
  if (op === 'copy_file_range') return 'refused by the file system before dax';
  if (op === 'sync') return 'journal';
  return undefined;
}

/** Whether 6.1 does here what step 0 did: everything but segment edges, kernel sources and block writes. */
export function sharedWithStepZero(operation: GoldenOperation): boolean {
  const { op, segments = [] } = operation;
  if (op === 'sendfile' || op.startsWith('blk_O_DIRECT') || op === 'BLKZEROOUT') return false;
  if (/hole|extend|unwritten/.test(op) && op !== 'punch_hole') return false;
  return segments.length < 2 || !op.startsWith('pwritev');
}

/** Where the file's own first page is in the workload's device: the operations that need more room have less. */
const PAGE = 4096;

/** The workload whose `last` operations are `operation`, and the device offset that its events are relative to. */
export function workloadOf(operation: GoldenOperation): { workload: string; base: number; last: number } {
  const dm = operation.on.includes('dm-linear');
  const disk = dm ? 'dm-0' : 'pmem0';
  const boot = ['boot adr clwb pmem0=16M,pages', ...(dm ? ['dm dm-0 linear 16M pmem0@0'] : [])];
  const lines = operation.on === 'block device' ? blockLines(operation, disk) : fileLines(operation, disk);
  const last = ['mmap_store8_two_pages', 'blk_O_DIRECT_O_DSYNC'].includes(operation.op) ? 2 : 1;
  return { workload: [...boot, ...lines.text].join('\n'), base: lines.base, last };
}

interface Lines {
  readonly text: readonly string[];
  readonly base: number;
}

function blockLines(operation: GoldenOperation, disk: string): Lines {
  const { op, file_offset: offset = 0, segments = [] } = operation;
  const place = `${disk} @${offset} ${segments.join(',')}`;
  if (op === 'BLKZEROOUT') return { text: [`zeroout ${place}`], base: 0 };
  if (op === 'blk_O_DIRECT_read') return { text: [`bio read ${place}`], base: 0 };
  if (op === 'blk_O_DIRECT_O_DSYNC') return { text: [`bio write ${place} fua`, `flush ${disk}`], base: 0 };
  if (op.startsWith('blk_O_DIRECT')) return { text: [`bio write ${place}`], base: 0 };
  return { text: [`flush ${disk}`], base: 0 };
}

/** File operations: the first page of the file stands for the page that the real kernel wrote. */
function fileLines(operation: GoldenOperation, disk: string): Lines {
  const { op, segments = [], readable_source_bytes: readable } = operation;
  const file = `${disk}:/f`;
  const offset = operation.dest_offset_in_page ?? (operation.file_offset ?? 0) % PAGE;
  const total = segments.reduce((sum, length) => sum + length, 0);
  const create = `create ${file} 4M mapped align 2M`;
  const range = `${file} @${offset} ${total}`;
  if (op === 'pwrite_fault') {
    return { text: [create, `dax write ${file} @${offset} iov ${total} readable ${readable ?? 0}`], base: 0 };
  }
  if (op === 'sendfile')
    return { text: [create, `dax write ${file} @${offset} bvec ${bvecOf(operation)}`], base: 0 };
  if (op.startsWith('pwrite') && /hole|extend|unwritten/.test(op))
    return newBlockLines(operation, file, offset);
  if (/DSYNC/.test(op))
    return withBase(
      operation,
      [create, `dax write ${file} @${offset} iov ${segments.join(',')} sync`],
      offset,
    );
  if (op.startsWith('pwrite'))
    return { text: [create, `dax write ${file} @${offset} iov ${segments.join(',')}`], base: 0 };
  if (op === 'fallocate_prealloc') return { text: [`create ${file} ${total} unwritten`], base: 0 };
  if (op === 'punch_hole') return { text: [create, `punch ${range}`], base: 0 };
  if (op === 'zero_range') return { text: [create, `zero ${range}`], base: 0 };
  if (op === 'ftruncate_partial') return { text: [create, `truncate ${file} ${offset}`], base: 0 };
  return mappingLines(operation, file, create);
}

function mappingLines(operation: GoldenOperation, file: string, create: string): Lines {
  const { op, segments = [], events } = operation;
  const offset = operation.dest_offset_in_page ?? 0;
  const small = [create, `mmap ${file} @0 64K`];
  if (op === 'mmap_store8_two_pages') {
    return { text: [...small, `store ${file} @${offset} 8`, `store ${file} @${offset + PAGE} 8`], base: 0 };
  }
  if (op === 'mmap_store8_into_hole') {
    const hole = [`create ${file} 4M hole`, `mmap ${file} @0 4M`];
    return withBase(
      operation,
      [...hole, `store ${file} @${(operation.file_offset ?? 0) % (2 * 1024 * 1024)} 8`],
      0,
    );
  }
  if (op.startsWith('mmap')) {
    const text = op.endsWith('big')
      ? [create, `store ${file} @${offset} 8`]
      : [...small, `store ${file} @${offset} 8`];
    return withBase(operation, text, offset);
  }
  const dirty = events.some((event) => event.startsWith('W'));
  const text = [...(op.endsWith('big') ? [create] : small), ...(dirty ? [`store ${file} @${offset} 8`] : [])];
  if (op === 'msync_async')
    return { text: [...text, `msync ${file} @0 ${segments[0] ?? PAGE} async`], base: 0 };
  if (op.startsWith('msync'))
    return withBase(operation, [...text, `msync ${file} @0 ${segments[0] ?? PAGE}`], 0);
  return withBase(operation, [...text, `fsync ${file}`], 0);
}

/** Events relative to the device: shifts them so that the first place they name is where the model has it. */
function withBase(operation: GoldenOperation, text: readonly string[], first: number): Lines {
  if (operation.relative_to !== 'device') return { text, base: 0 };
  const named = /\d+/.exec(operation.events.find((event) => /\d/.test(event)) ?? '0')?.[0] ?? '0';
  const wanted = Number(named) - (operation.events[0]?.startsWith('W') === true ? 0 : first);
  return { text, base: -wanted };
}

/** A write that gets a new block: the block is zeroed first. The real blocks lie elsewhere, so places are shifted. */
function newBlockLines(operation: GoldenOperation, file: string, offset: number): Lines {
  const kind = /unwritten/.test(operation.op) ? 'unwritten' : 'hole';
  const text = [
    `create ${file} 64K ${kind}`,
    `dax write ${file} @${offset} iov ${(operation.segments ?? []).join(',')}`,
  ];
  return withBase(operation, text, 0);
}

/** The page segments of a sendfile: where the calls of memcpy_flushcache cut it. */
function bvecOf(operation: GoldenOperation): string {
  const lengths = operation.calls.flatMap((call) => /memcpy_flushcache\([^,]+,(\d+)\)/.exec(call)?.[1] ?? []);
  return lengths.join(',');
}
