/** The JavaScript of `dist/`: few files, with maps that lead from a stack trace to lines of the sources. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { lineMap } from './line-map.ts';

/** Source files that something outside of the bundle starts or imports. */
const ENTRIES = [
  'cli/process.ts',
  'cli/lint/unchanged.mjs',
  'checks/define-rules.ts',
  'engine/fuzz/worker.ts',
  'pmem/fuzz/target.ts',
  'library/index.ts',
];

/** The name of the entry that has all modules that trees may import. */
const SHARED_MODULES = 'shared-modules';

/** As ESM, Node would read its nine megabytes once more to find what it exports. */
const COMPILER_NAME = '@ts-morph/common';
const COMPILER = `import { createRequire } from 'node:module';
export const { getLibFiles, ts } = createRequire(import.meta.url)('${COMPILER_NAME}');`;

/**
 * Writes them into the folder `dist`. `shared` are files below `root` that trees may import: one more entry has all of them by name.
 * Throws what bundling throws.
 */
export async function writeBundle(root: string, dist: string, shared: readonly string[]): Promise<void> {
  const made = new Map([
    [SHARED_MODULES, sharedModules(root, shared)],
    [COMPILER_NAME, COMPILER],
  ]);
  const entries = ENTRIES.map((file) => [nameOf(file), join(root, file)]);
  const bundle = await rolldown({
    cwd: root,
    input: { ...Object.fromEntries(entries), shared: SHARED_MODULES },
    platform: 'node',
    // Helpers of the compiler come from itself.
    external: (name) => !made.has(name) && !/^(?:[#./\0]|@oxc-project\/runtime)/.test(name),
    transform: { target: 'node20.19', define: { PMEM_CONFORM_BUILT: 'true' } },
    plugins: [ownModules(root, made)],
  });
  const { output } = await bundle.generate({
    dir: dist,
    format: 'esm',
    minify: true,
    comments: false,
    sourcemap: true,
    codeSplitting: { groups: ['base', 'kernel', 'review', 'recordings'].map(folderChunk) },
    chunkFileNames: '[name]-[hash].js',
  });
  await bundle.close();
  for (const part of output) if (part.type === 'chunk') writeChunk(dist, part);
}

function writeChunk(dist: string, { fileName, code, map }: OutputChunk): void {
  writeFileSync(join(dist, fileName), code);
  // What only passes on names of others has none.
  if (map === null) return;
  writeFileSync(join(dist, `${fileName}.map`), JSON.stringify(lineMap(code, map)));
}

/** The modules of a folder that are used by several commands, in one file: each file costs room for names that others know. */
const folderChunk = (folder: string): { name: string; test: RegExp } => ({
  name: folder,
  test: new RegExp(`/${folder}/`),
});

const nameOf = (file: string): string => file.replace(/\.(?:ts|mjs)$/, '').replaceAll('/', '-');

function sharedModules(root: string, files: readonly string[]): string {
  const imports = files.map(
    (file, index) => `import * as m${index} from ${JSON.stringify(join(root, file))};`,
  );
  const names = files.map((file, index) => `'#${file}': m${index},`);
  return [...imports, 'export const modules = {', ...names, '};'].join('\n');
}

/** Finds what is imported by a name of package.json, and what `made` has the text of. */
function ownModules(root: string, made: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'own-modules',
    resolveId: (name) => {
      if (made.has(name)) return `\0${name}`;
      return name.startsWith('#') ? join(root, name.slice(1)) : undefined;
    },
    load: (id) => made.get(id.slice(1)),
  };
}
