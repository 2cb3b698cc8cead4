/**
 * What the test module of the ndctl suite puts in place of parts of the kernel (tools/testing/nvdimm;
 * nvdimm-and-firmware.md 17.1): block windows without windows, and direct access to one page at a time.
 */
import { memcpy } from '../arch/x86/memory-64.ts';
import { clflushCacheRange } from '../arch/x86/pageattr.ts';
import type { NfitBlk } from '../drivers/acpi/nfit/blk-window.ts';
import type { DaxDevice } from '../fs/dax-device.ts';

/** nfit_test_blk_do_io: the mock has no windows; bytes are copied plainly, and nothing is flushed (17.1). */
export function mockBlkDoIo(
  { region, aperture }: NfitBlk,
  dpa: number,
  buffer: Uint8Array,
  isWrite: boolean,
): number {
  const { kernel } = region;
  const address = aperture.start + dpa;
  if (isWrite) memcpy(kernel, address, buffer);
  else {
    buffer.set(kernel.cpu.load(address, buffer.length));
    clflushCacheRange(kernel, address, buffer.length);
  }
  return 0;
}

/**
 * The module's __pmem_direct_access: the bad blocks of all pages asked for are looked at, then one ordinary page is
 * given, whatever was asked for.
 */
export function limitToOnePage(dax: DaxDevice): void {
  const { operations } = dax;
  Object.assign(dax, {
    operations: {
      ...operations,
      directAccess: (...words: Parameters<typeof operations.directAccess>) => {
        const found = operations.directAccess(...words);
        return { ...found, pages: Math.min(1, found.pages), hasStructPages: false };
      },
    },
  });
}
