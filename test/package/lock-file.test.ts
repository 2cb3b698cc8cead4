// `npm ci` refuses a lock file that lacks what a package may need on some platform, and npm writes one when it runs where
// only the packages of its own platform are installed. So the file is read here.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../support/project.ts';

interface Locked {
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, Locked>>;

const read = (): Packages =>
  (JSON.parse(readFileSync(join(rootFolder, 'package-lock.json'), 'utf8')) as { packages: Packages })
    .packages;

/** Optional packages of direct dependencies that are not in the lock file with their hash. */
function missing(packages: Packages): string[] {
  const { dependencies = {}, devDependencies = {} } = packages[''] ?? {};
  return Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
    const own = `node_modules/${name}`;
    return Object.keys(packages[own]?.optionalDependencies ?? {}).filter((optional) =>
      [`${own}/node_modules/${optional}`, `node_modules/${optional}`].every(
        (path) => packages[path]?.integrity === undefined,
      ),
    );
  });
}

describe('the lock file', () => {
  it('should have the packages of all platforms of each direct dependency, with their hashes', () => {
    expect(missing(read())).toEqual([]);
  });

  it('should name several platforms of each of these, or the line above says nothing', () => {
    const packages = read();
    for (const name of ['esbuild', 'oxfmt', 'oxlint', 'oxc-resolver'])
      expect(
        Object.keys(packages[`node_modules/${name}`]?.optionalDependencies ?? {}).length,
      ).toBeGreaterThan(15);
  });

  it('should be seen to lack one that is taken out', () => {
    const { 'node_modules/@oxfmt/binding-darwin-arm64': _out, ...others } = read();
    expect(missing(others)).toEqual(['@oxfmt/binding-darwin-arm64']);
  });

  it('should have a hash for everything that is installed', () => {
    const without = Object.entries(read()).filter(
      ([path, { integrity }]) => path !== '' && integrity === undefined,
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  describe.each(['10', '11'])('before npm %s', (version) => {
    /** Whether `npm ci` takes the lock file with this package.json; nothing is installed. */
    function isTaken(packageJson: string): boolean {
      const folder = mkdtempSync(join(tmpdir(), 'lock-'));
      writeFileSync(join(folder, 'package.json'), packageJson);
      copyFileSync(join(rootFolder, 'package-lock.json'), join(folder, 'package-lock.json'));
      const { status } = npm('ci', '--dry-run', '--ignore-scripts', '--prefix', folder);
      rmSync(folder, { recursive: true });
      return status === 0;
    }
    const npm = (...words: string[]) =>
      spawnSync('npx', ['--yes', '--prefer-offline', `npm@${version}`, ...words], { encoding: 'utf8' });

    it('should be what `npm ci` takes, and be refused beside another package.json', ({ skip }) => {
      if (npm('--version').status !== 0)
        return skip(`npx cannot fetch npm@${version}: is the registry reachable?`);
      const own = readFileSync(join(rootFolder, 'package.json'), 'utf8');
      expect(isTaken(own)).toBe(true);
      expect(isTaken(own.replace(/"zx": "[^"]+"/, '"zx": "8.0.0"'))).toBe(false);
    });
  });
});
