/** The platform's answers as the bytes that firmware's method gives back (ACPI 6.1, 9.20.7; nvdimm-and-firmware.md 10.6). */
import type { ArsStatus, NfitCommands } from '../drivers/acpi/nfit/acpi-desc.ts';
import {
  ARS_RECORD_BYTES,
  ARS_STATUS_BYTES,
  BusCommand,
  type DsmAnswer,
  type DsmMethod,
} from '../drivers/acpi/nfit/ctl.ts';

/** Answers of 32-bit words. */
function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return new Uint8Array(view.buffer);
}

/** An ARS_STATUS answer; its stated length does not count the status word. */
function encodeArsStatus(answer: ArsStatus): Uint8Array {
  const { status, flags, start, length, restartStart, restartLength, records } = answer;
  const bytes = new Uint8Array(ARS_STATUS_BYTES + records.length * ARS_RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, status, true);
  view.setUint32(4, bytes.length - 4, true);
  for (const [index, value] of [start, length, restartStart, restartLength].entries()) {
    view.setBigUint64(8 + index * 8, BigInt(value), true);
  }
  view.setUint16(42, flags, true);
  view.setUint32(44, records.length, true);
  for (const [index, record] of records.entries()) {
    const offset = ARS_STATUS_BYTES + index * ARS_RECORD_BYTES;
    view.setBigUint64(offset + 8, BigInt(record.start), true);
    view.setBigUint64(offset + 16, BigInt(record.length), true);
  }
  return bytes;
}

/** Firmware's method over a platform. A command that fails gives nothing back. */
export function platformMethod(platform: NfitCommands): DsmMethod {
  return (command, input): DsmAnswer => {
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    const [start, length] =
      input.length < 16 ? [0, 0] : [Number(view.getBigUint64(0, true)), Number(view.getBigUint64(8, true))];
    switch (command) {
      case BusCommand.arsCap: {
        const answer = platform.arsCap(start, length);
        return typeof answer === 'number' ? undefined : words(answer.status, 0, answer.clearErrUnit, 0);
      }
      case BusCommand.arsStart:
        return words(platform.arsStart(start, length, view.getUint16(16, true)), 0);
      case BusCommand.arsStatus: {
        const answer = platform.arsStatus();
        return typeof answer === 'number' ? undefined : encodeArsStatus(answer);
      }
      case BusCommand.clearError: {
        const answer = platform.clearError(start, length);
        if (typeof answer === 'number') return undefined;
        return words(answer.status, 0, answer.cleared % 2 ** 32, Math.floor(answer.cleared / 2 ** 32));
      }
      default:
        return undefined;
    }
  };
}
