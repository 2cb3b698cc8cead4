/** What a probe may print, and what is said of anything else. */
import { describe, expect, it } from 'vitest';
import { readObservations } from '#engine/probe/observations.ts';

const DIMENSIONS = { result: {}, cost: {} };
const read = (output: string): (readonly string[])[] =>
  readObservations(output, DIMENSIONS).map(({ dimension, place, value }) => [dimension, place, value]);

describe('what a probe prints', () => {
  it('should be lines with tabs, with any line ends, or JSON, and promises', () => {
    expect(
      read(
        'result\tfirst\t1\r\ncost\t\ta\tb\n\n{"dimension":"result","place":"x","value":{"a":[1]}}\npromise\tdisk\tlost',
      ),
    ).toEqual([
      ['result', 'first', '1'],
      ['cost', '', 'a\tb'],
      ['result', 'x', '{"a":[1]}'],
      ['promise', 'disk', 'lost'],
    ]);
  });

  it('should number places that occur again', () => {
    expect(read('result\ta\t1\nresult\ta\t2\ncost\ta\t3').map(([, place]) => place)).toEqual([
      'a',
      'a (2)',
      'a',
    ]);
  });

  it('should be normalised by the rules of its dimension', () => {
    const rules = [
      { dimension: 'result', replace: String.raw`0x[0-9a-f]+`, with: 'ADDRESS' },
      { replace: String.raw`(\d+) ms`, with: 'some ms' },
    ];
    const output = 'result\ta\t0x1f at 0xee in 12 ms\ncost\ta\t0x1f in 3 ms';
    expect(readObservations(output, DIMENSIONS, rules).map(({ value }) => value)).toEqual([
      'ADDRESS at ADDRESS in some ms',
      '0x1f in some ms',
    ]);
  });

  it('should be refused with the line and what is allowed when it is anything else', () => {
    for (const [output, line] of [
      ['result\ta\t1\nhello', 'line 2 of what the probe printed is no observation: "hello"'],
      ['resolt\ta\t1', String.raw`line 1 of what the probe printed is no observation: "resolt\ta\t1"`],
      ['\u0000\u001b[31m\uFFFD', String.raw`no observation: "\u0000\u001b[31m`],
      ['{"dimension": 3}', 'no observation'],
      ['{broken', 'no observation'],
    ] as const) {
      expect(() => read(output)).toThrow(line);
      expect(() => read(output)).toThrow('a dimension of result, cost, promise');
    }
  });
});
