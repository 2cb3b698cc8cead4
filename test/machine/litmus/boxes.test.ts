/** Unions of boxes against the explorer, which takes every eviction as a step of its own. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BoxOutcomes, exploreBoxes, hasBoxes } from '../../../machine/litmus/boxes.ts';
import { explore } from '../../../machine/litmus/explorer.ts';
import { runTest } from '../../../machine/litmus/verdicts.ts';
import { parseLitmusFile } from '../../../machine/litmus/file-parser.ts';
import { type Diagram, DiagramTable, contains, imagesOf } from '../../../machine/litmus/image-union.ts';
import { DEFAULT_MACHINE, type LitmusMachine } from '../../../machine/litmus/machine-switches.ts';
import type { LitmusProgram } from '../../../machine/litmus/program.ts';
import { programFromText } from '../../../machine/litmus/program-parser.ts';
import { imageTexts, machineNamed } from './support/agreement.ts';
import { Random, randomProgram } from './support/random-programs.ts';

const folder = new URL('../../../litmus/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.litmus') && file !== 'variants.litmus');
const machines = [
  'ADR',
  'eADR',
  'write-back',
  'lazy',
  'nt_fl',
  'AMD',
  'location',
  'lazy+location',
  'write-back+nt_fl',
].map((name) => machineNamed(name));

/** The images of a union in the form of `imageTexts`. */
function textsOf(outcomes: BoxOutcomes, union: Diagram): string[] {
  return [...imagesOf(union, outcomes.lines.length)]
    .map((contents) =>
      contents
        .flatMap((content, line) =>
          content.split(',').map((value, index) => `${outcomes.lines[line]?.[index]}=${value}`),
        )
        .sort()
        .join(' '),
    )
    .sort();
}

function difference(program: LitmusProgram, machine: LitmusMachine): string | undefined {
  const exact = explore(program, { machine });
  const outcomes = exploreBoxes(program, { machine });
  const ours = textsOf(outcomes, outcomes.all).join(' | ');
  const theirs = imageTexts(exact.images, exact.imageWords).join(' | ');
  if (ours !== theirs) return `boxes ${ours}; explorer ${theirs}`;
  if (outcomes.all.count !== BigInt(exact.images.length)) return `boxes count ${outcomes.all.count}`;
  for (const [key, union] of outcomes.byVolatile) {
    const values = key.split(',').map(Number);
    const whole = {
      kind: 'and',
      parts: outcomes.volatileWords.map(
        (word, index) => ({ kind: 'word', word, value: values[index] ?? 0 }) as const,
      ),
    } as const;
    const images = exact.images.filter((image) => {
      const facts = image.map(
        (value, index) => ({ kind: 'word', word: exact.imageWords[index] ?? '', value }) as const,
      );
      return exact.answers({ kind: 'crash', text: '', predicate: { kind: 'and', parts: [whole, ...facts] } });
    });
    if (textsOf(outcomes, union).join() !== imageTexts(images, exact.imageWords).join())
      return `with ${key}: not the same`;
  }
  return undefined;
}

describe('unions of boxes', () => {
  it('should hold the images of every litmus test', () => {
    for (const name of files) {
      for (const { program, name: test } of parseLitmusFile(
        readFileSync(new URL(name, folder), 'utf8'),
        name,
      )) {
        for (const machine of machines.slice(0, 4))
          if (hasBoxes(program, machine)) expect(difference(program, machine), test).toBeUndefined();
      }
    }
  });

  it('should answer the questions of every litmus test', () => {
    for (const name of files) {
      for (const test of parseLitmusFile(readFileSync(new URL(name, folder), 'utf8'), name)) {
        const wrong = runTest(test, { engine: 'boxes' }).answers.filter(({ agrees }) => agrees === false);
        expect(wrong, test.name).toEqual([]);
      }
    }
  });

  it.each([
    ['without non-temporal stores', false, 2, 4],
    ['with non-temporal stores', true, 2, 4],
    ['with non-temporal stores on three CPUs', true, 3, 2],
  ])('should hold the images of random programs %s', (_name, nonTemporal, threads, instructionsPerThread) => {
    const seed = Number(process.env['LITMUS_SEED'] ?? 1);
    const count = Number(process.env['LITMUS_PROGRAMS'] ?? 800) / 4;
    const random = new Random(seed + 10);
    for (let index = 0; index < count; index++) {
      const text = randomProgram(random, {
        threads,
        instructionsPerThread,
        nonTemporal,
        poison: false,
        loads: true,
      });
      const program = programFromText(text);
      if (program.words.length === 0) continue;
      expect(difference(program, random.pick(machines)), `seed ${seed}: ${text}`).toBeUndefined();
    }
  });

  it('should know 15 of the 16 images of FlushMCA without listing them (persistency.md 4.5)', () => {
    const program = programFromText('x=1; MF; FO y; MF; z=1 ‖ y=1; MF; FO x; MF; w=1');
    const { all, lines } = exploreBoxes(program, { machine: DEFAULT_MACHINE });
    expect(all.count).toBe(15n);
    const image = (x: number, y: number, z: number, w: number): string[] =>
      lines.map(([name]) => String({ x, y, z, w }[name ?? '']));
    expect(contains(all, image(0, 0, 1, 1))).toBe(false);
    expect(contains(all, image(0, 0, 1, 0))).toBe(true);
  });

  it('should say by identity whether two programs leave the same images', () => {
    const table = new DiagramTable();
    const union = (text: string): Diagram =>
      exploreBoxes(programFromText(text), { machine: DEFAULT_MACHINE, table }).all;
    expect(union('x=1; FO x; SF; y=1 ‖ z=1')).toBe(union('x=1; FL x; y=1 ‖ z=1; SF'));
    expect(union('x=1; FO x; SF; y=1 ‖ z=1')).not.toBe(union('x=1; SF; y=1 ‖ z=1'));
  });

  it('should visit far fewer states than the explorer', () => {
    const program = programFromText('a=1; b=1; c=1; FO a; SF; d=1 ‖ e=1; f=1; g=1; FO b; SF; h=1 ‖ i=1; j=1');
    const outcomes = exploreBoxes(program, { machine: DEFAULT_MACHINE });
    const exact = explore(program, { machine: DEFAULT_MACHINE });
    expect(outcomes.all.count).toBe(BigInt(exact.images.length));
    expect(exact.stateCount / outcomes.stateCount).toBeGreaterThan(20);
  });

  it('should refuse machines on which evictions show', () => {
    expect(() => exploreBoxes(programFromText('x=1'), { machine: machineNamed('no-ADR') })).toThrow(
      'boxes need',
    );
    expect(hasBoxes(programFromText('x=1 [x poisoned]'), DEFAULT_MACHINE)).toBe(false);
  });
});
