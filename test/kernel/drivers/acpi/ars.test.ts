/** What the platform's answers to scrub commands mean (nvdimm-and-firmware.md 10.6), word by word. */
import { describe, expect, it } from 'vitest';
import { busCommandsOf, xlatArsCap, xlatArsStart, xlatArsStatus } from '#kernel/drivers/acpi/nfit/ars.ts';
import type { NfitCommands } from '#kernel/drivers/acpi/nfit/acpi-desc.ts';
import { EAGAIN, EBUSY, EIO, ENOSPC, ENOTTY } from '#kernel/errno.ts';

const NONE = { status: 0, flags: 0, start: 0, length: 0, restartStart: 0, restartLength: 0, records: [] };

function commands(more: Partial<NfitCommands>): NfitCommands {
  return {
    arsCap: () => ({ status: 2 << 16, clearErrUnit: 256 }),
    arsStart: () => 0,
    arsStatus: () => NONE,
    clearError: (_start, length) => ({ status: 0, cleared: length }),
    ...more,
  };
}

const clear = (status: number, cleared: number): number =>
  busCommandsOf(commands({ clearError: () => ({ status, cleared }) })).clearError(0, 4096);

describe('the answers of a platform', () => {
  it.each([
    [0, 0, 0],
    [1 << 16, 0, -EBUSY],
    [2 << 16, 0, -EAGAIN],
    [3 << 16, 1, -ENOSPC],
    [3 << 16, 0, 0],
    [4 << 16, 0, -EIO],
    [1, 0, -EIO],
    [(1 << 16) | 5, 0, -EIO],
  ])('should read ARS_STATUS 0x%s with flags %d as %d', (status, flags, result) => {
    expect(xlatArsStatus({ status, flags })).toBe(result);
  });

  it.each([
    [2 << 16, 0],
    [1 << 16, 0],
    [3 << 16, 0],
    [0, -ENOTTY],
    [1, -ENOTTY],
    [(3 << 16) | 1, -ENOTTY],
    [(3 << 16) | 2, -EIO],
  ])('should read ARS_CAP 0x%s as %d', (status, result) => {
    expect(xlatArsCap(status)).toBe(result);
  });

  it.each([
    [0, 0],
    [6, -EBUSY],
    [1, -EIO],
  ])('should read ARS_START 0x%s as %d', (status, result) => {
    expect(xlatArsStart(status)).toBe(result);
  });

  it('should take a partial clear for a success, and a clear of nothing for an error', () => {
    expect([clear(0, 4096), clear(0, 512), clear(0, 0), clear(1, 4096)]).toEqual([4096, 512, -EIO, -EIO]);
  });
});
