// The page about C says what is there: its example runs, its tables name the kinds and the figures the rules give.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { C_KINDS } from '#checks/c/makers.ts';
import { USE_KINDS } from '#checks/c/reading.ts';
import { loadRules } from '#checks/rules-file.ts';
import { parseAssumed } from '#checks/c/assume.ts';
import { memoryStore } from '#checks/c/facts.ts';
import { judgeC } from '#checks/c/judge.ts';
import { openFolder } from '#checks/c/source/folder.ts';
import { filterOf } from '#checks/globs.ts';
import type { LintResult } from '#checks/result.ts';
import { rows, withFolder } from '../checks/c/trees.ts';

const root = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(root, 'docs/LINT-C.md'), 'utf8');
const READY = path.join(root, 'checks/c/pmem-api.boundary.config.ts');
const KERNEL = process.env['PMEM_CONFORM_KERNEL'];

async function judged(rulesFile: string, folder: string): Promise<LintResult> {
  const { c } = await loadRules(rulesFile);
  if (c === undefined) throw new Error(`${rulesFile} is not about C`);
  const { rules, includePaths, files } = c;
  const commits = [{ source: openFolder(folder, filterOf(files)) }];
  const base = path.dirname(rulesFile);
  return judgeC({
    rules,
    includePaths,
    base,
    rulesName: 'rules',
    assumed: parseAssumed([]),
    store: memoryStore(),
    commits,
  });
}

describe('docs/LINT-C.md', () => {
  it('should have an example that runs and finds what it bans', async () => {
    const example = /```ts\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
    const texts = {
      'boundary.config.ts': example,
      'include/pmem.h': 'void memcpy_to_pmem(void);\n',
      'drivers/inner/inner.h': 'void inside(void);\n',
      'drivers/inner/pmem.c':
        'static void write_pmem(void) { }\nstatic int my_direct_access(void) { write_pmem(); return 0; }\nstruct dax_operations { int (*direct_access)(void); };\nstruct dax_operations ops = { .direct_access = my_direct_access };\n',
      'fs/a.c': '#include "../drivers/inner/inner.h"\nvoid a(void) { memcpy_to_pmem(); inside(); }\n',
    };
    await withFolder(texts, async (folder) => {
      expect(rows(await judged(path.join(folder, 'boundary.config.ts'), folder))).toEqual([
        'drivers/inner/pmem.c:1 defines write_pmem',
        'drivers/inner/pmem.c:2 calls write_pmem',
        'fs/a.c:1 includes drivers/inner/inner.h',
        'fs/a.c:2 calls memcpy_to_pmem',
        'fs/a.c:2 names inside, which drivers/inner/inner.h declares',
      ]);
    });
  });

  it('should name every kind of rule and of use', () => {
    for (const kind of [
      ...C_KINDS,
      'noReference',
      'onlyInto',
      'boundary',
      'layers',
      'noUnresolved',
      'tombstones',
    ])
      expect(PAGE).toContain(`| \`${kind}\` |`);
    for (const kind of USE_KINDS) expect(PAGE).toContain(`\`${kind}\``);
  });

  it.each(['v4.12.10', 'v4.13.9'])(
    'should give the figures of %s (only where PMEM_CONFORM_KERNEL names a folder with it)',
    async (name) => {
      const row = new RegExp(`^\\| ${name.replaceAll('.', '\\.')} \\| (\\d+) \\|`, 'm').exec(PAGE);
      expect(row).not.toBeNull();
      const folder = path.join(KERNEL ?? '', name);
      if (KERNEL === undefined || !existsSync(folder)) return;
      expect((await judged(READY, folder)).findings).toHaveLength(Number(row?.[1]));
    },
  );
});
