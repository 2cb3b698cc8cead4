import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOf, mergeCoverage, type ModelCoverage, neverExercised } from '#machine/coverage/coverage.ts';
import {
  RECORDED_CLASSES,
  RECORDED_RULES,
  type RecordedClass,
  type RecordedRule,
} from '#machine/coverage/recorded-rules.ts';
import { type PersistencySetting, persistencySetting } from '#machine/order/persistency-setting.ts';
import { machineAfter } from '../oracle/sets.ts';

const ADR = persistencySetting('adr');
const WRITE_BACK = persistencySetting('adr', { nonTemporalInDirtyLine: 'write-back' });
const EADR = persistencySetting('eadr');
const NONE = persistencySetting('none');
const DRAM = 2 << 20;

function covered(trace: string, setting: PersistencySetting = ADR): ModelCoverage {
  const machine = machineAfter(trace, setting.domain);
  return coverageOf(machine.record, { ranges: machine.memory.ranges, setting });
}

function pair(coverage: ModelCoverage, earlier: RecordedClass, later: RecordedClass): string {
  const found = coverage.pairs.find((one) => one.earlier === earlier && one.later === later)!;
  return `${found.same}/${found.other}`;
}

describe('a rule counts where it decides something', () => {
  // Rule, a program that uses it, one that does not though it is close, setting.
  const examples: readonly (readonly [RecordedRule, string, string, PersistencySetting?])[] = [
    ['R1', 'W0', 'M'],
    ['R2', 'F0:8', 'S'],
    ['R3', 'M', 'S'],
    ['R4', 'L0:8', 'F0:8'],
    ['R4-failed', 'F0:8', 'L0:8'],
    ['R5a', 'c0', `c${DRAM}`],
    ['R5a-volatile', `c${DRAM}`, 'c0'],
    ['R5a-volatile', 'A0', 'S'],
    ['R5a-eADR', 'c0', 'n0', EADR],
    ['R5b-independent', 'c0 n8', 'c0 W0 S n8'],
    ['R5b-write-back', 'c0 n8', 'c64 n8', WRITE_BACK],
    ['R5c', 'X0', 'W0'],
    ['R5d', 'O0', 'X0'],
    ['R5e', 'S', 'M'],
    ['R6', 'c0', 'n0'],
    ['R7', 'S', ''],
    ['own-queue', 'n0', 'S', NONE],
    ['own-hint', 'H0', 'n0', NONE],
    ['C1', 'c0 c8', 'c0 c64'],
    ['C1', 'c0:8*2', 'c0'],
    ['C1', 'c0 c0', 'c0 W0 S c0'],
    ['C2', 'n0 n0:4', 'n0:4 n8:4'],
    ['C2', 'n0 c0', 'n0 S c0'],
    ['C2', 'c0 n0', 'c0 n8'],
    ['C3', 'c0 X0 c64', 'X0 c64'],
    ['C3', 'c0 X0 A0', 'c0 X0 n64'],
    ['C4', 'c0 W0 S c64', 'c0 W0 c64'],
    ['C4', 'c0 W0 L64:8', 'c0 W64 S c64'],
    ['C4', 'c0 W0 M A0', 'c0 W0 M'],
    ['C5', 'n0 S n64', 'n0 n64'],
    ['C5', 'n0 S A0', 'S A0'],
    ['C6', 'c0 S n8', 'c0 n8', WRITE_BACK],
    ['C6', 'c0 M n8', 'c0 W0 S n8', WRITE_BACK],
    ['C7', 'n0 c0 c64', 'n0 c0'],
    ['C7', 'n0 c0 c64', 'n0 c8 c64'],
    ['C8', 'c0 X0 S n64', 'c0 X0 n64'],
    ['C-1.3a', 'c0 n0', 'c0 n8'],
    ['C-eADR', 'c0 c64', 'c0 n64', EADR],
  ];
  for (const [rule, uses, near, setting] of examples) {
    it(`${rule}: in "${uses}", not in "${near}"`, () => {
      expect(covered(uses, setting).rules[rule]).toBeGreaterThan(0);
      expect(covered(near, setting).rules[rule]).toBe(0);
    });
  }

  it('and every rule has an example', () => {
    expect(new Set(examples.map(([rule]) => rule))).toEqual(new Set(Object.keys(RECORDED_RULES)));
  });

  it('as often as it does', () => {
    expect(covered('c0 W0 S A0 c0 W0 S A1').rules).toMatchObject({ C4: 2, R5e: 2, R5d: 2, C1: 0 });
    expect(covered('n0:8*512 S A0').rules).toMatchObject({ C5: 1, C2: 0 });
  });

  it('a store after its write-back leaves the line undecided', () => {
    expect(covered('c0 W0 c8 S c16').rules).toMatchObject({ C1: 2, C4: 1 });
    expect(covered('c0 W0 c8 W0 S c16').rules).toMatchObject({ C1: 1, C4: 1 });
  });
});

