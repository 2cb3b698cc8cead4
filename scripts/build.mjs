// npm run build: makes `dist/`, which the package runs from. JavaScript in few files, source maps, types of the library, the
// hashes of the sources (base/own-package.ts) and the project that the tool comes with, packed (base/own-project.ts).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { register } from 'tsx/esm/api';

register();
const { filesBelow } = await import('../base/tree-files.ts');
const { sourceHash } = await import('../base/own-package.ts');
const { BETWEEN, SHARED_FOLDERS } = await import('../base/own-project.ts');
const { packedProject } = await import('./build/project.ts');
const { writeBundle } = await import('./build/bundle.ts');

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** Folders whose files may ask for hashes of sources. */
const SOURCES = ['engine', 'pmem', 'recordings', 'checks', 'review', 'cli'];

const text = (file) => readFileSync(join(root, file), 'utf8');

/** Declarations of the library; its types name nothing else of this project. */
function types() {
  const words = ['-p', 'library/tsconfig.json', '--outDir', 'dist/.types'];
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...words], {
    cwd: root,
    stdio: 'inherit',
  });
  if (tsc.status !== 0) process.exit(1);
  mkdirSync(join(dist, 'types'));
  for (const file of ['index.d.ts', 'types.d.ts'])
    renameSync(join(dist, '.types/library', file), join(dist, 'types', file));
  rmSync(join(dist, '.types'), { recursive: true });
}

/** Hashes of everything that the sources ask for one of, and of what `conform lint` is made of. */
function hashes() {
  const asked = SOURCES.flatMap((folder) => filesBelow(join(root, folder)).map((file) => `${folder}/${file}`))
    .filter((file) => file.endsWith('.ts') && !file.includes('fixtures'))
    .flatMap((file) => [...text(file).matchAll(/ownHash\('([^']+)'\)/g)].map(([, path]) => path));
  const paths = [...new Set([...asked, 'base', 'checks', 'cli'])].sort();
  const all = Object.fromEntries(paths.map((path) => [path, sourceHash(root, path)]));
  writeFileSync(join(dist, 'sources.json'), JSON.stringify(all));
}

function writeProject(files) {
  // Names first: what is alike stands together. JSON would write quotes and line ends as two letters and take a kilobyte more.
  const parts = [...files.keys(), ...files.values()];
  if (parts.some((part) => part.includes(BETWEEN))) throw new Error('a packed file is no text');
  const packed = parts.join(BETWEEN);
  writeFileSync(
    join(dist, 'project.br'),
    brotliCompressSync(packed, {
      params: {
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_NPOSTFIX]: 1,
        [constants.BROTLI_PARAM_SIZE_HINT]: packed.length,
      },
    }),
  );
}

/** What `--help` prints, so that it need not load all commands. */
async function help() {
  const { main } = await import('../cli/main.ts');
  let said = '';
  const write = (part) => void (said += part);
  await main(['--help'], { write, writeError: write, color: false, progress: false, exitCode: 0 });
  writeFileSync(join(dist, 'help.txt'), said);
}

/** Styles and scripts of pages. */
async function assets() {
  const { bookScript, bookStyle } = await import('../review/book/assets.ts');
  const { timelineAssets } = await import('../review/timeline/assets.ts');
  const { style, script } = timelineAssets();
  mkdirSync(join(dist, 'assets'));
  const made = {
    'book.css': bookStyle(),
    'book.js': bookScript(),
    'timeline.css': style,
    'timeline.js': script,
  };
  for (const [name, content] of Object.entries(made)) writeFileSync(join(dist, 'assets', name), content);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const project = packedProject(root);
const shared = [...project.keys()].filter((file) =>
  SHARED_FOLDERS.some((folder) => file.startsWith(`${folder}/`)),
);
await writeBundle(root, dist, shared);
types();
hashes();
writeProject(project);
await help();
await assets();
console.log(`made ${relative(process.cwd(), dist) || dist}`);
