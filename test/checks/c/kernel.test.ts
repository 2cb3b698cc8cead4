// Tables read line by line in two kernel trees, held against the trees themselves. They run where the trees are:
// PMEM_CONFORM_KERNEL names a folder with v4.12.10/ and v4.13.9/ (fetched by hand; nothing of them is kept here).
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportsOf } from '#checks/c/rules/export-report.ts';
import { reached } from '#checks/c/reach.ts';
import { resolveSlot } from '#checks/c/slot-types.ts';
import { includesIn } from '#checks/c/tree.ts';
import { judgeFolder, rows, rule, treeOf } from './trees.ts';

const KERNEL = process.env['PMEM_CONFORM_KERNEL'];
const isThere = (name: string): boolean =>
  KERNEL !== undefined && existsSync(path.join(KERNEL, name, 'drivers/nvdimm'));
const treeIn = (name: string): string => path.join(KERNEL ?? '', name);
const why = 'PMEM_CONFORM_KERNEL names no folder with v4.12.10/ and v4.13.9/';

function golden<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, 'golden', name), 'utf8')) as T;
}

interface Reference {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly symbol: string;
  readonly kind: string;
  readonly in?: string;
  readonly condition?: readonly string[];
}

const TREES = ['v4.12.10', 'v4.13.9'] as const;

describe.each(TREES)('the kernel %s', (name) => {
  const run = isThere(name);
  const say = run ? '' : ` (not run: ${why})`;

  it.skipIf(!run)(`should have the references that reading finds, and no others${say}`, async () => {
    const table = golden<{ readonly symbols: readonly string[]; readonly references: readonly Reference[] }>(
      `helpers-${name}.json`,
    );
    const tree = await treeOf(treeIn(name), table.symbols);
    const found = reached(
      tree,
      tree.uses.uses
        .map(({ name: one }) => one)
        .filter((one) => table.symbols.includes(one))
        .map((one) => ({
          written: one,
          name: one,
          file: undefined,
          matches: (word: string) => word === one,
        })),
      { teaches: () => false },
    );
    const key = ({ file, line, column, symbol, kind, condition = [] }: Reference): string =>
      `${file}:${line}:${column} ${symbol} ${kind} ${condition.join(' && ')}`;
    const own = found.map(({ use }) => key({ ...use, symbol: use.name }));
    expect(own.sort()).toEqual(table.references.map(key).sort());
    const around = new Map(found.map(({ use }) => [`${use.file}:${use.line}:${use.column}`, use.in]));
    for (const one of table.references.filter((each) => each.in !== undefined))
      expect([one.file, one.line, around.get(`${one.file}:${one.line}:${one.column}`)]).toEqual([
        one.file,
        one.line,
        one.in,
      ]);
  });

  it.skipIf(!run)(`should have the includes of headers called pmem.h${say}`, async () => {
    const wanted =
      golden<
        Record<
          string,
          readonly {
            readonly file: string;
            readonly line: number;
            readonly to: string;
            readonly condition?: readonly string[];
          }[]
        >
      >('includes-of-pmem.h.json')[name] ?? [];
    const includePaths = [
      'include',
      'arch/x86/include',
      { files: ['tools/testing/nvdimm/**'], paths: ['drivers/nvdimm'] },
    ];
    const tree = await treeOf(treeIn(name), [], includePaths);
    const files = [...(await tree.source.matching('\\bpmem\\.h\\b')).keys()];
    const found = [...(await includesIn(tree, files)).values()]
      .flat()
      .filter(({ target }) => target?.endsWith('pmem.h') === true && /(?:^|\/)pmem\.h$/.test(target));
    expect(found.map((one) => [one.file, one.line, tree.resolve(one.file, one), one.condition])).toEqual(
      wanted.map(({ file, line, to, condition = [] }) => [file, line, to, condition]),
    );
  });

  it.skipIf(!run)(`should export what the list says${say}`, async () => {
    const wanted = golden<Record<string, readonly string[]>>('exports.json')[name] ?? [];
    const tree = await treeOf(treeIn(name), []);
    const found = await exportsOf({ files: ['drivers/nvdimm/**', 'drivers/dax/**', 'fs/dax.c'] }, tree);
    expect(found.map(({ name: one, by, place }) => `${one} ${by ?? ''} ${place.file}`).sort()).toEqual(
      [...wanted].sort(),
    );
  });
});

describe('the kernel v4.13.9', () => {
  const run = isThere('v4.13.9');
  const say = run ? '' : ` (not run: ${why})`;

  it.skipIf(!run)(`should store the operations of dax devices where reading finds them${say}`, async () => {
    interface Store {
      readonly file: string;
      readonly line: number;
      readonly object: string;
      readonly field: string;
      readonly function: string;
      readonly condition?: readonly string[];
    }
    const { stores } = golden<{ readonly stores: readonly Store[] }>('slots-v4.13.9.json');
    const names = [...new Set(stores.map((one) => one.function))];
    const tree = await treeOf(treeIn('v4.13.9'), names);
    const slots = tree.uses.uses.filter(({ kind }) => kind === 'slot');
    const found = await Promise.all(
      slots.map(async (use) => [
        use.file,
        use.line,
        use.into,
        await resolveSlot(tree, use),
        use.name,
        use.condition,
      ]),
    );
    expect(found.sort()).toEqual(
      stores
        .map((one) => [
          one.file,
          one.line,
          one.object,
          `struct dax_operations.${one.field}`,
          one.function,
          one.condition ?? [],
        ])
        .sort(),
    );
  });

  it.skipIf(!run)(
    `should break one rule in one place: the dax core names a helper of the architecture${say}`,
    async () => {
      const only = rule('noReference', {
        symbols: ['arch_wb_cache_pmem', 'arch_invalidate_pmem'],
        except: ['drivers/nvdimm/**', 'arch/**', 'include/linux/pmem.h'],
      });
      const own = rule('noUndeclared', { id: 'S', files: ['drivers/dax/**'] });
      const result = await judgeFolder(treeIn('v4.13.9'), [only, own], {
        includePaths: ['include', 'arch/x86/include'],
      });
      expect(rows(result)).toEqual([
        'drivers/dax/super.c:261 declares arch_wb_cache_pmem',
        'drivers/dax/super.c:261 declares arch_wb_cache_pmem for itself; drivers/nvdimm/pmem.h declares it',
        'drivers/dax/super.c:270 calls arch_wb_cache_pmem',
      ]);
    },
  );
});
