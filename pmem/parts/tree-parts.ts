/**
 * What each function of a tree is made of. A run that never enters a function cannot tell two versions of it apart, so a try
 * on one tree stands for any other in which the functions that it entered are the same ones.
 */
import { posix } from 'node:path';
import { hashOfParts } from '#base/hash.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import type { FunctionPart, SourceParts, ValuePart } from './source-parts.ts';

/** A function of a tree, as `FILE:NAME`, and all that can be seen of it without entering another function. */
export interface TreePart {
  readonly name: string;
  readonly file: string;
  readonly body: FunctionPart['body'];
  /**
   * Over its text, the constants that it uses with those that they use, and which functions the names in it mean. The texts of
   * those functions are no part of it: whoever enters them is known to have.
   */
  readonly hash: string;
}

/**
 * The functions of a tree that can be entered. Invariant: two trees with equal hashes for all functions that a run enters on
 * one of them run alike, because nothing that decides which function is entered next differs up to there. `partsOf` reads the
 * text of one file (`sourceParts`, which a caller with many trees remembers by text).
 */
export function treeParts(files: TreeFiles, partsOf: (text: string) => SourceParts): TreePart[] {
  const sources = new Map(
    [...files].filter(([file]) => file.endsWith('.ts')).map(([file, text]) => [file, partsOf(text)]),
  );
  const resolve = resolverOf(sources);
  const always = [...sources].flatMap(([file, { values }]) =>
    values
      .filter(({ declares }) => declares.length === 0)
      .flatMap((part) => [part.text, ...surroundings(file, part, resolve)]),
  );
  return [...sources].flatMap(([file, { functions }]) =>
    functions.map((part) => {
      const around = [...surroundings(file, part, resolve), ...always].sort();
      const name = `${file}:${part.name}`;
      return { name, file, body: part.body, hash: hashOfParts([name, part.text, ...around]).slice(0, 12) };
    }),
  );
}

/** What a name in a file means. */
type Meaning =
  | { readonly kind: 'function'; readonly file: string; readonly part: FunctionPart }
  | { readonly kind: 'value'; readonly file: string; readonly part: ValuePart }
  | { readonly kind: 'outside'; readonly text: string };

type Resolve = (file: string, name: string) => Meaning | undefined;

/** Finds what names mean: what a file declares, or what it imports. Names of neither, local ones among them, mean nothing. */
function resolverOf(sources: ReadonlyMap<string, SourceParts>): Resolve {
  const tables = new Map([...sources].map(([file, source]) => [file, declared(file, source)]));
  const resolve = (file: string, name: string): Meaning | undefined => {
    const own = tables.get(file)?.get(name);
    if (own !== undefined) return own;
    const source = sources.get(file);
    const origin = source?.imports.get(name) ?? source?.reExports.get(name);
    if (origin === undefined) return undefined;
    const target = posix.join(posix.dirname(file), origin.specifier);
    const outside = { kind: 'outside', text: `${origin.specifier}:${origin.name}` } as const;
    if (!origin.specifier.startsWith('.') || !sources.has(target)) return outside;
    return resolve(target, origin.name) ?? { kind: 'outside', text: `${target}:${origin.name}` };
  };
  return resolve;
}

function declared(file: string, { functions, values }: SourceParts): Map<string, Meaning> {
  return new Map<string, Meaning>([
    ...values.flatMap((part) =>
      part.declares.map((name): [string, Meaning] => [name, { kind: 'value', file, part }]),
    ),
    ...functions.map((part): [string, Meaning] => [part.name, { kind: 'function', file, part }]),
  ]);
}

/**
 * All that surrounds a part: constants by their text and what these use in turn; functions by name, or by text and all that
 * they use where a constant may call them while the tree is loaded.
 */
function surroundings(file: string, part: FunctionPart | ValuePart, resolve: Resolve): Set<string> {
  const around = new Set<string>();
  const seen = { used: new Set<unknown>(), called: new Set<unknown>() };
  const visit = (from: string, { names, ...part }: FunctionPart | ValuePart, isCalled: boolean): void => {
    for (const name of names) {
      const meaning = resolve(from, name);
      if (meaning === undefined) continue;
      around.add(`${name} = ${meaning.kind === 'outside' ? meaning.text : meaning.file}`);
      if (meaning.kind === 'outside') continue;
      const callsIt = isCalled || ('namesCalled' in part && part.namesCalled.has(name));
      const known = callsIt ? seen.called : seen.used;
      if ((meaning.kind === 'function' && !callsIt) || known.has(meaning.part)) continue;
      known.add(meaning.part);
      around.add(meaning.part.text);
      visit(meaning.file, meaning.part, callsIt);
    }
  };
  visit(file, part, false);
  return around;
}
