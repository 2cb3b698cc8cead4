/** Who calls or reads the fields that names are stored in. */
import { mayHold } from './assume.ts';
import type { Reached } from './reach.ts';
import type { Hit } from './reading.ts';
import { namesPattern } from './search.ts';
import { slotNames } from './slot-types.ts';
import type { CTree } from './tree.ts';
import { watchFor } from './watch.ts';

/** A place that reads a field. */
export interface SlotRead {
  readonly place: Hit & { readonly file: string };
  /** `struct T.field`. */
  readonly slot: string;
  /** Whether the type of the field is known to be that one; else it is not known at all. */
  readonly isCertain: boolean;
  /** The place where the name is stored there. */
  readonly store: Reached;
}

/** Reads of the fields that some uses store names in, in all files. Each place counts once for a name. */
export async function readSlots(tree: CTree, found: readonly Reached[]): Promise<readonly SlotRead[]> {
  const stores = await storesIn(tree, found);
  const fields = [...new Set(stores.map(({ field }) => field))].sort();
  if (fields.length === 0) return [];
  const files = [...(await tree.source.matching(namesPattern(fields))).keys()];
  const reads: SlotRead[] = [];
  for (const [file, hits] of await tree.facts.hits(files, watchFor(fields))) {
    for (const hit of hits) {
      if (hit.fieldUse === undefined || !mayHold(hit.condition, tree.assumed)) continue;
      const own = stores.filter(({ field }) => field === hit.name);
      const names = hit.slot === undefined ? [] : await slotNames(tree, { file, slot: hit.slot });
      const known = new Set<string>();
      for (const { slot, all, store } of own) {
        const isCertain = names.some((name) => all.includes(name));
        if ((names.length > 0 && !isCertain) || known.has(store.name)) continue;
        known.add(store.name);
        reads.push({ place: { ...hit, file }, slot, isCertain, store });
      }
    }
  }
  return reads;
}

interface Store {
  readonly field: string;
  readonly slot: string;
  /** All names of the field. */
  readonly all: readonly string[];
  readonly store: Reached;
}

/** The fields, as far as their types are known. */
async function storesIn(tree: CTree, found: readonly Reached[]): Promise<readonly Store[]> {
  const stores: Store[] = [];
  for (const store of found) {
    if (store.use.kind !== 'slot') continue;
    const all = await slotNames(tree, store.use);
    const [slot] = all;
    if (slot !== undefined) stores.push({ field: slot.slice(slot.lastIndexOf('.') + 1), slot, all, store });
  }
  return stores;
}
