/** A tree whose conditions can be watched and forced, one at a time. */
import type { TreeFiles } from '#base/tree-files.ts';
import { type AskingTree, loadAsking } from './asking-tree.ts';
import { type Condition, CONDITION, withConditions } from './conditions.ts';

/** Condition n is place n that asks. */
export interface ForcedTree extends AskingTree {
  readonly conditions: readonly Condition[];
}

/** Loads the tree of `files` in `folder`; of one file only its conditions are asked. Throws what loading it throws. */
export async function loadForced(folder: string, files: TreeFiles, only?: string): Promise<ForcedTree> {
  const { conditions, files: texts } = withConditions(files, only);
  const tree = await loadAsking({ folder, files: texts, name: CONDITION, count: conditions.length });
  return { ...tree, conditions };
}
