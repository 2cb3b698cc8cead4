/** The copy routines against what the real machine code stored (golden/data/copy-*). */
import { describe, expect, it } from 'vitest';
import { goldenText } from './shared.ts';
import { treeFolder } from '../support/project.ts';
import { copyUserNocache } from '#kernel/arch/x86/copy-user-64.ts';
import { newKernel } from '#kernel/kernel.ts';
import { tagBytes } from '#kernel/subsystem/tag-bytes.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { formatEntries } from '#machine/hardware/trace-notation.ts';
import { COPY_ROUTINES, copyTableRow } from '#pmem/run/copy-table.ts';
import { loadRoutine } from '#pmem/run/copy-routines.ts';

const BASE = 2 ** 32;

function machine() {
  const range = { name: 'pmem0', start: BASE, sizeBytes: 8192, kind: 'persistent' as const, modules: [] };
  return powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [range],
    flushHints: [],
  });
}

describe('__copy_user_nocache', () => {
  it('should store what the real routine stores, in its order, at every measured offset and size', () => {
    for (const line of goldenText('copy-user-nocache-stores.txt').trim().split('\n')) {
      const [offset, size, ...stores] = line.split(' ');
      const kernel = newKernel(machine(), ['ARCH_HAS_PMEM_API']);
      const bytes = tagBytes(0, 0, Number(size));
      const source = { segment: { bytes, accessibleBytes: bytes.length }, offset: 0 };
      expect(copyUserNocache(kernel, BASE + Number(offset), source, Number(size))).toBe(0);
      const { record } = kernel.machine;
      const singles = formatEntries(record, 0, record.length, BASE + Number(offset)).flatMap(single);
      expect(`${offset} ${size} ${singles.join(' ')}`).toBe(`${offset} ${size} ${stores.join(' ')}`);
    }
  });
});

/** `n0:8*2` as `n0:8`, `n8:8`. */
function single(text: string): string[] {
  const match = /^([nc])(\d+):(\d+)\*(\d+)$/.exec(text);
  if (match === null) return [text];
  const [, letter, place, size, count] = match;
  return Array.from(
    { length: Number(count) },
    (_, index) => `${letter}${Number(place) + index * Number(size)}:${size}`,
  );
}

describe('the byte states of a copy', () => {
  for (const routine of COPY_ROUTINES) {
    it(`should be those of the real ${routine} in every measured row`, async () => {
      const copy = await loadRoutine(routine, treeFolder);
      const rows = goldenText('copy-byte-states.csv')
        .trim()
        .split('\n')
        .filter((row) => row.startsWith(`${routine},`));
      expect(rows.length).toBe(738);
      const ours = rows.map((row) => {
        const [, offset, size] = row.split(',');
        return copyTableRow(routine, copy, Number(offset), Number(size));
      });
      expect(ours).toEqual(rows);
    });
  }
});
