/**
 * Loads a file of a tree with all of the tree that it imports, as one script in memory: nothing is written beside the tree, and the
 * package needs nothing that runs TypeScript. What trees share with this tool (`#kernel/…` and the like) is that of this very
 * process, unless a package.json of the tree leads to copies of its own.
 */
import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { build, type Plugin, type PluginBuild } from 'esbuild';
import { onceEach } from '#base/once.ts';
import { isBuilt, moduleUrl } from '#base/own-package.ts';
import { ownProjectFolder, SHARED_FOLDERS } from '#base/own-project.ts';
import type { TreeFiles } from '#base/tree-files.ts';

export interface TreeModule<Exports> {
  readonly exports: Exports;
  /** Name of the script, for counters of V8. */
  readonly url: string;
  /** The source map of the script, as JSON; files are relative to the tree, unless they are outside of it. */
  readonly map: string;
}

export interface LoadOptions {
  /** Texts in place of those of files, which are named relative to the folder. */
  readonly texts?: TreeFiles;
  /** Names that the files may use besides what they import. */
  readonly globals?: Readonly<Record<string, unknown>>;
  /** The kernel around the tree is loaded anew with it, so that its places in the source can be told too. */
  readonly withKernel?: boolean;
  /** Nobody will ask for places in the source: the map is left empty. */
  readonly withoutMap?: boolean;
}

/** Marks resolutions that are asked for here, so that they are not asked again. */
const OWN_QUESTION = 'asked by the tree loader';

/** Loads `file` of the tree in `folder`. Throws what bundling or running it throws. */
export async function loadTreeModule<Exports>(
  folder: string,
  file: string,
  { texts = new Map(), globals = {}, withKernel = false, withoutMap = false }: LoadOptions = {},
): Promise<TreeModule<Exports>> {
  const root = realpathSync(folder);
  const used = new Map<string, Readonly<Record<string, unknown>>>();
  const { outputFiles } = await build({
    entryPoints: [join(root, file)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: root,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: withoutMap ? false : 'external',
    sourcesContent: false,
    // What nobody calls is told as such.
    treeShaking: false,
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [shared(used, withKernel), replaced(root, texts)],
  });
  const textOf = (ending: string): string =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const url = `${pathToFileURL(join(folder, file)).href}.js`;
  const names = Object.keys(globals);
  const script = new Script(`(function (module, __shared, ${names.join(', ')}) {${textOf('.js')}\n})`, {
    filename: url,
  });
  const module = { exports: {} as Exports };
  const run = script.runInThisContext() as (...values: unknown[]) => void;
  run(module, used, ...names.map((name) => globals[name]));
  return { exports: module.exports, url, map: textOf('.js.map') };
}

/** Leads imports of what is shared to the modules of this process, which go into `used` by their names. */
function shared(used: Map<string, Readonly<Record<string, unknown>>>, withKernel: boolean): Plugin {
  const own = realpathSync(ownProjectFolder());
  const folders = SHARED_FOLDERS.filter((name) => !withKernel || name !== 'kernel').map(
    (name) => `${join(own, name)}${sep}`,
  );
  return {
    name: 'shared',
    setup: (builder) => {
      const resolve = onceEach((question: string) => resolved(builder, question));
      builder.onResolve({ filter: /^#/ }, async ({ path, resolveDir, pluginData }) => {
        if (pluginData === OWN_QUESTION) return undefined;
        const target = await resolve(JSON.stringify([path, resolveDir]));
        if (!folders.some((folder) => target.startsWith(folder))) return { path: target };
        return { path: `#${relative(own, target).replaceAll(sep, '/')}`, namespace: 'shared' };
      });
      builder.onLoad({ filter: /.*/, namespace: 'shared' }, async ({ path }) => {
        const module = await sharedModule(path);
        used.set(path, module);
        const names = Object.keys(module).join(', ');
        return { contents: `export const { ${names} } = __shared.get(${JSON.stringify(path)});` };
      });
    },
  };
}

/** The real path that an import leads to. */
async function resolved(builder: PluginBuild, question: string): Promise<string> {
  const [path, resolveDir] = JSON.parse(question) as [string, string];
  const { path: target, errors } = await builder.resolve(path, {
    kind: 'import-statement',
    resolveDir,
    pluginData: OWN_QUESTION,
  });
  const [error] = errors;
  if (error !== undefined) throw new Error(error.text);
  return target;
}

/** A module that trees share with this tool, by its name: `#kernel/kernel.ts`. */
async function sharedModule(name: string): Promise<Readonly<Record<string, unknown>>> {
  type Module = Readonly<Record<string, unknown>>;
  if (!isBuilt) return (await import(moduleUrl(name.slice(1)))) as Module;
  const { modules } = (await import(moduleUrl('shared.ts'))) as {
    modules: Readonly<Record<string, Module>>;
  };
  const module = modules[name];
  if (module === undefined) throw new RangeError(`${name} is no module that trees share`);
  return module;
}

function replaced(root: string, texts: TreeFiles): Plugin {
  return {
    name: 'replaced',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
        const contents = texts.get(relative(root, path).replaceAll(sep, '/'));
        return contents === undefined ? undefined : { contents, loader: 'ts' };
      }),
  };
}
