/**
 * Imports of packages of this repository as entries for `paths`, for a compiler whose resolution cannot be replaced:
 * each specifier that the files name, with the source it leads to.
 */
import { readFileSync } from 'node:fs';
import type { Leads } from '../resolve/leads.ts';

const SPECIFIER = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'])([^"'\n]+)\1/g;

/** Specifier to the one file it leads to, for all files of a program outside installed packages. */
export function workspacePaths(
  files: readonly string[],
  leads: Leads,
  allowJs: boolean,
): ReadonlyMap<string, readonly [string]> {
  const isSource = allowJs ? /\.[cm]?[jt]sx?$/ : /\.[cm]?tsx?$/;
  const found = new Map<string, readonly [string]>();
  for (const file of files) {
    if (!file.startsWith('/') || file.includes('/node_modules/')) continue;
    for (const [, , specifier = ''] of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
      if (found.has(specifier) || !leads.isOwnName(file, specifier)) continue;
      const lead = leads.to(file, specifier).file;
      if (lead !== undefined && isSource.test(lead)) found.set(specifier, [lead]);
    }
  }
  return found;
}
