/** `git grep` in a folder or a commit; what git could not read is told, not passed over. */
import { spawn } from 'node:child_process';
import { InputError } from '#base/input-error.ts';
import type { Matches } from './source.ts';

export interface Grepped {
  readonly matches: Matches;
  /** Files git said it could not read. */
  readonly missing: readonly string[];
}

/** Nothing may be fetched: a file that is not here is told as such. */
export const OFFLINE: Readonly<Record<string, string>> = {
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};

/**
 * Whatever the user's own configuration says: only names and matches are written, and no file is left out, not even one that an
 * attribute or a zero byte makes binary.
 */
const PLAIN = [
  '--text',
  '--no-line-number',
  '--no-column',
  '--no-color',
  '--no-heading',
  '--no-break',
  '--no-full-name',
  '--no-textconv',
  '--no-recurse-submodules',
];

/**
 * What matches a pattern in the files of a revision, or of the folder itself when there is none; by PCRE where git has it, else
 * by extended expressions. Throws `InputError`.
 */
export async function grepFiles(
  folder: string,
  revision: string | undefined,
  pattern: string,
  paths: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Grepped> {
  for (const syntax of ['-P', '-E']) {
    const where = revision === undefined ? ['--no-index'] : [];
    const given = [
      'grep',
      ...PLAIN,
      '-z',
      ...where,
      syntax,
      '-e',
      syntax === '-P' ? pattern : extended(pattern),
      ...(revision === undefined ? [] : [revision]),
      '--',
      ...paths,
    ];
    const { status, out, problem } = await run(folder, given, environment);
    if (status === 0 || status === 1) return { matches: matchesIn(out), missing: missingIn(problem) };
    if (syntax === '-P' && /PCRE|Perl/i.test(problem)) continue;
    // Blobs that are not here make git end with an error although it went on.
    const missing = missingIn(problem);
    if (missing.length > 0) return { matches: matchesIn(out), missing };
    throw new InputError(`git grep failed in ${folder}: ${problem.trim().split('\n')[0] ?? ''}`);
  }
  throw new InputError('git grep knows neither -P nor -E.');
}

/** A pattern without what POSIX extended expressions have not. */
function extended(pattern: string): string {
  return pattern
    .replaceAll(/\(\?<=[^)]*\)/g, '')
    .replaceAll('(?:', '(')
    .replaceAll('\\t', '\t');
}

/** The lines of a text that match. */
export function linesIn(text: string, pattern: string): readonly string[] {
  const found = new Set<string>();
  const expression = new RegExp(pattern, 'gm');
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const end = text.indexOf('\n', match.index);
    found.add(text.slice(text.lastIndexOf('\n', match.index - 1) + 1, end < 0 ? undefined : end));
    if (end < 0) break;
    expression.lastIndex = end;
  }
  return [...found];
}

/** What each of several patterns matches in lines that any of them does. */
export function eachIn(lines: Matches, patterns: readonly string[]): ReadonlyMap<string, Matches> {
  return new Map(
    patterns.map((pattern) => {
      if (patterns.length === 1) return [pattern, lines];
      const expression = new RegExp(pattern);
      const found = new Map<string, ReadonlySet<string>>();
      for (const [file, texts] of lines) {
        const own = [...texts].filter((text) => expression.test(text));
        if (own.length > 0) found.set(file, new Set(own));
      }
      return [pattern, found];
    }),
  );
}

/** Endings of files as pathspecs, so that others need not be searched; none where a file has no ending. */
export function endingsOf(files: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const file of files) found.add(file.slice(file.lastIndexOf('.', file.length - 1)));
  return [...found].some((ending) => !/^\.\w+$/.test(ending)) ? [] : [...found].map((ending) => `*${ending}`);
}

/** Several patterns as one. */
export function anyOf(patterns: readonly string[]): string {
  return patterns.map((pattern) => `(?:${pattern})`).join('|');
}

/** `REVISION:file NUL match`, one after the other. A name may hold line ends, a line may hold zero bytes. */
function matchesIn(out: string): Matches {
  const found = new Map<string, Set<string>>();
  const [first = '', ...rest] = out.split('\0');
  let file = nameIn(first);
  let text = '';
  for (const part of rest) {
    const end = part.indexOf('\n');
    if (end < 0) {
      text += `${part}\0`;
      continue;
    }
    const known = found.get(file) ?? new Set<string>();
    found.set(file, known.add(text + part.slice(0, end)));
    file = nameIn(part.slice(end + 1));
    text = '';
  }
  return found;
}

/** A name without the revision before it. */
function nameIn(text: string): string {
  return text.replace(/^[0-9a-f]{40,64}:/, '');
}

function missingIn(problem: string): readonly string[] {
  const found = [
    ...problem.matchAll(
      /'(?:[0-9a-f]{40,64}:)?([^'\n]+)': (?:unable to read|Permission denied|No such file)/g,
    ),
  ];
  return [...new Set(found.map((match) => match[1] ?? ''))];
}

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly problem: string;
}

function run(
  folder: string,
  given: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...given], {
      cwd: folder,
      env: { ...process.env, ...OFFLINE, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const problems: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => problems.push(data));
    child.on('error', (error) => reject(new InputError(`git cannot be run: ${error.message}`)));
    child.on('close', (status) =>
      resolve({
        status: status ?? 2,
        out: Buffer.concat(out).toString(),
        problem: Buffer.concat(problems).toString(),
      }),
    );
  });
}
