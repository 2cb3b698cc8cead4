/** The generator draws from the whole language, and only what can be run. */
import { describe, expect, it } from 'vitest';
import { generator, OPERATIONS_EACH } from '#pmem/fuzz/generate.ts';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { valuesOf } from '#pmem/language/descriptor.ts';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { OPERATIONS } from '#pmem/language/operations.ts';
import { VOCABULARY } from '#pmem/language/vocabulary.ts';
import { traitsOf } from '#pmem/language/operation-traits.ts';
import type { Workload } from '#pmem/language/workload.ts';

const make = generator();
const workloads: readonly Workload[] = Array.from({ length: 6000 }, (_, number) => make(1, number));

/** What stands for the values of an argument that was seen: present or absent, on or off, or that there were several. */
function variety(operation: string): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const { steps } of workloads)
    for (const { operation: step } of steps) {
      if (step.kind !== operation) continue;
      for (const [name, value] of Object.entries(valuesOf(step)))
        seen.set(name, (seen.get(name) ?? new Set()).add(JSON.stringify(value)));
    }
  return seen;
}

describe('generated workloads', () => {
  it('should be of every operation of the language', () => {
    const drawn = new Set(workloads.flatMap(({ steps }) => steps.map(({ operation }) => operation.kind)));
    expect(OPERATIONS.map(({ kind }) => kind).filter((kind) => !drawn.has(kind))).toEqual([]);
  });

  it('should vary every argument of every operation', () => {
    const still = OPERATIONS.flatMap(({ kind, fields }) => {
      const seen = variety(kind);
      return fields
        .map(([name, { option }]) => ({ place: `${kind}: ${name}`, values: seen.get(name), option }))
        .filter(
          ({ values, option }) => (values?.size ?? 0) < (option?.absent === undefined && option ? 1 : 2),
        )
        .map(({ place }) => place);
    });
    expect(still).toEqual([]);
  });

  it('should show every word that contracts have for operations', () => {
    const seen = new Set(
      workloads.flatMap((workload) =>
        traitsOf(workload).flatMap((traits) =>
          Object.entries(traits ?? {}).flatMap(([word, values]) => values.map((value) => `${word} ${value}`)),
        ),
      ),
    );
    const words = Object.entries(VOCABULARY).flatMap(([word, values]) =>
      values === 'text' ? [] : values.map((value) => `${word} ${value}`),
    );
    expect(words.filter((word) => !seen.has(word) && word !== 'operation boot')).toEqual([]);
  });

  it('should let another task into an operation, now and then', () => {
    const marked = workloads.filter(({ steps }) => steps.some(({ isMeanwhile }) => isMeanwhile));
    expect(marked.length).toBeGreaterThan(3);
    for (const workload of marked) {
      expect(formatWorkload(workload)).toMatch(/^while .*: /m);
      expect(() => checkWorkload(workload)).not.toThrow();
    }
  });

  it('should be workloads that can be run, of ten operations behind those that set the machine up', () => {
    for (const workload of workloads.slice(0, 500)) {
      expect(() => checkWorkload(workload)).not.toThrow();
      expect(workload.steps.length).toBeGreaterThanOrEqual(OPERATIONS_EACH);
      expect(formatWorkload(parseWorkload(formatWorkload(workload)))).toBe(formatWorkload(workload));
    }
  });

  it('should be the same for the same seed, on 1,000 seeds', () => {
    const again = generator();
    const texts = new Set<string>();
    for (let seed = 0; seed < 1000; seed++) {
      const text = formatWorkload(make(seed, seed % 7));
      expect(formatWorkload(again(seed, seed % 7))).toBe(text);
      texts.add(text);
    }
    expect(texts.size).toBe(1000);
  });

  it('should weigh places towards edges', () => {
    const offsets = workloads.flatMap(({ steps }) =>
      steps.flatMap(({ operation }) => (operation.kind === 'store' ? [operation.offset] : [])),
    );
    const nearLine = offsets.filter((offset) => offset % 64 <= 8 || offset % 64 >= 56);
    // By chance it would be 17 of 64 places.
    expect(nearLine.length / offsets.length).toBeGreaterThan(0.5);
  });
});
