/** Unions of boxes against the explorer, which takes every eviction as a step of its own. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BoxOutcomes, exploreBoxes, hasBoxes } from '../../../machine/litmus/boxes.ts';
import { explore } from '../../../machine/litmus/explorer.ts';
import { runTest } from '../../../machine/litmus/verdicts.ts';
import { parseLitmusFile } from '../../../machine/litmus/file-parser.ts';
import {
  type Diagram,
  DiagramTable,
  contains,
  imagesOf,
  projectionOf,
} from '../../../machine/litmus/image-union.ts';
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
  'no-ADR',
  'no-ADR+write-back',
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
        for (const machine of [...machines.slice(0, 4), machineNamed('no-ADR')])
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
      const machine = random.pick(machines);
      if (hasBoxes(program, machine))
        expect(difference(program, machine), `seed ${seed}: ${text}`).toBeUndefined();
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

  it('should tell what is left on some lines as listing every image does', () => {
    const random = new Random(77);
    for (let index = 0; index < 100; index++) {
      const shape = { threads: 2, instructionsPerThread: 4, nonTemporal: true, poison: false, loads: false };
      const program = programFromText(randomProgram(random, shape));
      const { all, lines } = exploreBoxes(program, { machine: DEFAULT_MACHINE });
      const wanted = new Set(lines.flatMap((_, line) => (random.below(2) === 0 ? [line] : [])));
      const listed = [...imagesOf(all, lines.length)].map((image) =>
        image.filter((_, line) => wanted.has(line)),
      );
      const distinct = [...new Set(listed.map((image) => JSON.stringify(image)))];
      const projected = projectionOf(all, lines.length, wanted, distinct.length) ?? [];
      expect(projected.map((image) => JSON.stringify(image)).sort()).toEqual(distinct.sort());
      if (distinct.length > 1)
        expect(projectionOf(all, lines.length, wanted, distinct.length - 1)).toBeUndefined();
    }
  });

  it.each([
    // Independent stores: each is there or not.
    ['x0=0 & x28=1', '', 'A', 2 ** 29],
    // Before the fence x0 is there or not and nothing else is; after it x0 is there and the others are there or not.
    ['x0=0 & x26=1', 'x0=1; FO x0; SF; ', 'F', 1 + 2 ** 26],
    ['x0=1 & x26=1', 'x0=1; FO x0; SF; ', 'A', 1 + 2 ** 26],
  ] as const)(
    'should answer %s for as many stores as a CPU may have (persistency.md 4.2)',
    (crash, first, verdict, images) => {
      const from = first === '' ? 0 : 1;
      const count = first === '' ? 29 : 26;
      const stores = Array.from({ length: count }, (_, index) => `x${index + from}=1`).join('; ');
      const text = `test: many\nprogram: ${first}${stores}\ncrash: ${crash}\n`;
      const [test] = parseLitmusFile(text, 'many');
      if (test === undefined) throw new Error('no test');
      const [answer] = runTest(test, { engine: 'automatic' }).answers;
      expect(answer).toMatchObject({ verdict, imageCount: images });
      expect(answer?.stateCount).toBeLessThan(100);
    },
  );

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
    // A volatile word tells the time: with ADR `ack=1` is never left without x, without ADR it is (docs/MACHINE.md).
    const timed = programFromText('x=1; FO x; SF; ack=1');
    expect(() => exploreBoxes(timed, { machine: machineNamed('no-ADR') })).toThrow('boxes need');
    expect(hasBoxes(programFromText('x=1; y=1'), machineNamed('no-ADR+per-line'))).toBe(false);
    expect(hasBoxes(programFromText('x=1 [x poisoned]'), DEFAULT_MACHINE)).toBe(false);
  });
});
