/**
 * Loads a module written by a user (TypeScript or JavaScript, in a package of any kind) without needing anything
 * installed beside it: the file and what it imports are bundled into one module that runs from memory. Imports of
 * this package's own entry, such as `pmem-conform/rules`, lead to functions of this very process.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BuildFailure, Plugin } from 'esbuild';

/** Where the bundled module finds what it imports from us. */
const SHARED = Symbol.for('pmem-conform.shared');

/** What a user's module may import from this package. */
export interface Offered {
  /** `pmem-conform/rules`. */
  readonly specifier: string;
  /** Absolute path of the source that may be imported instead. */
  readonly file?: string;
  readonly exports: object;
  /** Names of functions that turn options into plain data, named by their kind. */
  readonly makers: readonly string[];
  /** Names of functions that return what they get. */
  readonly passes: readonly string[];
  /** What such a module is called, and what it must return: `rules file`, `its rules`. */
  readonly words: readonly [what: string, result: string];
}

/** What a module exports as its default. */
export interface LoadedModule {
  readonly value: unknown;
  /** The files it was made from; `undefined` when it may also depend on something else (the clock, the environment). */
  readonly inputs: readonly string[] | undefined;
}

/** How long a module may take to load; one that never ends would hold the run for ever. */
const LOAD_MS_MAX = 10_000;

