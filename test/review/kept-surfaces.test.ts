import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { treeHash, writeTree } from '#base/tree-files.ts';
import { EvidenceStore } from '#engine/store.ts';
import type { Tree } from '#engine/subject.ts';
import { keptSurfaces } from '#review/kept-surfaces.ts';
import { openSurfaces, type TreeSurface } from '#review/surface.ts';

let root: string;
let opened: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conform-surfaces-'));
  opened = 0;
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "imports": { "#around/*": "./around/*" } }');
  writeFileSync(
    join(root, 'tsconfig.json'),
    '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true, "noEmit": true } }',
  );
  writeTree(join(root, 'around'), new Map([['type.ts', 'export const word = 1;\n']]));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A tree that imports from the folder around it. */
function tree(name: string, text: string): Tree {
  const files = new Map([['a.ts', `import { word } from '#around/type.ts';\n${text}`]]);
  writeTree(join(root, name), files);
  return { name, folder: join(root, name), hash: treeHash(files) };
}

const TEXT =
  'export function add() { return word; }\nexport function twice() { return [add(), add(), word]; }\n';

/** Reads as a process of its own would: with nothing in memory. */
async function readAnew(one: Tree, isFresh = false): Promise<TreeSurface> {
  const store = new EvidenceStore(join(root, 'evidence'), (message) => expect.fail(message), isFresh);
  const source = { root, tsconfig: 'tsconfig.json', imports: ['around'] };
  const surfaces = keptSurfaces(source, store, () => {
    opened++;
    return openSurfaces(join(root, 'tsconfig.json'));
  });
  try {
    return await surfaces.read(one);
  } finally {
    await surfaces.close();
  }
}

describe('the surface of a tree', () => {
  it('should be read once and be the same from the store', async () => {
    const one = tree('one', TEXT);
    const first = await readAnew(one);
    expect([...first.functions.keys()]).toEqual(['a.ts#add', 'a.ts#twice']);
    expect(first.functions.get('a.ts#twice')?.calls).toHaveLength(2);
    expect(await readAnew(one)).toEqual(first);
    expect(opened).toBe(1);
  });

  it('should be read anew for other files, and when all is to be done again', async () => {
    await readAnew(tree('one', TEXT));
    const other = await readAnew(tree('one', `${TEXT}export const more = 1;\n`));
    expect(other.exports.map(({ name }) => name)).toContain('more');
    expect(opened).toBe(2);
    await readAnew(tree('one', TEXT), true);
    expect(opened).toBe(3);
  });

  it('should be read anew when the folders around the tree or the settings change', async () => {
    const one = tree('one', TEXT);
    await readAnew(one);
    writeTree(join(root, 'around'), new Map([['type.ts', "export const word = 'a';\n"]]));
    await readAnew(one);
    expect(opened).toBe(2);
    writeFileSync(join(root, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext" } }');
    await readAnew(one);
    expect(opened).toBe(3);
  });
});
