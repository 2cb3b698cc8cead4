/**
 * Globs with placeholders: `<name>` stands for one segment of a path, `<name...>` for one or more, and the same name
 * means the same text wherever a rule uses it again (`!<name>`: another text). One rule then speaks of every feature,
 * package or layer.
 */
import picomatch from 'picomatch';
import { filterOf } from './globs.ts';

/** What placeholders stand for. */
export type Bindings = Readonly<Record<string, string>>;

/** Whether a name fits, and what its placeholders then stand for; `undefined` when it does not. */
export type BindingFilter = (name: string, bound: Bindings) => Bindings | undefined;

const PLACEHOLDER = /(!?)<(\w+)(\.\.\.)?>/g;

/** Whether some globs have placeholders. */
export function hasPlaceholder(globs: readonly string[]): boolean {
  return globs.some((glob) => glob.search(PLACEHOLDER) >= 0);
}

/**
 * A filter for a list of globs, those with `!` in front taken out. What is bound already must be met; what is not gets
 * its value from the first glob that fits. An empty list means nothing.
 */
export function bindingFilter(globs: readonly string[]): BindingFilter {
  if (!hasPlaceholder(globs)) {
    const isMeant = filterOf(globs);
    return (name, bound) => (isMeant(name) ? bound : undefined);
  }
  const wanted = globs.filter((glob) => !isExclusion(glob)).map(patternOf);
  const unwanted = globs.filter(isExclusion).map((glob) => patternOf(glob.slice(1)));
  return (name, bound) => {
    const found = wanted.length === 0 && unwanted.length > 0 ? bound : firstMatch(wanted, name, bound);
    return found === undefined || firstMatch(unwanted, name, found) !== undefined ? undefined : found;
  };
}

function isExclusion(glob: string): boolean {
  return glob.startsWith('!') && !glob.startsWith('!<');
}

function firstMatch(patterns: readonly Pattern[], name: string, bound: Bindings): Bindings | undefined {
  for (const pattern of patterns) {
    const found = match(pattern, name, bound);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Place {
  readonly name: string;
  readonly differs: boolean;
}

interface Pattern {
  readonly expression: RegExp;
  readonly places: readonly Place[];
}

/** The glob as an expression: each placeholder becomes a group of its own. */
function patternOf(glob: string): Pattern {
  const places: (Place & { readonly many: boolean })[] = [];
  // Letters that no path has stand for the placeholders while picomatch reads the rest.
  const marked = glob.replaceAll(PLACEHOLDER, (_all, not: string, name: string, many?: string) => {
    places.push({ name, differs: not === '!', many: many !== undefined });
    return `\uE000${places.length - 1}\uE001`;
  });
  const { source } = picomatch.makeRe(marked, { dot: true });
  const expression = source.replaceAll(
    /\uE000(\d+)\uE001/g,
    (_all, index: string) =>
      `(?<${keyOf(Number(index))}>${places[Number(index)]?.many === true ? '.+?' : '[^/]+?'})`,
  );
  return { expression: new RegExp(expression), places };
}

function keyOf(index: number): string {
  return `p${index}`;
}

function match({ expression, places }: Pattern, name: string, bound: Bindings): Bindings | undefined {
  const outcome = expression.exec(name);
  if (outcome === null) return undefined;
  const found: Record<string, string> = { ...bound };
  for (const [index, { name: key, differs }] of places.entries()) {
    const value = outcome.groups?.[keyOf(index)] ?? '';
    const known = found[key];
    if (known !== undefined && (known === value) === differs) return undefined;
    if (!differs) found[key] = value;
  }
  return found;
}

/** Bindings in words: `feature = cart`. */
export function describeBindings(bound: Bindings): readonly string[] {
  return Object.entries(bound).map(([name, value]) => `${name} = ${value}`);
}
