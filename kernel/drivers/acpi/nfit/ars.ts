/**
 * Address range scrub: what the platform's answers mean, and the work item that registers ranges and has them
 * scrubbed (drivers/acpi/nfit/core.c; nvdimm-and-firmware.md 10.6). Waiting is polling; time itself is not modelled.
 */
import { EAGAIN, EBUSY, EIO, ENOSPC, ENOTTY } from '../../../errno.ts';
import { print } from '../../../kernel.ts';
import type { BusCommands } from '../../nvdimm/nd.ts';
import type { AcpiNfitDesc, ArsStatus, NfitCommands, NfitSpa } from './acpi-desc.ts';

/** Scrub types of ARS_CAP and ARS_START. */
export const ArsType = { volatile: 1, persistent: 2 } as const;

/** How often a running scrub is asked for its result before the driver gives up (scrub_timeout, seconds). */
const SCRUB_TIMEOUT_POLLS = 60;

/** How often a scrub that overflowed is continued. */
const OVERFLOW_RETRIES = 10;

/** xlat_bus_status for ARS_CAP. */
export function xlatArsCap(status: number): number {
  if ((status & 0xffff) === 1) return -ENOTTY;
  if ((status & 0xffff) !== 0) return -EIO;
  return ((status >>> 16) & 3) === 0 ? -ENOTTY : 0;
}

/** xlat_bus_status for ARS_START; an error of the command itself stays what it is. */
export function xlatArsStart(status: number): number {
  if (status < 0) return status;
  if ((status & 0xffff) === 6) return -EBUSY;
  return (status & 0xffff) === 0 ? 0 : -EIO;
}

/** xlat_bus_status for ARS_STATUS. */
export function xlatArsStatus({ status, flags }: Pick<ArsStatus, 'status' | 'flags'>): number {
  if ((status & 0xffff) !== 0) return -EIO;
  switch (status >>> 16) {
    case 0:
      return 0;
    case 1:
      return -EBUSY;
    case 2:
      return -EAGAIN;
    case 3:
      return (flags & 1) === 0 ? 0 : -ENOSPC;
    default:
      return -EIO;
  }
}

/** The commands that libnvdimm sends, over those of the platform (acpi_nfit_ctl). */
export function busCommandsOf(commands: NfitCommands): BusCommands {
  return {
    arsCap: (start, length) => {
      const answer = commands.arsCap(start, length);
      if (typeof answer === 'number') return answer;
      const error = xlatArsCap(answer.status);
      return error === 0 ? { clearErrUnit: answer.clearErrUnit } : error;
    },
    clearError: (start, length) => {
      const answer = commands.clearError(start, length);
      if (typeof answer === 'number') return answer;
      return answer.status !== 0 || answer.cleared === 0 ? -EIO : answer.cleared;
    },
  };
}

/** What the scrub calls in the driver and in libnvdimm. */
export interface ScrubOperations {
  /** acpi_nfit_register_region. */
  readonly registerRegion: (desc: AcpiNfitDesc, spa: NfitSpa) => number;
  /** nvdimm_bus_add_poison. */
  readonly addPoison: (start: number, length: number) => void;
}

/** Asks for the result of the running scrub until there is one. */
function pollStatus({ commands }: AcpiNfitDesc): { readonly result: ArsStatus; readonly error: number } {
  for (let poll = 0; ; poll++) {
    const answer = commands.arsStatus();
    const result = typeof answer === 'number' ? NO_ANSWER : answer;
    const error = typeof answer === 'number' ? answer : xlatArsStatus(answer);
    if (error !== -EBUSY || poll === SCRUB_TIMEOUT_POLLS) return { result, error };
  }
}

/** An answer that says nothing. */
export const NO_ANSWER: ArsStatus = {
  status: 0,
  flags: 0,
  start: 0,
  length: 0,
  restartStart: 0,
  restartLength: 0,
  records: [],
};

/** ars_status_process_records. */
function addRecords({ bus }: AcpiNfitDesc, result: ArsStatus, operations: ScrubOperations): void {
  for (const { start, length } of result.records) operations.addPoison(start, length);
  if (result.isTruncated !== true) return;
  print(bus.kernel, 'warning', bus.providerName, 'detected truncated ars results');
}

