// What a lint said is said again only while everything it was made from is the same.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepSaid, sayAgain } from '../../../cli/lint/unchanged.mjs';

let folder = '';
let printed = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'unchanged-'));
  printed = '';
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const SAID = { out: 'one finding\n', error: '', code: 1 };

/** As if the record were made long after the files were written. */
function later(): void {
  const kept = path.join(folder, 'cache/pmem-conform/lint');
  for (const name of readdirSync(kept)) {
    const record = JSON.parse(readFileSync(path.join(kept, name), 'utf8')) as { recordedMs: number };
    writeFileSync(
      path.join(kept, name),
      JSON.stringify({ ...record, recordedMs: record.recordedMs + 60_000 }),
    );
  }
}

describe('an earlier answer', () => {
  it('should be given again, with its exit code, while nothing has changed', () => {
    const file = path.join(folder, 'a.ts');
    writeFileSync(file, 'export {};');
    keepSaid(['lint'], [file, path.join(folder, 'missing.ts')], SAID);
    later();
    expect(sayAgain(['lint'])).toBe(1);
    expect(printed).toBe('one finding\n');
    expect(sayAgain(['lint', '--only', 'A'])).toBeUndefined();
    expect(sayAgain(['run'])).toBeUndefined();
  });

  it('should be forgotten when a file changes, appears or goes', () => {
    const file = path.join(folder, 'a.ts');
    const missing = path.join(folder, 'missing.ts');
    const changes = [
      () => writeFileSync(file, 'export const changed = 1;'),
      () => writeFileSync(missing, ''),
      () => rmSync(file),
    ];
    for (const change of changes) {
      rmSync(missing, { force: true });
      writeFileSync(file, 'export {};');
      keepSaid(['lint'], [file, missing], SAID);
      later();
      change();
      expect(sayAgain(['lint'])).toBeUndefined();
    }
  });

  it('should be doubted where a file was written just before', () => {
    const file = path.join(folder, 'a.ts');
    writeFileSync(file, 'export {};');
    keepSaid(['lint'], [file], SAID);
    expect(sayAgain(['lint'])).toBeUndefined();
  });
});
