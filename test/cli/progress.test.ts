import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../cli/context.ts';
import { progressOf, pulseOf } from '../../cli/progress.ts';

/** A run with a clock that somebody else moves. */
function watched(
  isTerminal: boolean,
  hasClock = true,
): { context: CliContext; said: string[]; at: (seconds: number) => void } {
  let ms = 0;
  const said: string[] = [];
  const context: CliContext = {
    write: () => {},
    writeError: (text) => void said.push(text),
    color: false,
    progress: isTerminal,
    exitCode: 0,
    ...(hasClock && { now: () => ms }),
  };
  return { context, said, at: (seconds) => (ms = seconds * 1000) };
}

describe('progress', () => {
  it('should be a line a part on a terminal, with what is left at the pace so far', () => {
    const { context, said, at } = watched(true);
    const tell = progressOf(context, 'row');
    tell(0, 4);
    at(30);
    tell(1, 4);
    // A quarter took 30 s, so three quarters take 90.
    expect(said).toEqual(['\r\u001b[Krow 1/4, 0 s', '\r\u001b[Krow 2/4, 30 s, 1 min 30 s to go']);
  });

  it('should be a line every half a minute elsewhere', () => {
    const { context, said, at } = watched(false);
    const tell = progressOf(context, 'row');
    for (let part = 0; part < 100; part++) {
      at(part);
      tell(part, 100);
    }
    expect(said).toEqual([
      'row 31/100, 30 s, 1 min 10 s to go\n',
      'row 61/100, 1 min 0 s, 40 s to go\n',
      'row 91/100, 1 min 30 s, 10 s to go\n',
    ]);
  });

  it('should be silent where nobody has a clock', () => {
    const { context, said } = watched(false, false);
    progressOf(context, 'row')(1, 2);
    pulseOf(context)('anything');
    expect(said).toEqual([]);
  });

  it('should come every half a minute too where the end is not known', () => {
    const { context, said, at } = watched(false);
    const say = pulseOf(context);
    say('1 workload');
    at(31);
    say('90 workloads');
    at(40);
    say('95 workloads');
    expect(said).toEqual(['90 workloads\n']);
  });
});
