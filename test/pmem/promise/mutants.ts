/** Trees that are broken on purpose: a few words of the files of `after/` replaced. */
import { rmSync } from 'node:fs';
import { readTree } from '#base/tree-files.ts';
import { loadTree } from '#pmem/load-tree.ts';
import type { Boot } from '#pmem/run/run.ts';
import { scratchFolder, seriesFolders, treeOf } from '../../support/project.ts';

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
    const files = new Map(readTree(seriesFolders().after));
    for (const { file, from, to } of mutations) {
      const text = files.get(file) ?? '';
      if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
      files.set(file, text.replace(from, to));
    }
    return loadTree(treeOf(files, this.#folder, `mutant-${this.#count++}`).folder);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
