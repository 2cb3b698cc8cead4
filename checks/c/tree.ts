/** What rules about C get to judge: one tree with the uses of all names that rules ask about, and who includes whom. */
import type { CommitStamp } from '../finding.ts';
import type { Facts } from './facts.ts';
import { includesOf, type IncludeLine, type Resolver } from './includes.ts';
import { lineStarts, placeIn } from './analyse.ts';
import type { Assumed } from './assume.ts';
import type { ParseC } from './parser.ts';
import type { CSource } from './source/source.ts';
import type { Uses } from './uses.ts';
import { namesPattern } from './search.ts';

/** An `#include` with its place. */
export interface PlacedInclude extends IncludeLine {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly source: string;
}

export interface CTree {
  readonly source: CSource;
  readonly facts: Facts;
  readonly parse: ParseC;
  readonly uses: Uses;
  readonly resolve: Resolver;
  /** The same among all files, looked at or not. */
  readonly resolveAny: Resolver;
  readonly assumed: Assumed;
  /** Folder that files beside the tree (reports, lists) start from. */
  readonly base: string;
  readonly rulesName: string;
  readonly commit: CommitStamp | undefined;
}

/** The `#include` lines of files. */
export async function includesIn(
  { facts }: Pick<CTree, 'facts'>,
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly PlacedInclude[]>> {
  return facts.each('includes', files, (file, text) => {
    if (!text.includes('include')) return [];
    const lines = lineStarts(text);
    return includesOf(file).map((one) => ({ ...one, file: file.name, ...placeIn(text, lines, one.at) }));
  });
}

/** Files that name any of some words: those of names that were looked for are known, others are searched for. */
export async function filesNaming(
  { source, uses: { uses } }: Pick<CTree, 'source' | 'uses'>,
  names: readonly string[],
): Promise<readonly string[]> {
  const asked = new Set(names);
  const files = new Set<string>();
  const known = new Set<string>();
  for (const { name, file, isGiven } of uses) {
    if (!isGiven || !asked.has(name)) continue;
    known.add(name);
    files.add(file);
  }
  const open = names.filter((name) => !known.has(name)).sort();
  if (open.length > 0) for (const file of (await source.matching(namesPattern(open))).keys()) files.add(file);
  return [...files].sort();
}

/** Whether a file includes a header, by any chain. What leads nowhere counts when it ends in the header's name. */
export async function reaches(
  tree: Pick<CTree, 'facts' | 'resolve'>,
  file: string,
  header: string,
): Promise<boolean> {
  const name = header.slice(header.lastIndexOf('/') + 1);
  const seen = new Set([file]);
  let front = [file];
  while (front.length > 0) {
    const next: string[] = [];
    for (const [from, includes] of await includesIn(tree, front)) {
      for (const include of includes) {
        const target = tree.resolve(from, include);
        if (target === header || include.target === undefined) return true;
        if (target === undefined && (include.target === name || include.target.endsWith(`/${name}`)))
          return true;
        if (target === undefined || seen.has(target)) continue;
        seen.add(target);
        next.push(target);
      }
    }
    front = next;
  }
  return false;
}

/** The headers a file includes by any chain, nearest first, no more than some. */
export async function headersOf(
  tree: Pick<CTree, 'facts' | 'resolve'>,
  file: string,
  countMax = 600,
): Promise<readonly string[]> {
  const seen = new Set([file]);
  let front = [file];
  while (front.length > 0 && seen.size < countMax) {
    const next: string[] = [];
    for (const [from, includes] of await includesIn(tree, front)) {
      for (const include of includes) {
        const target = tree.resolve(from, include);
        if (target === undefined || seen.has(target)) continue;
        seen.add(target);
        next.push(target);
      }
    }
    front = next;
  }
  return [...seen].slice(1);
}
