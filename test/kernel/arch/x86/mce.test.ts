/** Machine checks that a kernel survives: who hears of them, and of which address (nvdimm-and-firmware.md 2.2, 10.8). */
import { describe, expect, it } from 'vitest';
import { loadRecoverably, mceLog, mceRegisterDecodeChain } from '#kernel/arch/x86/mce.ts';
import { memcpyMcsafe } from '#kernel/arch/x86/memory-64.ts';
import { EFAULT } from '#kernel/errno.ts';
import { type Kernel, newKernel } from '#kernel/kernel.ts';
import { powerOn } from '#machine/hardware/machine.ts';

const START = 2 ** 32;

function bootedKernel(): Kernel {
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [{ name: 'pmem0', start: START, sizeBytes: 2 ** 16, kind: 'persistent', modules: [] }],
    flushHints: [],
  });
  return newKernel(machine, []);
}

/** A kernel with a listener, and what the listener heard. */
function listeningKernel(): { kernel: Kernel; heard: number[] } {
  const kernel = bootedKernel();
  const heard: number[] = [];
  mceRegisterDecodeChain(kernel, (address) => void heard.push(address));
  return { kernel, heard };
}

describe('a copy that hits poison', () => {
  it('should fail, leave its destination alone and report the start of the first poisoned line', () => {
    const { kernel, heard } = listeningKernel();
    kernel.machine.memory.poison(START + 140, 100);
    const destination = new Uint8Array(512).fill(0xdd);
    expect(memcpyMcsafe(kernel, destination, START)).toBe(-EFAULT);
    expect(destination).toEqual(new Uint8Array(512).fill(0xdd));
    // Byte 140 lies in the line of bytes 128 to 191.
    expect(heard).toEqual([START + 128]);
  });

  it('should report nothing when the poison lies beside it', () => {
    const { kernel, heard } = listeningKernel();
    kernel.machine.memory.poison(START + 512, 64);
    expect(memcpyMcsafe(kernel, new Uint8Array(512), START)).toBe(0);
    expect(heard).toEqual([]);
  });

  it('should still die of an address that no memory answers', () => {
    expect(() => loadRecoverably(bootedKernel(), 0, 8)).toThrow('no memory at address 0x0');
  });
});

describe('the listeners of a kernel', () => {
  it('should all hear of an error, and those of another kernel should not', () => {
    const { kernel, heard } = listeningKernel();
    const other = listeningKernel();
    mceRegisterDecodeChain(kernel, (address) => void heard.push(-address));
    mceLog(kernel, START + 1);
    expect(heard).toEqual([START + 1, -START - 1]);
    expect(other.heard).toEqual([]);
  });
});
