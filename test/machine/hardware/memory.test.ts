import { describe, expect, it } from 'vitest';
import { powerOn } from '#machine/hardware/machine.ts';
import { MemoryFault } from '#machine/hardware/memory.ts';

const START = 1 << 20;

/** A machine with one poisoned line whose poison the platform has cleared. */
function cleared(keepsStaleLines: boolean) {
  const { cpu, memory } = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [{ name: 'pmem0', start: START, sizeBytes: 1 << 16, kind: 'persistent', modules: ['nmem0'] }],
    flushHints: [],
  });
  memory.keepsStaleLines = keepsStaleLines;
  memory.poison(START, 64);
  memory.clearPoison(START, 64);
  return { cpu, memory };
}

describe('a line whose poison was cleared', () => {
  it('should be read from media where no cache keeps it', () => {
    expect(cleared(false).cpu.load(START, 8)).toHaveLength(8);
  });

  it('should stay bad in a cache that keeps it, though the media is good', () => {
    const { cpu, memory } = cleared(true);
    expect(() => cpu.load(START, 8)).toThrow(MemoryFault);
    expect(memory.poisonedCells()).toEqual([]);
    expect(cpu.load(START + 64, 8)).toHaveLength(8);
  });

  it.each(['clflush', 'clflushopt'] as const)('should be read from media after %s', (instruction) => {
    const { cpu } = cleared(true);
    cpu.writeBack(instruction, START);
    expect(cpu.load(START, 8)).toHaveLength(8);
  });

  it('should stay bad after clwb, which drops nothing, and after stores past the cache', () => {
    const { cpu } = cleared(true);
    cpu.writeBack('clwb', START);
    cpu.storeNonTemporal(START, new Uint8Array(8));
    expect(() => cpu.load(START, 8)).toThrow(MemoryFault);
  });
});
