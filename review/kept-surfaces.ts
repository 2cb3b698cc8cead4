/**
 * Surfaces of trees from the store: a tree that was read once is not read again while nothing that its surface follows from
 * has changed. The compiler is loaded when there is something to read, because that takes longer than all the rest.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTsconfig } from 'get-tsconfig';
import { hashOfParts } from '#base/hash.ts';
import { ownHash } from '#base/own-package.ts';
import { fastestThere } from '#checks/oracle/open.ts';
import { once, onceEach } from '#base/once.ts';
import { readTree, treeHash } from '#base/tree-files.ts';
import { toolFiles } from '#checks/cache.ts';
import type { EvidenceStore } from '#engine/store.ts';
import type { Tree } from '#engine/subject.ts';
import type { FunctionCalls } from './surface-calls.ts';
import type { SurfaceReader, TreeSurface } from './surface.ts';

/** What surfaces follow from besides the files of a tree. */
export interface SurfaceSource {
  /** Absolute folder of the project. */
  readonly root: string;
  /** The settings that trees are compiled with, relative to `root`; absent where they are C. */
  readonly tsconfig?: string;
  /** Folders of the project that its trees import, relative to `root`. */
  readonly imports: readonly string[];
}

/** Says what trees export and call. */
export interface Surfaces {
  readonly read: (tree: Tree) => Promise<TreeSurface>;
  /** Ends the compiler, where there was need of one. */
  readonly close: () => Promise<void>;
}

/** A surface as JSON has it. */
interface Row {
  readonly exports: TreeSurface['exports'];
  readonly functions: readonly (readonly [string, FunctionCalls])[];
  readonly members: TreeSurface['members'];
  readonly otherNames: readonly (readonly [string, readonly string[]])[];
}

/** Surfaces from `store`, and where it has none from what `open` opens. */
export function keptSurfaces(
  source: SurfaceSource,
  store: EvidenceStore,
  open: () => Promise<SurfaceReader<TreeSurface | Promise<TreeSurface>>>,
): Surfaces {
  const around = once(() => hashAround(source));
  let opened: ReturnType<typeof open> | undefined;
  const readNow = async (folder: string): Promise<TreeSurface> => {
    opened ??= open();
    return (await opened).read(folder);
  };
  const read = onceEach(async ({ hash, folder }: Tree): Promise<TreeSurface> => {
    const table = store.table<Row>('surface', [hash, around()]);
    const known = table.get(hash);
    if (known !== undefined) return surfaceOfRow(known);
    const surface = await readNow(folder);
    table.set(hash, rowOf(surface));
    return surface;
  });
  return {
    read,
    close: async () => {
      store.save();
      (await opened)?.close();
    },
  };
}

function rowOf({ exports, functions, members, otherNames }: TreeSurface): Row {
  return { exports, functions: [...functions], members, otherNames: [...otherNames] };
}

function surfaceOfRow({ exports, functions, members, otherNames }: Row): TreeSurface {
  return { exports, functions: new Map(functions), members, otherNames: new Map(otherNames) };
}

/** The hash of the code that reads, the settings, the packages installed and the folders around a tree. */
function hashAround({ root, tsconfig, imports }: SurfaceSource): string {
  const lock = join(root, 'package-lock.json');
  return hashOfParts([
    ...toolFiles().map((file) => readFileSync(file, 'utf8')),
    ownHash('review/surface.ts'),
    ownHash('review/surface-calls.ts'),
    ownHash('review/c-surface.ts'),
    ...(tsconfig === undefined
      ? ['c']
      : [fastestThere(), JSON.stringify(parseTsconfig(join(root, tsconfig)))]),
    existsSync(lock) ? readFileSync(lock, 'utf8') : '',
    ...imports.map((folder) => treeHash(readTree(join(root, folder)))),
  ]);
}
