/**
 * Commands of a bus as bytes (acpi_nfit_ctl of drivers/acpi/nfit/core.c, the command descriptions of
 * drivers/nvdimm/bus.c; nvdimm-and-firmware.md 10.6, 10.7). A command's buffer holds its input, then its output; what
 * firmware's method (_DSM) gives back is copied field by field, as far as whole fields go.
 */
import { EINVAL, ENXIO } from '../../../errno.ts';
import { type Kernel, print } from '../../../kernel.ts';
import type { ArsStatus, NfitCommands } from './acpi-desc.ts';

/** Numbers of bus commands (include/uapi/linux/ndctl.h). */
export const BusCommand = { arsCap: 1, arsStart: 2, arsStatus: 3, clearError: 4 } as const;

/** What a method gives back: its bytes, an object that is no buffer, or nothing at all. */
export type DsmAnswer = Uint8Array | 'package' | undefined;

/** Firmware's method: a command's number and input bytes. */
export type DsmMethod = (command: number, input: Uint8Array) => DsmAnswer;

/** A field that takes what is left (UINT_MAX in C). */
const VARIABLE = -1;

/** Sizes of the input and of the output fields of a command, bytes. */
const LAYOUTS: ReadonlyMap<
  number,
  { readonly inputBytes: number; readonly outputFields: readonly number[] }
> = new Map([
  [BusCommand.arsCap, { inputBytes: 16, outputFields: [4, 4, 4, 4] }],
  [BusCommand.arsStart, { inputBytes: 24, outputFields: [4, 4] }],
  [BusCommand.arsStatus, { inputBytes: 0, outputFields: [4, 4, VARIABLE] }],
  [BusCommand.clearError, { inputBytes: 16, outputFields: [4, 4, 8] }],
]);

/**
 * nd_cmd_out_size of the variable field of ARS_STATUS: its second field says how many bytes the answer has. Whether
 * that counts the status word is not clear from ACPI 6.1: a length that is four too large for it is taken to.
 */
function variableSize(answer: Uint8Array, remainder: number): number {
  const length = new DataView(answer.buffer, answer.byteOffset).getUint32(4, true);
  if (length < 4) return 0;
  return length - 8 === remainder ? remainder : length - 4;
}

/**
 * acpi_nfit_ctl: evaluates a command and fills the output part of `buffer` (its input part is what goes to firmware).
 * Returns 0, the positive number of output bytes that stayed unfilled behind a valid status, or a negative error:
 * -EINVAL without answer or for one that is no buffer, -ENXIO for one that is larger than `buffer` or holds no status.
 */
export function acpiNfitCtl(
  kernel: Kernel,
  device: string,
  evaluate: DsmMethod,
  command: number,
  buffer: Uint8Array,
): number {
  const layout = LAYOUTS.get(command);
  if (layout === undefined) return -EINVAL;
  const { inputBytes, outputFields } = layout;
  const answer = evaluate(command, buffer.subarray(0, inputBytes));
  if (answer === undefined || answer === 'package') return -EINVAL;
  let offset = 0;
  let fields = 0;
  for (const field of outputFields) {
    const size = field === VARIABLE ? variableSize(answer, answer.length - offset) : field;
    if (offset + size > answer.length) break;
    if (inputBytes + offset + size > buffer.length) return -ENXIO;
    buffer.set(answer.subarray(offset, offset + size), inputBytes + offset);
    offset += size;
    fields++;
  }
  const unfilled = buffer.length - inputBytes - offset;
  if (unfilled === 0) return 0;
  if (fields > 0) return unfilled;
  print(kernel, 'error', device, `underrun cmd: ${command} buf_len: ${buffer.length} out_len: 0`);
  return -ENXIO;
}

/** Bytes of an ARS_STATUS answer in front of its records, and of one record. */
export const ARS_STATUS_BYTES = 48;
export const ARS_RECORD_BYTES = 24;

/**
 * The fields of an ARS_STATUS answer (struct nd_cmd_ars_status). Its stated length does not count the status word: flags
 * are there from 40 bytes on, and the first record ends at 44 + 24. Records that are not there whole are left out.
 */
export function decodeArsStatus(bytes: Uint8Array): ArsStatus {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number64 = (offset: number): number =>
    offset + 8 <= bytes.length ? Number(view.getBigUint64(offset, true)) : 0;
  const outLength = view.getUint32(4, true);
  const behindRecords = outLength - (ARS_STATUS_BYTES - 4);
  const stated = behindRecords < 0 || bytes.length < ARS_STATUS_BYTES ? 0 : view.getUint32(44, true);
  const whole = Math.min(behindRecords, bytes.length - ARS_STATUS_BYTES) / ARS_RECORD_BYTES;
  const count = Math.min(stated, Math.max(0, Math.floor(whole)));
  return {
    status: view.getUint32(0, true),
    flags: outLength >= 40 && bytes.length >= 44 ? view.getUint16(42, true) : 0,
    start: number64(8),
    length: number64(16),
    restartStart: number64(24),
    restartLength: number64(32),
    records: Array.from({ length: count }, (_, index) => ({
      start: number64(ARS_STATUS_BYTES + index * ARS_RECORD_BYTES + 8),
      length: number64(ARS_STATUS_BYTES + index * ARS_RECORD_BYTES + 16),
    })),
    isTruncated: count < stated,
  };
}

/** A buffer of a command: `outputBytes` of room behind two 64-bit numbers of input, and then what else there is. */
function bufferOf(
  inputBytes: number,
  outputBytes: number,
  start: number,
  length: number,
  type = 0,
): DataView {
  const view = new DataView(new ArrayBuffer(inputBytes + outputBytes));
  if (inputBytes < 16) return view;
  view.setBigUint64(0, BigInt(start), true);
  view.setBigUint64(8, BigInt(length), true);
  if (inputBytes > 16) view.setUint16(16, type, true);
  return view;
}

/** The commands that the driver sends, over firmware's method. `maxRecords` is for how many records there is room. */
export function nfitCommands(
  kernel: Kernel,
  device: string,
  evaluate: DsmMethod,
  maxRecords: () => number,
): NfitCommands {
  const send = (command: number, view: DataView): number =>
    acpiNfitCtl(kernel, device, evaluate, command, new Uint8Array(view.buffer));
  return {
    arsCap: (start, length) => {
      const view = bufferOf(16, 16, start, length);
      const returned = send(BusCommand.arsCap, view);
      if (returned < 0) return returned;
      return { status: view.getUint32(16, true), clearErrUnit: view.getUint32(24, true) };
    },
    arsStart: (start, length, type) => {
      const view = bufferOf(24, 8, start, length, type);
      const returned = send(BusCommand.arsStart, view);
      return returned < 0 ? returned : view.getUint32(24, true);
    },
    arsStatus: () => {
      const view = bufferOf(0, ARS_STATUS_BYTES + maxRecords() * ARS_RECORD_BYTES, 0, 0);
      const returned = send(BusCommand.arsStatus, view);
      return returned < 0 ? returned : decodeArsStatus(new Uint8Array(view.buffer));
    },
    clearError: (start, length) => {
      const view = bufferOf(16, 16, start, length);
      const returned = send(BusCommand.clearError, view);
      if (returned < 0) return returned;
      return { status: view.getUint32(16, true), cleared: Number(view.getBigUint64(24, true)) };
    },
  };
}
