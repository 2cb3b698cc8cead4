/** What tokens alone tell for certain about a place in code, so that no macro around it can confuse it. */
import { closerOf, functionName, headEnd, headHas, namePosition, wordAt, type View } from './head.ts';
import type { Chunk } from './layout.ts';
import type { Reading } from './reading.ts';

const EXPORTING = /^(?:_*EXPORT_\w*SYMBOL\w*|ACPI_EXPORT_SYMBOL\w*)$/;
const TYPE_OF =
  /^(?:sizeof|typeof|__typeof__|__typeof|typeof_unqual|_Alignof|__alignof__|alignof|__builtin_types_compatible_p|offsetof)$/;
const FIELD: Reading = { kind: 'silent', why: 'field' };
const STORAGE = /^(?:static|extern|const|inline|__inline|volatile)$/;

/** The reading of a position, or nothing when the grammar must be asked. */
export function tokenReading(view: View, chunk: Chunk, position: number): Reading | undefined {
  const before = wordAt(view, position - 1);
  const next = wordAt(view, position + 1);
  // Which field of what is for the grammar to tell.
  if (before === '.' || before === '->') return position < headEnd(chunk) ? FIELD : undefined;
  if (/^(?:struct|union|enum)$/.test(before))
    return { kind: 'tag', what: 'type', ...(next === '{' ? { into: 'definition' } : {}) };
  if (before === 'goto') return { kind: 'silent', why: 'label' };
  const opened = insideBrackets(view, chunk, position);
  if (opened !== undefined) return opened;
  const name = namePosition(view, chunk);
  const end = headEnd(chunk);
  if (position >= end) return undefined;
  if (chunk.body !== undefined) return headReading(view, chunk, position, name);
  if (name === undefined) return undefined;
  if (position === name) return declaredFunction(view, chunk, name);
  return undefined;
}

/** What a bracket around the place decides: an export, a type, the argument of a macro that declares something. */
function insideBrackets(view: View, chunk: Chunk, position: number): Reading | undefined {
  const { opener } = view.layout;
  for (let open = opener[position] ?? -1; open >= chunk.first; open = opener[open] ?? -1) {
    if (wordAt(view, open) !== '(') continue;
    const callee = wordAt(view, open - 1);
    if (EXPORTING.test(callee))
      return wordAt(view, position - 1) === '('
        ? { kind: 'export', of: callee }
        : { kind: 'argument', of: callee, use: 'argument' };
    if (TYPE_OF.test(callee)) return { kind: 'type' };
    // `static DEFINE_X(name, VALUE);`: the grammar would take VALUE for a parameter.
    const isBare = /^\w+$/.test(callee) && (STORAGE.test(wordAt(view, open - 2)) || open - 1 === chunk.first);
    const isDeclared = isBare && chunk.body === undefined && !/^(?:int|void|char|long)$/.test(callee);
    const isInBody =
      isBare && open - 1 > (chunk.body ?? Number.POSITIVE_INFINITY) && STORAGE.test(wordAt(view, open - 2));
    if (isDeclared || isInBody) return argumentReading(view, position, chunk);
  }
  return undefined;
}

/** A word among the arguments of a macro: called there, or given to the innermost call. */
function argumentReading(view: View, position: number, chunk: Chunk): Reading {
  const inside = chunk.body === undefined || position < chunk.body ? undefined : functionName(view, chunk);
  const where = inside === undefined ? {} : { in: inside };
  const callee = wordAt(view, (view.layout.opener[position] ?? 0) - 1);
  if (wordAt(view, position + 1) === '(') return { kind: 'call', ...where };
  return { kind: 'argument', of: callee, use: 'argument', ...where };
}

/** A place in the head of a function that has a body. */
function headReading(view: View, chunk: Chunk, position: number, name: number | undefined): Reading {
  if (position === name)
    return { kind: 'definition', what: 'function', isStatic: headHas(view, chunk, /^static$/) };
  const opener = view.layout.opener[position] ?? -1;
  const body = chunk.body ?? chunk.last;
  const isOld = wordAt(view, body - 1) === ';';
  if (isOld && name !== undefined && position > name && /^[,);[]$/.test(wordAt(view, position + 1)))
    return { kind: 'silent', why: 'parameter' };
  if (name !== undefined && position > name && opener >= 0) {
    if (wordAt(view, opener) === '[') return { kind: 'value' };
    const close = closerOf(view, name + 1, body);
    if (position > close) return { kind: 'argument', of: wordAt(view, opener - 1), use: 'argument' };
    const isMacro = name === chunk.first && opener === name + 1;
    const isFirst = isMacro && wordAt(view, position - 1) === '(';
    if (isFirst) return { kind: 'argument', of: wordAt(view, name), use: 'argument' };
    const before = wordAt(view, position - 1);
    const isNamed = /^[,)[]$/.test(wordAt(view, position + 1)) && (isMacro || !/^[(,]$/.test(before));
    return isNamed ? { kind: 'silent', why: 'parameter' } : { kind: 'type' };
  }
  return { kind: 'type' };
}

/** `T name(…);`, or `name(…);` which is a macro, or `name(…)` where a type should be. */
function declaredFunction(view: View, chunk: Chunk, name: number): Reading | undefined {
  let isTyped = false;
  for (let at = chunk.first; at < name; at += 1) {
    if (wordAt(view, at) === 'typedef') return undefined;
    if (!STORAGE.test(wordAt(view, at))) isTyped = true;
  }
  if (!isTyped) return { kind: 'call', of: wordAt(view, name) };
  const close = closerOf(view, name + 1, chunk.last);
  for (let at = close + 1; at < chunk.last; at += 1) if (wordAt(view, at) === '=') return undefined;
  return { kind: 'declaration', what: 'function', isStatic: headHas(view, chunk, /^static$/) };
}
