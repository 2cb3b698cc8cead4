/**
 * Records and litmus programs: several CPUs' records as one program, and the record engine (`crash-images.ts`) held to the
 * explorer on random single-CPU runs.
 */
import { describe, expect, it } from 'vitest';
import { exactImages } from '#recordings/pmemcheck/gap.ts';
import { type ImageSet, crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import type { PersistencySetting } from '#machine/order/persistency-setting.ts';
import { exploreBoxes } from '../../../machine/litmus/boxes.ts';
import { explore } from '../../../machine/litmus/explorer.ts';
import { programFromRecords } from '../../../machine/litmus/from-records.ts';
import { DEFAULT_MACHINE } from '../../../machine/litmus/machine-switches.ts';
import type { Observation, Question } from '../../../machine/litmus/program.ts';
import { programFromText } from '../../../machine/litmus/program-parser.ts';
import { type Machine, powerOn } from '#machine/hardware/machine.ts';
import type { InstructionRecord } from '#machine/hardware/record.ts';
import { runTrace } from '#machine/hardware/trace-notation.ts';
import { imageTexts, machineNamed } from './support/agreement.ts';
import { Random } from './support/random-programs.ts';
import { runs } from '../../support/thorough.ts';

const start = 0x1000;

function machineThatRan(trace: string): Machine {
  const ranges = [{ name: 'pmem', start, sizeBytes: 8192, kind: 'persistent' as const, modules: ['module'] }];
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges,
    flushHints: [{ address: start, modules: ['module'] }],
  });
  runTrace(machine.cpu, trace, start);
  return machine;
}

const recordOf = (trace: string): InstructionRecord => machineThatRan(trace).record;

/** May a power failure leave this value when CPU 1 has acknowledged this? */
function question(acknowledged: number, value: number): Question {
  const parts = [
    { kind: 'word', word: 'ack1', value: acknowledged },
    { kind: 'word', word: 'w1000', value },
  ] as const;
  return { kind: 'crash', text: '', predicate: { kind: 'and', parts } };
}

describe('records of several CPUs', () => {
  it('should make the program that they are', () => {
    const { program, pieces } = programFromRecords([
      recordOf('c0:8*2 n64:8 W0*64 S A0'),
      recordOf('X64 M L128:8'),
    ]);
    const expected = programFromText(
      'w1000=1; w1008=2; NT w1040=3; FO w1000; FO w1040; SF; ack0=1 ‖ FL w1040; MF; XCHG(w1080,4) [w1000/w1008 share a line]',
    );
    expect(program.threads.map((statements) => statements.length)).toEqual([8, 3]);
    const machine = { machine: DEFAULT_MACHINE };
    const count = (given: typeof program): bigint => exploreBoxes(given, machine).all.count;
    expect(count(program)).toBe(count(expected));
    expect(pieces.map(({ value, cpu, address }) => [value, cpu, address])).toEqual([
      [1, 0, 0x1000],
      [2, 0, 0x1008],
      [3, 0, 0x1040],
      [4, 1, 0x1080],
    ]);
  });

  it('should lose a store through a mapping that comes while fsync runs, and none that came before it', () => {
    // CPU 0 stores once through the mapping, CPU 1 writes back the page, fences and returns.
    const together = programFromRecords([recordOf('c0:8'), recordOf('W0*64 S A0')]).program;
    const outcomes = exploreBoxes(together, { machine: DEFAULT_MACHINE });
    expect(outcomes.answers(question(1, 0))).toBe(true);
    expect(outcomes.answers(question(1, 1))).toBe(true);
    const ordered = programFromText('w1000=1; MF; f=1 ‖ a:=f; if(a=1){FO w1000; SF; ack1=1} [f volatile]');
    const after = exploreBoxes(ordered, { machine: DEFAULT_MACHINE });
    expect(after.answers(question(1, 0))).toBe(false);
  });

  it('should refuse what a litmus program cannot hold', () => {
    expect(() => programFromRecords([recordOf('c0:8 c0:4')])).toThrow(
      'the word at 0x1000 is stored to in different parts (0:8 and 0:4)',
    );
    expect(() => programFromRecords([recordOf('c0:8*31')])).toThrow('CPU 0 has 31 instructions that matter');
    expect(() => programFromRecords([])).toThrow('records of 1 to 4 CPUs');
  });
});

/** May a power failure leave `image` once the acknowledgement is visible? */
function leftWithAck(words: readonly string[], image: readonly Observation[]): Question {
  const parts = image.map((value, index) => ({ kind: 'word', word: words[index] ?? '', value }) as const);
  const predicate = {
    kind: 'and',
    parts: [{ kind: 'word', word: 'ack', value: 1 } as const, ...parts],
  } as const;
  return { kind: 'crash', text: '', predicate };
}

/** A letter as an instruction: a store gets its value. */
function numbered([litmus, trace]: readonly [string, string], value: number): readonly [string, string] {
  const data = `${trace}:8=0${value}${'00'.repeat(7)}`;
  return litmus.endsWith('=') ? [`${litmus}${value}`, data] : [litmus, trace];
}

