/** The surface of a tree is read, also where nothing can be written beside its configuration. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSurfaces } from '#review/surface.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'surface-'));
  writeFileSync(join(root, 'tsconfig.json'), '{ "compilerOptions": { "lib": ["es2022"], "types": [] } }');
  mkdirSync(join(root, 'tree'));
  writeFileSync(join(root, 'tree/a.ts'), 'export const size = (text: string): number => text.length;\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function exportsOfTree(): Promise<unknown> {
  const reader = await openSurfaces(join(root, 'tsconfig.json'));
  try {
    return reader.read(join(root, 'tree')).exports;
  } finally {
    reader.close();
  }
}

describe('the surface of a tree', () => {
  it('should be the same where the folder of caches cannot be made', async () => {
    const written = await exportsOfTree();
    rmSync(join(root, '.cache'), { recursive: true });
    // No folder can be made where a file is, not even by an administrator.
    writeFileSync(join(root, '.cache'), '');
    expect(await exportsOfTree()).toEqual(written);
    expect(JSON.stringify(written)).toContain('size');
  });
});
