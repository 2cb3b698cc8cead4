/** Sources that other files include, as `#include "other.c"` does: what is static there is known where it is included too. */
import path from 'node:path/posix';
import type { Resolver } from './includes.ts';
import { isStaticAt, type Statics } from './settle.ts';
import type { Hit } from './reading.ts';

/** A line that includes a source. */
export const INCLUDED_SOURCE = /\binclude\s*(["<])([^">]*\.c)[">]/;

/** For each source that is included, the files that include it by any chain of sources. */
export type Includers = ReadonlyMap<string, ReadonlySet<string>>;

/** Finds them. `including` are sources that a file includes, as written, with the first bracket: `"other.c`. */
export function includersIn(
  found: ReadonlyMap<string, { readonly including: readonly string[] }>,
  resolve: Resolver,
): Includers {
  const direct = new Map<string, Set<string>>();
  for (const [file, { including }] of found) {
    for (const written of including) {
      const isQuoted = written.startsWith('"');
      const target = resolve(file, { target: path.normalize(written.slice(1)), isQuoted, isNext: false });
      if (target !== undefined) direct.set(target, (direct.get(target) ?? new Set()).add(file));
    }
  }
  return new Map([...direct.keys()].map((source) => [source, chain(direct, source)]));
}

function chain(direct: ReadonlyMap<string, ReadonlySet<string>>, source: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [source];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const file of direct.get(at) ?? []) {
      if (found.has(file)) continue;
      found.add(file);
      open.push(file);
    }
  }
  return found;
}

/** Statics with those of included sources where these are included. */
export function withIncluded(statics: Statics, includers: Includers): Statics {
  if (includers.size === 0) return statics;
  const found = new Map([...statics].map(([file, names]) => [file, new Map(names)]));
  for (const [source, files] of includers) {
    for (const [name, conditions] of statics.get(source) ?? []) {
      for (const file of files) {
        const names = found.get(file) ?? new Map<string, readonly (readonly string[])[]>();
        found.set(file, names.set(name, [...(names.get(name) ?? []), ...conditions]));
      }
    }
  }
  return found;
}

/** The other file whose static a name may mean at a place: one that is included there, or that includes it; nothing when there is none. */
export function homeOf(
  own: Statics,
  includers: Includers,
  file: string,
  hit: Pick<Hit, 'name' | 'condition'>,
): string | undefined {
  if (includers.size === 0 || isStaticAt(own, file, hit)) return undefined;
  for (const [source, files] of includers)
    if (files.has(file) && own.get(source)?.has(hit.name) === true) return source;
  return [...(includers.get(file) ?? [])].find((one) => own.get(one)?.has(hit.name) === true);
}
