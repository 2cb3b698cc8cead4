/** A machine: its configuration as plain data, and the parts that a run uses. */
import { Cpu, type CpuFeatures } from './cpu.ts';
import { type MediaImage, type MemoryRange, PhysicalMemory } from './memory.ts';
import { InstructionRecord } from './record.ts';

/**
 * What survives a power failure (persistency.md 1.3). `none`: what left the CPU waits in the memory controller's
 * write-pending queue and is lost unless a flush hint drained it. `adr`: that queue survives. `eadr`: the caches
 * survive too; store buffers and write-combining buffers never do.
 */
export type PowerFailDomain = 'none' | 'adr' | 'eadr';

/** A flush hint address and the memory modules whose write-pending queue a store to it drains. */
export interface FlushHint {
  readonly address: number;
  readonly modules: readonly string[];
}

export interface MachineConfiguration {
  readonly domain: PowerFailDomain;
  readonly features: CpuFeatures;
  readonly ranges: readonly MemoryRange[];
  readonly flushHints: readonly FlushHint[];
  readonly initialMedia?: MediaImage;
  /** See `InstructionRecord.onAppend`. */
  readonly onInstruction?: ((record: InstructionRecord) => void) | undefined;
}

export interface Machine {
  readonly configuration: MachineConfiguration;
  readonly memory: PhysicalMemory;
  readonly cpu: Cpu;
  readonly record: InstructionRecord;
}

/** A machine at power-on: memory holds the initial media image, the record is empty. */
export function powerOn(configuration: MachineConfiguration): Machine {
  const memory = new PhysicalMemory(configuration.ranges, configuration.initialMedia);
  const record = new InstructionRecord();
  record.onAppend = configuration.onInstruction;
  return { configuration, memory, record, cpu: new Cpu(memory, record, configuration.features) };
}