/** Types of range that are scrubbed at all; the platform refuses virtual disks. */
function scrubType({ type }: NfitSpa): number {
  if (type === 'pmem') return ArsType.persistent;
  return type === 'volatile' ? ArsType.volatile : 0;
}

/**
 * Phase 1: takes over what firmware scrubbed before the kernel ran. Returns the range it covered. After an overflow
 * the *length* is set to the end address of the last part: everything behind counts as scanned (standing defect F).
 */
function firmwareScrub(
  desc: AcpiNfitDesc,
  operations: ScrubOperations,
): { readonly start: number; readonly length: number } | undefined {
  let { result, error } = pollStatus(desc);
  let first: { readonly start: number } | undefined;
  for (let retry = 0; error === -ENOSPC && retry < OVERFLOW_RETRIES; retry++) {
    addRecords(desc, result, operations);
    first ??= { start: result.start };
    desc.commands.arsStart(result.restartStart, result.restartLength, ArsType.persistent);
    ({ result, error } = pollStatus(desc));
  }
  if (error === -ENOTTY || error === -EAGAIN) return undefined;
  if (error !== 0) {
    print(desc.bus.kernel, 'warning', desc.bus.providerName, `initial ars status failed ${error}`);
    return undefined;
  }
  addRecords(desc, result, operations);
  if (first === undefined) return { start: result.start, length: result.length };
  return { start: first.start, length: result.start + result.length };
}

/** Scrubs one range and tells its region. */
function scrubRange(desc: AcpiNfitDesc, spa: NfitSpa, operations: ScrubOperations): void {
  const { commands, bus } = desc;
  const type = scrubType(spa);
  const capability = commands.arsCap(spa.start, spa.sizeBytes);
  if (typeof capability === 'number' || xlatArsCap(capability.status) !== 0) return;
  if (((capability.status >>> 16) & type) === 0) return;
  let error = xlatArsStart(commands.arsStart(spa.start, spa.sizeBytes, type));
  for (let retry = 0; error === 0 && retry < OVERFLOW_RETRIES; retry++) {
    const polled = pollStatus(desc);
    if (polled.error !== 0 && polled.error !== -ENOSPC) {
      error = polled.error;
      break;
    }
    addRecords(desc, polled.result, operations);
    if (polled.error === 0) break;
    const { restartStart, restartLength } = polled.result;
    error = xlatArsStart(commands.arsStart(restartStart, restartLength, type));
  }
  if (error !== 0) print(bus.kernel, 'warning', bus.providerName, `ars start failed: ${error}`);
  if (spa.region !== undefined) bus.poisonChanged?.(spa.region);
}

/** acpi_nfit_scrub: registers what firmware scrubbed, then the rest, and scrubs that. */
export function acpiNfitScrub(desc: AcpiNfitDesc, operations: ScrubOperations): void {
  const covered = firmwareScrub(desc, operations);
  const isCovered = ({ start, sizeBytes }: NfitSpa): boolean =>
    covered !== undefined && start >= covered.start && start + sizeBytes <= covered.start + covered.length;
  for (const spa of desc.spas) {
    if (scrubType(spa) !== 0 && isCovered(spa)) operations.registerRegion(desc, spa);
  }
  for (const spa of desc.spas) {
    if (spa.region !== undefined || spa.type === 'dimm-control-region') continue;
    operations.registerRegion(desc, spa);
    spa.arsRequired = spa.region !== undefined && scrubType(spa) !== 0;
  }
  for (const spa of desc.spas) if (spa.arsRequired === true) scrubRange(desc, spa, operations);
  desc.scrub.count++;
}

/** acpi_nfit_ars_rescan: scrubs the persistent ranges again, and no others. */
export function acpiNfitArsRescan(desc: AcpiNfitDesc, operations: ScrubOperations): void {
  for (const spa of desc.spas) {
    if (spa.type === 'pmem' && spa.region !== undefined) scrubRange(desc, spa, operations);
  }
  desc.scrub.count++;
}
