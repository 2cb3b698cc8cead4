import { assert, constantFrom, integer, property, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { type Machine, powerOn } from '#machine/hardware/machine.ts';
import { MemoryFault } from '#machine/hardware/memory.ts';
import { countInstructions } from '#machine/hardware/record.ts';
import { formatEntries } from '#machine/hardware/trace-notation.ts';

const START = 0x4000;

function machine(features = { clwb: true, clflushopt: true }): Machine {
  return powerOn({
    domain: 'adr',
    features,
    ranges: [{ name: 'pmem0', start: START, sizeBytes: 1 << 16, kind: 'persistent', modules: ['m0'] }],
    flushHints: [],
  });
}

describe('range instructions', () => {
  const anyRange = record({
    kind: constantFrom('cached', 'non-temporal', 'clwb', 'clflushopt', 'clflush'),
    unit: constantFrom(4, 8),
    small: constantFrom(1, 2, 4, 8),
    offset: integer({ min: 0, max: 9000 }),
    units: integer({ min: 0, max: 20 }),
    bytes: uint8Array({ minLength: 160, maxLength: 160 }),
  });

  it('equal the loop of the single ones: memory, trace, counts and images', () => {
    const equal = property(anyRange, ({ kind, unit, small, offset, units, bytes }) => {
      const [ranged, looped] = [machine(), machine()];
      const size = kind === 'cached' ? small : unit;
      const data = bytes.slice(0, size * units);
      const address = START + offset;
      if (kind === 'cached') ranged.cpu.storeRange(address, data, size);
      else if (kind === 'non-temporal') ranged.cpu.storeNonTemporalRange(address, data, size);
      else ranged.cpu.writeBackRange(kind, address, units);
      for (let index = 0; index < units; index++) {
        const piece = data.slice(index * size, (index + 1) * size);
        if (kind === 'cached') looped.cpu.store(address + index * size, piece);
        else if (kind === 'non-temporal') looped.cpu.storeNonTemporal(address + index * size, piece);
        else looped.cpu.writeBack(kind, address + index * 64);
      }
      const [left, right] = [ranged, looped].map((run) => Buffer.from(run.memory.read(START, 1 << 14)));
      expect(left!.equals(right!)).toBe(true);
      expect(formatEntries(ranged.record)).toEqual(formatEntries(looped.record));
      expect(countInstructions(ranged.record)).toEqual(countInstructions(looped.record));
      const setting = persistencySetting('adr');
      expect(crashHistory(ranged, setting).anywhere().digest).toBe(
        crashHistory(looped, setting).anywhere().digest,
      );
    });
    assert(equal, { seed: 1, numRuns: 500 });
  });

  it('of different units differ in what may tear', () => {
    const [whole, halves] = [machine(), machine()];
    whole.cpu.storeNonTemporalRange(START, new Uint8Array(16).fill(1), 8);
    halves.cpu.storeNonTemporalRange(START, new Uint8Array(16).fill(1), 4);
    const [left, right] = [whole, halves].map((run) =>
      crashHistory(run, persistencySetting('adr')).anywhere(),
    );
    expect(left!.count()).toBe(4n);
    // The two halves of a word are ordered, so a word has three contents, not four.
    expect(right!.count()).toBe(9n);
  });
});

describe('a CPU', () => {
  it('sees its own stores at once and what the media held before', () => {
    const { cpu } = machine();
    cpu.store(START + 6, Uint8Array.of(1, 2, 3, 4));
    cpu.storeString(START + 10, Uint8Array.of(5, 6, 7));
    expect([...cpu.load(START + 5, 9)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0]);
  });

  it('reads, changes and writes a word in one instruction, or only fences', () => {
    const { cpu, record: entries } = machine();
    const old = cpu.lockedReadModifyWrite(START, 4, () => Uint8Array.of(9, 0, 0, 0));
    expect([...old]).toEqual([0, 0, 0, 0]);
    cpu.lockedReadModifyWrite(START, 4, () => undefined);
    expect([...cpu.load(START, 1)]).toEqual([9]);
    expect(formatEntries(entries, 0, undefined, START)).toEqual(['L0:4', 'F0:4']);
    expect(() => cpu.lockedReadModifyWrite(START + 2, 4, () => undefined)).toThrow(
      'needs an aligned address',
    );
  });

  it('has the write-back instructions of its features and names them when asked for another', () => {
    const { cpu } = machine({ clwb: false, clflushopt: true });
    expect(() => cpu.writeBack('clwb', START)).toThrow(
      'this CPU has no clwb: choose one of clflushopt, clflush',
    );
    cpu.writeBack('clflush', START);
  });

  it('refuses stores that no instruction makes', () => {
    const { cpu } = machine();
    expect(() => cpu.storeNonTemporal(START, new Uint8Array(2))).toThrow(
      '2 bytes in stores of 2: allowed are 4, 8',
    );
    expect(() => cpu.storeRange(START, new Uint8Array(6), 4)).toThrow('6 bytes in stores of 4');
  });

  it('faults where there is no memory and on poisoned media, which stores do not read', () => {
    const { cpu, memory } = machine();
    expect(() => cpu.load(0, 1)).toThrow(MemoryFault);
    expect(() => cpu.store(START + (1 << 16) - 1, new Uint8Array(2))).toThrow('no memory at address');
    memory.poison(START + 64, 1);
    expect(() => cpu.load(START + 127, 1)).toThrow('poisoned media');
    expect(() => cpu.load(START + 8, 128)).toThrow(expect.objectContaining({ address: START + 64 }));
    cpu.storeNonTemporal(START + 64, new Uint8Array(8));
    memory.clearPoison(START + 64, 64);
    expect(cpu.load(START + 64, 8)).toHaveLength(8);
  });
});
