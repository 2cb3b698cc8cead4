/**
 * Modules that declarations bring without a file of their name: `declare module 'name'` in files of the project, and in
 * what of installed packages belongs to it: the types a configuration names, those files refer to, and all that these
 * import. Read as text, so that no compiler is needed to know that a name leads somewhere.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { once } from '#base/once.ts';
import type { Leads } from '../resolve/leads.ts';
import type { SourceUnit } from './compiler.ts';
import { needsCompiler } from './needs-compiler.ts';

const DECLARED = /\bdeclare\s+module\s+(["'])([^"'\n]+)\1/g;
const IMPORTED = /\b(?:from|import)\s*\(?\s*(["'])([^"'\n]+)\1|<reference\s+path\s*=\s*(["'])([^"'\n]+)\3/g;
const TYPES = /<reference\s+types\s*=\s*(["'])([^"'\n]+)\1/g;
/** How many declaration files are read before it is left to a compiler. */
const FILES_MAX = 6000;

export interface AmbientQuestion {
  readonly units: readonly SourceUnit[];
  /** Files of packages that the project imports. */
  readonly entries: readonly string[];
  /** Names of packages with types for everybody. */
  readonly types: readonly string[];
  /** Folder that these are looked for from. */
  readonly folder: string;
  readonly leads: Leads;
}

/** Whether a name is one of a declared module; an asterisk in a declaration stands for anything. */
export function createAmbient(question: AmbientQuestion): (specifier: string) => boolean {
  const { units, leads, folder } = question;
  const own = patternsIn(units);
  let installed: readonly RegExp[] | undefined;
  return (specifier) => {
    if (own.some((pattern) => pattern.test(specifier))) return true;
    installed ??= patternsIn(declarations(question, entriesOf(question, leads, folder)));
    return installed.some((pattern) => pattern.test(specifier));
  };
}

/** Whether files of a project declare a module of a name; their texts are read when that is first asked. */
export function createDeclared(units: () => readonly SourceUnit[]): (specifier: string) => boolean {
  const patterns = once(() => patternsIn(units()));
  return (specifier) => patterns().some((pattern) => pattern.test(specifier));
}

function entriesOf(
  { units, entries, types }: AmbientQuestion,
  leads: Leads,
  folder: string,
): readonly string[] {
  const named = types.map((name) => [path.join(folder, 'tsconfig.json'), name] as const);
  const referred = units.flatMap(({ text, path: from }) =>
    text.includes('<reference')
      ? [...text.matchAll(TYPES)].map(([, , name = '']) => [from, name] as const)
      : [],
  );
  return [...entries, ...[...named, ...referred].flatMap(([from, name]) => typesAt(leads, from, name) ?? [])];
}

function typesAt(leads: Leads, from: string, name: string): string | undefined {
  return leads.to(from, `@types/${name}`).file ?? leads.to(from, name).file;
}

type Text = Pick<SourceUnit, 'path' | 'text'>;

/** Declaration files that some lead to. */
function declarations({ leads }: AmbientQuestion, entries: readonly string[]): readonly Text[] {
  const found = new Map<string, string>();
  const waiting = [...new Set(entries)].filter((file) => /\.d\.[cm]?ts$/.test(file));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file) || !existsSync(file)) continue;
    if (found.size > FILES_MAX) return needsCompiler();
    const text = readFileSync(file, 'utf8');
    found.set(file, text);
    const names = [...text.matchAll(IMPORTED)].map(
      ([, , name, , reference]) => name ?? `./${reference ?? ''}`,
    );
    const types = [...text.matchAll(TYPES)].map(([, , name = '']) => typesAt(leads, file, name));
    const targets = [...names.map((name) => leads.to(file, name).file), ...types];
    waiting.push(...targets.flatMap((target) => (target?.includes('/node_modules/') === true ? target : [])));
  }
  return [...found].map(([file, text]) => ({ path: file, text }));
}

/** What files declare; a file that imports or exports itself only adds to modules that are there. */
function patternsIn(files: readonly Text[]): readonly RegExp[] {
  return files
    .filter(({ text }) => text.includes('module'))
    .flatMap(({ path: file, text }) => {
      const found = [...text.matchAll(DECLARED)];
      return found.length > 0 && parseSync(file, text).module.hasModuleSyntax ? [] : found;
    })
    .map(([, , name = '']) => new RegExp(`^${name.split('*').map(escaped).join('.*')}$`));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
