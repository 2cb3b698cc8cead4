/** Writes a mutant where it can be loaded from: a tree with one file changed, or a kernel with one file changed and a tree over it. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { mutated, type Mutant } from './mutants.ts';

/** What a mutant takes from the project as it is. */
const sharedBy = ({ file }: Mutant): string[] =>
  file.startsWith('kernel/') ? ['base', 'machine'] : ['base', 'machine', 'kernel'];

/** The tree that a mutant is tried on: its own, `after` for a mutant of the kernel. */
export const treeOf = ({ file }: Pick<Mutant, 'file'>): 'before' | 'after' =>
  file.startsWith('before/') ? 'before' : 'after';

/** Writes the mutant below `folder`, which must be new. Returns the folder of its tree. */
export function writeMutant(root: string, folder: string, mutant: Mutant): string {
  const tree = treeOf(mutant);
  const shared = sharedBy(mutant);
  const own = [tree, 'kernel'].filter((name) => !shared.includes(name));
  mkdirSync(folder, { recursive: true });
  for (const name of own) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of shared) symlinkSync(relative(folder, join(root, name)), join(folder, name), 'dir');
  const imports = Object.fromEntries([...shared, ...own].map((name) => [`#${name}/*`, `./${name}/*`]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
  const path = join(folder, mutant.file);
  writeFileSync(path, mutated(readFileSync(path, 'utf8'), mutant));
  return join(folder, tree);
}
