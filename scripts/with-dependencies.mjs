// Runs a script of this folder with the packages it needs: installs them first when `node_modules` is missing
// or older than the lock file, and downloads nothing otherwise. Plain Node, because zx itself is one of the packages.
import { spawnSync } from 'node:child_process';
import { statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Modification time in milliseconds, or -1 when there is no such file. */
function modifiedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

/** Installs the pinned packages when needed. Exits with 2 when npm fails. */
export function installWhenNeeded() {
  if (modifiedAt('node_modules/.package-lock.json') >= modifiedAt('package-lock.json')) return;
  process.stderr.write('Installing the pinned packages (once)...\n');
  const result = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    process.stderr.write('npm ci failed: is the npm registry reachable? Run it by hand to see why.\n');
    process.exit(2);
  }
  // Newer than the lock file for good, whatever npm did with the time stamp.
  utimesSync(join(root, 'node_modules/.package-lock.json'), new Date(), new Date());
}

const script = process.argv[2];
if (script !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  installWhenNeeded();
  const zx = join(root, 'node_modules/zx/build/cli.js');
  const result = spawnSync(process.execPath, [zx, join(root, script), ...process.argv.slice(3)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exit(result.status ?? 2);
}
