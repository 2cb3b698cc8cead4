/** Hears of changes of files and folders. */
import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Changes that come this close together are one. */
const QUIET_MS = 250;

/** Calls `onChange` once things below `paths` have changed and are quiet again. What comes back ends it. */
export function watchPaths(paths: readonly string[], onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  const watchers = [...new Set(paths)].flatMap((path): FSWatcher[] => {
    // A folder that is not there yet is noticed when it is made.
    const there = existsSync(path) ? path : dirname(path);
    if (!existsSync(there)) return [];
    const watcher = watch(there, { recursive: there === path && statSync(there).isDirectory() }, wait);
    watcher.on('error', () => watcher.close());
    return [watcher];
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
