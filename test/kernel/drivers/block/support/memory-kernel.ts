/** A kernel with 1 MiB of volatile memory to make a disk of. */
import { type Bio, type BioVec, newBio } from '#kernel/block/bio.ts';
import type { GenDisk } from '#kernel/block/disk.ts';
import { type ConfigSymbol, type Kernel, newKernel } from '#kernel/kernel.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { formatEntries } from '#machine/hardware/trace-notation.ts';

export const MEMORY_START = 2 ** 30;
export const MEMORY_BYTES = 2 ** 20;

export function memoryKernel(symbols: readonly ConfigSymbol[] = []): Kernel {
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [{ name: 'memory', start: MEMORY_START, sizeBytes: MEMORY_BYTES, kind: 'volatile', modules: [] }],
    flushHints: [],
  });
  return newKernel(machine, symbols);
}

/** A segment of `lengthBytes` bytes 0x5a at `offset` of its page. */
export function segment(lengthBytes: number, offset = 0): BioVec {
  return { page: { bytes: new Uint8Array(4096).fill(0x5a) }, offset, lengthBytes };
}

export function writeBio(disk: GenDisk, sector: number, segments: readonly BioVec[]): Bio {
  return newBio({ operation: 'write', disk, sector, segments });
}

/** Everything executed so far, relative to the memory. */
export function executed({ machine: { record } }: Kernel): string {
  return formatEntries(record, 0, record.length, MEMORY_START).join(' ');
}
