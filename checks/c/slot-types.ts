/** The field a value is stored in, as `struct T.field`: types are looked up in the file itself and in what it includes. */
import { lex, Kind, tokenText, type Lexed } from './lex.ts';
import type { SlotStep } from './reading.ts';
import { headersOf, type CTree } from './tree.ts';
import type { Use } from './uses.ts';

/** The field, or nothing when its type cannot be told. */
export async function resolveSlot(tree: CTree, use: Pick<Use, 'file' | 'slot'>): Promise<string | undefined> {
  return (await slotNames(tree, use))[0];
}

/** The field by all names of its struct: `struct T.field`, and `N.field` where a typedef calls it N. */
export async function slotNames(
  tree: CTree,
  { file, slot }: Pick<Use, 'file' | 'slot'>,
): Promise<readonly string[]> {
  if (slot === undefined) return [];
  const lookup = lookupIn(tree, file);
  const start = slot.type ?? (slot.object === undefined ? undefined : await lookup.variable(slot.object));
  return start === undefined ? [] : follow(lookup, start, slot.isArray === true, slot.steps);
}

async function follow(
  lookup: Lookup,
  start: string,
  isArray: boolean,
  steps: readonly SlotStep[],
): Promise<readonly string[]> {
  let inArray = isArray;
  let type = start;
  // The struct that the next step is in, where it is declared inside another.
  let inner: Struct | undefined;
  let result: readonly string[] = [];
  for (const [at, step] of steps.entries()) {
    if ('element' in step || ('index' in step && inArray)) {
      inArray = false;
      continue;
    }
    const own: Struct | undefined = inner ?? (await lookup.struct(type));
    const isLast = at === steps.length - 1;
    const field = 'field' in step ? fieldNamed(own?.fields ?? [], step.field) : own?.fields[step.index];
    const name = 'field' in step ? step.field : field?.name;
    // A function by position where a struct should be: its braces are left out.
    const isElided = isLast && 'index' in step && field?.fields !== undefined;
    if (name === undefined || isElided) return [];
    const names = own?.names ?? [type];
    result = name === '' ? names : names.map((one) => `${one}.${name}`);
    if (isLast) return result;
    const rest = steps.slice(at + 1);
    // The elements of an array of functions are the field itself.
    if (rest.every((one) => 'element' in one)) return result;
    if (field === undefined) return [];
    if (field.isArray && rest.length === 1 && !('field' in (rest[0] ?? {}))) return result;
    if (field.fields === undefined && field.type === '') return result;
    inner = field.fields === undefined ? undefined : { names: result, fields: field.fields };
    type = field.type;
    inArray = field.isArray;
  }
  return result;
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isArray: boolean;
  /** For a struct or union that is declared in place. */
  readonly fields?: readonly Field[];
}

interface Struct {
  /** `struct T`, and what typedefs call it. */
  readonly names: readonly string[];
  readonly fields: readonly Field[];
}

interface Lookup {
  /** A struct by its type, `struct T` or a name made by typedef. */
  readonly struct: (type: string) => Promise<Struct | undefined>;
  /** Type of a variable that a header declares. */
  readonly variable: (name: string) => Promise<string | undefined>;
}

function lookupIn(tree: CTree, file: string): Lookup {
  let around: Promise<readonly string[]> | undefined;
  const search = async <T>(
    question: string,
    find: (text: string) => T | undefined,
  ): Promise<T | undefined> => {
    around ??= headersOf(tree, file).then((headers) => [file, ...headers]);
    const files = await around;
    const answers = await tree.facts.each<T | false>(question, files, (_file, text) => find(text) ?? false);
    for (const one of files) {
      const answer = answers.get(one);
      if (answer !== undefined && answer !== false) return answer;
    }
    return undefined;
  };
  const lookup: Lookup = {
    struct: async (type) => {
      const tag = /^(?:struct|union) (\w+)$/.exec(type)?.[1];
      if (tag !== undefined) return search(`struct ${tag}`, (text) => structNamed(text, tag, type));
      const target = await search(`typedef ${type}`, (text) => typedefOf(text, type));
      const own = typeof target === 'string' ? await lookup.struct(target) : target;
      return own === undefined ? undefined : { ...own, names: [...new Set([...own.names, type])] };
    },
    variable: (name) =>
      search(`variable ${name}`, (text) => {
        if (!text.includes(name)) return undefined;
        const match = new RegExp(
          `^[ \\t]*(?:extern|static)?[ \\t]*(?:const[ \\t]+)?((?:struct|union)[ \\t]+\\w+|\\w+)[ \\t]+(?:const[ \\t]+)?\\**[ \\t]*(?:const[ \\t]+)?${name}\\b[^(]`,
          'm',
        ).exec(text);
        return match?.[1]?.replace(/\s+/, ' ');
      }),
  };
  return lookup;
}

function structNamed(text: string, tag: string, name: string): Struct | undefined {
  if (!text.includes(tag)) return undefined;
  const match = new RegExp(`\\b(?:struct|union)\\s+${tag}\\s*\\{`).exec(text);
  return match === null
    ? undefined
    : { names: [name], fields: fieldsAt(lex(text.slice(match.index + match[0].length))) };
}

