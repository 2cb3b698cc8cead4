/**
 * Machine checks that a load of poisoned media raises and that the kernel survives (arch/x86/kernel/cpu/mcheck/mce.c):
 * who asked to hear of memory errors is told the address, then the copy fails or the process gets SIGBUS. In C the
 * listeners run in a work item a moment later; here they are done when the load returns.
 */
import { MemoryFault } from '#machine/hardware/memory.ts';
import { type Kernel, staticVariable } from '../../kernel.ts';

/** A listener: gets the physical address of the memory error. */
export type MceHandler = (address: number) => void;

const decodeChain = staticVariable<MceHandler[]>('x86_mce_decoder_chain', () => []);

/** mce_register_decode_chain: `handler` hears of every memory error from now on. */
export function mceRegisterDecodeChain(kernel: Kernel, handler: MceHandler): void {
  decodeChain(kernel).push(handler);
}

/** mce_log: reports a memory error at `address` to all listeners. */
export function mceLog(kernel: Kernel, address: number): void {
  for (const handler of decodeChain(kernel)) handler(address);
}

/**
 * A load with an exception table entry, or one of a process: the bytes, or `undefined` after a machine check. The
 * error is reported at the start of the first poisoned cell that the load touches.
 */
export function loadRecoverably(kernel: Kernel, address: number, sizeBytes: number): Uint8Array | undefined {
  try {
    return kernel.cpu.load(address, sizeBytes);
  } catch (error) {
    if (!(error instanceof MemoryFault) || error.reason !== 'poison') throw error;
    mceLog(kernel, error.address);
    return undefined;
  }
}
