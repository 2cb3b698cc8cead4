/** The folder for things that can be made again (XDG Base Directory Specification: not set, empty and relative are all the same). */
import { devNull, homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `XDG_CACHE_HOME`, when it says something. */
export function cacheHomeGiven(): string | undefined {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(given) ? given : undefined;
}

/** The user's cache; a place where nothing can be made for one without a home, which numbers that no user has a name for are. */
export function cacheHome(homeOf: () => string = homedir): string {
  const home = homeOrNothing(homeOf);
  return cacheHomeGiven() ?? join(isAbsolute(home) ? home : devNull, '.cache');
}

function homeOrNothing(homeOf: () => string): string {
  try {
    return homeOf();
  } catch {
    return '';
  }
}
