/**
 * Machine checks (drivers/acpi/nfit/mce.c of v4.12; nvdimm-and-firmware.md 10.8): a memory error inside a persistent
 * range becomes a poison record. The address is rounded *up* to a line, so an error inside a line marks the next one
 * (15.1 r, standing); volatile ranges are not looked at (15.1 s, standing). A read reports whole cells, which are lines.
 */
import { mceRegisterDecodeChain } from '../../../arch/x86/mce.ts';
import { LINE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import type { AcpiNfitDesc } from './acpi-desc.ts';
import { type ScrubOperations, acpiNfitArsRescan } from './ars.ts';

/** nfit_handle_mce: a memory error at `address` was reported. Returns whether a range of `desc` holds it. */
export function nfitHandleMce(desc: AcpiNfitDesc, address: number, operations: ScrubOperations): boolean {
  const spa = desc.spas.find(
    ({ type, start, sizeBytes }) => type === 'pmem' && address >= start && address < start + sizeBytes,
  );
  if (spa === undefined) return false;
  operations.addPoison(roundUp(address, LINE_SIZE_BYTES), LINE_SIZE_BYTES);
  if (spa.region !== undefined) desc.bus.poisonChanged?.(spa.region);
  if (desc.scrub.hwErrorScrub) acpiNfitArsRescan(desc, operations);
  return true;
}

/** nfit_mce_register: from now on every memory error that the processor reports is looked up in the ranges of `desc`. */
export function nfitMceRegister(desc: AcpiNfitDesc, operations: ScrubOperations): void {
  mceRegisterDecodeChain(desc.bus.kernel, (address) => void nfitHandleMce(desc, address, operations));
}
