/** Finds all uses of symbols in a tree: first of the names themselves, then of names learnt there, until none is new. */
import type { Facts } from './facts.ts';
import type { PasteMacro } from './paste.ts';
import { pasteProducts } from './paste-uses.ts';
import { homeOf, includersIn, withIncluded, type Includers } from './included.ts';
import type { Resolver } from './includes.ts';
import type { ParseC } from './parser.ts';
import { isMeant } from './reach.ts';
import type { Hit } from './reading.ts';
import { isStaticAt, nameKinds, settled, staticsOf, type Statics } from './settle.ts';
import { firstSearch, lineReader, looksForParts, namesPattern, type FirstFound } from './search.ts';
import type { CSource } from './source/source.ts';
import { DEPTH_MAX, isInReach, type CSymbol, type Link, type Use, type Uses } from './uses.ts';
import { watchFor } from './watch.ts';

export interface RoadsRequest {
  readonly source: CSource;
  readonly facts: Facts;
  readonly parse: ParseC;
  readonly symbols: readonly CSymbol[];
  /** Whether roads from a name are followed; without, only the name itself is looked for. */
  readonly follows: (name: string) => boolean;
  /** Whether a file includes a header, by any chain. Asked only where two things have the same name. */
  readonly isReached: (file: string, header: string) => Promise<boolean>;
  readonly resolve: Resolver;
}

/** Finds the uses. */
export async function findUses(request: RoadsRequest): Promise<Uses> {
  const finder = new Finder(request);
  await finder.given();
  while (await finder.learnt());
  return finder.outcome();
}

class Finder {
  private readonly request: RoadsRequest;
  private readonly uses: Use[] = [];
  private readonly links: Link[] = [];
  private readonly constants = new Set<string>();
  private readonly known = new Set<string>();
  private readonly places = new Set<string>();
  private readonly taught = new Set<string>();
  private pasting: readonly PasteMacro[] = [];
  private waiting: Link[] = [];
  private excepting: readonly string[] = [];
  private includers: Includers = new Map();

  constructor(request: RoadsRequest) {
    this.request = request;
  }

  outcome(): Uses {
    return { uses: this.uses, links: this.links, constants: this.constants, excepting: this.excepting };
  }

  async given(): Promise<void> {
    const { facts, symbols, resolve } = this.request;
    const names = [...new Set(symbols.map(({ name }) => name))];
    const watch = watchFor(names);
    const first = await facts.ofLines(firstSearch(symbols), lineReader(symbols));
    const filesWith = (key: 'isNamed' | 'isJoining' | 'isPasting' | 'isFixing' | 'isExcepting'): string[] =>
      [...first].filter(([, one]) => one[key]).map(([file]) => file);
    this.includers = includersIn(first, resolve);
    this.excepting = filesWith('isExcepting');
    const joining = filesWith('isJoining');
    this.pasting = await facts.pasteMacros(filesWith(joining.length > 0 ? 'isPasting' : 'isFixing'));
    const named = filesWith('isNamed');
    const hits = new Map(await facts.hits(named, watch));
    const own = staticsOf(hits);
    const statics = withIncluded(own, this.includers);
    const kinds = nameKinds(hits, statics);
    for (const name of kinds.constants) this.constants.add(name);
    for (const [file, list] of hits) {
      for (const hit of list) {
        this.known.add(hit.name);
        const home = homeOf(own, this.includers, file, hit);
        this.take(
          {
            ...settled(hit, kinds.declared.has(hit.name), this.constants.has(hit.name)),
            file,
            isGiven: true,
            isStaticHere: isStaticAt(statics, file, hit),
            ...(home === undefined ? {} : { home }),
          },
          0,
        );
      }
    }
    const plain = names.filter((name) => /^\w+$/.test(name));
    for (const name of plain) this.known.add(name);
    await this.pasted(plain, { joining, given: looksForParts(symbols) ? first : undefined }, true, 0);
  }

  /** Notes a use, and what it teaches. */
  private take(use: Use, depth: number): void {
    const { symbols, follows } = this.request;
    const place = placeOf(use);
    if (this.places.has(place)) return;
    this.places.add(place);
    this.uses.push(use);
    const isAsked = use.isGiven ? symbols.some((symbol) => isMeant(symbol, use)) : !use.isStaticHere;
    if (!isAsked || use.kind === 'silent' || (use.isGiven && !follows(use.name))) return;
    for (const learnt of use.learns ?? []) {
      if (learnt.name === use.name || (learnt.how === 'variable' && this.constants.has(use.name))) continue;
      const within = learnt.reach === 'file' ? this.includers.get(use.file) : undefined;
      const link: Link = {
        ...learnt,
        of: use.name,
        file: use.file,
        line: use.line,
        depth: depth + 1,
        isStaticHere: use.isStaticHere,
        ...(use.home === undefined ? {} : { home: use.home }),
        ...(within === undefined ? {} : { within: [...within] }),
      };
      const lesson = `${link.name} ${link.of} ${link.file}:${link.line}`;
      if (this.taught.has(lesson)) continue;
      this.taught.add(lesson);
      this.links.push(link);
      // Places of a name that was asked for are known already.
      if (link.depth <= DEPTH_MAX && !(this.known.has(link.name) && link.reach !== 'function'))
        this.waiting.push(link);
    }
  }

