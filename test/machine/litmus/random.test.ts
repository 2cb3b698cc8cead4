/**
 * Random programs on random machines: the explorer against the second machine, images and answers. The seed is
 * printed with a failure; LITMUS_SEED and LITMUS_PROGRAMS choose another run (`LITMUS_PROGRAMS=100000 npx vitest run
 * test/machine/litmus/random.test.ts`).
 */
import { describe, expect, it } from 'vitest';
import { nameOfMachine } from '../../../machine/litmus/machine-switches.ts';
import type { LitmusProgram, Question } from '../../../machine/litmus/program.ts';
import { programFromText } from '../../../machine/litmus/program-parser.ts';
import { registersOf, parseQuestion } from '../../../machine/litmus/question-parser.ts';
import { scan } from '../../../machine/litmus/scanner.ts';
import { disagreement, machineNamed } from './support/agreement.ts';
import { Random, type RandomProgramShape, randomProgram } from './support/random-programs.ts';

const seed = Number(process.env['LITMUS_SEED'] ?? 1);
const count = Number(process.env['LITMUS_PROGRAMS'] ?? 800);

const domains = ['ADR', 'ADR', 'eADR', 'no-ADR', 'no-ADR+per-line'];
const others = ['', '', 'write-back', 'lazy'];
const extras = ['', '', 'nt_fl', 'AMD', 'location', 'nt_fl+AMD'];

function randomQuestion(random: Random, program: LitmusProgram, kind: 'crash' | 'final'): Question {
  const names = program.words.map(({ name }) => name);
  if (kind === 'final') {
    for (const [index, statements] of program.threads.entries()) {
      for (const name of registersOf(statements)) names.push(`${index}:${name}`);
    }
  }
  const facts = Array.from({ length: 1 + random.below(3) }, () => `${random.pick(names)}=${random.below(3)}`);
  const text = facts.join(' & ');
  return parseQuestion(scan([{ text, place: { file: 'random', line: 1, column: 1 } }]), kind, program);
}

function run(shape: RandomProgramShape, random: Random, programs: number, machines: () => string): string[] {
  const failures: string[] = [];
  for (let index = 0; index < programs; index++) {
    const text = randomProgram(random, shape);
    const program = programFromText(text);
    if (program.words.length === 0) continue;
    const machine = machineNamed(machines());
    const questions = (['crash', 'crash', 'final', 'final'] as const).map((kind) =>
      randomQuestion(random, program, kind),
    );
    const difference = disagreement(program, machine, questions);
    if (difference !== undefined)
      failures.push(`seed ${seed}, ${nameOfMachine(machine)}: ${text}: ${difference}`);
  }
  return failures;
}

describe(`random programs, seed ${seed}`, () => {
  it('should agree on one CPU with every switch', () => {
    const random = new Random(seed);
    const machines = (): string =>
      [random.pick(domains), random.pick(others), random.pick(extras)]
        .filter((word) => word !== '')
        .join('+');
    const shape = { threads: 1, instructionsPerThread: 7, nonTemporal: true, poison: false, loads: true };
    expect(run(shape, random, count, machines).slice(0, 3)).toEqual([]);
  });

  it('should agree on two and three CPUs with every switch', () => {
    const random = new Random(seed + 1);
    const machines = (): string =>
      [random.pick(domains), random.pick(others), random.pick(extras)]
        .filter((word) => word !== '')
        .join('+');
    const two = { threads: 2, instructionsPerThread: 4, nonTemporal: true, poison: false, loads: true };
    const three = { ...two, threads: 3, instructionsPerThread: 2 };
    expect(run(two, random, count / 4, machines).slice(0, 3)).toEqual([]);
    expect(run(three, random, count / 4, machines).slice(0, 3)).toEqual([]);
  });

  it('should agree on poisoned units', () => {
    const random = new Random(seed + 2);
    const machines = (): string =>
      [random.pick(['ADR', 'eADR']), random.pick(others), random.pick(extras)]
        .filter((word) => word !== '')
        .join('+');
    const shape = { threads: 2, instructionsPerThread: 3, nonTemporal: true, poison: true, loads: true };
    expect(run(shape, random, count / 4, machines).slice(0, 3)).toEqual([]);
  });
});
