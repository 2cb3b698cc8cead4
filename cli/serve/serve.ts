/**
 * `conform review --serve`: the book in a browser of the same machine, made anew when trees or contracts change. Each book is made
 * by a process of its own, since a process cannot load a changed tree a second time.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '#base/input-error.ts';
import { packageFolder } from '#base/own-package.ts';
import { type PageServer, servePage } from './server.ts';
import { watchPaths } from './watch.ts';

export interface Serving {
  /** 0: any that is free. */
  readonly port: number;
  /** Words of the command that makes the book, without `--output`. */
  readonly words: readonly string[];
  /** The working directory. */
  readonly folder: string;
  /** Files and folders that the book is made of, absolute. */
  readonly watched: readonly string[];
  /** Hears what happens, a line each. */
  readonly say: (text: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears where the page is. */
  readonly onReady?: (address: string) => void;
}

const COMMAND = join(packageFolder, 'bin', 'conform.mjs');

/** Serves until `signal`. Throws `InputError` when the first book cannot be made, or the port cannot be had. */
export async function serveBook(serving: Serving): Promise<void> {
  const { port, folder, watched, say, signal, onReady } = serving;
  const own = mkdtempSync(join(tmpdir(), 'conform-serve-'));
  const file = join(own, 'book.html');
  let server: PageServer | undefined;
  let endWatching: (() => void) | undefined;
  try {
    say('making the book');
    const problem = await makeBook(serving, file, signal);
    if (problem !== undefined) throw new InputError(problem);
    server = await servePage(port, () => readFileSync(file, 'utf8'));
    say(`${server.address} (Ctrl-C ends it)`);
    onReady?.(server.address);
    endWatching = watchPaths(watched, remaking(serving, file, server));
    say(
      `made anew when something changes in ${watched.map((path) => path.replace(`${folder}/`, '')).join(', ')}`,
    );
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    endWatching?.();
    await server?.close();
    rmSync(own, { recursive: true, force: true });
  }
}

/** Makes the book again at each call; a call while one is being made ends that one. */
function remaking(serving: Serving, file: string, server: PageServer): () => void {
  let current = new AbortController();
  serving.signal.addEventListener('abort', () => current.abort(), { once: true });
  return () => {
    current.abort();
    const own = (current = new AbortController());
    serving.say('something changed: judging it');
    server.tell('working');
    void makeBook(serving, file, own.signal).then((problem) => {
      if (own.signal.aborted) return;
      serving.say(problem ?? 'made anew');
      server.tell(problem === undefined ? 'changed' : 'problem', problem);
    });
  };
}

/** Makes the book in `file`. Resolves to what went wrong, if anything did. */
function makeBook(
  { words, folder }: Serving,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [COMMAND, ...words, '--output', file], {
      cwd: folder,
      signal,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let problem = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (problem += text));
    child.on('error', (error) => resolve(error.message));
    // 1: something was found, which the book shows.
    child.on('close', (code) => resolve(code === 0 || code === 1 ? undefined : problem.trim()));
  });
}
