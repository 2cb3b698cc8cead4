/** Who includes whom: the `#include` lines of a file, and the file each leads to for some include paths. */
import path from 'node:path/posix';
import { conditionAt } from './conditions.ts';
import type { CFile } from './analyse.ts';
import { Kind, tokenText } from './lex.ts';
import { filterOf } from '../globs.ts';

export interface IncludeLine {
  /** As written, with its brackets: `<linux/pmem.h>`; the macro's name where it is computed. */
  readonly spelling: string;
  /** The name inside; nothing where it is computed. */
  readonly target: string | undefined;
  readonly isQuoted: boolean;
  /** `#include_next`: the search goes on behind the file's own folder. */
  readonly isNext: boolean;
  readonly at: number;
  readonly length: number;
  readonly condition: readonly string[];
}

/** The `#include` lines of a file. */
export function includesOf({ lexed, conditions }: CFile): readonly IncludeLine[] {
  return lexed.directives.flatMap((line): IncludeLine[] => {
    if (!/^(?:include|include_next|import)$/.test(line.keyword) || line.first >= line.last) return [];
    const spelling = tokenText(lexed, line.first);
    const kind = lexed.kinds[line.first];
    const isComputed = kind !== Kind.text && kind !== Kind.header;
    const at = lexed.starts[line.first] ?? line.from;
    return [
      {
        spelling,
        target: isComputed ? undefined : path.normalize(spelling.slice(1, -1).trim()),
        isQuoted: kind === Kind.text,
        isNext: line.keyword === 'include_next',
        at,
        length: (lexed.ends[line.first] ?? at) - at,
        condition: conditionAt(conditions, line.from),
      },
    ];
  });
}

/** A folder for all files, or folders for some of them. */
export type IncludePath = string | { readonly files: readonly string[]; readonly paths: readonly string[] };

/** Says where an include leads; nothing when it leads to no file of the tree. */
export type Resolver = (
  from: string,
  include: Pick<IncludeLine, 'target' | 'isQuoted' | 'isNext'>,
) => string | undefined;

/** A name in a folder. Most need no more than a `/`, and there are millions of them. */
function joined(folder: string, name: string): string {
  return folder === '.' || name.startsWith('.') || name.startsWith('/')
    ? path.join(folder, name)
    : `${folder}/${name}`;
}

/** A resolver over the files of a tree. */
export function resolverFor(
  files: { readonly has: (file: string) => boolean },
  includePaths: readonly IncludePath[],
): Resolver {
  const general = includePaths.flatMap((one) => (typeof one === 'string' ? [path.normalize(one)] : []));
  const special = includePaths.flatMap((one) =>
    typeof one === 'string'
      ? []
      : [{ isMeant: filterOf(one.files), paths: one.paths.map((each) => path.normalize(each)) }],
  );
  const firstOf = (folders: readonly string[], target: string, from?: string): string | undefined => {
    for (const one of folders) {
      const file = joined(one, target);
      if (file !== from && files.has(file)) return file;
    }
    return undefined;
  };
  // Most includes are found in the general folders, whoever asks: each target is looked for there once.
  const known = new Map<string, string | undefined>();
  const inGeneral = (target: string, from: string): string | undefined => {
    if (!known.has(target)) known.set(target, firstOf(general, target));
    const found = known.get(target);
    return found === from ? firstOf(general, target, from) : found;
  };
  return (from, { target, isQuoted, isNext }) => {
    if (target === undefined) return undefined;
    const own = special.filter(({ isMeant }) => isMeant(from)).flatMap(({ paths }) => paths);
    if (isNext) {
      const folders = [...own, ...general];
      const at = folders.findIndex((one) => path.join(one, target) === from);
      return firstOf(folders.slice(at + 1), target, from);
    }
    const near = isQuoted ? [path.dirname(from), ...own] : own;
    return firstOf(near, target, from) ?? inGeneral(target, from);
  };
}
