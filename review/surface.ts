/**
 * What a tree exports and which of its own functions each of its functions calls: plain data, read once a tree by
 * symbol (`checks/oracle/`), from which API deltas and moved callers of two trees are worked out without a compiler.
 * Names are `FILE.ts#name`, relative to the tree. Only the tree is looked at, not the kernel around it.
 */
import path from 'node:path';
import { apiOf } from '#checks/api-surface.ts';
import { createContext, type CheckContext } from '#checks/context.ts';
import type { Compiler, DeclarationPlace } from '#checks/oracle/compiler.ts';
import { fastestThere, openerFor } from '#checks/oracle/open.ts';
import { filesIn } from '#checks/series.ts';
import { type FunctionCalls, readCalls, readMembers } from './surface-calls.ts';

/** An export of a tree. */
export interface SurfaceExport {
  readonly symbol: string;
  readonly name: string;
  readonly signature: string;
  /** The declaration without comments and needless white space; empty for what is passed on from elsewhere. */
  readonly body: string;
}

/** What review needs to know of a tree. */
export interface TreeSurface {
  readonly exports: readonly SurfaceExport[];
  /** Every function of the tree, exported or not, by its symbol. */
  readonly functions: ReadonlyMap<string, FunctionCalls>;
  /** Members of interfaces and classes, as `FILE.ts#Type.member`. */
  readonly members: readonly string[];
  /** Further names of a symbol: modules that pass it on by re-export. */
  readonly otherNames: ReadonlyMap<string, readonly string[]>;
}

/** Reads trees; what they share is parsed once, and no folder is read twice. */
export interface SurfaceReader<Answer extends TreeSurface | Promise<TreeSurface> = TreeSurface> {
  /** The surface of the tree in a folder. Its files must not change while the reader is open. */
  readonly read: (folder: string) => Answer;
  readonly close: () => void;
}

/** A reader for trees that are compiled with the settings of `tsconfig`. */
export async function openSurfaces(tsconfig: string): Promise<SurfaceReader> {
  const opener = await openerFor(fastestThere());
  const known = new Map<string, TreeSurface>();
  return {
    read: (folder) => {
      const base = path.resolve(folder);
      const surface = known.get(base) ?? readSurface(base);
      known.set(base, surface);
      return surface;
    },
    close: opener.close,
  };

  function readSurface(base: string): TreeSurface {
    const files = filesIn(base);
    if (files.length === 0) return { exports: [], functions: new Map(), members: [], otherNames: new Map() };
    const [compiler] = opener.open({ tsconfig: path.resolve(tsconfig), files });
    try {
      return surfaceOf(createContext(compiler, base));
    } finally {
      compiler.close();
    }
  }
}

const isOfTree = (file: string): boolean => !file.startsWith('..');

/** The surface of an opened project: of its files below the context's base. */
export function surfaceOf(context: CheckContext): TreeSurface {
  const { compiler } = context;
  const declared = declarationsByExport(context);
  const names = new Map<string, string[]>();
  const exports = apiOf(context, isOfTree).map(({ file, name, signature }) => {
    const symbol = `${file}#${name}`;
    const places = declared.get(symbol) ?? [];
    const own = places.filter((place) => context.nameOf(place) === file);
    for (const place of own.length > 0 ? [] : places) {
      const real = `${context.nameOf(place)}#${nameOfPlace(place)}`;
      names.set(real, [...(names.get(real) ?? []), symbol]);
    }
    const body = own.map(({ node }) => normalised(node.getText())).join(';');
    return { symbol, name, signature: portable(signature, context.base), body };
  });
  const units = compiler.files.filter((unit) => isOfTree(context.nameOf(unit)));
  return {
    exports,
    functions: readCalls(context, units),
    members: readMembers(context, units),
    otherNames: othersOf(names),
  };
}

/** A signature without the place of the tree on disk, in paths of types and of what is passed on. */
function portable(signature: string, base: string): string {
  return signature.replaceAll(`${base}/`, '').replace(/ from (?:\.\.\/)+/, ' from ');
}

/** For each name of a thing, its other names in the tree. */
function othersOf(names: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const groups = [...names].map(([real, passedOn]) => [real, ...passedOn].filter(isOfTree));
  return new Map(
    groups.flatMap((group) => group.map((name) => [name, group.filter((other) => other !== name)] as const)),
  );
}

function declarationsByExport(context: CheckContext): ReadonlyMap<string, readonly DeclarationPlace[]> {
  const { compiler } = context;
  const found = new Map<string, readonly DeclarationPlace[]>();
  for (const unit of compiler.files) {
    const file = context.nameOf(unit);
    const module = isOfTree(file) ? compiler.moduleOf(unit) : undefined;
    for (const symbol of module === undefined ? [] : compiler.exportsOf(module))
      found.set(`${file}#${symbol.name}`, placesOf(compiler, symbol));
  }
  return found;
}

function placesOf(compiler: Compiler, symbol: Parameters<Compiler['targetOf']>[0]): DeclarationPlace[] {
  return [...compiler.declarationsOf(compiler.targetOf(symbol))];
}

function nameOfPlace({ node }: DeclarationPlace): string {
  const name: unknown = Reflect.get(node, 'name');
  const text: unknown = typeof name === 'object' && name !== null ? Reflect.get(name, 'text') : undefined;
  return typeof text === 'string' ? text : 'default';
}

/** Code without comments, export keyword, trailing commas, and white space that separates no words. */
function normalised(code: string): string {
  return code
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/^\s*export\s+(?:default\s+)?/, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([^\w\s'"`$]) ?/g, '$1')
    .replaceAll(/,(?=[)\]}])/g, '');
}
