/** Trees that are broken on purpose: a few words of the files of `after/`, or of the kernel around it, replaced. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTree, type TreeFiles, writeTree } from '#base/tree-files.ts';
import { loadTree } from '#pmem/load-tree.ts';
import type { Boot } from '#pmem/run/run.ts';
import { rootFolder, scratchFolder, seriesFolders, treeOf } from '../../support/project.ts';

/** In which file which text stands as which. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Makes mutants in a folder of its own, until it is removed. */
export class Mutants {
  readonly #folder = scratchFolder();
  #count = 0;

  /** Loads `after/` with mutations. Throws when one finds nothing to replace. */
  async load(...mutations: readonly Mutation[]): Promise<Boot> {
    const files = mutated(readTree(seriesFolders().after), mutations);
    return loadTree(treeOf(files, this.#folder, `mutant-${this.#count++}`).folder);
  }

  /** Loads `after/` over a kernel with mutations, of which files lie below `kernel/`. */
  async loadKernel(...mutations: readonly Mutation[]): Promise<Boot> {
    const folder = join(this.#folder, `kernel-${this.#count++}`);
    mkdirSync(folder);
    for (const same of ['base', 'machine', 'node_modules'])
      symlinkSync(join(rootFolder, same), join(folder, same));
    const imports = Object.fromEntries(
      ['base', 'machine', 'kernel'].map((name) => [`#${name}/*`, `./${name}/*`]),
    );
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
    writeTree(join(folder, 'kernel'), mutated(readTree(join(rootFolder, 'kernel')), mutations));
    writeTree(join(folder, 'after'), readTree(seriesFolders().after));
    return loadTree(join(folder, 'after'));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Files with mutations. Throws when one finds nothing to replace. */
function mutated(files: TreeFiles, mutations: readonly Mutation[]): TreeFiles {
  const changed = new Map(files);
  for (const { file, from, to } of mutations) {
    const text = changed.get(file) ?? '';
    if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
    changed.set(file, text.replace(from, to));
  }
  return changed;
}
