import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Language } from '#engine/contract.ts';
import type { StepEvidence } from '#engine/judge.ts';
import type { Dimension } from '#engine/subject.ts';
import { readVariant, type Variant, variantVerdict } from '#engine/variant.ts';

const folder = mkdtempSync(join(tmpdir(), 'conform-variants-'));
afterAll(() => rmSync(folder, { recursive: true }));

const language: Language = {
  dimensions: [{ name: 'sysfs', meaning: '', isResult: true }],
  vocabulary: { operation: ['sysfs read'] },
};

function variant(differences: string, convictedAt = 'null'): Variant {
  mkdirSync(join(folder, 'other'), { recursive: true });
  writeFileSync(
    join(folder, 'other', 'variant.yaml'),
    `title: another\nentersAt: 3\nconvictedAt: ${convictedAt}\nworkload: fsync pmem0:/f\n${differences}`,
  );
  return readVariant(folder, 'other');
}

const declared = (id: string, word: string): string =>
  `differences:\n  - id: ${id}\n    shows: sysfs\n    when: {operation: ${word}}\n    because: it has a file more\n`;

describe('what a variant declares of its own', () => {
  it('should be nothing unless it says so', () => {
    expect(variant('').declarations(language)).toEqual([]);
  });

  it('should be in the words of a contract, of the step where it enters', () => {
    expect(variant(declared('D3-file', 'sysfs read')).declarations(language)).toMatchObject([
      {
        id: 'D3-file',
        shows: [{ dimension: 'sysfs', relation: 'other' }],
        when: { operation: ['sysfs read'] },
      },
    ]);
    expect(() => variant(declared('D4-file', 'sysfs read')).declarations(language)).toThrow(
      /variant\.yaml:6: differences\.0\.id: 'D4-file' in step 3\n {2}allowed: D3-…/,
    );
    expect(() => variant(declared('D3-file', 'teleport')).declarations(language)).toThrow(
      "'teleport' is no value of 'operation'",
    );
  });
});

const DIMENSIONS: readonly Dimension[] = [
  { name: 'result', meaning: '', isResult: true },
  { name: 'sysfs', meaning: '', isResult: true },
  { name: 'acked', meaning: '', isResult: false, sort: 'images' },
  { name: 'in-flight', meaning: '', isResult: false, sort: 'images' },
  { name: 'log', meaning: '', isResult: false },
  { name: 'cost', meaning: '', isResult: false, sort: 'cost only' },
];

/** A step at which failures of these kinds were found, and differences in these dimensions, `!` marking those declared. */
function step(number: number, kinds: readonly string[], dimensions: readonly string[]): StepEvidence {
  return {
    step: number,
    failures: kinds.map((kind) => ({ kind, cause: 'write', message: 'x', also: {} })),
    differences: dimensions.map((word) => ({
      dimension: word.replace('!', ''),
      declaredAs: word.endsWith('!') ? ['D3-declared'] : [],
    })),
  } as unknown as StepEvidence;
}

const UNDECLARED = 'undeclared difference';

describe('the verdict on a variant', () => {
  for (const [convictedBy, kinds, dimensions] of [
    ['does not run', [UNDECLARED, 'does not run'], ['result']],
    ['promise broken', ['broken promise'], ['result', 'acked']],
    ['result', ['wrong result'], ['cost', 'sysfs', 'acked']],
    ['images', [UNDECLARED], ['cost', 'in-flight']],
    ['log', [UNDECLARED], ['cost', 'log']],
    ['cost only', [UNDECLARED], ['cost']],
    ['cost only', [UNDECLARED], ['result!', 'acked!', 'cost']],
  ] as const)
    it(`should name the gravest thing that convicts: ${convictedBy} of ${dimensions.join(', ')}`, () => {
      const verdict = variantVerdict(variant('', '3'), [step(3, kinds, dimensions)], DIMENSIONS);
      expect(verdict).toMatchObject({ convictedAt: 3, convictedBy, asExpected: true });
    });

  it('should not be as expected where something else convicts than its facts say', () => {
    const cheap = variant('convictedBy: images\n', '3');
    const steps = [step(3, [UNDECLARED], ['cost'])];
    expect(variantVerdict(cheap, steps, DIMENSIONS)).toMatchObject({
      convictedBy: 'cost only',
      expectedBy: 'images',
      asExpected: false,
    });
    expect(() =>
      variant('convictedBy: image\n', '3').declarations({ ...language, dimensions: DIMENSIONS }),
    ).toThrow(
      "convictedBy: 'image' convicts nobody\n  allowed: does not run, promise broken, result, images, log, cost only",
    );
  });

  it('should convict nobody of a contract that is stale or not confirmed, nor where nothing was tried', () => {
    const steps = [step(3, ['stale declaration', 'unconfirmed contract', 'nothing tried'], ['cost!'])];
    const verdict = variantVerdict(variant(declared('D3-file', 'sysfs read')), steps, DIMENSIONS);
    expect(verdict).toMatchObject({ convictedAt: null, isDeclared: true, asExpected: true });
    expect(verdict.convictedBy).toBeUndefined();
  });
});
