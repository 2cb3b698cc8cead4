import { describe, expect, it } from 'vitest';
import { sameEvents } from '#pmem/run/events.ts';

const same = (left: string, right: string): boolean => sameEvents(left.split(' '), right.split(' '));

describe('lists of instructions', () => {
  it('should be the same however they are merged', () => {
    expect(same('n0:8*3 S S', 'n0:8 n8:8*2 S*2')).toBe(true);
    expect(same('pmem1@W0*2', 'pmem1@W0 pmem1@W64')).toBe(true);
  });

  it('should differ by a place, a number, or an end', () => {
    expect(same('n0:8*3', 'n0:8 n16:8*2')).toBe(false);
    expect(same('n0:8*3', 'n0:8*2')).toBe(false);
    expect(same('n0:8*2', 'n0:8*3')).toBe(false);
  });

  it('should be told apart soon, whatever number somebody writes', () => {
    expect(same('W0*99999999999999999999999', 'W0*2')).toBe(false);
    expect(same('c0:8 W0', 'c0:8 W0*2147483648 S')).toBe(false);
  });
});
