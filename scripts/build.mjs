// npm run build: makes `dist/`, which the package runs from. JavaScript in few files, source maps, types of the library, the
// hashes of the sources (base/own-package.ts) and the project that the tool comes with, packed (base/own-project.ts).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { register } from 'tsx/esm/api';

register();
const { filesBelow } = await import('../base/tree-files.ts');
const { sourceHash } = await import('../base/own-package.ts');

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** Source files that something outside of the bundle starts or imports. */
const ENTRIES = [
  'cli/process.ts',
  'cli/lint/unchanged.mjs',
  'checks/define-rules.ts',
  'engine/fuzz/worker.ts',
  'pmem/fuzz/target.ts',
  'library/index.ts',
];

/** Folders whose modules trees share with the tool. */
const SHARED = ['base', 'machine', 'kernel'];

/** Folders whose files may ask for hashes of sources. */
const SOURCES = ['engine', 'pmem', 'recordings', 'checks', 'review', 'cli'];

/** What the project that the tool comes with is made of, besides what its trees import. */
const PROJECT = [
  { folder: 'before', files: /./ },
  { folder: 'after', files: /./ },
  { folder: 'kernel', files: /./ },
  { folder: 'series', files: /(?<!\.ts)$/ },
  { folder: 'checks/api', files: /./ },
  { folder: 'pmem/scenarios/suite', files: /\.scenarios$/ },
  { folder: 'litmus', files: /\.litmus$/ },
];

const nameOf = (file) => file.replace(/\.(?:ts|mjs)$/, '').replaceAll('/', '-');
const text = (file) => readFileSync(join(root, file), 'utf8');

/** One module that has all shared ones by name. */
function sharedModules() {
  const files = SHARED.flatMap((folder) =>
    filesBelow(join(root, folder))
      .filter((file) => /(?<!\.d)\.ts$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
  const imports = files.map((file, index) => `import * as m${index} from './${file}';`);
  const names = files.map((file, index) => `'#${file}': m${index},`);
  return [...imports, 'export const modules = {', ...names, '};'].join('\n');
}

async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: [
      ...ENTRIES.map((file) => ({ in: join(root, file), out: nameOf(file) })),
      { in: 'shared-modules', out: 'shared' },
    ],
    outdir: dist,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    define: { PMEM_CONFORM_BUILT: 'true' },
    logLevel: 'warning',
    plugins: [
      {
        name: 'own',
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^#/ }, ({ path }) => ({ path: join(root, path.slice(1)) }));
          onResolve({ filter: /^shared-modules$/ }, () => ({ path: 'modules', namespace: 'shared' }));
          // As ESM, Node would read its nine megabytes once more to find what it exports.
          onResolve({ filter: /^@ts-morph\/common$/ }, () => ({ path: 'common', namespace: 'compiler' }));
          onLoad({ filter: /.*/, namespace: 'compiler' }, () => ({
            contents: `import { createRequire } from 'node:module';
              export const { getLibFiles, ts } = createRequire(import.meta.url)('@ts-morph/common');`,
          }));
          onLoad({ filter: /.*/, namespace: 'shared' }, () => ({
            contents: sharedModules(),
            resolveDir: root,
          }));
        },
      },
    ],
  });
}

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

/** `files` and the shared ones that they import, or that a patch of a variant is about. */
function withImports(files) {
  const found = new Set(files);
  for (const file of found) {
    if (!existsSync(join(root, file))) continue;
    const source = text(file);
    for (const [, name] of source.matchAll(/ from '#((?:base|machine|kernel)\/[\w./-]+\.ts)'/g))
      found.add(name);
    if (!SHARED.some((folder) => file.startsWith(`${folder}/`))) {
      for (const [, name] of source.matchAll(/^--- a\/(\S+)/gm))
        if (SHARED.some((folder) => name.startsWith(`${folder}/`))) found.add(name);
      continue;
    }
    for (const [, name] of source.matchAll(/ from '(\.[\w./-]+\.ts)'/g)) found.add(join(dirname(file), name));
  }
  return [...found].filter((file) => existsSync(join(root, file))).sort();
}

function project() {
  const files = withImports(
    PROJECT.flatMap(({ folder, files: wanted }) =>
      filesBelow(join(root, folder))
        .filter((file) => wanted.test(file))
        .map((file) => `${folder}/${file}`),
    ),
  );
  const { imports } = JSON.parse(text('package.json'));
  const own = Object.fromEntries(SHARED.map((name) => [`#${name}/*`, imports[`#${name}/*`]]));
  const made = {
    'package.json': JSON.stringify({ type: 'module', imports: own }),
    'tsconfig.json': text('tsconfig.json'),
  };
  const packed = JSON.stringify({ ...made, ...Object.fromEntries(files.map((file) => [file, text(file)])) });
  writeFileSync(
    join(dist, 'project.br'),
    brotliCompressSync(packed, {
      params: {
        [constants.BROTLI_PARAM_LGWIN]: 24,
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
    'book.js': bookScript(false),
    'book-served.js': bookScript(true),
    'timeline.css': style,
    'timeline.js': script,
  };
  for (const [name, content] of Object.entries(made)) writeFileSync(join(dist, 'assets', name), content);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await bundle();
types();
hashes();
project();
await help();
await assets();
console.log(`made ${relative(process.cwd(), dist) || dist}`);
