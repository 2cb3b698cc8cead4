/** A tree whose conditions can be watched and forced, one at a time. */
import type { TreeFiles } from '#base/tree-files.ts';
import type { Boot } from '../run/run.ts';
import { loadTreeModule } from '../tree-module.ts';
import { type Condition, CONDITION, withConditions } from './conditions.ts';

/** Conditions that one life of a machine may ask before it counts as one that never ends: the longest workload asks 200,000. */
const ASKED_MAX = 5_000_000;

export interface ForcedTree {
  readonly boot: Boot;
  readonly conditions: readonly Condition[];
  /** Begins a run in which condition `number` is `value`, whatever it says; without them none is forced. */
  readonly begin: (number?: number, value?: boolean) => void;
  /** Whether condition `number` was `value` since `begin`. */
  readonly was: (number: number, value: boolean) => boolean;
}

/** Loads the tree of `files` in `folder`; of one file only its conditions are asked. Throws what loading it throws. */
export async function loadForced(folder: string, files: TreeFiles, only?: string): Promise<ForcedTree> {
  const { conditions, files: texts } = withConditions(files, only);
  const seen = { yes: new Uint8Array(conditions.length), no: new Uint8Array(conditions.length) };
  let [forced, forcedTo, asked] = [-1, false, 0];
  const ask = (number: number, condition: () => unknown): unknown => {
    if (++asked > ASKED_MAX) throw new Error('the run does not end');
    if (number === forced) return forcedTo;
    const value = condition();
    (value ? seen.yes : seen.no)[number] = 1;
    return value;
  };
  const { exports: tree } = await loadTreeModule<{ boot: Boot }>(folder, 'index.ts', {
    texts,
    globals: { [CONDITION]: ask },
  });
  return {
    boot: (configuration) => {
      asked = 0;
      return tree.boot(configuration);
    },
    conditions,
    begin: (number = -1, value = false) => {
      [forced, forcedTo, asked] = [number, value, 0];
      seen.yes.fill(0);
      seen.no.fill(0);
    },
    was: (number, value) => (value ? seen.yes : seen.no)[number] === 1,
  };
}
