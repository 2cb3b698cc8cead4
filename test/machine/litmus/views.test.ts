/** The explorer against the published view form: images and final registers of programs without non-temporal stores. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explore } from '../../../machine/litmus/explorer.ts';
import { parseLitmusFile } from '../../../machine/litmus/file-parser.ts';
import { DEFAULT_MACHINE } from '../../../machine/litmus/machine-switches.ts';
import { programFromText } from '../../../machine/litmus/program-parser.ts';
import type { LitmusProgram, Question } from '../../../machine/litmus/program.ts';
import { imageTexts } from './support/agreement.ts';
import { Random, randomProgram } from './support/random-programs.ts';
import { exploreViews } from './support/view-machine.ts';

/** Whether the explorer completes with exactly these registers. */
function question(registers: readonly (readonly (readonly [string, number])[])[]): Question {
  const parts = registers.flatMap((ofThread, thread) =>
    ofThread.map(([name, value]) => ({ kind: 'register', thread, name, value }) as const),
  );
  return { kind: 'final', text: '', predicate: { kind: 'and', parts } };
}

function difference(program: LitmusProgram): string | undefined {
  const exact = explore(program, { machine: DEFAULT_MACHINE });
  const views = exploreViews(program);
  const theirs = [...views.images].sort().join(' | ');
  const ours = imageTexts(exact.images, exact.imageWords).join(' | ');
  if (ours !== theirs) return `explorer ${ours}; views ${theirs}`;
  for (const text of views.registers) {
    if (!exact.answers(question(JSON.parse(text) as [string, number][][])))
      return `views complete with ${text}, the explorer does not`;
  }
  return undefined;
}

describe('the view form', () => {
  it('should leave the images of the published tests', () => {
    for (const name of ['base-tso', 'one-cpu', 'several-cpus']) {
      const tests = parseLitmusFile(
        readFileSync(new URL(`../../../litmus/${name}.litmus`, import.meta.url), 'utf8'),
        name,
      );
      for (const { program, name: test } of tests) expect(difference(program), test).toBeUndefined();
    }
  });

  it('should leave the images of random programs', () => {
    const seed = Number(process.env['LITMUS_SEED'] ?? 1);
    const random = new Random(seed + 20);
    for (let count = Number(process.env['LITMUS_PROGRAMS'] ?? 800) / 2; count > 0; count--) {
      const shape = random.pick([
        { threads: 1, instructionsPerThread: 7 },
        { threads: 2, instructionsPerThread: 4 },
        { threads: 3, instructionsPerThread: 2 },
      ]);
      const text = randomProgram(random, { ...shape, nonTemporal: false, poison: false, loads: true });
      const program = programFromText(text);
      if (program.words.length === 0) continue;
      expect(difference(program), `seed ${seed}: ${text}`).toBeUndefined();
    }
  });
});
