/**
 * Linux 6.1 (golden/data/real-kernel), the second truth: it has the copies of the series with the fix of 2020, other
 * operations tables, and differs from 4.12 and 4.13 by rules that have names. And the two kernels of the series on other
 * machines, whose lists are the same with another instruction (memory-and-dax.md 21).
 */
import { describe, expect, it } from 'vitest';
import { against, differences, equalRows, goldenRows, rulesUsed } from './shared.ts';
import type { TraceRow } from '#pmem/traces/row.ts';
import { isThorough, share } from '../support/thorough.ts';

const DATA_PATH = goldenRows('real-kernel/linux-6.1-traces.jsonl');
const MAPPER = goldenRows('real-kernel/linux-6.1-btt-dm-switches.jsonl');

const LATER = [
  'a memset in line stores the edges first, then the middle',
  'one call of the copy less at the position of a fault',
];

/** Rows in which 6.1 does what step 0 did: not segment edges, kernel sources, block writes, new blocks. */
function sharedWithStepZero({ op, segments, on }: TraceRow): boolean {
  if (/^sendfile|O_DIRECT|BLKZEROOUT|btt/.test(`${op} ${on}`)) return false;
  if (/_into_hole|_extend|_unwritten/.test(op)) return false;
  return segments.length < 2 || !op.startsWith('pwritev');
}

describe('Linux 6.1', () => {
  it.each(share(['after', 'as-merged-fixed'], 2))(
    'should be equal to %s, read with its rules',
    async (tree) => {
      const dataPath = await against(tree, DATA_PATH);
      const mapper = await against(tree, MAPPER);
      expect(differences([...dataPath, ...mapper])).toEqual([]);
      expect(equalRows(dataPath).length).toBeGreaterThan(625);
      expect(equalRows(mapper).length).toBeGreaterThan(175);
      expect(rulesUsed(dataPath)).toEqual(LATER);
      expect(rulesUsed(mapper)).toEqual([...LATER, 'the two log entries of a BTT lane are 16 bytes apart']);
    },
  );

  it('should be equal to before/ in what it shares with it', async () => {
    const rows = [...DATA_PATH, ...MAPPER].filter(sharedWithStepZero);
    const compared = await against('before', rows, { kernel: '6.1' });
    expect(differences(compared)).toEqual([]);
    expect(equalRows(compared).length).toBeGreaterThan(500);
  });

  it('should differ when it is read as 4.13', async () => {
    const compared = await against('after', DATA_PATH, { kernel: '4.13' });
    const operations = new Set(
      compared.filter(({ verdict }) => verdict.kind === 'different').map(({ row }) => row.op),
    );
    expect([...operations].sort()).toEqual(['ftruncate_partial', 'punch_hole', 'pwrite_fault', 'zero_range']);
  });
});

/** Rows of a machine without clwb: every write-back by its best instruction; those between mfences keep theirs. */
function onMachine(rows: readonly TraceRow[], letter: 'O' | 'X'): TraceRow[] {
  const changed = (old: string): string => (old === 'W' || (old === 'O' && letter === 'X') ? letter : old);
  return rows.map((row) => ({
    ...row,
    events: row.events?.map((event) => ({ ...event, letter: changed(event.letter) })),
  }));
}

describe('the kernels of the series on other machines', () => {
  const rows = {
    before: goldenRows('real-kernel-4.1x/linux-4.12.10.jsonl.gz'),
    'stable-4.13.9': goldenRows('real-kernel-4.1x/linux-4.13.9.jsonl.gz'),
  };

  it.each([
    ['before', 'O'],
    ['before', 'X'],
    ['stable-4.13.9', 'O'],
    ['stable-4.13.9', 'X'],
  ] as const)('should be equal to %s with %s events only', async (tree, letter) => {
    const changed = onMachine(rows[tree], letter).filter(
      ({ id, op }) => id % (isThorough ? 5 : 40) === 0 || op.startsWith('bad_'),
    );
    const compared = await against(tree, changed);
    expect(differences(compared)).toEqual([]);
    expect(equalRows(compared).length).toBeGreaterThan(isThorough ? 300 : 35);
    // A machine that has the instruction does not choose another.
    const other = await against(tree, changed, { machine: { writeBack: 'clwb' } });
    expect(equalRows(other).length).toBeLessThan(equalRows(compared).length);
  });

  it('should write nothing back in 6.1 where CPU caches survive, as with dax/write_cache 0', async () => {
    const off = MAPPER.filter(
      ({ daxWriteCache, queueWriteCache }) => daxWriteCache === '0' && queueWriteCache === 'write back',
    );
    const rows = off.map((row): TraceRow => ({ ...row, daxWriteCache: undefined }));
    const machine = { keepsCaches: true };
    const compared = await against('stable-4.13.9', rows, { machine });
    expect(differences(compared)).toEqual([]);
    expect(equalRows(compared).map(({ row }) => row.op)).toContain('zero_range');
    // Seen in the rows, when nobody says so.
    expect(differences(await against('stable-4.13.9', rows))).toEqual([]);
    expect(
      differences(await against('stable-4.13.9', rows, { machine: { keepsCaches: false } })),
    ).not.toEqual([]);
  });
});
