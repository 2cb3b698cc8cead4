import { describe, expect, it } from 'vitest';
import { PWRITE, rowsOf } from './support.ts';
import { kernelTraits, seenKernel } from '#pmem/traces/kernels.ts';
import { type MachineWords, parseMachine, seenMachine } from '#pmem/traces/machine.ts';

/** The kernel that a row with these calls shows. */
const kernelOf = (...calls: string[]): string =>
  seenKernel(rowsOf({ ...PWRITE, calls: calls.map((call) => `@0 ${call}`) }));

describe('kernels', () => {
  it('should have the traits of the newest change that is not younger', () => {
    expect(kernelTraits('4.12.10')).toMatchObject({
      writeBackGate: 'none',
      callsAfterFault: 2,
      logEntryDistanceBytes: 32,
    });
    expect(kernelTraits('4.13')).toMatchObject({
      writeBackGate: 'dax flag',
      callsAfterFault: 2,
      logEntryDistanceBytes: 32,
    });
    expect(kernelTraits('4.15')).toMatchObject({ logEntryDistanceBytes: 16, knowsPersistentCaches: false });
    expect(kernelTraits('v5.4')).toMatchObject({
      logEntryDistanceBytes: 16,
      callsAfterFault: 2,
      knowsPersistentCaches: true,
    });
    expect(kernelTraits('6.1.192')).toMatchObject({ callsAfterFault: 1, partialZero: 'edges first' });
    expect(kernelTraits('6.1.192')).toEqual(kernelTraits('7.0'));
    expect(kernelTraits('newest')).toBeUndefined();
  });

  it('should be told by their functions when no row names one', () => {
    expect(kernelOf('dax_iomap_rw', 'copy_from_iter_nocache')).toBe('4.12');
    expect(kernelOf('dax_iomap_rw', 'dax_copy_from_iter', '_copy_from_iter_flushcache')).toBe('4.13');
    expect(kernelOf('pmem_submit_bio', 'dax_copy_from_iter')).toBe('6.1');
    expect(kernelOf()).toBe('4.13');
  });
});

/** The machine that lists of events of a kernel show, one a row of that operation. */
const machineOf = (kernel: string, lists: readonly string[][], op = 'pwrite'): MachineWords =>
  seenMachine(rowsOf(...lists.map((events) => ({ ...PWRITE, op, events }))), kernelTraits(kernel)!);

describe('machines', () => {
  it('should be told by their best write-back, not by the dropping of lines between mfences', () => {
    expect(machineOf('4.12', [['W0'], ['M', 'O0*8', 'M']]).writeBack).toBe('clwb');
    expect(
      machineOf('4.12', [
        ['M', 'O0*8', 'M'],
        ['S', 'X0'],
      ]).writeBack,
    ).toBe('clflush');
    expect(machineOf('4.12', [['O0']]).writeBack).toBe('clflushopt');
    expect(machineOf('4.12', [['S']]).writeBack).toBe('clwb');
  });

  it('should keep their caches when a kernel that knows of it writes back nothing that it zeroed', () => {
    expect(machineOf('6.1', [['c100:50']], 'punch_hole').keepsCaches).toBe(true);
    expect(machineOf('6.1', [['c100:50', 'W64*2']], 'punch_hole').keepsCaches).toBe(false);
    expect(machineOf('4.13', [['c100:50']], 'punch_hole').keepsCaches).toBe(false);
  });

  it('should be named in words', () => {
    expect(parseMachine('clflushopt eadr', 'x')).toEqual({ writeBack: 'clflushopt', keepsCaches: true });
    expect(parseMachine('adr', 'x')).toEqual({ keepsCaches: false });
    expect(() => parseMachine('fast', 'rows:3: machine')).toThrow(
      /^rows:3: machine: 'fast' is no word for a machine\n {2}allowed: clwb/,
    );
  });
});
