// What a clone runs from: its sources as JavaScript in `.cache/compiled/`, file by file, compiled again where they changed. Running
// TypeScript through hooks of the module loader costs a second at every start; this costs one look at each source.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ownRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** No part of the program: samples for the linter, and what runs in browsers. */
const NO_PART = /^(?:checks\/fixtures|review\/book\/client|review\/timeline\/client)\//;

/** URL of the folder that has what is compiled, with all of it as it is now; nothing where it cannot be made. */
export async function compiledFolder(root = ownRoot) {
  const clone = { root, folder: join(root, '.cache', 'compiled') };
  try {
    const { made, stamps } = knownStamps(clone);
    // A new file matters only where one that was there imports it.
    const known = Object.entries(stamps);
    if (known.length === 0 || known.some(([file, stamp]) => stampOf(clone, file) !== stamp))
      await bringUpToDate(clone, made, stamps);
    return pathToFileURL(`${clone.folder}/`);
  } catch {
    // Read-only, or a source that is being edited: whoever runs the sources as they are says more.
    return undefined;
  }
}

/** What decides what is made of a source, besides it. */
const MAKERS = ['package-lock.json', 'package.json', 'scripts/compiled.mjs'];

const stampsFile = ({ folder }) => join(folder, 'stamps.json');

/** What was compiled before, by the very compiler that is here, for the place where this is. */
function knownStamps(clone) {
  const made = [clone.root, ...MAKERS.map((file) => stampOf(clone, file))].join();
  try {
    const known = JSON.parse(readFileSync(stampsFile(clone), 'utf8'));
    if (known.made === made) return known;
  } catch {
    // There is nothing yet.
  }
  return { made, stamps: {} };
}

/** What tells that a file is the one of before; empty when it is not there. */
function stampOf({ root }, file) {
  const found = statSync(join(root, file), { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.mtimeMs} ${found.size}`;
}

async function bringUpToDate(clone, made, before) {
  const stamps = Object.fromEntries(sources(clone).map((file) => [file, stampOf(clone, file)]));
  for (const file of Object.keys(before))
    if (stamps[file] === undefined) rmSync(join(clone.folder, scriptOf(file)), { force: true });
  await compile(
    clone,
    Object.keys(stamps).filter((file) => stamps[file] !== before[file]),
  );
  write(stampsFile(clone), JSON.stringify({ made, stamps }));
}

/** Everything that may run: what package.json gives a name, and those that import it. */
function sources({ root }) {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = Object.keys(imports).map((name) => name.slice(1, -2));
  return [...named, 'cli', 'library'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true })
      .map((name) => `${top}/${name}`)
      .filter((name) => name.endsWith('.ts') && !NO_PART.test(name)),
  );
}

const scriptOf = (file) => file.replace(/\.ts$/, '.js');

/** Writes whole files only: another process may be reading them. */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}

async function compile({ root, folder }, files) {
  const { build } = await import('esbuild');
  // Each of those that ask where they are is told where its source is.
  const asking = files.filter((file) => /import\.meta/.test(readFileSync(join(root, file), 'utf8')));
  const others = files.filter((file) => !asking.includes(file));
  const runs = [others, ...asking.map((file) => [file])].filter((own) => own.length > 0);
  for (const own of runs) {
    const source = join(root, own[0]);
    const { outputFiles } = await build({
      entryPoints: own,
      absWorkingDir: root,
      outdir: folder,
      outbase: root,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      sourcesContent: false,
      treeShaking: false,
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      define: {
        PMEM_CONFORM_COMPILED: JSON.stringify(folder),
        ...(own.length === 1 && {
          'import.meta.url': JSON.stringify(pathToFileURL(source).href),
          'import.meta.dirname': JSON.stringify(dirname(source)),
        }),
      },
      plugins: [besideEachOther(root)],
    });
    for (const { path, text } of outputFiles) write(path, text);
  }
}

/** Imports lead to what is compiled, where something is, else to where they led before. */
const besideEachOther = (root) => ({
  name: 'beside-each-other',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path, importer, resolveDir }) => {
      if (kind === 'entry-point') return undefined;
      if (!/^[#.]/.test(path)) return { path, external: true };
      const target = path.startsWith('#') ? join(root, path.slice(1)) : join(resolveDir, path);
      if (!target.endsWith('.ts')) return { path: pathToFileURL(target).href, external: true };
      const beside = scriptOf(relative(dirname(importer), target)).replaceAll('\\', '/');
      return { path: beside.startsWith('.') ? beside : `./${beside}`, external: true };
    }),
});
