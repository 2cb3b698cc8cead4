/** A tree that asks at numbered places, where what it would do can be seen and something else put in its place. */
import type { TreeFiles } from '#base/tree-files.ts';
import type { Boot } from '../run/run.ts';
import { loadTreeModule } from '../tree-module.ts';

/** How often one life of a machine may ask before it counts as one that never ends: the longest workload asks 200,000 times. */
const ASKED_MAX = 5_000_000;

export interface AskingTree {
  readonly boot: Boot;
  /** Begins a run in which place `number` gives `value`; without them every place gives its own. */
  readonly begin: (number?: number, value?: unknown) => void;
  /** Whether place `number` gave something that holds, or does not, since `begin`. */
  readonly was: (number: number, value: boolean) => boolean;
}

/** What a tree is loaded from. */
export interface AskingSource {
  readonly folder: string;
  /** Texts of its files, which ask the function `name`. */
  readonly files: TreeFiles;
  readonly name: string;
  /** How many places ask. */
  readonly count: number;
}

/** Loads a tree, with `value` at place `number` from the beginning where these are given. Throws what loading it throws. */
export async function loadAsking(
  { folder, files, name, count }: AskingSource,
  number: number = -1,
  value?: unknown,
): Promise<AskingTree> {
  const seen = { yes: new Uint8Array(count), no: new Uint8Array(count) };
  let [forced, forcedTo, asked]: [number, unknown, number] = [number, value, 0];
  const ask = (place: number, own: () => unknown): unknown => {
    if (++asked > ASKED_MAX) throw new Error('the run does not end');
    if (place === forced) return forcedTo;
    const result = own();
    (result ? seen.yes : seen.no)[place] = 1;
    return result;
  };
  const { exports: tree } = await loadTreeModule<{ boot: Boot }>(folder, 'index.ts', {
    texts: files,
    globals: { [name]: ask },
    withoutMap: true,
  });
  return {
    boot: (configuration) => {
      asked = 0;
      return tree.boot(configuration);
    },
    begin: (at = -1, to) => {
      [forced, forcedTo, asked] = [at, to, 0];
      seen.yes.fill(0);
      seen.no.fill(0);
    },
    was: (place, holds) => (holds ? seen.yes : seen.no)[place] === 1,
  };
}
