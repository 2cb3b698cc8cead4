import { describe, expect, it } from 'vitest';
import { formatEntries } from '#machine/hardware/trace-notation.ts';
import { BASE, machineAfter } from '../oracle/sets.ts';

function roundTrip(trace: string): string {
  return formatEntries(machineAfter(trace).record, 0, undefined, BASE).join(' ');
}

describe('the trace notation', () => {
  it('writes back what it read', () => {
    const trace = 'c61:1*3 n64:8*512 n4160:4 W0 W128*2 O64 X192 S S M L8:8 F8:4 H0 A3 c100:31';
    expect(roundTrip(trace)).toBe(trace);
  });

  it('merges equal instructions at consecutive addresses, whoever issued them, but no fences and no strings', () => {
    expect(roundTrip('n0:8*2 n16:8 n24:4 W0 W64 S S')).toBe('n0:8*3 n24:4 W0*2 S S');
    expect(roundTrip('c0:31 c31:31 c62:1 c64:1')).toBe('c0:31 c31:31 c62:1 c64:1');
  });

  it('refuses what it does not know and says what it knows', () => {
    expect(() => machineAfter('q0')).toThrow(
      '"q0" is no trace event: expected one of c n s W O X S M L F H A',
    );
    expect(() => machineAfter('n0:8:8')).toThrow('"n0:8:8" is no trace event');
  });
});