describe('a pair of the table counts', () => {
  it('by line or word, as the table asks', () => {
    const coverage = covered('c0 W0 W64 n0 n0 n8');
    expect(pair(coverage, 'W', 'FO')).toBe('1/1');
    expect(pair(coverage, 'W', 'NT')).toBe('2/1');
    expect(pair(coverage, 'NT', 'NT')).toBe('1/1');
    expect(pair(coverage, 'FO', 'FO')).toBe('0/1');
  });

  it('only up to the next fence, which is itself the earlier one then', () => {
    const coverage = covered('c0 S W0 M n0 L64:8 c0');
    expect(pair(coverage, 'W', 'FO')).toBe('0/0');
    expect(pair(coverage, 'W', 'SF')).toBe('0/1');
    expect(pair(coverage, 'SF', 'FO')).toBe('0/1');
    expect(pair(coverage, 'SF', 'MF')).toBe('0/1');
    expect(pair(coverage, 'MF', 'NT')).toBe('0/1');
    expect(pair(coverage, 'NT', 'RMW')).toBe('0/1');
    expect(pair(coverage, 'RMW', 'W')).toBe('0/1');
  });

  it('for ranges with what they overlap and what they do not', () => {
    const coverage = covered('n0:8*16 n64:8*16 X64');
    expect(pair(coverage, 'NT', 'NT')).toBe('1/3');
    expect(pair(coverage, 'NT', 'FL')).toBe('1/1');
  });

  it('the same whether a range or its single stores are recorded', () => {
    const steps = constantFrom(
      'c0:8*4',
      'n0:8*4',
      'W0',
      'S',
      'X0',
      'n64:8*2',
      'c8',
      'n8:4*2',
      'n56:4*3',
      'c0:2*3',
      'c40:8*5',
      'n60:8*2',
    );
    const agrees = property(array(steps, { maxLength: 8 }), (program) => {
      const single = program.flatMap((step) => {
        const [, letter, from, size, count] = /^([cn])(\d+):(\d)\*(\d)$/.exec(step) ?? [];
        if (letter === undefined) return [step];
        const starts = Array.from(
          { length: Number(count) },
          (_, index) => Number(from) + index * Number(size),
        );
        return starts.map((start) => `${letter}${start}:${size}`);
      });
      expect(neverExercised(covered(single.join(' ')))).toEqual(neverExercised(covered(program.join(' '))));
    });
    assert(agrees, { seed: 3, numRuns: 1000 });
  });
});

describe('coverage of several runs', () => {
  it('is the sum', () => {
    const [one, other] = [covered('c0 W0 S A0'), covered('n0 S A0')];
    const sum = mergeCoverage(one, other);
    expect(sum.rules.R5e).toBe(2);
    expect(sum.rules.C4).toBe(1);
    expect(pair(sum, 'W', 'SF')).toBe('0/1');
    expect(pair(sum, 'NT', 'SF')).toBe('0/1');
    expect(mergeCoverage(one)).toEqual(one);
    expect(mergeCoverage(one, mergeCoverage())).toEqual(one);
  });

  it('says what was never used: everything at first, less and less then', () => {
    const pairCount = RECORDED_CLASSES.length ** 2;
    expect(neverExercised(mergeCoverage()).length).toBe(Object.keys(RECORDED_RULES).length + pairCount);
    const missing = neverExercised(covered('c0 W0 S A0'));
    expect(missing).toContain('W→FO (other line)');
    expect(missing).toContain('NT→NT');
    expect(missing).toContain('C3');
    expect(missing).not.toContain('C4');
    expect(missing).not.toContain('W→SF');
  });

  it('is plain data', () => {
    const coverage = covered('c0 n0 S A0');
    expect(JSON.parse(JSON.stringify(coverage))).toEqual(coverage);
  });
});
