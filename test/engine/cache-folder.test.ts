/** Where things are kept, and that trees can be loaded from there. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder } from '#engine/cache-folder.ts';

let root: string;
const warnings: string[] = [];
const warn = (message: string): void => void warnings.push(message);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'project-'));
  mkdirSync(join(root, 'kernel'));
  writeFileSync(join(root, 'kernel', 'errno.ts'), '');
  warnings.length = 0;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the cache', () => {
  it('should lie in the project when nothing else is said', () => {
    expect(cacheFolder({ root, imports: ['kernel'] }, warn)).toBe(join(root, '.cache'));
    expect(warnings).toEqual([]);
  });

  it('should lie where the user says, with links to what trees import', () => {
    const given = join(root, 'elsewhere');
    const folder = cacheFolder({ root, given, imports: ['kernel'] }, warn);
    expect(dirname(folder)).toBe(given);
    expect(realpathSync(join(folder, 'kernel', 'errno.ts'))).toBe(
      realpathSync(join(root, 'kernel', 'errno.ts')),
    );
    expect(cacheFolder({ root, given, imports: ['kernel'] }, warn)).toBe(folder);
  });

  it('should be the very folder that the user says where nothing is imported', () => {
    const given = join(root, 'elsewhere');
    expect(cacheFolder({ root, given, imports: [] }, warn)).toBe(given);
  });

  it('should not mix the folders of two projects, or of two versions, that are told the same place', () => {
    const given = join(root, 'elsewhere');
    const other = join(root, 'other');
    mkdirSync(join(other, 'kernel'), { recursive: true });
    for (const own of [root, other]) {
      const folder = cacheFolder({ root: own, given, imports: ['kernel'] }, warn);
      expect(realpathSync(join(folder, 'kernel'))).toBe(realpathSync(join(own, 'kernel')));
    }
  });

  it('should be there when a link was made meanwhile whose folder is not there yet', () => {
    const given = join(root, 'elsewhere');
    rmSync(join(root, 'kernel'), { recursive: true });
    const folder = cacheFolder({ root, given, imports: ['kernel'] }, warn);
    expect(cacheFolder({ root, given, imports: ['kernel'] }, warn)).toBe(folder);
  });

  it('should lie below XDG_CACHE_HOME, each project by itself', () => {
    const cacheHome = join(root, 'home');
    const one = cacheFolder({ root, cacheHome, imports: [] }, warn);
    expect(one.startsWith(join(cacheHome, 'pmem-conform'))).toBe(true);
    expect(cacheFolder({ root: `${root}-two`, cacheHome, imports: [] }, warn)).not.toBe(one);
  });

  it('should not wait for ever where the system denies that the folder above is there', () => {
    const folder = cacheFolder({ root, given: '/proc/none', imports: [] }, warn);
    expect(warnings).toEqual(['/proc/none cannot be written (ENOENT): nothing is kept for the next run']);
    rmSync(folder, { recursive: true });
  });

  it('should be a temporary folder, with a warning, where that cannot be written', () => {
    // A folder cannot be made below a file, not even by root.
    const given = join(root, 'kernel', 'errno.ts', 'cache');
    const folder = cacheFolder({ root, given, imports: ['kernel'] }, warn);
    expect(existsSync(join(folder, 'kernel', 'errno.ts'))).toBe(true);
    const [warning, ...others] = warnings;
    expect(warning).toContain(given);
    expect(warning).toMatch(/cannot be written \(ENOTDIR\): nothing is kept for the next run$/);
    expect(others).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
