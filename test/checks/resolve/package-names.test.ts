// The selectors rules name packages with.
import { describe, expect, it } from 'vitest';
import { packageFilter } from '#checks/resolve/package-names.ts';

const meant = (selectors: readonly string[], ...specifiers: readonly string[]): readonly string[] =>
  specifiers.filter(packageFilter(selectors));

describe('a selector', () => {
  it('should mean a package with its subpaths and no package that begins alike', () => {
    expect(meant(['lodash'], 'lodash', 'lodash/fp', 'lodash-es', '@types/lodash')).toEqual([
      'lodash',
      'lodash/fp',
      '@types/lodash',
    ]);
  });

  it('should mean one subpath, or all of them without the package', () => {
    expect(meant(['lodash/fp'], 'lodash', 'lodash/fp', 'lodash/fp/map', 'lodash/get')).toEqual([
      'lodash/fp',
      'lodash/fp/map',
    ]);
    expect(meant(['lodash/*'], 'lodash', 'lodash/fp')).toEqual(['lodash/fp']);
  });

  it('should mean a builtin module with and without its prefix', () => {
    const specifiers = ['fs', 'node:fs', 'fs/promises', 'node:fs/promises', 'os', 'test', 'node:test', 'pg'];
    expect(meant(['fs'], ...specifiers)).toEqual(['fs', 'node:fs', 'fs/promises', 'node:fs/promises']);
    expect(meant(['node:fs'], ...specifiers)).toEqual(['fs', 'node:fs', 'fs/promises', 'node:fs/promises']);
    expect(meant(['node:test'], ...specifiers)).toEqual(['node:test']);
    expect(meant(['node:*'], ...specifiers)).toEqual(
      specifiers.filter((name) => !['test', 'pg'].includes(name)),
    );
  });

  it('should mean all packages of a scope with their subpaths', () => {
    expect(meant(['@o/*'], '@o/a', '@o/a/b', '@p/a', 'o')).toEqual(['@o/a', '@o/a/b']);
  });

  it('should take out with an exclamation mark', () => {
    expect(meant(['lodash', '!lodash/fp'], 'lodash', 'lodash/fp', 'lodash/get')).toEqual([
      'lodash',
      'lodash/get',
    ]);
  });
});
