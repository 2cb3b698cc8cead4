/** Bus commands as bytes (nvdimm-and-firmware.md 10.6, 10.7, and the self-test of the mock in 17.1). */
import { describe, expect, it } from 'vitest';
import { xlatArsStatus } from '#kernel/drivers/acpi/nfit/ars.ts';
import {
  BusCommand,
  type DsmAnswer,
  acpiNfitCtl,
  decodeArsStatus,
  nfitCommands,
} from '#kernel/drivers/acpi/nfit/ctl.ts';
import { EINVAL, ENOSPC, ENXIO } from '#kernel/errno.ts';
import { newKernel } from '#kernel/kernel.ts';
import { platformMethod } from '#kernel/subsystem/platform-method.ts';
import { powerOn } from '#machine/hardware/machine.ts';

function kernel() {
  return newKernel(
    powerOn({
      domain: 'adr',
      features: { clwb: true, clflushopt: true },
      ranges: [],
      flushHints: [],
    }),
    [],
  );
}

const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

/** What a command returns for an answer, with a buffer of that many bytes. */
const returned = (command: number, answer: DsmAnswer, bufferBytes: number): number =>
  acpiNfitCtl(kernel(), 'ACPI.NFIT', () => answer, command, new Uint8Array(bufferBytes));

describe('acpi_nfit_ctl', () => {
  it('should fail without an answer, and for one that is no buffer', () => {
    expect(returned(BusCommand.arsCap, undefined, 32)).toBe(-EINVAL);
    expect(returned(BusCommand.arsCap, 'package', 32)).toBe(-EINVAL);
  });

  it('should fill the output behind the input, field by field', () => {
    const buffer = new Uint8Array(32).fill(0xee);
    const answer = words(3 << 16, 192, 256, 0);
    expect(acpiNfitCtl(kernel(), 'ACPI.NFIT', () => answer, BusCommand.arsCap, buffer)).toBe(0);
    expect(buffer.subarray(16)).toEqual(answer);
    expect(buffer.subarray(0, 16)).toEqual(new Uint8Array(16).fill(0xee));
  });

  it('should give firmware the input, and no more than that', () => {
    const seen: number[] = [];
    acpiNfitCtl(
      kernel(),
      'ACPI.NFIT',
      (_command, input) => void seen.push(input.length),
      BusCommand.clearError,
      new Uint8Array(32),
    );
    expect(seen).toEqual([16]);
  });

  it('should say how many bytes a short answer left unfilled', () => {
    // Status and one more word of four: 8 of 16 bytes.
    expect(returned(BusCommand.arsCap, words(0, 192), 32)).toBe(8);
    // A cut word is not there.
    expect(returned(BusCommand.arsCap, words(0, 192).subarray(0, 7), 32)).toBe(12);
  });

  it('should fail for an answer without status, and for one larger than the buffer', () => {
    expect(returned(BusCommand.arsCap, new Uint8Array(3), 32)).toBe(-ENXIO);
    expect(returned(BusCommand.arsCap, words(0, 0, 256, 0), 28)).toBe(-ENXIO);
  });

  it('should know no other command', () => {
    expect(returned(9, words(0), 32)).toBe(-EINVAL);
  });
});

/** An ARS_STATUS answer with `records` records of 4096 bytes from 1 MiB on, that states `outLength`. */
function arsStatus(records: number, outLength: number, flags = 0, stated = records): Uint8Array {
  const bytes = new Uint8Array(48 + records * 24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 3 << 16, true);
  view.setUint32(4, outLength, true);
  view.setUint16(42, flags, true);
  view.setUint32(44, stated, true);
  for (let index = 0; index < records; index++) {
    view.setBigUint64(48 + index * 24 + 8, BigInt(2 ** 20 * (index + 1)), true);
    view.setBigUint64(48 + index * 24 + 16, 4096n, true);
  }
  return bytes;
}

describe('ARS_STATUS', () => {
  it.each([
    ['without counting the status word', 44 + 24],
    ['counting it, where that is all there is', 48 + 24],
  ])('should take a length %s', (_how, outLength) => {
    const buffer = new Uint8Array(48 + 24);
    const answer = arsStatus(1, outLength);
    expect(acpiNfitCtl(kernel(), 'ACPI.NFIT', () => answer, BusCommand.arsStatus, buffer)).toBe(0);
    expect(decodeArsStatus(buffer).records).toEqual([{ start: 2 ** 20, length: 4096 }]);
  });

  it('should take an answer of no length for an empty one', () => {
    expect(returned(BusCommand.arsStatus, words(0, 0), 72)).toBe(64);
    expect(decodeArsStatus(words(0, 0))).toMatchObject({ records: [], isTruncated: false });
  });

  it('should leave out records that are not there whole, and say that the results are truncated', () => {
    const cut = decodeArsStatus(arsStatus(2, 44 + 24 + 23));
    expect(cut.records).toHaveLength(1);
    expect(cut.isTruncated).toBe(true);
    expect(decodeArsStatus(arsStatus(2, 44 + 48)).isTruncated).toBe(false);
  });

  it('should look at the overflow flag only in an answer that reaches it', () => {
    expect(xlatArsStatus(decodeArsStatus(arsStatus(0, 40, 1)))).toBe(-ENOSPC);
    expect(xlatArsStatus(decodeArsStatus(arsStatus(0, 39, 1)))).toBe(0);
  });
});

describe('the commands over a platform', () => {
  const platform = {
    arsCap: () => ({ status: 3 << 16, clearErrUnit: 512 }),
    arsStart: (start: number, length: number, type: number) =>
      start === 4096 && length === 8192 ? type : 99,
    arsStatus: () => ({
      ...decodeArsStatus(arsStatus(3, 44 + 72)),
      status: 0,
    }),
    clearError: (_start: number, length: number) => (length === 1 ? -EINVAL : { status: 0, cleared: length }),
  };
  const commands = nfitCommands(kernel(), 'ACPI.NFIT', platformMethod(platform), () => 4);

  it('should come back as they were sent', () => {
    expect(commands.arsCap(0, 4096)).toEqual({ status: 3 << 16, clearErrUnit: 512 });
    expect(commands.arsStart(4096, 8192, 2)).toBe(2);
    expect(commands.arsStatus()).toMatchObject({ records: [{}, {}, {}], isTruncated: false });
    expect(commands.clearError(0, 2 ** 33)).toEqual({ status: 0, cleared: 2 ** 33 });
    expect(commands.clearError(0, 1)).toBe(-EINVAL);
  });

  it('should fail when there are more records than there is room for', () => {
    const small = nfitCommands(kernel(), 'ACPI.NFIT', platformMethod(platform), () => 2);
    expect(small.arsStatus()).toBe(-ENXIO);
  });
});
