/** The variants file is what the published tests and the second machine make of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLitmusFile } from '../../machine/litmus/file-parser.ts';
import { variantsFile } from '../machine/litmus/support/variants.ts';

const folder = new URL('../../litmus/', import.meta.url);
const published = ['base-tso', 'one-cpu', 'several-cpus', 'non-temporal', 'dirty-line'];

describe('litmus/variants.litmus', () => {
  const tests = published.flatMap((name) =>
    parseLitmusFile(readFileSync(new URL(`${name}.litmus`, folder), 'utf8'), name),
  );
  const text = variantsFile(tests);
  const file = new URL('variants.litmus', folder);
  if (process.env['LITMUS_UPDATE'] === '1') writeFileSync(file, text);

  it('should hold the verdicts of the second machine', () => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('should have at least 600 programs', () => {
    expect(parseLitmusFile(text, 'variants').length).toBeGreaterThanOrEqual(600);
  });
});
