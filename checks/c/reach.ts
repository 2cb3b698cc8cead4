/** Which uses a rule's symbols have, and by which road. */
import type { CTree } from './tree.ts';
import { DEPTH_MAX, isInReach, type CSymbol, type Link, type Use } from './uses.ts';
import { mayHold } from './assume.ts';

export interface Reached {
  readonly use: Use;
  /** The symbol's own name. */
  readonly name: string;
  /** Links from the place to the symbol, nearest first. */
  readonly road: readonly Link[];
}

export interface ReachOptions {
  /** Whether a name learnt in a file stands for the symbol elsewhere: not where the file may use the symbol anyway. */
  readonly teaches: (file: string) => boolean;
  /** Whether statics of other files count as the symbol. */
  readonly withStatics?: boolean;
}

/** Whether a use of a symbol's own name means it. */
export function isMeant(
  symbol: CSymbol,
  use: Pick<Use, 'name' | 'file' | 'isStaticHere' | 'home'>,
  withStatics = false,
): boolean {
  if (!symbol.matches(use.name)) return false;
  if (symbol.file === undefined) return withStatics || !use.isStaticHere;
  return (
    symbol.file === use.file || symbol.file === use.home || (!use.isStaticHere && !symbol.file.endsWith('.c'))
  );
}

/** All uses that mean the symbols, silent ones left out. */
export function reached(
  { uses: { uses, links }, assumed }: CTree,
  symbols: readonly CSymbol[],
  options: ReachOptions,
): readonly Reached[] {
  const roads = roadsFrom(links, symbols, options);
  return uses.flatMap((use): Reached[] => {
    if (use.kind === 'silent' || !mayHold(use.condition, assumed)) return [];
    const { isGiven, name, file, at } = use;
    if (isGiven && symbols.some((symbol) => isMeant(symbol, use, options.withStatics)))
      return [{ use, name, road: [] }];
    const road = roads
      .get(name)
      ?.find(
        ([link]) => link !== undefined && isInReach(link, file, at, () => true) && !isOwnPlace(link, use),
      );
    if (road === undefined || /^(?:definition|declaration|macro-definition|macro-undef)$/.test(use.kind))
      return [];
    return [{ use, name: road.at(-1)?.of ?? name, road }];
  });
}

function isOwnPlace({ file, line, name }: Link, use: Use): boolean {
  return file === use.file && line === use.line && use.kind === 'macro-body' && use.in === name;
}

/** Roads by learnt name: for each, chains of links back to a symbol, shortest first. */
function roadsFrom(
  links: readonly Link[],
  symbols: readonly CSymbol[],
  { teaches, withStatics }: ReachOptions,
): ReadonlyMap<string, readonly (readonly Link[])[]> {
  const found = new Map<string, (readonly Link[])[]>();
  const isStart = (link: Link): boolean =>
    symbols.some((symbol) => isMeant(symbol, { ...link, name: link.of }, withStatics));
  const byOrigin = grouped(links);
  let front: (readonly Link[])[] = links
    .filter((link) => isStart(link) && teaches(link.file))
    .map((link) => [link]);
  for (let depth = 0; depth < DEPTH_MAX && front.length > 0; depth += 1) {
    const next: (readonly Link[])[] = [];
    for (const road of front) {
      const [last] = road;
      if (last === undefined) continue;
      const known = found.get(last.name) ?? [];
      if (
        known.some(([one]) => one?.file === last.file && one.reach === last.reach && one.from === last.from)
      )
        continue;
      found.set(last.name, [...known, road]);
      next.push(
        ...(byOrigin.get(last.name) ?? [])
          .filter((link) => link.name !== last.of && teaches(link.file))
          .map((link) => [link, ...road]),
      );
    }
    front = next;
  }
  return found;
}

function grouped(links: readonly Link[]): ReadonlyMap<string, readonly Link[]> {
  const found = new Map<string, Link[]>();
  for (const link of links) {
    const known = found.get(link.of);
    if (known === undefined) found.set(link.of, [link]);
    else known.push(link);
  }
  return found;
}

/** Places where the road goes on beyond what is followed. */
export function cutOff({ uses: { links } }: CTree): readonly Link[] {
  return links.filter(({ depth }) => depth > DEPTH_MAX);
}

/** A road in words: `wrap (pmem.h:12)`. */
export function roadText(road: readonly Link[]): readonly string[] {
  return road.map(({ name, file, line }) => `${name} (${file}:${line})`);
}
