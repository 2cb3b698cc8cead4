/**
 * From a file a package offers (often built, often not there) to the source it is made from: the file itself when it
 * is a source, the one source of its declaration map, `rootDir` for `outDir` of a tsconfig of the package, or the
 * folders such sources usually lie in.
 */
import path from 'node:path';
import { TraceMap } from '@jridgewell/trace-mapping';
import { isFile, readObject } from './json-file.ts';
import { readTsconfig } from './tsconfig-file.ts';
import type { Workspaces } from './workspaces.ts';

/** The source of a target, how it was found, and the paths that were looked at. */
export interface SourceFound {
  readonly file: string | undefined;
  readonly how: string;
  readonly tried: readonly string[];
  /** Further files that are as likely to be the source, when nothing says which one is. */
  readonly others?: readonly string[];
}

const DECLARATION = /\.d\.[cm]?ts$/;
const SCRIPT = /\.[cm]?jsx?$/;
const STEM = /(?:\.d)?\.[cm]?[jt]sx?$/;
const SOURCE_ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.vue', '.svelte'];
const OUTPUT_FOLDER =
  /^(?:dist|build|lib|out|esm|cjs|es|types|module|output)(?:\/(?:esm|cjs|es|types|module|src))?\//;
const CONFIGURATIONS = ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.lib.json'];

/** The source of a target (a path relative to the package's folder). */
export function sourceOf(workspaces: Workspaces, folder: string, target: string): SourceFound {
  const file = path.resolve(folder, target);
  const mapped = DECLARATION.test(file) ? sourceOfMap(file) : undefined;
  if (mapped !== undefined) return { file: mapped, how: 'declaration map', tried: [] };
  const isThere = isFile(file);
  if (isThere && !DECLARATION.test(file) && !SCRIPT.test(file))
    return { file, how: 'is a source', tried: [] };
  const stem = stemOf(folder, file);
  const configured = configuredBases(workspaces, folder, stem);
  const isOutput = configured.length > 0 || OUTPUT_FOLDER.test(stem);
  const bases = [
    ...configured,
    ...(isThere && !isOutput ? [[stem, 'same stem'] as const] : usualBases(stem)),
  ];
  const tried: string[] = [];
  const candidates: (readonly [string, string])[] = [];
  for (const [base, how] of bases) {
    const candidate = sourceAt(path.join(folder, base), file);
    if (candidate === undefined) tried.push(path.join(folder, base));
    else candidates.push([candidate, how]);
    // What a configuration says leaves no doubt.
    if (candidate !== undefined && how.startsWith('outDir')) break;
  }
  const [best, ...more] = candidates;
  if (best !== undefined) {
    const others = new Set(more.map(([other]) => other).filter((other) => !SCRIPT.test(other)));
    others.delete(best[0]);
    return { file: best[0], how: best[1], tried, others: [...others] };
  }
  return isThere
    ? { file, how: 'only the output is there', tried }
    : { file: undefined, how: 'no source', tried: [file, ...tried] };
}

/** A source whose path without ending is given, or the index of the folder of that name. */
function sourceAt(base: string, output: string): string | undefined {
  const endings = [...SOURCE_ENDINGS, ...SOURCE_ENDINGS.map((name) => `/index${name}`)];
  return endings.map((ending) => base + ending).find((name) => name !== output && isFile(name));
}

/** A path inside the package without its ending; a folder of outputs stands for the index in it. */
function stemOf(folder: string, file: string): string {
  const stem = path.relative(folder, file).replaceAll('\\', '/').replace(STEM, '');
  return OUTPUT_FOLDER.test(`${stem}/`) && !OUTPUT_FOLDER.test(stem) ? `${stem}/index` : stem;
}

/** The source a declaration map names, when it names exactly one that is there. */
function sourceOfMap(file: string): string | undefined {
  if (!isFile(`${file}.map`)) return undefined;
  const { sourceRoot, sources } = readMap(`${file}.map`);
  const found = sources
    .filter((name) => name !== null)
    .map((name) => path.resolve(path.dirname(file), sourceRoot ?? '', name));
  const [first, ...others] = found;
  return first !== undefined && others.length === 0 && isFile(first) ? first : undefined;
}

function readMap(file: string): Pick<TraceMap, 'sources' | 'sourceRoot'> {
  try {
    return new TraceMap(JSON.stringify(readObject(file)));
  } catch {
    // No map after all: it names nothing.
    return { sources: [], sourceRoot: undefined };
  }
}

type Base = readonly [path: string, how: string];

/** Where the package's own configurations say that an output comes from. */
function configuredBases(workspaces: Workspaces, folder: string, stem: string): readonly Base[] {
  return CONFIGURATIONS.flatMap((name) => {
    const options = readTsconfig(workspaces, path.join(folder, name));
    const outputs = [options.outDir, options.declarationDir].flatMap((output) =>
      output === undefined ? [] : [inside(folder, output)],
    );
    return outputs
      .filter((output) => stem.startsWith(`${output}/`))
      .flatMap((output) => {
        const rest = stem.slice(output.length + 1);
        const roots = options.rootDir === undefined ? ['src', ''] : [inside(folder, options.rootDir)];
        return roots.map((root): Base => [path.join(root, rest), `outDir of ${name}`]);
      });
  });
}

function inside(folder: string, name: string): string {
  return path.relative(folder, path.resolve(folder, name)).replaceAll('\\', '/');
}

/** Folders in which the source of something below a folder of outputs may lie; the path itself for anything else. */
export function sourcePrefixes(folder: string, prefix: string): readonly string[] {
  const inner = path.relative(folder, prefix).replaceAll('\\', '/');
  const output = OUTPUT_FOLDER.exec(inner)?.[0];
  if (output === undefined) return [prefix];
  return [prefix, ...['src', ''].map((root) => path.join(folder, root, inner.slice(output.length)))];
}

function usualBases(stem: string): readonly Base[] {
  const output = OUTPUT_FOLDER.exec(stem)?.[0];
  const rest = output === undefined ? '' : stem.slice(output.length);
  const roots = output === undefined ? [] : ['src', '', 'source', 'lib'];
  return [
    ...roots.map((root): Base => [path.join(root, rest), 'folder name']),
    [stem, 'same stem'],
    ...(stem === 'index'
      ? [['src/index', 'folder name'] as const]
      : [[path.join('src', stem), 'folder name'] as const]),
  ];
}
