/** The blob names in the `index` lines of patches: git needs them for a three-way merge, and folding writes them anew. */
import { createHash } from 'node:crypto';
import { InputError } from '#base/input-error.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import type { SeriesPatch } from './patches.ts';

/** `diff --git a/FILE b/FILE`, perhaps a mode, then `index OLD..NEW`. */
const INDEX_LINE = /^diff --git a\/\S+ b\/(\S+)\n(?:[a-z ]+ \d+\n)*index ([0-9a-f]+)\.\.([0-9a-f]+)/gm;

/** What git calls a file with this text. */
function blobName(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

/** Throws `InputError` for the first file whose blobs `patch` does not name as they are. Shortened names are held to their length. */
export function checkBlobNames(patch: SeriesPatch, before: TreeFiles, after: TreeFiles): void {
  for (const [, file = '', oldName = '', newName = ''] of patch.text.matchAll(INDEX_LINE)) {
    for (const [tree, name] of [[before, oldName] as const, [after, newName] as const]) {
      const text = tree.get(file);
      const real = text === undefined ? '0'.repeat(40) : blobName(text);
      if (real.startsWith(name)) continue;
      throw new InputError(
        `step ${patch.step}: ${patch.fileName}: ${file} is ${real.slice(0, 12)} here, the patch says ${name.slice(0, 12)}\n  what to do: unfold the series and fold it again`,
      );
    }
  }
}
