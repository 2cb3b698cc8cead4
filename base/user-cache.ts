/** The folder for things that can be made again (XDG Base Directory Specification: not set, empty and relative are all the same). */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `XDG_CACHE_HOME`, when it says something. */
export function cacheHomeGiven(): string | undefined {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(given) ? given : undefined;
}

/** The user's cache. */
export const cacheHome = (): string => cacheHomeGiven() ?? join(homedir(), '.cache');