  /** One round of what was learnt last. Returns whether there was anything. */
  async learnt(): Promise<boolean> {
    const links = this.waiting;
    this.waiting = [];
    if (links.length === 0) return false;
    const { source, facts } = this.request;
    const names = [...new Set(links.map(({ name }) => name))].sort();
    for (const { name, of } of links) if (this.constants.has(of)) this.constants.add(name);
    const wide = [
      ...new Set(
        links.filter(({ reach }) => reach === 'program' || reach === 'header').map(({ name }) => name),
      ),
    ].sort();
    const files = new Set(links.flatMap(({ file, within = [] }) => [file, ...within]));
    if (wide.length > 0)
      for (const file of (await source.matching(namesPattern(wide))).keys()) files.add(file);
    const hits = new Map(await facts.hits([...files].sort(), watchFor(names)));
    const statics = staticsOf(hits);
    const kinds = nameKinds(hits, statics);
    const byName = new Map(names.map((name) => [name, links.filter((link) => link.name === name)]));
    const own = this.owners(hits, byName);
    for (const [file, list] of hits) {
      for (const hit of list) {
        const use: Use = {
          ...settled(hit, kinds.declared.has(hit.name), this.constants.has(hit.name)),
          file,
          isGiven: false,
          isStaticHere: false,
        };
        if (this.places.has(placeOf(use))) continue;
        const link = await this.linkAt(byName.get(hit.name) ?? [], use, own);
        this.take(
          link === undefined
            ? { ...use, kind: 'silent', why: 'the name stands for something else here' }
            : learntUse(use, link, statics),
          link?.depth ?? 0,
        );
      }
    }
    for (const name of names) this.known.add(name);
    await this.pasted(
      wide,
      { joining: [], given: undefined },
      false,
      Math.max(...links.map(({ depth }) => depth)),
    );
    return true;
  }

  /** Files that define a learnt name for themselves. */
  private owners(
    hits: ReadonlyMap<string, readonly Hit[]>,
    byName: ReadonlyMap<string, readonly Link[]>,
  ): ReadonlyMap<string, ReadonlySet<string>> {
    const found = new Map<string, Set<string>>();
    for (const [file, list] of hits) {
      for (const { kind, name } of list) {
        if (kind !== 'macro-definition' && kind !== 'definition') continue;
        if (byName.get(name)?.some((link) => link.file === file) === true) continue;
        const files = found.get(name) ?? new Set<string>();
        found.set(name, files.add(file));
      }
    }
    return found;
  }

  /** The link by which a name stands for a watched one at a place. */
  private async linkAt(
    links: readonly Link[],
    use: Use,
    own: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<Link | undefined> {
    const others = own.get(use.name);
    for (const link of links) {
      if (link.reach !== 'header') {
        const isOther = link.reach === 'program' && others?.has(use.file) === true && link.how !== 'variable';
        if (!isOther && isInReach(link, use.file, use.at, () => false)) return link;
      } else if (link.file === use.file) return link;
      else if (others === undefined) return link;
      else if (!others.has(use.file) && (await this.request.isReached(use.file, link.file))) return link;
    }
    return undefined;
  }

  /** Notes uses of macros that make one of the names by `##`. */
  private async pasted(
    names: readonly string[],
    { joining, given }: { readonly joining: readonly string[]; readonly given: FirstFound | undefined },
    isGiven: boolean,
    depth: number,
  ): Promise<void> {
    const { source, facts, parse } = this.request;
    for (const { file, hit, macro } of await pasteProducts(
      { source, facts, parse, macros: this.pasting, names, given },
      joining,
    )) {
      this.take(
        { ...hit, file, isGiven, isStaticHere: false, pastedBy: `${macro.name} (${macro.file})` },
        depth,
      );
    }
  }
}

/** One place of one name. */
function placeOf({ file, at, name }: Pick<Use, 'file' | 'at' | 'name'>): string {
  return `${file} ${at} ${name}`;
}

/** A use of a learnt name; where it is declared is no use of it. */
function learntUse(found: Use, link: Link, statics: Statics): Use {
  const isOwn = link.reach === 'function' && found.hidden !== undefined;
  const use: Use = isOwn ? { ...found, kind: found.hidden ?? found.kind } : found;
  if (/^(?:definition|declaration|macro-definition|macro-undef|enumerator|tag)$/.test(use.kind))
    return { ...use, kind: 'silent', why: 'where the learnt name is declared' };
  const isOther = link.reach === 'program' && use.file !== link.file && isStaticAt(statics, use.file, use);
  return isOther ? { ...use, kind: 'silent', why: 'static of this file' } : use;
}
