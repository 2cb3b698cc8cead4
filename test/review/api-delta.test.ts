/** API deltas and moved callers of two small trees, and of before/ and after/ as one big step. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiDelta } from '#review/api-delta.ts';
import { callersMoved } from '#review/callers.ts';
import { openSurfaces, type SurfaceReader, type TreeSurface } from '#review/surface.ts';
import { scratchTree } from './trees.ts';

let reader: SurfaceReader;

beforeAll(async () => {
  reader = await openSurfaces('tsconfig.json');
});

afterAll(() => reader.close());

function surface(files: Readonly<Record<string, string>>): TreeSurface {
  return reader.read(scratchTree(files));
}

describe('api delta', () => {
  const body = `{\n  // four lines\n  return [\n    first,\n    2,\n  ].length;\n}\n`;
  const before = {
    'lib/copy.ts': `export function copy(first: number): number ${body}export const limit = 4;\nfunction hidden(): void {}\nhidden();\n`,
    'lib/old.ts': 'export function flush(): void {}\n',
    'lib/wide.ts': 'export function clear(size: number): void { void size; }\n',
  };

  it('should find nothing in a tree that only changed comments and layout', () => {
    const after = {
      ...before,
      'lib/old.ts': '/** Writes back. */\nexport function flush(\n): void {\n}\n',
    };
    expect(apiDelta(surface(before), surface(after))).toEqual({
      added: [],
      removed: [],
      moved: [],
      changed: [],
    });
  });

  it('should tell moved from removed and added by signature and body', () => {
    const same = {
      ...before,
      'lib/copy.ts': 'export const limit = 4;\n',
      'lib/new.ts': `/** Copies. */\nexport function copy(first: number): number { return [first, 2].length; }\n`,
    };
    const { moved, added, removed } = apiDelta(surface(before), surface(same));
    expect(moved).toEqual([{ from: 'lib/copy.ts#copy', to: 'lib/new.ts#copy' }]);
    expect([added, removed]).toEqual([[], []]);
    const other = { ...same, 'lib/new.ts': same['lib/new.ts'].replace('2', '3') };
    const changed = apiDelta(surface(before), surface(other));
    expect(changed.moved).toEqual([]);
    expect(changed.removed.map(({ symbol }) => symbol)).toEqual(['lib/copy.ts#copy']);
    expect(changed.added).toEqual([
      { symbol: 'lib/new.ts#copy', signature: 'function copy(first: number): number' },
    ]);
  });

  it('should show a changed signature, also of a type and of what is passed on', () => {
    const old = { ...before, 'lib/type.ts': 'export interface Ops { a(): void }\n' };
    const after = {
      ...before,
      'lib/wide.ts': 'export function clear(size: number, fill = 0): void { void size; void fill; }\n',
      'lib/type.ts': 'export interface Ops { a(): void; b?(): void }\n',
      'lib/old.ts': "export { flush } from './real.ts';\n",
      'lib/real.ts': 'export function flush(): void {}\n',
    };
    const { changed, added } = apiDelta(surface(old), surface(after));
    expect(changed).toEqual([
      { symbol: 'lib/old.ts#flush', before: 'function flush(): void', after: 'flush from lib/real.ts' },
      {
        symbol: 'lib/type.ts#Ops',
        before: 'interface Ops { a(): void }',
        after: 'interface Ops { a(): void; b?(): void }',
      },
      {
        symbol: 'lib/wide.ts#clear',
        before: 'function clear(size: number): void',
        after: 'function clear(size: number, fill = 0): void',
      },
    ]);
    expect(added.map(({ symbol }) => symbol)).toEqual(['lib/real.ts#flush']);
  });
});

const lib =
  'export function one(): void {}\nexport function two(): void {}\nexport function three(): void {}\n';
const types = 'export interface Ops { size: number; flush?(): void }\n';
const user = (imports: string, body: string): string =>
  `import { ${imports} } from './lib.ts';\nimport type { Ops } from './ops.ts';\nexport function user(ops: Ops): void {\n${body}\n}\n`;
const tree = (imports: string, body: string): Record<string, string> => ({
  'lib.ts': lib,
  'ops.ts': types,
  'user.ts': user(imports, body),
});
const moves = (old: Record<string, string>, now: Record<string, string>): string[] =>
  callersMoved(surface(old), surface(now)).map(
    ({ place, caller, from, to }) => `${place} ${caller}: ${from} -> ${to}`,
  );

