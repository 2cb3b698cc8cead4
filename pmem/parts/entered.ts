/**
 * Loads a tree in such a way that it says which of its functions a run enters: each function sets a mark first. A mark costs a
 * store; the counters of V8 itself would cost 7 ms a run.
 */
import type { TreeFiles } from '#base/tree-files.ts';
import { loadTree } from '../load-tree.ts';
import type { Boot } from '../run/run.ts';
import { loadTreeModule } from '../tree-module.ts';
import type { SourceParts } from './source-parts.ts';
import { type TreePart, treeParts } from './tree-parts.ts';

/** The name of the marks in the files of a marked tree. */
const MARKS = '__marks';

/** A tree that can be booted, and the hashes of the functions that were entered since it was last asked; nothing without marks. */
export interface MarkedTree {
  readonly boot: Boot;
  readonly entered: () => string[] | undefined;
}

/** A tree with a kernel of its own follows from more than its functions and what these name outside of it. */
const hasOwnKernel = (files: TreeFiles): boolean => files.has('package.json');

/** The hashes of a tree's functions (`treeParts`); nothing for one that no other tree can stand for. */
export function partHashes(
  files: TreeFiles,
  partsOf: (text: string) => SourceParts,
): ReadonlySet<string> | undefined {
  return hasOwnKernel(files) ? undefined : new Set(treeParts(files, partsOf).map(({ hash }) => hash));
}

/**
 * Loads the tree of `files` in `folder`, which `partsOf` reads. One with a kernel of its own is loaded without marks. Throws what the
 * file system says.
 */
export async function loadMarked(
  folder: string,
  files: TreeFiles,
  partsOf: (text: string) => SourceParts,
): Promise<MarkedTree> {
  if (hasOwnKernel(files)) return { boot: await loadTree(folder), entered: () => undefined };
  const parts = treeParts(files, partsOf);
  const marks = new Uint8Array(parts.length);
  const { exports: tree } = await loadTreeModule<{ boot: Boot }>(folder, 'index.ts', {
    texts: markedFiles(files, parts),
    globals: { [MARKS]: marks },
    withoutMap: true,
  });
  return { boot: tree.boot, entered: () => taken(marks, parts) };
}

/** Hashes of the parts that are marked; the marks are cleared. */
function taken(marks: Uint8Array, parts: readonly TreePart[]): string[] {
  const hashes = parts.filter((_, index) => marks[index] === 1).map(({ hash }) => hash);
  marks.fill(0);
  return hashes;
}

/** The files of a tree whose functions set marks: part n sets mark n. */
export function markedFiles(files: TreeFiles, parts: readonly TreePart[]): TreeFiles {
  const insertions = new Map<string, { readonly at: number; readonly text: string }[]>();
  for (const [index, { file, body }] of parts.entries()) {
    const mark = `${MARKS}[${index}] = 1`;
    const own = body.isBlock
      ? [{ at: body.from + 1, text: ` ${mark};` }]
      : [
          { at: body.from, text: `(${mark}, ` },
          { at: body.to, text: ')' },
        ];
    insertions.set(file, [...(insertions.get(file) ?? []), ...own]);
  }
  return new Map([...files].map(([file, text]) => [file, inserted(text, insertions.get(file) ?? [])]));
}

function inserted(
  text: string,
  insertions: readonly { readonly at: number; readonly text: string }[],
): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { at, text: added } of insertions.toSorted((left, right) => left.at - right.at)) {
    pieces.push(text.slice(from, at), added);
    from = at;
  }
  return [...pieces, text.slice(from)].join('');
}
