/** Which files have moved since a baseline was last written, as far as git knows. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { relativeName } from './context.ts';

/** Old to new names of files, relative to a folder; empty where git says nothing. */
export function renamesSince(baseline: string, base: string): ReadonlyMap<string, string> {
  const folder = path.dirname(path.resolve(baseline));
  const root = git(folder, ['rev-parse', '--show-toplevel']).trim();
  const written = git(folder, ['log', '-1', '--format=%H', '--', path.basename(baseline)]).trim();
  if (root === '' || written === '') return new Map();
  const listed = git(root, ['diff', '-M', '--diff-filter=R', '--name-status', '-z', written]).split('\0');
  const named = (index: number): string => relativeName(base, path.join(root, listed[index] ?? ''));
  const count = Math.floor(listed.length / 3);
  return new Map(
    Array.from({ length: count }, (_, index) => [named(3 * index + 1), named(3 * index + 2)] as const),
  );
}

function git(folder: string, options: readonly string[]): string {
  const { status, stdout } = spawnSync('git', [...options], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return status === 0 ? stdout : '';
}
