import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText, TEXT_BYTES_MAX } from '#base/read-text.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'text-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a text that somebody names', () => {
  it('should be read whole, also where a character lies across two reads', () => {
    const file = join(folder, 'a');
    for (const text of ['', 'é'.repeat(100_001), `x${'€'.repeat(70_000)}`]) {
      writeFileSync(file, text);
      expect(readText(file) === text).toBe(true);
    }
  });

  it('should be refused where it is larger than any text, and where it never ends', () => {
    const file = join(folder, 'large');
    writeFileSync(file, '');
    truncateSync(file, TEXT_BYTES_MAX + 1);
    expect(() => readText(file)).toThrow('EFBIG: larger than 128 MiB');
    expect(() => readText('/dev/zero')).toThrow('EFBIG: larger than 128 MiB');
  });

  it('should be what the system says where there is none', () => {
    expect(() => readText(join(folder, 'none'))).toThrow('ENOENT');
    expect(() => readText(folder)).toThrow('EISDIR');
  });
});
