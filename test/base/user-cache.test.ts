import { devNull } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cacheHome } from '#base/user-cache.ts';

afterEach(() => vi.unstubAllEnvs());

/** Fails as Node does where a number has no name and HOME is not set. */
function unknown(): never {
  throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)');
}

describe("the user's cache", () => {
  it('should be below the home, or where XDG_CACHE_HOME says', () => {
    vi.stubEnv('XDG_CACHE_HOME', 'relative/means/nothing');
    expect(cacheHome(() => '/home/somebody')).toBe('/home/somebody/.cache');
    vi.stubEnv('XDG_CACHE_HOME', '/elsewhere');
    expect(cacheHome(() => '/home/somebody')).toBe('/elsewhere');
  });

  it('should be where nothing can be kept for a user without a home', () => {
    vi.stubEnv('XDG_CACHE_HOME', '');
    const nowhere = join(devNull, '.cache');
    expect(cacheHome(() => '')).toBe(nowhere);
    expect(cacheHome(unknown)).toBe(nowhere);
  });
});
