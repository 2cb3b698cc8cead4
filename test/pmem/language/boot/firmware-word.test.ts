import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rootFolder } from '../../../support/project.ts';
import { FIRMWARE_TABLE_NAMES, firmwareTable } from '#kernel/subsystem/firmware-tables.ts';
import { ODD_TABLE_NAMES } from '#kernel/subsystem/odd-tables.ts';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { complaint } from '../complaint.ts';

/** The table that a boot line with that source brings. */
const tableOf = (source: string) =>
  parseWorkload(`boot nfit=${source}\nflush pmem0`).boot.firmware?.[0]?.table;

describe('the path of a firmware table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tables-'));
  const table = firmwareTable('pmem-hints')!.table;
  afterEach(() => void vi.restoreAllMocks());

  it("should be looked for from the current folder first, then from the project's", () => {
    writeFileSync(join(folder, 'own.nfit'), table);
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    expect(tableOf('own.nfit')).toEqual(table);
    const shipped = 'test/golden/data/real-firmware/plain.nfit';
    expect(tableOf(shipped)).toEqual(new Uint8Array(readFileSync(join(rootFolder, shipped))));
  });
});

describe('a word for a firmware table', () => {
  it('should read back with every option, of every ready-made table', () => {
    for (const source of [...FIRMWARE_TABLE_NAMES, ...ODD_TABLE_NAMES]) {
      for (const options of ['', ',labels', ',no-labels', ',labels=0x1+0x10', ',ars=overflow']) {
        const { boot } = parseWorkload(`boot nfit=${source}${options}\nflush pmem0`);
        expect(parseWorkload(formatWorkload({ boot, steps: [] })).boot).toEqual(boot);
      }
    }
  });

  it('should be complained of for a file that is no firmware table', () => {
    expect(complaint('boot nfit=package.json\nflush pmem0')).toContain(
      'package.json holds no firmware table',
    );
    expect(complaint('boot nfit=no/such/file\nflush pmem0')).toContain("no firmware table 'no/such/file'");
  });
});