describe('callers moved', () => {
  it('should pair what is gone with what came in its place, by symbol', () => {
    const old = tree('one, two', '  one();\n  two();\n  void ops.size;');
    const now = tree(
      'one as first, three as third',
      '  first();\n  const call = third;\n  call();\n  if (ops.flush !== undefined) ops.flush();',
    );
    expect(moves(old, now)).toEqual([
      'user.ts:5 user.ts#user: lib.ts#two -> lib.ts#three',
      'user.ts:7 user.ts#user:  -> ops.ts#Ops.flush',
    ]);
    expect(moves(now, now)).toEqual([]);
  });

  it('should see through destructuring, tables and optional calls', () => {
    const old = tree('one', '  one();\n  void ops;');
    const taken = tree('one', '  const { flush } = ops;\n  flush?.();');
    expect(moves(old, taken)).toEqual(['user.ts:4 user.ts#user: lib.ts#one -> ops.ts#Ops.flush']);
    const table = tree('two', '  void { size: ops.size, two, other: two };');
    expect(moves(old, table)).toEqual(['user.ts:4 user.ts#user: lib.ts#one -> lib.ts#two']);
  });

  it('should not tell of calls that changed their order, nor of new and removed functions', () => {
    const old = tree('one, two', '  one();\n  two();\n  void ops;');
    const now = tree('one, two', '  two();\n  one();\n  void ops;');
    expect(moves(old, now)).toEqual([]);
    const more = { ...now, 'more.ts': "import { one } from './lib.ts';\nexport const more = () => one();\n" };
    expect(moves(old, more)).toEqual([]);
    expect(moves(more, old)).toEqual([]);
  });

  it('should tell of calls that are gone, and follow a function to another file', () => {
    const old = tree('one, two', '  one();\n  two();\n  void ops;');
    const { 'user.ts': _user, ...rest } = old;
    const now = { ...rest, 'moved.ts': user('two', '  two();\n  void ops;') };
    expect(moves(old, now)).toEqual(['moved.ts:3 moved.ts#user: lib.ts#one -> ']);
  });

  it('should know the names under which modules pass a function on', () => {
    const old = {
      ...tree('one', '  one();\n  void ops;'),
      'pass.ts': "export { two as pass } from './lib.ts';\n",
    };
    const now = {
      ...old,
      'user.ts': user('one', '  pass();\n  void ops;').replace(
        "{ one } from './lib.ts'",
        "{ pass } from './pass.ts'",
      ),
    };
    expect(callersMoved(surface(old), surface(now))).toEqual([
      {
        place: 'user.ts:4',
        caller: 'user.ts#user',
        from: 'lib.ts#one',
        to: 'lib.ts#two',
        fromAlso: [],
        toAlso: ['pass.ts#pass'],
      },
    ]);
  });
});

describe('before/ and after/ as one step', () => {
  it('should remove the global pmem api and lead its callers to the flushcache copies and dax operations', () => {
    const before = reader.read('before');
    const after = reader.read('after');
    const delta = apiDelta(before, after);
    expect(delta.removed.map(({ symbol }) => symbol)).toContain('include/linux/pmem.ts#memcpyToPmem');
    expect(delta.added.map(({ symbol }) => symbol)).toContain('drivers/dax/super.ts#daxFlush');
    expect(delta.changed.map(({ symbol }) => symbol)).toContain('include/linux/dax.ts#DaxOperations');
    const callers = callersMoved(before, after);
    const of = (name: string): string[] =>
      callers.filter(({ caller }) => caller === name).map(({ from, to }) => `${from} -> ${to}`);
    expect(of('drivers/nvdimm/pmem.ts#writePmem')).toEqual([
      'include/linux/pmem.ts#memcpyToPmem -> include/linux/string.ts#memcpyFlushcache',
    ]);
    expect(of('fs/dax.ts#daxWritebackOne')).toEqual([
      'include/linux/pmem.ts#wbCachePmem -> drivers/dax/super.ts#daxFlush',
    ]);
    // A function of the kernel around the tree, under the name by which the tree passes it on.
    expect(of('fs/dax.ts#daxZeroPageRange')).toEqual([
      'include/linux/pmem.ts#clearPmem -> include/linux/string.ts#memsetZero',
      ' -> drivers/dax/super.ts#daxFlush',
    ]);
  });
});
