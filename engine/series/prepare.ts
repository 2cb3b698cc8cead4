/**
 * What a tree needs besides its files, such as installed packages: made by a command, once for each content of the lock files, in the
 * first tree that needs it; other trees with the same lock files get links.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { madeAside } from '#base/files.ts';
import { hashOfParts } from '#base/hash.ts';
import { InputError } from '#base/input-error.ts';

export interface Preparation {
  /** A command for the shell, run in the folder of a tree: `npm ci`. */
  readonly prepare?: string | undefined;
  /** Files that decide what it makes; those of the usual package managers when absent. */
  readonly lockFiles?: readonly string[] | undefined;
}

const LOCK_FILES = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'requirements.txt',
  'poetry.lock',
  'uv.lock',
  'Gemfile.lock',
  'composer.lock',
];

/** Lines of a command's output that are told when it fails. */
const TOLD_MAX = 12;

/** A tree that is written already. */
export interface PreparedTree {
  readonly folder: string;
  readonly hash: string;
  /** Folder for what is shared by trees. */
  readonly cache: string;
}

/**
 * Gives a tree what `prepare` makes. The command runs in a copy of the tree, which `checkOut` writes, so that a run which is killed
 * leaves nothing half done. Throws `InputError` with the end of what the command said when it fails.
 */
export function prepareTree(
  { folder, hash, cache }: PreparedTree,
  { prepare, lockFiles = LOCK_FILES }: Preparation,
  checkOut: (folder: string) => void,
): void {
  if (prepare === undefined) return;
  const locks = lockFiles.filter((name) => existsSync(join(folder, name)));
  const contents = locks.map((name) => readFileSync(join(folder, name), 'utf8'));
  const key = hashOfParts([prepare, ...(locks.length === 0 ? [hash] : [...locks, ...contents])]);
  const made = madeAside(join(cache, 'prepared', key), (aside) => {
    const copy = join(aside, 'tree');
    mkdirSync(copy);
    checkOut(copy);
    const own = new Set(readdirSync(copy));
    run(prepare, copy);
    const names = readdirSync(copy).filter((name) => !own.has(name));
    writeFileSync(join(aside, 'made.json'), JSON.stringify(names));
  });
  for (const name of JSON.parse(readFileSync(join(made, 'made.json'), 'utf8')) as string[])
    if (!existsSync(join(folder, name))) {
      rmSync(join(folder, name), { force: true });
      symlinkSync(join(made, 'tree', name), join(folder, name));
    }
}

function run(command: string, folder: string): void {
  const { status, signal, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const said = `${stdout}${stderr}`.trimEnd().split('\n').slice(-TOLD_MAX).join('\n  ');
  throw new InputError(`prepare '${command}' ended with ${status ?? signal} in ${folder}:\n  ${said}`);
}
