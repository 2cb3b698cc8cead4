/** Uses of macros that make a watched name by `##`, found without reading more files than may hold one. */
import { openFile } from './analyse.ts';
import { directiveOf, macroOf, useInBody } from './directive-hits.ts';
import type { Facts } from './facts.ts';
import { lex } from './lex.ts';
import { argumentsAfter, canMake, fixesAny, joined, made, type PasteMacro } from './paste.ts';
import type { ParseC } from './parser.ts';
import type { Hit } from './reading.ts';
import { givenWords, isAskedEverywhere } from './paste-given.ts';
import type { FirstFound } from './search.ts';
import { linesIn } from './source/grep.ts';
import { readOne, type CSource } from './source/source.ts';
import { upperBound } from './conditions.ts';
import { watchFor } from './watch.ts';

/** A name made, and the place of the macro that makes it. */
export interface Product {
  readonly name: string;
  readonly file: string;
  readonly hit: Hit;
  readonly macro: PasteMacro;
}

export interface PasteRequest {
  readonly source: CSource;
  readonly facts: Facts;
  readonly parse: ParseC;
  readonly macros: readonly PasteMacro[];
  readonly names: readonly string[];
  /** Lines of all files in which a part of a name is an argument; nothing where that is not known. */
  readonly given: FirstFound | undefined;
}

const ROUNDS_MAX = 8;

/**
 * Everything that makes one of the names: by macros that fix a part of it, also where they hand their parameters on, and by
 * macros that join what they are given, where two neighbouring arguments are the name. `joining` are files of the latter.
 */
export async function pasteProducts(
  request: PasteRequest,
  joining: readonly string[],
): Promise<readonly Product[]> {
  const { names } = request;
  const products: Product[] = [...(await joinedArguments(request, joining))];
  let macros: readonly PasteMacro[] = request.macros.flatMap((macro) => {
    const patterns = macro.patterns.filter(
      ({ pieces }) => pieces.some((piece) => 'parameter' in piece) && fixesAny(pieces, names),
    );
    return patterns.length === 0 ? [] : [{ ...macro, patterns }];
  });
  for (let round = 0; macros.length > 0 && round < ROUNDS_MAX; round += 1) {
    const found = await oneRound({ ...request, macros });
    products.push(...found.products);
    macros = found.derived;
  }
  return products;
}

interface Round {
  readonly products: readonly Product[];
  readonly derived: readonly PasteMacro[];
}

async function oneRound(request: PasteRequest): Promise<Round> {
  const { source, facts, macros } = request;
  const files = await filesOf(request);
  const hits = await facts.hits(files, watchFor([...new Set(macros.map(({ name }) => name))].sort()));
  const products: Product[] = [];
  const derived: PasteMacro[] = [];
  for (const [file, list] of hits) {
    const uses = list.filter(({ kind }) => kind !== 'macro-definition' && kind !== 'macro-undef');
    const text = uses.length === 0 ? undefined : await readOne(source, file);
    if (text === undefined) continue;
    const { lexed } = openFile(file, text);
    for (const hit of uses) {
      const index = upperBound(lexed.starts, hit.at) - 1;
      const given = argumentsAfter(lexed, index);
      const line = hit.kind === 'macro-body' ? directiveOf(lexed, index) : undefined;
      const around = line === undefined ? undefined : macroOf(lexed, line);
      if (given === undefined) continue;
      for (const macro of macros.filter((one) => one.name === hit.name && isVisible(one, file))) {
        for (const { pieces, at } of macro.patterns) {
          const result = made(pieces, given, around?.parameters ?? []);
          if (result === undefined) continue;
          if (result.every((piece) => 'literal' in piece)) {
            const name = joined(result);
            if (request.names.includes(name))
              products.push({ name, file, hit: withUse(request.parse, hit, macro, at, name), macro });
          } else if (around !== undefined && fixesAny(result, request.names))
            derived.push({ name: around.name, file, text: macro.text, patterns: [{ pieces: result, at }] });
        }
      }
    }
  }
  return {
    products,
    derived: derived.filter(
      (one) => !macros.some(({ name, file }) => name === one.name && file === one.file),
    ),
  };
}

function isVisible({ file }: PasteMacro, from: string): boolean {
  return file === from || !file.endsWith('.c');
}

/** Files where a macro is used with arguments that make one of the names, or with some that cannot be read off its line. */
async function filesOf({ source, facts, macros, names, given }: PasteRequest): Promise<readonly string[]> {
  const found = new Set<string>();
  const note = (file: string, texts: Iterable<string>): void => {
    for (const text of texts) {
      if (
        !mayMake(
          text,
          macros.filter((one) => isVisible(one, file)),
          names,
        )
      )
        continue;
      found.add(file);
      return;
    }
  };
  const wide = [...new Set(macros.filter(({ file }) => !file.endsWith('.c')).map(({ name }) => name))].sort();
  const isEverywhere = wide.length > 0 && (given === undefined || isAskedEverywhere(macros, names, given));
  if (isEverywhere) for (const [file, texts] of await source.matching(invocations(wide))) note(file, texts);
  // Whatever makes a name is given a part of it somewhere, which the first search has found.
  const needed = wide.length === 0 || isEverywhere ? undefined : givenWords(macros, names);
  const cut: string[] = [];
  for (const [file, one] of given ?? []) {
    note(file, one.given);
    if (needed !== undefined && one.cut.some((line) => needed.test(line))) cut.push(file);
  }
  const own = new Set([...macros.map(({ file }) => file), ...cut]);
  const local = [...own].filter((file) => !found.has(file)).sort();
  const pattern = invocations([...new Set(macros.map(({ name }) => name))]);
  for (const [file, lines] of await facts.each(`lines ${pattern}`, local, (_file, text) =>
    linesIn(text, pattern),
  ))
    note(file, lines);
  return [...found].sort();
}

