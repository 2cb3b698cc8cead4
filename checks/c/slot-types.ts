/** The field a value is stored in, as `struct T.field`: types are looked up in the file itself and in what it includes. */
import { lex, Kind, tokenText, type Lexed } from './lex.ts';
import type { SlotStep } from './reading.ts';
import { headersOf, type CTree } from './tree.ts';
import type { Use } from './uses.ts';

/** The field, or nothing when its type cannot be told. */
export async function resolveSlot(tree: CTree, { file, slot }: Use): Promise<string | undefined> {
  if (slot === undefined) return undefined;
  const lookup = lookupIn(tree, file);
  const start = slot.type ?? (slot.object === undefined ? undefined : await lookup.variable(slot.object));
  return start === undefined ? undefined : follow(lookup, start, slot.isArray === true, slot.steps);
}

async function follow(
  lookup: Lookup,
  start: string,
  isArray: boolean,
  steps: readonly SlotStep[],
): Promise<string | undefined> {
  let type = start;
  let inArray = isArray;
  let result: string | undefined;
  for (const [at, step] of steps.entries()) {
    if ('element' in step) {
      inArray = false;
      continue;
    }
    if ('index' in step && inArray) {
      inArray = false;
      continue;
    }
    const own = await lookup.struct(type);
    const field = 'field' in step ? step.field : own?.fields[step.index]?.name;
    if (field === undefined) return undefined;
    result = `${own?.name ?? type}.${field}`;
    if (at === steps.length - 1) return result;
    const next = own?.fields.find(({ name }) => name === field);
    const rest = steps.slice(at + 1);
    // The elements of an array of functions are the field itself.
    if (rest.every((one) => 'element' in one) || next?.type === '') return result;
    if (next === undefined) return undefined;
    if (next.isArray && rest.length === 1 && !('field' in (rest[0] ?? {}))) return result;
    type = next.type;
    inArray = next.isArray;
  }
  return result;
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isArray: boolean;
}

interface Lookup {
  /** A struct by its type, `struct T` or a name made by typedef. */
  readonly struct: (
    type: string,
  ) => Promise<{ readonly name: string; readonly fields: readonly Field[] } | undefined>;
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
      return target === undefined ? undefined : typeof target === 'string' ? lookup.struct(target) : target;
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

function structNamed(
  text: string,
  tag: string,
  name: string,
): { readonly name: string; readonly fields: readonly Field[] } | undefined {
  if (!text.includes(tag)) return undefined;
  const match = new RegExp(`\\b(?:struct|union)\\s+${tag}\\s*\\{`).exec(text);
  return match === null
    ? undefined
    : { name, fields: fieldsAt(lex(text.slice(match.index + match[0].length))) };
}

/** What a typedef stands for: another type's name, or a struct without one. */
function typedefOf(
  text: string,
  type: string,
): string | { readonly name: string; readonly fields: readonly Field[] } | undefined {
  if (!text.includes(type)) return undefined;
  const plain = new RegExp(
    `\\btypedef\\s+((?:const\\s+)?(?:struct|union)\\s+\\w+)\\s*\\*?\\s*${type}\\s*;`,
  ).exec(text);
  if (plain !== null) return (plain[1] ?? '').replace(/^const\s+/, '').replace(/\s+/, ' ');
  for (const match of text.matchAll(/\btypedef\s+(?:struct|union)\s*(\w*)\s*\{/g)) {
    const rest = lex(text.slice(match.index + match[0].length));
    const end = closing(rest);
    if (tokenText(rest, end + 1) === type)
      return { name: match[1] === '' ? type : `struct ${match[1] ?? ''}`, fields: fieldsAt(rest) };
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
  const end = closing(lexed);
  const fields: Field[] = [];
  const isLine = (at: number): boolean =>
    lexed.directives.some(({ from, to }) => (lexed.starts[at] ?? 0) >= from && (lexed.starts[at] ?? 0) < to);
  let words: string[] = [];
  let depth = 0;
  for (let at = 0; at < end; at += 1) {
    if (isLine(at)) continue;
    const text = tokenText(lexed, at);
    if (text === '{' || text === '(') depth += 1;
    if (text === '}' || text === ')') depth -= 1;
    if (text === ';' && depth === 0) {
      fields.push(...fieldsIn(words));
      words = [];
    } else if (lexed.kinds[at] !== Kind.text) words.push(text);
  }
  return fields;
}

function fieldsIn(words: readonly string[]): readonly Field[] {
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
  const tail = (body < 0 ? words : words.slice(body + 1)).join(' ');
  return tail.split(',').flatMap((part): Field[] => {
    const name = /([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*|:\s*\w+\s*|__\w+\s*)*$/.exec(part)?.[1];
    return name === undefined ? [] : [{ name, type, isArray: part.includes('[') }];
  });
}
