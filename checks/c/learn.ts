/** What a place teaches: names under which the watched one is known from here on. */
import type { CFile } from './analyse.ts';
import {
  closerOf,
  fileVariable,
  functionName,
  hasParameter,
  headHas,
  parameterType,
  wordAt,
  type View,
} from './head.ts';
import type { Chunk } from './layout.ts';
import { tokenText } from './lex.ts';
import type { Learnt, Reading } from './reading.ts';

/** A wrapper is followed when it has no more statements than this. */
const WRAPPER_STATEMENTS = 2;

/** A reading with what it teaches, and without what a parameter of the function hides. */
export function learning(
  file: CFile,
  view: View,
  chunk: Chunk | undefined,
  position: number,
  reading: Reading,
  statements = Number.POSITIVE_INFINITY,
): Reading {
  if (chunk === undefined) return reading;
  if (reading.kind === 'silent') return typed(view, chunk, reading);
  const name = wordAt(view, position);
  const isInBody = chunk.body !== undefined && position > chunk.body;
  const isUse = !/^(?:definition|declaration|tag|enumerator|type)$/.test(reading.kind);
  if (isInBody && isUse && hasParameter(view, chunk, name)) return { kind: 'silent', why: 'parameter' };
  const learns = [
    ...(reading.learns ?? []).flatMap((one) => settled(view, chunk, one)),
    ...typedef(file, view, chunk, reading),
  ];
  if (isInBody && isUse && statements <= WRAPPER_STATEMENTS) learns.push(...wrapper(file, view, chunk));
  const { learns: _, ...rest } = typed(view, chunk, reading);
  return learns.length === 0 ? rest : { ...rest, learns };
}

/** A slot with the type of its object, where a parameter or the file says it. */
function typed(view: View, chunk: Chunk, reading: Reading): Reading {
  const { slot } = reading;
  if (slot?.object === undefined || slot.type !== undefined) return reading;
  const type = parameterType(view, chunk, slot.object) ?? fileVariable(view, slot.object)?.type;
  return type === undefined ? reading : { ...reading, slot: { ...slot, type } };
}

/** Gives a learnt variable its reach: the function around it, the file, or the program. */
function settled(view: View, chunk: Chunk, learnt: Learnt): readonly Learnt[] {
  const { lexed, layout } = view;
  if (learnt.how !== 'variable') return [learnt];
  if (learnt.reach === 'function') {
    if (chunk.body === undefined) return [{ ...learnt, reach: 'file' }];
    const from = lexed.starts[layout.active[chunk.body] ?? 0] ?? 0;
    const to = lexed.ends[layout.active[closerOf(view, chunk.body, chunk.last)] ?? -1] ?? lexed.text.length;
    return [{ ...learnt, from, to }];
  }
  if (learnt.reach === 'program') return [learnt];
  if (hasParameter(view, chunk, learnt.name)) return [];
  const declared = fileVariable(view, learnt.name);
  if (declared === undefined) return [learnt];
  const isInteger =
    !declared.isPointer &&
    !declared.isArray &&
    /^(?:int|long|short|char|unsigned|bool|u\d+|s\d+|size_t|_Bool)$/.test(declared.type ?? '');
  if (isInteger) return [];
  return [{ ...learnt, reach: declared.isStatic ? 'file' : 'program' }];
}

/** `static inline` with the place in its few statements: whoever calls it, reaches the name. */
function wrapper(file: CFile, view: View, chunk: Chunk): readonly Learnt[] {
  const name = functionName(view, chunk);
  if (
    name === undefined ||
    name.includes('(') ||
    !headHas(view, chunk, /^(?:inline|__inline|__inline__|__always_inline)$/)
  )
    return [];
  const isStatic = headHas(view, chunk, /^static$/);
  return [{ name, how: 'wrapper', reach: file.isHeader ? 'header' : isStatic ? 'file' : 'program' }];
}

/** `typedef typeof(&f) name;` */
function typedef(file: CFile, view: View, chunk: Chunk, reading: Reading): readonly Learnt[] {
  if (reading.kind !== 'type' || wordAt(view, chunk.first) !== 'typedef') return [];
  const name = tokenText(view.lexed, view.layout.active[chunk.last - 2] ?? -1);
  return /^\w+$/.test(name) ? [{ name, how: 'typedef', reach: file.isHeader ? 'header' : 'file' }] : [];
}
