/** Imports drawn together by what their files belong to, and cut down to what lies around some of them. */
import { filterOf } from '../globs.ts';
import { bindingFilter } from '../placeholders.ts';
import type { Layer } from '../rules/layers.ts';
import { IMPORT_KINDS, type ImportKind, type ImportLine } from './imports.ts';

/** One arrow of a picture. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Number of imports of each kind. */
  readonly counts: Readonly<Partial<Record<ImportKind, number>>>;
  readonly count: number;
  readonly breaks: readonly string[];
}

export interface Picture {
  readonly nodes: readonly string[];
  readonly arrows: readonly Arrow[];
}

/** Names the group of a file or package; `undefined` leaves it out. */
export type GroupOf = (name: string, isPackage: boolean) => string | undefined;

/** How many folders a picture has at most when nobody says how deep to go. */
const FOLDERS_MAX = 40;

export const byFile: GroupOf = (name, isPackage) => (isPackage ? undefined : name);

/** By folder, to a number of levels; without one, the deepest that leaves at most 40 folders. */
export function byFolder(files: readonly string[], levels: number | undefined): GroupOf {
  const folders = files.map((file) => file.split('/').slice(0, -1));
  const deepest = Math.max(1, ...folders.map((parts) => parts.length));
  const isSmall = (depth: number): boolean =>
    new Set(folders.map((parts) => cut(parts, depth))).size <= FOLDERS_MAX;
  const depths = Array.from({ length: deepest }, (_, index) => deepest - index);
  const depth = levels ?? depths.find(isSmall) ?? 1;
  return (name, isPackage) => (isPackage ? undefined : cut(name.split('/').slice(0, -1), depth));
}

function cut(parts: readonly string[], depth: number): string {
  return parts.slice(0, depth).join('/') || '.';
}

/** By package of the repository; installed packages by their names. */
export function byPackage(owners: ReadonlyMap<string, string>): GroupOf {
  return (name, isPackage) => (isPackage ? name : (owners.get(name) ?? '(root)'));
}

/** By row of a `layers` rule; files of no row are left out. */
export function byLayer(layers: readonly Layer[]): GroupOf {
  const rows = layers.map(({ name, files }) => ({ name, owns: bindingFilter(files) }));
  return (file, isPackage) =>
    isPackage ? undefined : rows.find(({ owns }) => owns(file, {}) !== undefined)?.name;
}

/** Draws imports together. Imports inside one group are no arrow, but one that breaks a rule is. */
export function pictureOf(
  files: readonly string[],
  imports: readonly ImportLine[],
  groupOf: GroupOf,
): Picture {
  const nodes = new Set(files.flatMap((file) => groupOf(file, false) ?? []));
  const arrows = new Map<string, { from: string; to: string; lines: ImportLine[] }>();
  for (const line of imports) {
    const from = groupOf(line.from, false);
    const to = groupOf(line.to, line.isPackage);
    if (from === undefined || to === undefined || (from === to && line.breaks.length === 0)) continue;
    nodes.add(from).add(to);
    const key = `${from}\u0000${to}`;
    const known = arrows.get(key);
    if (known === undefined) arrows.set(key, { from, to, lines: [line] });
    else known.lines.push(line);
  }
  return {
    nodes: [...nodes].sort(),
    arrows: [...arrows.values()]
      .map(({ from, to, lines }) => ({
        from,
        to,
        counts: Object.fromEntries(
          IMPORT_KINDS.map(
            (kind) => [kind, lines.filter((line) => line.kind === kind).length] as const,
          ).filter(([, count]) => count > 0),
        ),
        count: lines.length,
        breaks: [...new Set(lines.flatMap(({ breaks }) => breaks))].sort(),
      }))
      .sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1)),
  };
}

/** What is at most `depth` arrows away from the nodes meant, in either direction. */
export function focused({ nodes, arrows }: Picture, globs: readonly string[], depth: number): Picture {
  const isMeant = filterOf(globs);
  const kept = new Set(nodes.filter((node) => isMeant(node)));
  for (let step = 0; step < depth; step += 1) {
    const before = new Set(kept);
    for (const { from, to } of arrows) {
      if (before.has(from)) kept.add(to);
      if (before.has(to)) kept.add(from);
    }
  }
  return {
    nodes: nodes.filter((node) => kept.has(node)),
    arrows: arrows.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}