/** A macro with a bracket. */
function invocations(names: readonly string[]): string {
  return `\\b(${names.join('|')})\\s*\\(`;
}

/** Whether a line may make one of the names: it does, or in the body of a macro its parameters may, or its arguments go on elsewhere. */
function mayMake(text: string, macros: readonly PasteMacro[], names: readonly string[]): boolean {
  if (!macros.some(({ name }) => text.includes(name))) return false;
  const isBody = /^[ \t]*#|\\\s*$/.test(text);
  const lexed = lex(isBody ? text.replace('#', ' ') : text);
  let isCut = false;
  for (let index = 0; index < lexed.kinds.length; index += 1) {
    const word = text.slice(lexed.starts[index], lexed.ends[index]);
    if (!macros.some(({ name }) => name === word)) continue;
    const given = argumentsAfter(lexed, index);
    if (given === undefined) isCut ||= text.slice(lexed.ends[index]).trimStart().startsWith('(');
    if (given === undefined) continue;
    for (const { name, patterns } of macros) {
      if (name !== word) continue;
      // In the body of a macro any word may be a parameter.
      const parameters = isBody ? given.flatMap((words) => (words.length === 1 ? words : [])) : [];
      const results = patterns.map(({ pieces }) => made(pieces, given, parameters));
      if (results.some((result) => result !== undefined && names.some((one) => canMake(result, one))))
        return true;
    }
  }
  return isCut;
}

function withUse(
  parse: ParseC,
  hit: Hit,
  macro: PasteMacro,
  at: readonly [number, number],
  name: string,
): Hit {
  const lexed = lex(macro.text);
  const body = lexed.directives[0] === undefined ? undefined : macroOf(lexed, lexed.directives[0]);
  const { use } = body === undefined ? {} : useInBody(lexed, body, at, name, parse);
  const { use: _use, of: _of, ...rest } = hit;
  return { ...rest, name, kind: 'paste', of: macro.name, ...(use === undefined ? {} : { use }) };
}

/** Names made of two neighbouring arguments of a macro that joins, or that leads to one that does. */
async function joinedArguments(
  { source, facts, macros, names }: PasteRequest,
  files: readonly string[],
): Promise<readonly Product[]> {
  const found: Product[] = [];
  const joiners = new Map(
    macros
      .filter(({ patterns }) =>
        patterns.some(({ pieces }) => pieces.filter((piece) => 'parameter' in piece).length > 1),
      )
      .map((macro) => [macro.name, macro]),
  );
  for (const file of files) {
    const text = await readOne(source, file);
    if (text === undefined) continue;
    const { lexed } = openFile(file, text);
    const wordAt = (at: number): string => text.slice(lexed.starts[at], lexed.ends[at]);
    for (let at = 2; at + 2 < lexed.kinds.length; at += 1) {
      if (wordAt(at + 1) !== ',') continue;
      const name = [wordAt(at) + wordAt(at + 2), `${wordAt(at)}_${wordAt(at + 2)}`].find((one) =>
        names.includes(one),
      );
      let open = at - 1;
      while (open > 0 && !/^[();{}]$/.test(wordAt(open))) open -= 1;
      if (name === undefined || wordAt(open) !== '(') continue;
      const callee = wordAt(open - 1);
      const macro = await joinerOf(callee, { source, joiners, depth: 0 });
      if (macro === undefined) continue;
      const hits = (await facts.hits([file], watchFor([callee]))).get(file) ?? [];
      const hit = hits.find((one) => one.at === lexed.starts[open - 1]);
      if (hit !== undefined && hit.kind !== 'silent') {
        const { use: _use, ...rest } = hit;
        found.push({ name, file, macro, hit: { ...rest, name, kind: 'paste', of: callee } });
      }
    }
  }
  return found;
}

interface Joiners {
  readonly source: CSource;
  readonly joiners: ReadonlyMap<string, PasteMacro>;
  readonly depth: number;
}

/** The joining macro that a macro is, or whose name stands in the line that defines it. */
async function joinerOf(name: string, { source, joiners, depth }: Joiners): Promise<PasteMacro | undefined> {
  const own = joiners.get(name);
  if (own !== undefined || depth > 4 || !/^\w+$/.test(name)) return own;
  const lines = await source.matching(`#\\s*define\\s+(${name})\\(`);
  for (const line of [...lines.values()].flatMap((texts) => [...texts])) {
    for (const [word] of line
      .slice(line.indexOf(`${name}(`) + name.length)
      .matchAll(/[A-Za-z_]\w*(?=\s*\()/g)) {
      const found = word === name ? undefined : await joinerOf(word, { source, joiners, depth: depth + 1 });
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
