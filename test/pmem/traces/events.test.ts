import { describe, expect, it } from 'vitest';
import {
  type TraceEvent,
  canonicalEvents,
  cutLike,
  firstDifference,
  formatEvent,
  parseEvent,
} from '#pmem/traces/events.ts';

const events = (text: string): TraceEvent[] => text.split(' ').map((word) => parseEvent(word)!);
const canonical = (text: string): string => canonicalEvents(events(text)).map(formatEvent).join(' ');

const cut = (text: string, like: string): string =>
  cutLike(events(text), events(like)).map(formatEvent).join(' ');

describe('events', () => {
  it.each(['n0:8*512', 'c5:1', 'W64', 'O64*8', 'X0', 'S', 'M', 'pmem3@n64:8*2', 'ns3@c4096:4'])(
    'should read and write %s',
    (text) => {
      expect(formatEvent(parseEvent(text)!)).toBe(text);
    },
  );

  it.each(['', 'n', 'n0', 'c5', 'q0:8', 'W', 'W0:64', 'S0', 'n0:8*', 'n-1:8', '@n0:8', 'n0:8 S'])(
    "should not take '%s' for one",
    (text) => {
      expect(parseEvent(text)).toBeUndefined();
    },
  );

  it('should merge what follows on, on one member, and nothing else', () => {
    expect(canonical('n0:8 n8:8 n16:8')).toBe('n0:8*3');
    expect(canonical('n0:8*2 n16:4')).toBe('n0:8*2 n16:4');
    expect(canonical('W0 W64 W0')).toBe('W0*2 W0');
    expect(canonical('a@n0:8 b@n8:8')).toBe('a@n0:8 b@n8:8');
    expect(canonical('S*2 M')).toBe('S S M');
  });

  it('should take a run of single bytes for the string store of the same bytes', () => {
    expect(canonical('c0:1*3 c3:1*2')).toBe('c0:5');
    expect(canonical('c0:5')).toBe('c0:5');
    // Other sizes are stores of their own.
    expect(canonical('c0:8 c8:8')).not.toBe(canonical('c0:16'));
  });

  it('should name the first event that differs', () => {
    expect(firstDifference(events('n0:8 S W0'), events('n0:8 S W0'))).toBeUndefined();
    expect(firstDifference(events('n0:8 S W0'), events('n0:8 W0'))).toBe(1);
    expect(firstDifference(events('n0:8 S'), events('n0:8 S W0'))).toBe(2);
    expect(firstDifference(events('a@W0'), events('b@W0'))).toBe(0);
  });

  it('should cut a list where a shorter one ends, within a run too', () => {
    expect(cut('n0:8*512 S S', 'n0:8*512 S')).toBe('n0:8*512 S');
    expect(cut('n0:8*512 S', 'n0:8*3')).toBe('n0:8*3');
    expect(cut('c0:512 S', 'c0:100')).toBe('c0:100');
    expect(cut('n0:8', 'n0:8 S')).toBe('n0:8');
  });
});
