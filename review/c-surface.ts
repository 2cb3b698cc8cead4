/**
 * What a tree of C declares for others and which of its functions each of its functions calls: the same plain data as of TypeScript
 * (`surface.ts`), read from tokens, every branch of `#if` at once. Exported is what EXPORT_SYMBOL names, in a tree without any
 * every function that is not static. As in TypeScript, a function passed on as a value counts as called, and calls through fields
 * of structs and of names outside the tree are left out.
 */
import { openFile, type CFile } from '#checks/c/analyse.ts';
import { declarationsOf, type Declared } from '#checks/c/declared.ts';
import { functionsIn, type CFunction } from '#checks/c/functions.ts';
import { openFolder } from '#checks/c/source/folder.ts';
import { filterOf } from '#checks/globs.ts';
import type { FunctionCalls, SurfaceCall } from './surface-calls.ts';
import type { SurfaceExport, SurfaceReader, TreeSurface } from './surface.ts';

const FILES = ['**/*.[ch]'];

/** A reader for trees of C. It keeps nothing. */
export function openCSurfaces(): SurfaceReader<Promise<TreeSurface>> {
  return { read: readSurface, close: () => undefined };
}

interface ReadFile {
  readonly name: string;
  readonly functions: readonly CFunction[];
  readonly exports: readonly Declared[];
}

async function readSurface(folder: string): Promise<TreeSurface> {
  const source = openFolder(folder, filterOf(FILES));
  const files: ReadFile[] = [];
  await source.readEach([...source.files.names()], (name, text) => {
    const file: CFile = openFile(name, text);
    const exports = declarationsOf(file).filter(({ what }) => what === 'export');
    files.push({ name, functions: functionsIn(file), exports });
  });
  return surfaceOf(files);
}

/** The surface of files that were read. */
function surfaceOf(files: readonly ReadFile[]): TreeSurface {
  const homes = homesOf(files);
  const functions = new Map<string, FunctionCalls>();
  for (const { name: file, functions: own } of files) {
    const statics = new Set(own.map(({ name }) => name));
    const calleeOf = (word: string): string | undefined => {
      const home = statics.has(word) ? file : homes.get(word);
      return home === undefined ? undefined : `${home}#${word}`;
    };
    for (const one of own) {
      const calls = one.words.flatMap(({ word, line }): SurfaceCall[] => {
        const callee = calleeOf(word);
        return callee === undefined || callee === `${file}#${one.name}` ? [] : [{ callee, line }];
      });
      const symbol = `${file}#${one.name}`;
      // Variants of one function in branches of #if are one.
      const known = functions.get(symbol);
      functions.set(symbol, {
        file,
        line: known?.line ?? one.line,
        calls: [...(known?.calls ?? []), ...calls],
      });
    }
  }
  return { exports: exportsOf(files, homes), functions, members: [], otherNames: new Map() };
}

/** The file that defines a name for others; of several the first. */
function homesOf(files: readonly ReadFile[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name: file, functions } of files)
    for (const { name, isStatic } of functions)
      if ((!isStatic || file.endsWith('.h')) && !found.has(name)) found.set(name, file);
  return found;
}

function exportsOf(files: readonly ReadFile[], homes: ReadonlyMap<string, string>): readonly SurfaceExport[] {
  const said = new Map<string, string>();
  for (const { exports } of files) for (const { name, by = '' } of exports) said.set(name, by);
  const found = new Map<string, SurfaceExport>();
  for (const { name: file, functions } of files) {
    for (const { name, head, body, isStatic } of functions) {
      const by = said.get(name);
      if (isStatic || homes.get(name) !== file || (said.size > 0 && by === undefined)) continue;
      const symbol = `${file}#${name}`;
      const signature = by === undefined ? head : `${by} ${head}`;
      if (!found.has(symbol)) found.set(symbol, { symbol, name, signature, body });
    }
  }
  return [...found.values()];
}
