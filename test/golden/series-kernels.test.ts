/**
 * The kernels before and after the series, 4.12.10 and 4.13.9 (golden/data/real-kernel-4.1x), row by row: the first truth
 * for `before/` and for what was merged. Whatever can be compared must be equal to the instruction.
 */
import { describe, expect, it } from 'vitest';
import { against, differences, equalRows, goldenRows, reasons, rulesUsed } from './shared.ts';
import { type TraceRow, hasCalled } from '#pmem/traces/row.ts';
import { isThorough } from '../support/thorough.ts';

const OLD = goldenRows('real-kernel-4.1x/linux-4.12.10.jsonl.gz');
const NEW = goldenRows('real-kernel-4.1x/linux-4.13.9.jsonl.gz');

/** Why rows of these files are not compared (README.md there). */
const REASONS = [
  'a discard never reaches the driver; the model has no such operation',
  'buffered block I/O: the page cache is not modelled',
  'goes through the page cache, which is not modelled',
  'only names the namespace: the model configures and binds in one operation',
  'process accounting wrote nothing in that moment',
  'refused by the file system before it comes to dax',
  'sync writes back a whole file system with its metadata',
  'the file was opened O_DSYNC, which is not in the record',
  'writes journal blocks of a real file system',
];

/** What v3 as posted cannot be asked besides. */
const GATE_REASONS = [
  'the file dax/write_cache is in the kernel and not in the tree, or the other way round',
  'v3 gates write-backs by queue/write_cache, which also stops flushes, the merged series by dax/write_cache',
];

const PAIRS = [
  { kernel: '4.12.10', tree: 'before', rows: OLD, without: REASONS },
  { kernel: '4.13.9', tree: 'stable-4.13.9', rows: NEW, without: REASONS },
  { kernel: '4.13.9', tree: 'as-posted', rows: NEW, without: [...REASONS, ...GATE_REASONS].sort() },
];

describe.each(isThorough ? PAIRS : PAIRS.slice(0, 2))(
  'Linux $kernel and the tree $tree',
  ({ tree, rows, without }) => {
    it('should be equal in every row that can be compared', async () => {
      const compared = await against(tree, rows);
      expect(differences(compared)).toEqual([]);
      expect(equalRows(compared).length).toBeGreaterThan(0.92 * rows.length);
      expect(reasons(compared)).toEqual(without);
      // 4.12 is read without any rule; 4.13 initialises struct pages in another order.
      expect(rulesUsed(compared)).toEqual(
        tree === 'before'
          ? []
          : ['pages of a new memory section are marked reserved before they are initialised'],
      );
    });
  },
);

/** Copies from user memory whose rule was wrong as posted (B3): 2 to 7 bytes over a line end, not one 4-byte store. */
function hasSmallCrossingCopy({ calls = [] }: TraceRow): boolean {
  return calls.some((call) => {
    const [, place, size] = /^__copy_user_flushcache\(pmem\d+\+(\d+),(\d+)\)$/.exec(call) ?? [];
    const [offset, length] = [Number(place) % 64, Number(size)];
    return length < 8 && offset + length > 64;
  });
}

describe.runIf(isThorough)('what the series got wrong in small copies (B3)', () => {
  it('should be all that tells 4.13.9 from the merged series with the fix of 2020', async () => {
    const compared = await against('as-merged-fixed', NEW);
    const different = compared.filter(({ verdict }) => verdict.kind === 'different').map(({ row }) => row.id);
    const small = NEW.filter(
      (row) =>
        hasSmallCrossingCopy(row) && hasCalled(row, 'dax_iomap_rw') === true && row.on.includes('ext4 dax'),
    ).map(({ id }) => id);
    expect(different).toEqual(small);
    expect(small.length).toBeGreaterThan(40);
  });
});

describe('a RAM disk with dax', () => {
  it.each([
    ['4.12.10', 'before'],
    ['4.13.9', 'after'],
    ['4.13.9', 'stable-4.13.9'],
  ])('should fence and write back as often in Linux %s as in %s', async (kernel, tree) => {
    const rows = goldenRows(`real-kernel-4.1x/brd-${kernel}.jsonl.gz`);
    const compared = await against(tree, rows, { kernel });
    expect(differences(compared)).toEqual([]);
    expect(equalRows(compared).length).toBe(90);
  });
});

describe('kernels on the other side of the series', () => {
  it('should differ where the series changed something, and be equal elsewhere', async () => {
    const rows = OLD.filter(({ id, op }) => id < 10_000 && (op !== 'pwrite' || id % 8 === 0));
    const compared = await against('after', rows);
    const operations = (kind: string): Set<string> =>
      new Set(compared.filter(({ verdict }) => verdict.kind === kind).map(({ row }) => row.op));
    // Patch 1 takes fences from block writes, patch 3 changes writes of several segments and of pages.
    for (const op of ['blk_O_DIRECT', 'sendfile', 'pwritev']) expect(operations('different')).toContain(op);
    for (const op of ['pwrite', 'mmap_store8', 'ftruncate_partial', 'fdatasync_clean'])
      expect(operations('different')).not.toContain(op);
  });

  it.each([
    [
      'a missing write-back',
      (row: TraceRow) => ({ ...row, events: row.events?.filter(({ letter }) => letter !== 'W') }),
    ],
    [
      'a missing fence',
      (row: TraceRow) => ({ ...row, events: row.events?.filter(({ letter }) => letter !== 'S') }),
    ],
    ['another result', (row: TraceRow) => ({ ...row, returned: row.returned - 1 })],
  ])('should show %s', async (_what, change) => {
    const rows = OLD.filter(({ id, op }) => id === 1240 || op === 'msync_after_store').filter(
      ({ on }) => on === 'ext4 dax on pmem0' || on === 'ext4 dax on raw pmem1',
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(equalRows(await against('before', rows)).length).toBe(rows.length);
    expect(equalRows(await against('before', rows.map(change)))).toEqual([]);
  });
});
