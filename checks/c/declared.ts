/** What files declare at file scope, read from tokens alone, every branch of `#if` in its turn. */
import { lineStarts, placeIn, type CFile } from './analyse.ts';
import { conditionAt } from './conditions.ts';
import { macroOf } from './directive-hits.ts';
import type { FileFilter } from '../globs.ts';
import { closerOf, headHas, namePosition, wordAt, type View } from './head.ts';
import type { Chunk } from './layout.ts';
import { isHeader, Kind, tokenText } from './lex.ts';
import { settled, isStaticAt, nameKinds, staticsOf } from './settle.ts';
import { filesNaming, type CTree } from './tree.ts';
import type { Use } from './uses.ts';
import { viewsOf } from './views.ts';
import { watchFor } from './watch.ts';
import { mayHold } from './assume.ts';
import type { CPlace } from './rule.ts';

export interface Declared {
  readonly name: string;
  readonly what: 'function' | 'prototype' | 'variable' | 'macro' | 'type' | 'export';
  /** For an export, the macro: `EXPORT_SYMBOL_GPL`. */
  readonly by?: string;
  readonly isStatic: boolean;
  readonly place: CPlace;
}

/** Everything a file declares at file scope. */
export function declarationsOf(file: CFile): readonly Declared[] {
  const { lexed, conditions } = file;
  const lines = lineStarts(lexed.text);
  const found = new Map<number, Declared>();
  const note = (index: number, what: Declared['what'], isStatic: boolean, by?: string): void => {
    const at = lexed.starts[index] ?? 0;
    if (found.has(at)) return;
    const place = {
      file: file.name,
      length: (lexed.ends[index] ?? at) - at,
      condition: conditionAt(conditions, at),
      ...placeIn(lexed.text, lines, at),
    };
    found.set(at, {
      name: tokenText(lexed, index),
      what,
      isStatic,
      place,
      ...(by === undefined ? {} : { by }),
    });
  };
  for (const line of lexed.directives)
    if (line.keyword === 'define' && macroOf(lexed, line) !== undefined) note(line.first, 'macro', false);
  if (lexed.isAssembly) return [...found.values()];
  for (const view of viewsOf(file)) {
    for (const chunk of view.layout.chunks) noteChunk(view, chunk, note);
  }
  return [...found.values()].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

type Note = (index: number, what: Declared['what'], isStatic: boolean, by?: string) => void;

function noteChunk(view: View, chunk: Chunk, note: Note): void {
  const { layout, lexed } = view;
  const indexOf = (position: number): number => layout.active[position] ?? -1;
  const name = namePosition(view, chunk);
  const isStatic = headHas(view, chunk, /^static$/);
  if (chunk.body !== undefined) {
    if (name !== undefined && name !== chunk.first) note(indexOf(name), 'function', isStatic);
    return;
  }
  const first = wordAt(view, chunk.first);
  if (/^_*EXPORT_\w*SYMBOL\w*$/.test(first)) {
    if (lexed.kinds[indexOf(chunk.first + 2)] === Kind.word)
      note(indexOf(chunk.first + 2), 'export', false, first);
    return;
  }
  if (first === 'typedef') {
    if (lexed.kinds[indexOf(chunk.last - 2)] === Kind.word) note(indexOf(chunk.last - 2), 'type', false);
    return;
  }
  for (let at = chunk.first; at < chunk.last; at += 1)
    if (
      /^(?:struct|union|enum)$/.test(wordAt(view, at)) &&
      wordAt(view, at + 2) === '{' &&
      (layout.opener[at] ?? -1) < 0
    )
      note(indexOf(at + 1), 'type', false);
  if (name !== undefined && isTyped(view, chunk, name) && !hasAssignment(view, name, chunk.last))
    note(indexOf(name), 'prototype', isStatic);
  else noteVariables(view, chunk, note, isStatic);
}

function isTyped(view: View, chunk: Chunk, name: number): boolean {
  for (let at = chunk.first; at < name; at += 1)
    if (!/^(?:static|extern|const|inline|__inline|volatile)$/.test(wordAt(view, at))) return true;
  return false;
}

function hasAssignment(view: View, from: number, to: number): boolean {
  for (let at = closerOf(view, from + 1, to); at < to; at += 1) if (wordAt(view, at) === '=') return true;
  return false;
}

/** Words at the end of declarators at file scope: before `=`, `[`, `,` or `;`. */
function noteVariables(view: View, chunk: Chunk, note: Note, isStatic: boolean): void {
  const { layout, lexed } = view;
  if (wordAt(view, chunk.first + 1) === '(') return;
  for (let at = chunk.first + 1; at < chunk.last; at += 1) {
    if ((layout.opener[at] ?? -1) >= 0 || lexed.kinds[layout.active[at] ?? -1] !== Kind.word) continue;
    if (!/^[=[,;]$/.test(wordAt(view, at + 1)) || /^(?:struct|union|enum)$/.test(wordAt(view, at - 1)))
      continue;
    note(layout.active[at] ?? -1, 'variable', isStatic);
    if (wordAt(view, at + 1) === '=') return;
  }
}

/** Declarations of files of a tree. */
export async function declarationsIn(
  { facts }: Pick<CTree, 'facts'>,
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly Declared[]>> {
  return facts.each('declarations', files, declarationsOf);
}

/** Whether others can see what is declared: no static, unless a header brings it along. */
export function isVisible({ isStatic, place: { file }, what }: Declared): boolean {
  return (!isStatic && what !== 'macro' && what !== 'type') || isHeader(file);
}

/** Names that files of some folders declare for others, with the file of each. */
export async function declaredIn(tree: CTree, isMeant: FileFilter): Promise<ReadonlyMap<string, string>> {
  const files = tree.source.files.meant(isMeant);
  const found = new Map<string, string>();
  for (const [file, list] of await declarationsIn(tree, files))
    for (const one of list)
      if (isVisible(one) && one.what !== 'export' && !found.has(one.name)) found.set(one.name, file);
  return found;
}

/** Uses of names in other files, without names that are declared elsewhere too. */
export async function foreignUses(
  tree: CTree,
  declared: ReadonlyMap<string, string>,
  covers: FileFilter,
): Promise<readonly { readonly use: Use; readonly home: string }[]> {
  if (declared.size === 0) return [];
  const names = [...declared.keys()].sort();
  const files = await filesNaming(tree, names);
  const hits = await tree.facts.hits(files, watchFor(names));
  const statics = staticsOf(hits);
  const kinds = nameKinds(hits, statics);
  const homes = new Set(declared.values());
  const elsewhere = new Set<string>();
  for (const [file, list] of hits)
    for (const hit of list)
      if (
        !homes.has(file) &&
        /^(?:definition|declaration|macro-definition)$/.test(hit.kind) &&
        !isStaticAt(statics, file, hit)
      )
        elsewhere.add(hit.name);
  return [...hits].flatMap(([file, list]) =>
    list.flatMap((hit) => {
      const home = declared.get(hit.name);
      if (
        home === undefined ||
        home === file ||
        !covers(file) ||
        elsewhere.has(hit.name) ||
        isStaticAt(statics, file, hit)
      )
        return [];
      const final = settled(hit, kinds.declared.has(hit.name), kinds.constants.has(hit.name));
      if (final.kind === 'silent' || final.kind === 'text' || !mayHold(hit.condition, tree.assumed))
        return [];
      return [{ use: { ...final, file, isGiven: true, isStaticHere: false }, home }];
    }),
  );
}
