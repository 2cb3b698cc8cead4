/** What litmus tests make use of: their instructions as events, one CPU and one way at a time. */
import { describe, expect, it } from 'vitest';
import { coverageOfLitmus, tracesOf } from '#machine/coverage/litmus-coverage.ts';
import { parseLitmusFile } from '#machine/litmus/file-parser.ts';
import type { LitmusTest } from '#machine/litmus/program.ts';

function testOf(program: string, machine = 'ADR'): LitmusTest {
  const text = `test: one\nprogram: ${program}\ncrash: x=1\nexpect: ${machine} A\n`;
  return parseLitmusFile(text, 'one.litmus')[0]!;
}

describe('a litmus program as traces', () => {
  it('should have one for each CPU, words of a line side by side', () => {
    // Words have lines of their own in order of first mention: x line 0, y line 1.
    expect(tracesOf(testOf('x=1; FO x; SF; NT y=1; HINT ‖ FL x; MF; a:=y').program)).toEqual([
      'c0 W0 S n64 H131072',
      'X0 M',
    ]);
  });

  it('should have one for each way of a condition, and of a compare-exchange', () => {
    expect(tracesOf(testOf('a:=x; if(a=0){x=1}else{y=1}; SF').program)).toEqual(['c0 S', 'c64 S']);
    expect(tracesOf(testOf('a:=CAS(x,0,1); SF').program)).toEqual(['L0 S', 'F0 S']);
  });
});

describe('the coverage of litmus tests', () => {
  it('should be read under the machine that an answer is stated for', () => {
    // C6: cached store, fence, then a non-temporal store to its line, where that writes the line back (persistency.md 4.2).
    const program = 'x=1; SF; NT x=2';
    expect(coverageOfLitmus([testOf(program)]).rules).toMatchObject({ C6: 0, 'R5b-independent': 1 });
    expect(coverageOfLitmus([testOf(program, 'write-back')]).rules).toMatchObject({
      'R5b-write-back': 1,
      C6: 1,
    });
  });

  it('should leave out machines that no record can be read under', () => {
    expect(coverageOfLitmus([testOf('x=1', 'lazy')]).rules).toMatchObject({ R5a: 0 });
  });
});
