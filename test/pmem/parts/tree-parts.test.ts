/** What a function of a tree is made of: an edit changes the hashes of exactly those functions whose run it could change before they call another. */
import { describe, expect, it } from 'vitest';
import type { TreeFiles } from '#base/tree-files.ts';
import { sourceParts } from '#pmem/parts/source-parts.ts';
import { treeParts } from '#pmem/parts/tree-parts.ts';

const TREE = {
  'index.ts': `import { copy } from './lib/copy.ts';
import { LIMIT, operations } from './lib/values.ts';
export function boot() { return operations.write(copy, LIMIT); }
`,
  'lib/copy.ts': `import { print } from '#kernel/kernel.ts';
import { UNIT } from './values.ts';
export const copy = (bytes) => store(bytes, UNIT);
function store(bytes, unit) { print('stored'); return bytes + unit; }
export function flush() { return 0; }
`,
  'lib/values.ts': `import { flush } from './copy.ts';
export const UNIT = 8;
export const LIMIT = UNIT * 2;
export const operations = { write: (copy, limit) => copy(limit), flush };
`,
};

const hashes = (files: TreeFiles): Map<string, string> =>
  new Map(treeParts(files, sourceParts).map(({ name, hash }) => [name, hash]));

/** The functions that are other ones once `from` is `to` in a file. */
function changed(file: keyof typeof TREE, from: string, to: string): string[] {
  expect(TREE[file]).toContain(from);
  const before = hashes(new Map(Object.entries(TREE)));
  const after = hashes(new Map(Object.entries({ ...TREE, [file]: TREE[file].replace(from, to) })));
  return [...before.keys()].filter((name) => before.get(name) !== after.get(name));
}

describe('the parts of a tree', () => {
  it('should be its functions, by file and name', () => {
    const names = [...hashes(new Map(Object.entries(TREE))).keys()];
    expect(names).toEqual(['index.ts:boot', 'lib/copy.ts:copy', 'lib/copy.ts:store', 'lib/copy.ts:flush']);
  });

  it('should change alone, whoever calls them', () => {
    expect(changed('lib/copy.ts', 'bytes + unit', 'bytes - unit')).toEqual(['lib/copy.ts:store']);
  });

  it('should change with a constant that they use, through other constants too', () => {
    // LIMIT is UNIT * 2, boot reads LIMIT, copy reads UNIT; nobody else reads either.
    expect(changed('lib/values.ts', 'UNIT = 8', 'UNIT = 4')).toEqual(['index.ts:boot', 'lib/copy.ts:copy']);
  });

  it('should change with a table of functions that they call through', () => {
    expect(changed('lib/values.ts', 'copy(limit)', 'copy(0)')).toEqual(['index.ts:boot']);
  });

  it('should not change with a function that a table only names', () => {
    expect(changed('lib/copy.ts', 'return 0', 'return 1')).toEqual(['lib/copy.ts:flush']);
  });

  it('should change when a name comes to mean another function', () => {
    expect(changed('lib/copy.ts', "'#kernel/kernel.ts'", "'#kernel/log.ts'")).toEqual(['lib/copy.ts:store']);
  });

  it('should not change with a type, or an import that nobody uses', () => {
    expect(changed('lib/copy.ts', 'export function', 'type Bytes = number;\nexport function')).toEqual([]);
    expect(changed('lib/values.ts', 'import', "import { EIO } from '#kernel/errno.ts';\nimport")).toEqual([]);
  });

  it('should change with what a constant calls while the tree is loaded', () => {
    const calling = {
      ...TREE,
      'lib/values.ts': TREE['lib/values.ts'].replace('UNIT = 8', 'UNIT = flush() + 8'),
    };
    const before = hashes(new Map(Object.entries(calling)));
    const edited = { ...calling, 'lib/copy.ts': TREE['lib/copy.ts'].replace('return 0', 'return 1') };
    const after = hashes(new Map(Object.entries(edited)));
    const others = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
    expect(others).toEqual(['index.ts:boot', 'lib/copy.ts:copy', 'lib/copy.ts:flush']);
  });

  it('should all change with a statement that runs when a file is loaded', () => {
    expect(
      changed('lib/values.ts', 'export const UNIT', 'Object.freeze(globalThis);\nexport const UNIT'),
    ).toHaveLength(4);
  });
});
