import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Language } from '#engine/contract.ts';
import { readVariant, type Variant } from '#engine/variant.ts';

const folder = mkdtempSync(join(tmpdir(), 'conform-variants-'));
afterAll(() => rmSync(folder, { recursive: true }));

const language: Language = {
  dimensions: [{ name: 'sysfs', meaning: '', isResult: true }],
  vocabulary: { operation: ['sysfs read'] },
};

function variant(differences: string): Variant {
  mkdirSync(join(folder, 'other'), { recursive: true });
  writeFileSync(
    join(folder, 'other', 'variant.yaml'),
    `title: another\nentersAt: 3\nconvictedAt: null\nworkload: fsync pmem0:/f\n${differences}`,
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
