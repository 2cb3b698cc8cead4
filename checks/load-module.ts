/**
 * Loads a module written by a user (TypeScript or JavaScript, in a package of any kind) without needing anything
 * installed beside it: the file and what it imports are bundled into one module that runs from memory. Imports of
 * `pmem-conform/rules`, or of this folder's `define-rules.ts` by path, lead to the functions of this very process.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildFailure, type Plugin } from 'esbuild';

/** Where the bundled module finds what it imports from us. */
const SHARED = Symbol.for('pmem-conform.rules');
const OWN_FILE = path.join(import.meta.dirname, 'define-rules.ts');

/** The default export of a module. Throws what bundling or running it throws. */
export async function loadDefault(file: string, rules: object): Promise<unknown> {
  const outcome = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    plugins: [sharing(rules)],
    // The rules file's own tsconfig is none of our business, and may be the broken one we are asked to judge.
    tsconfigRaw: '{}',
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(file).href),
      'import.meta.dirname': JSON.stringify(path.dirname(file)),
      'import.meta.filename': JSON.stringify(file),
      __dirname: JSON.stringify(path.dirname(file)),
      __filename: JSON.stringify(file),
    },
  });
  const text = outcome.outputFiles[0]?.text ?? '';
  Reflect.set(globalThis, SHARED, rules);
  try {
    const url = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
    const module = await guarded(async () => import(/* @vite-ignore */ url));
    return Reflect.get(module as object, 'default');
  } finally {
    Reflect.deleteProperty(globalThis, SHARED);
  }
}

/** How long a rules file may take to load; a promise that is never kept would end the run without a word. */
const LOAD_MS_MAX = 20_000;

/** Runs what a user wrote: an exit of the process is an error of the file, and so is waiting for ever. */
async function guarded(run: () => Promise<unknown>): Promise<unknown> {
  const { exit } = process;
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    process.exit = (code) => {
      const error = new Error(`it calls process.exit(${code ?? ''}); a rules file must return its rules`);
      reject(error);
      throw error;
    };
    timer = setTimeout(
      () => reject(new Error(`it is not loaded after ${LOAD_MS_MAX / 1000} s`)),
      LOAD_MS_MAX,
    );
  });
  try {
    return await Promise.race([run(), stopped]);
  } finally {
    process.exit = exit;
    clearTimeout(timer);
  }
}

/** Leads imports of the rule functions to `rules`. */
function sharing(rules: object): Plugin {
  return {
    name: 'rules',
    setup: (builder) => {
      builder.onResolve({ filter: /^pmem-conform\/rules$/ }, () => ({ path: OWN_FILE, namespace: 'shared' }));
      builder.onResolve({ filter: /define-rules(?:\.[jt]s)?$/ }, ({ path: name, resolveDir }) =>
        path.resolve(resolveDir, name).replace(/(?:\.[jt]s)?$/, '.ts') === OWN_FILE
          ? { path: OWN_FILE, namespace: 'shared' }
          : undefined,
      );
      builder.onLoad({ filter: /.*/, namespace: 'shared' }, () => ({
        contents: `export const { ${Object.keys(rules).join(', ')} } = globalThis[Symbol.for('pmem-conform.rules')];`,
      }));
    },
  };
}

/** What a failed load says, in one line, with its place when it has one. */
export function loadFailure(error: unknown): string {
  const first = (error as Partial<BuildFailure> | undefined)?.errors?.[0];
  if (first !== undefined) {
    const at =
      first.location === null ? '' : ` (line ${first.location.line}, column ${first.location.column + 1})`;
    return `${first.text}${at}`;
  }
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
}
