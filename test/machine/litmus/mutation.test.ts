/**
 * Proof that the catalogue has teeth: a machine that lacks a rule, or has one cell of table 1.4 wrong, disagrees with
 * some litmus test. Cells of the rows R, RMW and MF cannot be got wrong here: those complete before the next
 * instruction is issued. Mutants that no program can tell from the machine are listed with the reason, and random
 * programs are asked for a counterexample.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Mutation } from '../../../machine/litmus/engine.ts';
import { explore } from '../../../machine/litmus/explorer.ts';
import { parseLitmusFile } from '../../../machine/litmus/file-parser.ts';
import { DEFAULT_MACHINE } from '../../../machine/litmus/machine-switches.ts';
import { CLASSES, type MutatedCell, orderOf } from '../../../machine/litmus/ordering.ts';
import { programFromText } from '../../../machine/litmus/program-parser.ts';
import { RULE_NAMES } from '../../../machine/litmus/rules.ts';
import { runTest } from '../../../machine/litmus/verdicts.ts';
import { imageTexts } from './support/agreement.ts';
import { Random, randomProgram } from './support/random-programs.ts';

const files = [
  'base-tso',
  'one-cpu',
  'several-cpus',
  'non-temporal',
  'dirty-line',
  'table-cells',
  'own-rules',
];
const tests = files.flatMap((name) =>
  parseLitmusFile(readFileSync(new URL(`../../../litmus/${name}.litmus`, import.meta.url), 'utf8'), name),
);

/** The first test that disagrees with the mutated machine. */
function killer(mutation: Mutation): string | undefined {
  return tests.find((test) => runTest(test, { mutation }).answers.some(({ agrees }) => agrees === false))
    ?.name;
}

const cells: MutatedCell[] = CLASSES.filter((earlier) => !['R', 'RMW', 'MF'].includes(earlier)).flatMap(
  (earlier) =>
    CLASSES.flatMap((later) =>
      (['kept', 'free'] as const)
        .filter((order) => order !== orderOf(earlier, later, DEFAULT_MACHINE))
        .map((order) => ({ earlier, later, order })),
    ),
);

const nameOf = ({ earlier, later, order }: MutatedCell): string => `${earlier}→${later} ${order}`;

/** Mutants no program distinguishes, and why. */
const equivalent = new Map([
  ['SF→RMW free', 'a locked operation waits for the same pending flushes, and for all that SFENCE waits for'],
  ['SF→MF free', 'as SF→RMW'],
  ['SF→SF free', 'both wait for the same; what follows stays behind the one that is left'],
  ['FL→FO free', 'what is stored between the early FO and the FL is made durable by the FL'],
  ['FO→FL kept', 'all that holds back the FO holds back the FL too, and a flush by itself shows nothing'],
  ['FO→FL free', 'as FO→FL kept'],
]);

describe('mutants of the machine', () => {
  it.each(RULE_NAMES)('should be noticed without rule %s', (withoutRule) => {
    expect(killer({ withoutRule })).toBeDefined();
  });

  it.each(cells.filter((cell) => !equivalent.has(nameOf(cell))).map((cell) => [nameOf(cell), cell] as const))(
    'should be noticed with cell %s',
    (_name, cell) => {
      expect(killer({ cell })).toBeDefined();
    },
  );

  it.each([...equivalent])('should not be told apart by random programs: %s', (name) => {
    const cell = cells.find((candidate) => nameOf(candidate) === name);
    const random = new Random(7);
    const shape = { threads: 2, instructionsPerThread: 5, nonTemporal: true, poison: false, loads: true };
    for (let count = 0; count < 150; count++) {
      const text = randomProgram(random, shape);
      const program = programFromText(text);
      const right = explore(program, { machine: DEFAULT_MACHINE });
      const mutated = explore(program, { machine: DEFAULT_MACHINE, mutation: { cell } });
      expect(imageTexts(mutated.images, mutated.imageWords), text).toEqual(
        imageTexts(right.images, right.imageWords),
      );
    }
  });
});