/** What a typedef stands for: another type's name, or a struct without one. */
function typedefOf(text: string, type: string): string | Struct | undefined {
  if (!text.includes(type)) return undefined;
  const plain = new RegExp(
    `\\btypedef\\s+((?:const\\s+)?(?:struct|union)\\s+\\w+)\\s*\\*?\\s*${type}\\s*;`,
  ).exec(text);
  if (plain !== null) return (plain[1] ?? '').replace(/^const\s+/, '').replace(/\s+/, ' ');
  for (const match of text.matchAll(/\btypedef\s+(?:struct|union)\s*(\w*)\s*\{/g)) {
    const rest = lex(text.slice(match.index + match[0].length));
    const end = closing(rest);
    if (tokenText(rest, end + 1) === type)
      return { names: [match[1] === '' ? type : `struct ${match[1] ?? ''}`], fields: fieldsAt(rest) };
  }
  return undefined;
}

function closing(lexed: Lexed): number {
  let depth = 1;
  for (let at = 0; at < lexed.kinds.length; at += 1) {
    const text = tokenText(lexed, at);
    if (text === '{') depth += 1;
    if (text === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return lexed.kinds.length;
}

/** Fields up to the `}` that closes, in order; all branches of `#if` one after the other. */
function fieldsAt(lexed: Lexed): readonly Field[] {
  const words: string[] = [];
  const end = closing(lexed);
  let line = 0;
  for (let at = 0; at < end; at += 1) {
    const start = lexed.starts[at] ?? 0;
    while (line < lexed.directives.length && (lexed.directives[line]?.to ?? 0) <= start) line += 1;
    const isLine = start >= (lexed.directives[line]?.from ?? Number.POSITIVE_INFINITY);
    if (isLine || lexed.kinds[at] === Kind.text) continue;
    const isFirst = /^(?:[;{}]|)$/.test(words.at(-1) ?? '');
    words.push(tokenText(lexed, at));
    if (isFirst && isAlone(lexed, at)) words.push(';');
  }
  return declarationsAmong(words).flatMap(fieldsIn);
}

/** Whether a word is all of its line, and no type that goes on in the next: a macro that declares fields, as `HEAD` without a `;`. */
function isAlone(lexed: Lexed, at: number): boolean {
  const next = lexed.starts[at + 1];
  if (next === undefined || lexed.kinds[at] !== Kind.word || lexed.kinds[at + 1] !== Kind.word) return false;
  const gap = lexed.text.slice(lexed.ends[at], next);
  return (
    gap.includes('\n') && !/^(?:struct|union|enum|const|unsigned|signed|volatile)$/.test(tokenText(lexed, at))
  );
}

/** Words parted at each `;` that is in no bracket. */
function declarationsAmong(words: readonly string[]): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  let depth = 0;
  let from = 0;
  for (const [at, word] of words.entries()) {
    if (word === '{' || word === '(') depth += 1;
    if (word === '}' || word === ')') depth -= 1;
    if (word !== ';' || depth > 0) continue;
    found.push(words.slice(from, at));
    from = at + 1;
  }
  return found;
}

/** The fields that one declaration makes. */
function fieldsIn(words: readonly string[]): readonly Field[] {
  const inner = words.indexOf('{');
  if (inner >= 0 && !words.slice(0, inner).includes('enum')) return nestedFields(words, inner);
  const type = /^(?:struct|union|enum)$/.test(words.find((word) => !/^(?:const|volatile)$/.test(word)) ?? '')
    ? `${words.find((word) => !/^(?:const|volatile)$/.test(word)) ?? ''} ${words[words.findIndex((word) => /^(?:struct|union|enum)$/.test(word)) + 1] ?? ''}`
    : (words.find((word) => /^\w+$/.test(word) && !/^(?:const|volatile|unsigned)$/.test(word)) ?? '');
  const open = words.indexOf('(');
  if (open >= 0 && /^[*^]$/.test(words[open + 1] ?? '')) {
    const name = words
      .slice(open + 2)
      .find((word) => /^[A-Za-z_]\w*$/.test(word) && !/^(?:const|volatile)$/.test(word));
    return name === undefined ? [] : [{ name, type: '', isArray: false }];
  }
  const body = words.lastIndexOf('}');
  return named(words.slice(body + 1).join(' ')).map((one) => ({ ...one, type }));
}

/** Names with what says that they are arrays: `a, *b[3], c : 4`. */
function named(text: string): readonly Pick<Field, 'name' | 'isArray'>[] {
  return text.split(',').flatMap((part) => {
    const name = /([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*|:\s*\w+\s*|__\w+\s*)*$/.exec(part)?.[1];
    return name === undefined ? [] : [{ name, isArray: part.includes('[') }];
  });
}

/** `struct { … } name;`: a field with fields. Without a name these belong to the struct around. */
function nestedFields(words: readonly string[], open: number): readonly Field[] {
  const close = words.lastIndexOf('}');
  const fields = declarationsAmong(words.slice(open + 1, close)).flatMap(fieldsIn);
  const after = words.slice(close + 1).filter((word) => !word.startsWith('__'));
  const names = named(after.join(' '));
  if (names.length === 0) return [{ name: '', type: '', isArray: false, fields }];
  return names.map((one) => ({ ...one, type: '', fields }));
}

/** A field by name, also of a struct without a name inside. */
function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  for (const field of fields) {
    if (field.name === name) return field;
    const found = field.name === '' ? fieldNamed(field.fields ?? [], name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
