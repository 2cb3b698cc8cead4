/** Decides what only all files together tell: namesakes, constants, tags and enumerators. */
import { contradict } from './conditions.ts';
import type { Hit } from './reading.ts';
import { isHeader } from './lex.ts';

/** Hits by file. */
export type HitsByFile = ReadonlyMap<string, readonly Hit[]>;

/** For each file that is no header, the names it has statics of, with the conditions of their definitions. */
export type Statics = ReadonlyMap<string, ReadonlyMap<string, readonly (readonly string[])[]>>;

/** Finds statics among hits. */
export function staticsOf(hits: HitsByFile): Statics {
  const found = new Map<string, Map<string, (readonly string[])[]>>();
  for (const [file, list] of hits) {
    if (isHeader(file)) continue;
    for (const { kind, isStatic, name, condition } of list) {
      if (isStatic !== true || (kind !== 'definition' && kind !== 'declaration')) continue;
      const names = found.get(file) ?? new Map<string, (readonly string[])[]>();
      found.set(file, names);
      names.set(name, [...(names.get(name) ?? []), condition]);
    }
  }
  return found;
}

/** Whether a name means the file's own static at a place: it has one whose condition may hold there. */
export function isStaticAt(
  statics: Statics,
  file: string,
  { name, condition }: Pick<Hit, 'name' | 'condition'>,
): boolean {
  const conditions = statics.get(file)?.get(name);
  return conditions !== undefined && conditions.some((own) => !contradict(own, condition));
}

/** What names are, all files together. */
export interface NameKinds {
  /** Names with a declaration that is neither tag nor enumerator. */
  readonly declared: ReadonlySet<string>;
  readonly constants: ReadonlySet<string>;
}

/** Finds out what names are. */
export function nameKinds(hits: HitsByFile, statics: Statics): NameKinds {
  const declared = new Set<string>();
  const values = new Set<string>();
  const functions = new Set<string>();
  for (const [file, list] of hits) {
    for (const hit of list) {
      if (hit.kind === 'call' || isStaticAt(statics, file, hit)) declared.add(hit.name);
      if (hit.kind === 'call') functions.add(hit.name);
      if (hit.kind === 'enumerator' || (hit.kind === 'macro-definition' && hit.what === 'constant'))
        values.add(hit.name);
      if (!/^(?:definition|declaration|macro-definition)$/.test(hit.kind) || isStaticAt(statics, file, hit))
        continue;
      declared.add(hit.name);
      if (hit.what === 'function') functions.add(hit.name);
    }
  }
  // What nothing here declares and is written as constants are: the header that defines it is made, or elsewhere.
  for (const list of hits.values())
    for (const { name } of list)
      if (!declared.has(name) && /^[A-Z][A-Z\d]*_[A-Z\d_]+$/.test(name)) values.add(name);
  return { declared, constants: new Set([...values].filter((name) => !functions.has(name))) };
}

/** A hit with its final kind. `isConstant` is about the name, or about what a learnt name stands for. */
export function settled(hit: Hit, isDeclared: boolean, isConstant: boolean): Hit {
  if (hit.kind === 'enumerator')
    return isDeclared
      ? { ...hit, kind: 'silent', why: 'enumerator of the same name' }
      : { ...hit, kind: 'definition' };
  if (hit.kind === 'tag') {
    if (isDeclared) return { ...hit, kind: 'silent', why: 'struct tag of the same name' };
    return hit.into === 'definition' ? { ...hit, kind: 'definition' } : { ...hit, kind: 'type' };
  }
  return isConstant && /^(?:argument|slot|stored)$/.test(hit.kind) ? { ...hit, kind: 'value' } : hit;
}
