/** The mutants of the project: which files they are made in, and a name for each that outlives edits elsewhere in the file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { mutationsOf, type Placed } from './operators.ts';

export interface Mutant extends Placed {
  /** `after/drivers/nvdimm/pmem.ts#pmemClearPoison/drop-2`. */
  readonly id: string;
  /** Relative to the project. */
  readonly file: string;
}

/**
 * What carries bytes to media and says when they are there. In `before/` only what `after/` has no more: a mistake in what both share
 * is the same mistake. Tables, sysfs and labels have tests of their own.
 */
export const MUTATED_FILES: readonly string[] = [
  'after/arch/x86/**/*.ts',
  'after/drivers/dax/super.ts',
  'after/drivers/md/*.ts',
  'after/drivers/nvdimm/{pmem,claim,region_devs}.ts',
  'after/drivers/nvdimm/pmem.h.ts',
  'after/fs/dax.ts',
  'after/lib/iov_iter.ts',
  'before/arch/x86/include/asm/{pmem,uaccess_64}.ts',
  'before/include/linux/pmem.ts',
  'kernel/arch/x86/{copy-user-64,memory-64,special-insns}.ts',
  'kernel/block/{submit,bio}.ts',
  'kernel/drivers/nvdimm/{btt-io,btt-arena}.ts',
  'kernel/drivers/md/dm-table.ts',
  'kernel/fs/{dax-file-system,address-space}.ts',
];

/** Mistakes of one operator in one function that are tried, the first ones: more of a kind say little more. */
const EACH_MAX = 2;

/** Every mutant, by file and place. */
export async function allMutants(root: string): Promise<Mutant[]> {
  const files = await glob([...MUTATED_FILES], { cwd: root, expandDirectories: false });
  return files.sort().flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
}

/** The mutants of one file. */
export function mutantsOf(file: string, code: string): Mutant[] {
  const counts = new Map<string, number>();
  return mutationsOf(code).flatMap((placed) => {
    const key = `${file}#${placed.inFunction}/${placed.operator}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > EACH_MAX ? [] : [{ ...placed, file, id: `${key}-${count}` }];
  });
}

/** The file with the mistake in it. */
export const mutated = (code: string, { start, end, replacement }: Mutant): string =>
  code.slice(0, start) + replacement + code.slice(end);
