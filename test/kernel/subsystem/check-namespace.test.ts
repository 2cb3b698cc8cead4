/**
 * ndctl check-namespace over a namespace of 32 MiB with 4096-byte sectors: what it finds, what it repairs, and that
 * the data is there afterwards (nvdimm-and-firmware.md 9.1, 16.4 btt-check.sh).
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { boot } from '../../../after/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import type { Operation, OperationResult } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { tagBytes } from '#kernel/subsystem/tag-bytes.ts';

/**
 * Offsets in the namespace. Behind the first page are 33550336 bytes, of them 33525760 for blocks and map: 8176 internal
 * blocks of 4096 + 4 bytes, 7920 external ones, a map of 8 pages. Log: 4 pages before the last one.
 */
const INFO = 4096;
const MAP = 33501184;
const LOG = 33533952;
const INFO2 = 33550336;
const EXTERNAL_BLOCKS = 7920;

let subsystem: Subsystem;

/** Performs the lines of a workload without boot line; returns the last result. */
function run(...lines: string[]): OperationResult {
  const operations = parseWorkload(lines.join('\n')).steps.map(({ operation }) => operation as Operation);
  let result: OperationResult = { returned: 0 };
  for (const operation of operations) result = subsystem.perform(operation, 7);
  return result;
}

/** `value` as raw write takes it: 32 bits, little endian. */
function word(value: number): string {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return Buffer.from(bytes).toString('hex');
}

const damage = (offset: number, sizeBytes: number, pattern: string): OperationResult =>
  run(`raw write pmem0 @${offset} ${sizeBytes} bytes ${pattern}`);

beforeEach(() => {
  subsystem = boot(parseWorkload('boot adr clwb pmem0=32M\nflush pmem0').boot);
  run('personality pmem0 btt 4096', 'bio write pmem0s @8192 4096', 'detach pmem0');
});

describe('a BTT in order', () => {
  it('should give no findings', () => {
    expect(run('check-namespace pmem0')).toEqual({ returned: 0, text: '' });
  });

  it('should be left as it was: without driver, byte for byte', () => {
    const before = run(`raw read pmem0 @0 64K`).data;
    run('check-namespace pmem0 repair');
    expect(run('sysfs list /sys/block').text).toBe('');
    expect(run(`raw read pmem0 @0 64K`).data).toEqual(before);
  });
});

describe('a repair', () => {
  it.each([
    ['the info block', INFO, 4096, 'Restoring BTT info block at offset 0x1000\n'],
    ['the copy of the info block', INFO2, 4096, 'Arena 0: Restoring BTT info2\n'],
    ['one byte of the copy', INFO2 + 100, 1, 'Arena 0: Restoring BTT info2\n'],
  ])('should bring %s back as it was, and the data with it', (_name, offset, sizeBytes, text) => {
    const whole = run(`raw read pmem0 @${offset} ${sizeBytes}`).data;
    damage(offset, sizeBytes, 'fe');
    expect(run('check-namespace pmem0 repair')).toEqual({ returned: 0, text });
    expect(run(`raw read pmem0 @${offset} ${sizeBytes}`).data).toEqual(whole);
    expect(run('attach pmem0', 'bio read pmem0s @8192 4096').data).toEqual(tagBytes(7, 8192, 4096));
  });

  it('should complete the map behind the log', () => {
    // The write above moved block 2 to the first free internal block, 7920; with both flags gone the map says 2 again.
    damage(MAP + 2 * 4, 4, '00');
    const pending = 'Arena 0: map[0x2] needs to be updated to 0x1ef0\n';
    expect(run('check-namespace pmem0').text).toContain(pending);
    const text = 'Arena 0: Updating map[0x2] to 0x1ef0\n';
    expect(run('check-namespace pmem0 repair')).toEqual({ returned: 0, text });
    expect(run('attach pmem0', 'bio read pmem0s @8192 4096').data).toEqual(tagBytes(7, 8192, 4096));
  });

  it('should be refused by a disk that is read-only', () => {
    run('sysfs write /sys/bus/nd/devices/region0/read_only "1"');
    damage(INFO2, 4096, '00');
    expect(run('check-namespace pmem0 repair').returned).toBe(-1);
    expect(run('check-namespace pmem0').text).toBe('Arena 0: BTT info2 needs to be restored\n');
  });
});

describe('damage', () => {
  // A log entry is block, old, new, sequence number; lane 0 has its younger one, that of the write, in slot 2.
  const younger = LOG + 32;
  it.each([
    [
      'equal sequence numbers',
      LOG + 44,
      word(1),
      'found a pair of log entries with the same sequence number',
    ],
    ['a sequence number', LOG + 44, word(4), 'found a log entry with an out of bounds sequence number'],
    ['a block', younger, word(EXTERNAL_BLOCKS), 'found a log entry with an out of bounds LBA'],
    ['an old block', younger + 4, word(8176), "found a log entry with an out of bounds 'old' mapping"],
    ['a new block', younger + 8, word(8176), "found a log entry with an out of bounds 'new' mapping"],
    ['a map entry', MAP, word(0xc0001ff0), 'found a map entry that is out of bounds'],
  ])('should be named and left: %s', (_name, offset, pattern, text) => {
    damage(offset, 4, pattern);
    expect(run('check-namespace pmem0 repair')).toEqual({ returned: -6, text: `arena 0: ${text}\n` });
  });

  it('should be named when a block is in use twice, or free and in use', () => {
    const bitmap = 'arena 0: bitmap error: internal blocks are incorrectly referenced\n';
    const twice = 'arena 0: internal block 0x5 is referenced by two map/log entries\n';
    damage(MAP, 4, word(0xc0000005));
    expect(run('check-namespace pmem0 repair')).toEqual({ returned: -6, text: twice + bitmap });
    damage(MAP, 4, word(0xc0000000));
    damage(younger + 4, 4, word(5));
    expect(run('check-namespace pmem0 repair')).toEqual({ returned: -6, text: twice + bitmap });
  });

  it('should be without hope when both info blocks are gone, or map and log can not be read', () => {
    run(`poison pmem0 @${MAP} 512`);
    const unreadable = 'Metadata corruption found, recovery is not possible\n';
    expect(run('check-namespace pmem0')).toEqual({ returned: -14, text: unreadable });
    damage(INFO, 4096, '00');
    damage(INFO2, 4096, '00');
    const lost = 'Unable to recover any BTT info blocks\n';
    expect(run('check-namespace pmem0 repair')).toEqual({ returned: -6, text: lost });
  });

  it('should not be looked for on blocks with integrity data, whose sizes ndctl does not accept', () => {
    const text = 'Problem parsing arena[0] metadata\n';
    expect(run('personality pmem0 btt 520', 'check-namespace pmem0 force')).toEqual({ returned: -6, text });
  });
});
