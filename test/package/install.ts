/** Installs this package from the tarball that `npm pack` makes, into an empty project: what a stranger gets. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rootFolder } from '../support/project.ts';

export interface Installed {
  /** The project that it is installed in; others may read it. */
  readonly folder: string;
  readonly packageFolder: string;
  readonly packedBytes: number;
  readonly remove: () => void;
}

/** `npm install` without a network, from what npm has kept; where it has not kept enough, the packages of this clone are linked. */
export function installPackage(): Installed {
  const outer = mkdtempSync(join(tmpdir(), 'package-'));
  const folder = join(outer, 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', outer], {
    cwd: rootFolder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename, size }] = JSON.parse(packed.slice(packed.indexOf('[\n'))) as [
    { filename: string; size: number },
  ];
  const tarball = join(outer, filename);
  const words = [
    'install',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--save-dev',
    tarball,
  ];
  if (spawnSync('npm', words, { cwd: folder, stdio: 'ignore' }).status !== 0) linkInstead(folder, tarball);
  chmodSync(outer, 0o755);
  return {
    folder,
    packageFolder: join(folder, 'node_modules/pmem-conform'),
    packedBytes: size,
    remove: () => rmSync(outer, { recursive: true, force: true }),
  };
}

const link = (target: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
};

function linkInstead(folder: string, tarball: string): void {
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  const own = join(folder, 'node_modules/pmem-conform');
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['xzf', tarball, '--strip-components=1', '-C', own]);
  const { dependencies, bin } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    bin: Record<string, string>;
  };
  for (const name of Object.keys(dependencies))
    link(join(rootFolder, 'node_modules', name), join(folder, 'node_modules', name));
  for (const [name, file] of Object.entries(bin))
    link(join(own, file), join(folder, 'node_modules/.bin', name));
}

/** Takes the right to write away from everybody, from the leaves up. */
export function makeReadOnly(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadOnly(path);
    else if (entry.isFile()) chmodSync(path, 0o555);
  }
  chmodSync(folder, 0o555);
}
