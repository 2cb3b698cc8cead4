/**
 * Loads a module written by a user (TypeScript or JavaScript, in a package of any kind) without needing anything
 * installed beside it: the file and what it imports are bundled into one module that runs from memory. Imports of
 * `pmem-conform/rules`, or of this folder's `define-rules.ts` by path, lead to the functions of this very process.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build, type BuildFailure, type Plugin } from 'esbuild';

/** Where the bundled module finds what it imports from us. */
const SHARED = Symbol.for('pmem-conform.rules');
const OWN_FILE = path.join(import.meta.dirname, 'define-rules.ts');

/** What a module exports as its default. */
export interface LoadedModule {
  readonly value: unknown;
  /** The files it was made from; `undefined` when it may also depend on something else (the clock, the environment). */
  readonly inputs: readonly string[] | undefined;
}

/** How long a rules file may take to load; one that never ends would hold the run for ever. */
const LOAD_MS_MAX = 10_000;

/** Text of a module that may ask the world for something. */
const ASKS_THE_WORLD =
  /\b(?:process|require|globalThis|Date|Math\.random|fetch|performance)\b|\bfrom\s*["']|\bimport\s*\(/;

/**
 * Runs a module in a thread of its own first, where it can neither end this process nor hold it for ever; makers of rules
 * only note there what they are called with. Where that is not all (rules of one's own have functions), the module then
 * runs once more in this thread, with the real `rules`. Throws what bundling or running it throws.
 */
export async function loadDefault(
  file: string,
  rules: object,
  makers: readonly string[],
  limitMs = LOAD_MS_MAX,
): Promise<LoadedModule> {
  const { text, inputs: read } = await bundled(file, rules);
  const isPure = !ASKS_THE_WORLD.test(
    text
      .replaceAll("globalThis[Symbol.for('pmem-conform.rules')]", '')
      .replaceAll('globalThis[Symbol.for("pmem-conform.rules")]', ''),
  );
  const inputs = isPure ? read : undefined;
  const noted = await runApart(text, Object.keys(rules), makers, limitMs);
  return { value: noted.isPlain ? noted.value : await runHere(text, rules), inputs };
}

async function bundled(
  file: string,
  rules: object,
): Promise<{ readonly text: string; readonly inputs: readonly string[] }> {
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
  const names = Object.keys(outcome.metafile.inputs).filter((name) => !name.startsWith('shared:'));
  return {
    text: outcome.outputFiles[0]?.text ?? '',
    inputs: names.map((name) => path.resolve(path.dirname(file), name)),
  };
}

function urlOf(text: string): string {
  return `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
}

async function runHere(text: string, rules: object): Promise<unknown> {
  Reflect.set(globalThis, SHARED, rules);
  try {
    return Reflect.get((await import(/* @vite-ignore */ urlOf(text))) as object, 'default');
  } finally {
    Reflect.deleteProperty(globalThis, SHARED);
  }
}

interface Noted {
  /** Whether the value is plain data made by the known makers alone. */
  readonly isPlain: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/** What runs in the thread: makers return their options, `defineRules` what it gets, anything else asks for a real run. */
const APART = `
const { parentPort, workerData } = require('node:worker_threads');
const { url, names, makers } = workerData;
let isPlain = true;
const shared = {};
for (const name of names)
  shared[name] = makers.includes(name)
    ? (options) => ({ ...options, kind: name })
    : name === 'defineRules'
      ? (set) => set
      : () => { isPlain = false; return []; };
globalThis[Symbol.for('pmem-conform.rules')] = shared;
const say = (answer) => parentPort.postMessage(answer);
process.exit = (code) => {
  say({ isPlain: false, error: 'it calls process.exit(' + (code ?? '') + '); a rules file must return its rules' });
  throw new Error('process.exit');
};
import(url).then(
  ({ default: value }) => {
    try { say({ isPlain, value: isPlain ? value : undefined }); } catch { say({ isPlain: false }); }
  },
  (error) => say({ isPlain: false, error: error instanceof Error ? error.message || error.name : String(error) }),
);
`;

function runApart(
  text: string,
  names: readonly string[],
  makers: readonly string[],
  limitMs: number,
): Promise<Noted> {
  const worker = new Worker(APART, {
    eval: true,
    stdout: true,
    stderr: true,
    execArgv: [],
    workerData: { url: urlOf(text), names, makers },
  });
  worker.stdout.pipe(process.stderr, { end: false });
  worker.stderr.pipe(process.stderr, { end: false });
  return new Promise<Noted>((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(new Error(`it is not loaded after ${limitMs / 1000} s; a rules file must return its rules`)),
      limitMs,
    );
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
        reject(new Error(`it ends (code ${code}) before it is loaded; a rules file must return its rules`)),
      ),
    );
  }).finally(() => void worker.terminate());
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