/** Text of a module that may ask the world for something. */
const ASKS_THE_WORLD =
  /\b(?:process|require|globalThis|Date|Math\.random|fetch|performance)\b|\bfrom\s*["']|\bimport\s*\(/;

/** Gives bundled CommonJS packages what they load builtin modules with. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(`;

/**
 * Runs a module in a thread of its own first, where it can neither end this process nor hold it for ever; makers
 * only note there what they are called with. Where that is not all (rules of one's own have functions), the module then
 * runs once more in this thread, with the real functions. Throws what bundling or running it throws.
 */
export async function loadDefault(
  file: string,
  offered: Offered,
  limitMs = LOAD_MS_MAX,
): Promise<LoadedModule> {
  const { text, inputs: read } = await bundled(file, offered);
  const isPure = !ASKS_THE_WORLD.test(text.replaceAll(/globalThis\[Symbol\.for\(["'][\w.-]+["']\)\]/g, ''));
  const inputs = isPure ? read : undefined;
  const whole = `${REQUIRE}${JSON.stringify(pathToFileURL(file).href)});\n${text}`;
  const noted = await runApart(whole, offered, limitMs);
  return { value: noted.isPlain ? noted.value : await runHere(whole, offered, limitMs), inputs };
}

async function bundled(
  file: string,
  offered: Offered,
): Promise<{ readonly text: string; readonly inputs: readonly string[] }> {
  // Loaded by what needs it: a start without a module of a user's does not.
  const { build } = await import('esbuild');
  const outcome = await build({
    entryPoints: [file],
    absWorkingDir: path.dirname(file),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    plugins: [sharing(offered)],
    // The file's own tsconfig is none of our business, and may be the broken one we are asked to judge.
    tsconfigRaw: '{}',
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(file).href),
      'import.meta.dirname': JSON.stringify(path.dirname(file)),
      'import.meta.filename': JSON.stringify(file),
      __dirname: JSON.stringify(path.dirname(file)),
      __filename: JSON.stringify(file),
    },
  });
  const names = Object.keys(outcome.metafile.inputs).filter((name) => !name.startsWith('shared:'));
  return {
    text: outcome.outputFiles[0]?.text ?? '',
    inputs: names.map((name) => path.resolve(path.dirname(file), name)),
  };
}

function urlOf(text: string): string {
  return `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
}

/** In this thread, where only code that does something else in the thread of its own can still wait for ever. */
async function runHere(
  text: string,
  { exports, words: [what, result] }: Offered,
  limitMs: number,
): Promise<unknown> {
  Reflect.set(globalThis, SHARED, exports);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(lateText(what, result, limitMs))), limitMs);
  });
  try {
    const loaded = import(/* @vite-ignore */ urlOf(text)) as Promise<object>;
    return Reflect.get(await Promise.race([loaded, late]), 'default');
  } finally {
    clearTimeout(timer);
    Reflect.deleteProperty(globalThis, SHARED);
  }
}

const lateText = (what: string, result: string, limitMs: number): string =>
  `it is not loaded after ${limitMs / 1000} s; a ${what} must return ${result}`;

interface Noted {
  /** Whether the value is plain data made by the known makers alone. */
  readonly isPlain: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/** What runs in the thread: makers return their options, `defineRules` what it gets, anything else asks for a real run. */
const APART = `
const { parentPort, workerData } = require('node:worker_threads');
const { url, names, makers, passes, what, result } = workerData;
let isPlain = true;
let isLoaded = false;
const shared = {};
for (const name of names)
  shared[name] = makers.includes(name)
    ? (options) => ({ ...options, kind: name })
    : passes.includes(name)
      ? (set) => set
      : () => { isPlain = false; return []; };
globalThis[Symbol.for('pmem-conform.shared')] = shared;
const say = (answer) => parentPort.postMessage(answer);
process.exit = (code) => {
  if (isLoaded) return;
  say({ isPlain: false, error: 'it calls process.exit(' + (code ?? '') + '); a ' + what + ' must return ' + result });
  throw new Error('process.exit');
};
import(url).then(
  ({ default: value }) => {
    isLoaded = true;
    // What cannot be sent has functions; anything else is thrown by what it is made of, such as a getter.
    try { say({ isPlain, value: isPlain ? value : undefined }); }
    catch (error) { say({ isPlain: false, error: error?.name === 'DataCloneError' ? undefined : String(error?.message ?? error) }); }
  },
  (error) => say({ isPlain: false, error: error instanceof Error ? error.message || error.name : String(error) }),
);
`;

function runApart(
  text: string,
  { exports, makers, passes, words: [what, result] }: Offered,
  limitMs: number,
): Promise<Noted> {
  const worker = new Worker(APART, {
    eval: true,
    stdout: true,
    stderr: true,
    execArgv: [],
    workerData: { url: urlOf(text), names: Object.keys(exports), makers, passes, what, result },
  });
  worker.stdout.pipe(process.stderr, { end: false });
  worker.stderr.pipe(process.stderr, { end: false });
  return new Promise<Noted>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(lateText(what, result, limitMs))), limitMs);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    worker.on('message', (noted: Noted) =>
      settle(() => (noted.error === undefined ? resolve(noted) : reject(new Error(noted.error)))),
    );
    worker.on('error', (error) => settle(() => reject(error)));
    worker.on('exit', (code) =>
      settle(() =>
        reject(new Error(`it ends (code ${code}) before it is loaded; a ${what} must return ${result}`)),
      ),
    );
  }).finally(() => void worker.terminate());
}

/** Leads imports of what is offered to the functions of this process. */
function sharing({ specifier, file, exports }: Offered): Plugin {
  const found = { path: specifier, namespace: 'shared' };
  return {
    name: 'shared',
    setup: (builder) => {
      builder.onResolve({ filter: new RegExp(`^${specifier}$`) }, () => found);
      if (file !== undefined) {
        const name = path.basename(file, '.ts');
        builder.onResolve({ filter: new RegExp(`${name}(?:\\.[jt]s)?$`) }, ({ path: given, resolveDir }) =>
          path.resolve(resolveDir, given).replace(/(?:\.[jt]s)?$/, '.ts') === file ? found : undefined,
        );
      }
      builder.onLoad({ filter: /.*/, namespace: 'shared' }, () => ({
        contents: `export const { ${Object.keys(exports).join(', ')} } = globalThis[Symbol.for('pmem-conform.shared')];`,
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