describe('the record engine', () => {
  const places = { x: 0, y: 8, z: 64 } as const;

  /** One instruction as litmus text and as a trace word. */
  function instruction(random: Random, value: number): readonly [string, string] {
    const word = random.pick(['x', 'y', 'z'] as const);
    const place = places[word];
    const line = place - (place % 64);
    const data = `${place}:8=${value.toString(16).padStart(2, '0')}${'00'.repeat(7)}`;
    return random.pick([
      [`${word}=${value}`, `c${data}`],
      [`${word}=${value}`, `c${data}`],
      [`NT ${word}=${value}`, `n${data}`],
      [`NT ${word}=${value}`, `n${data}`],
      [`FL ${word}`, `X${line}`],
      [`FO ${word}`, `W${line}`],
      [`FO ${word}`, `O${line}`],
      ['SF', 'S'],
      ['MF', 'M'],
      [`XCHG(${word},${value})`, `L${data}`],
      ['HINT', 'H0'],
    ] as const);
  }

  /** The images of a set as the values of `words`: the first byte of each. */
  function valuesIn(set: ImageSet, words: readonly string[]): string[] {
    const addresses = words.map((name) => start + places[name as keyof typeof places]);
    const images = [...(exactImages(set, addresses) ?? [])];
    return imageTexts(
      images.map((image) => addresses.map((_, index) => image.charCodeAt(index))),
      words,
    );
  }

  type Steps = readonly (readonly [string, string])[];

  /** What a run leaves, anywhere and once it is acknowledged: as the explorer and as the record engine say. */
  function expectAgreement(steps: Steps, setting: PersistencySetting, seed = 'every program'): void {
    const words = [
      { none: 'no-ADR', adr: 'ADR', eadr: 'eADR' }[setting.domain],
      setting.nonTemporalInDirtyLine,
      setting.clflushOrdering === 'amd' ? 'AMD' : 'intel',
      ...(setting.flushCoversNonTemporal ? ['nt_fl'] : []),
    ];
    const text = [...steps.map(([litmus]) => litmus), 'ack=1 [x/y share a line]'].join('; ');
    const where = `${seed}, ${words.join('+')}: ${text}`;
    const exact = explore(programFromText(text), { machine: machineNamed(words.join('+')) });
    const trace = [...steps.map(([, word]) => word), 'A0'].join(' ');
    const history = crashHistory(machineThatRan(trace), setting);
    const acked = exact.images.filter((image) => exact.answers(leftWithAck(exact.imageWords, image)));
    const named = (images: readonly (readonly Observation[])[]): string[] =>
      imageTexts(images, exact.imageWords);
    expect(valuesIn(history.anywhere(), exact.imageWords), where).toEqual(named(exact.images));
    expect(valuesIn(history.acked(0), exact.imageWords), `acknowledged, ${where}`).toEqual(named(acked));
    expect(history.anywhere().count(), where).toBe(BigInt(exact.images.length));
  }

  it('should leave the images of the explorer on random runs of one CPU', () => {
    const seed = Number(process.env['LITMUS_SEED'] ?? 1);
    const random = new Random(seed + 30);
    for (let count = Number(process.env['LITMUS_PROGRAMS'] ?? runs(800)); count > 0; count--) {
      const steps = Array.from({ length: 2 + random.below(7) }, (_, index) => instruction(random, index + 1));
      const setting = persistencySetting(random.pick(['adr', 'adr', 'eadr', 'none'] as const), {
        nonTemporalInDirtyLine: random.pick(['independent', 'write-back'] as const),
        clflushOrdering: random.pick(['intel', 'intel', 'amd'] as const),
        flushCoversNonTemporal: random.pick([false, true]),
      });
      expectAgreement(steps, setting, `seed ${seed}`);
    }
  });

  describe('with nt_fl, on every program of up to 4 instructions around a clflush and a non-temporal store', () => {
    const letters = [
      ['x=', 'c0'],
      ['z=', 'c64'],
      ['NT x=', 'n0'],
      ['NT y=', 'n8'],
      ['FL x', 'X0'],
      ['SF', 'S'],
    ] as const;

    function programs(length: number): Steps[] {
      if (length === 0) return [[]];
      const extended = letters.map((letter) => numbered(letter, length));
      return programs(length - 1).flatMap((program) => extended.map((step) => [...program, step]));
    }

    const settings = (['independent', 'write-back'] as const).flatMap((nonTemporalInDirtyLine) =>
      (['intel', 'amd'] as const).map((clflushOrdering) => ({ nonTemporalInDirtyLine, clflushOrdering })),
    );
    for (const changes of settings) {
      it(`should leave the images of the explorer: ${changes.nonTemporalInDirtyLine}, ${changes.clflushOrdering}`, () => {
        const setting = persistencySetting('adr', { ...changes, flushCoversNonTemporal: true });
        let count = 0;
        for (const steps of [2, 3, 4].flatMap(programs)) {
          const isAbout = (start: string): boolean => steps.some(([litmus]) => litmus.startsWith(start));
          if (!isAbout('FL') || !isAbout('NT')) continue;
          expectAgreement(steps, setting);
          count++;
        }
        expect(count).toBe(554);
      });
    }
  });

  it('should order a non-temporal store after the clflush of a line in a page without stores, with nt_fl', () => {
    const samePage = machineThatRan(`c0:8=01${'00'.repeat(7)} X0 X4032 n4032:8=02${'00'.repeat(7)}`);
    const otherPage = machineThatRan(`c0:8=01${'00'.repeat(7)} X0 X4096 n4096:8=02${'00'.repeat(7)}`);
    for (const run of [samePage, otherPage]) {
      const covering = persistencySetting('adr', { flushCoversNonTemporal: true });
      expect(crashHistory(run, covering).anywhere().count()).toBe(3n);
      expect(crashHistory(run, persistencySetting('adr')).anywhere().count()).toBe(4n);
    }
  });
});
