/**
 * Loads a tree in such a way that it says which of its functions a run enters: each function sets a mark first. A mark costs a
 * store; the counters of V8 itself would cost 7 ms a run.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { asideOf } from '#base/files.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import { bootOf, loadTree } from '../load-tree.ts';
import type { Boot } from '../run/run.ts';
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
 * Loads the tree of `files` in `folder`, which `partsOf` reads. It is joined to one file, which lies beside the folder while it is loaded
 * and finds what the tree shares with others as the folder does; where nothing can be written it is loaded as it is. There, and with
 * a kernel of its own, it has no marks. Throws what the file system says.
 */
export async function loadMarked(
  folder: string,
  files: TreeFiles,
  partsOf: (text: string) => SourceParts,
): Promise<MarkedTree> {
  const parts = hasOwnKernel(files) ? undefined : treeParts(files, partsOf);
  const joined = `${asideOf(folder)}.mjs`;
  try {
    const marked = parts === undefined ? files : markedFiles(files, parts);
    const text = await joinedText(folder, marked, parts?.length ?? 0);
    if (!isWritten(joined, text)) return { boot: await loadTree(folder), entered: () => undefined };
    const tree = (await import(pathToFileURL(joined).href)) as { boot?: Boot; [MARKS]: Uint8Array };
    return { boot: bootOf(tree, folder), entered: () => parts && taken(tree[MARKS], parts) };
  } finally {
    rmSync(joined, { force: true });
  }
}

function isWritten(path: string, text: string): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}

/** The files of a tree as one, which exports what the tree does, and its marks. */
async function joinedText(folder: string, files: TreeFiles, count: number): Promise<string> {
  const own = new Set([...files.keys()].map((file) => file.split('/', 1)[0]));
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    banner: { js: `export const ${MARKS} = new Uint8Array(${count});` },
    plugins: [
      {
        name: 'tree',
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^#/ }, ({ path }) => {
            const place = path.slice(1);
            const isOwn = own.has(place.split('/', 1)[0]);
            return isOwn ? { path: join(folder, place) } : { path, external: true };
          });
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = files.get(path.slice(folder.length + 1));
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
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
