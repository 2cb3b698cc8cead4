/**
 * Keeps results between runs. A result is used again only when nothing it was made from has changed: the contents of
 * all files judged, the state of installed packages, the folders files could be added to, the configurations, the
 * rules' options, and this tool itself. Anything in doubt is judged anew.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isBuilt, SOURCES_FILE } from '#base/own-package.ts';
import { writeWhole } from '#base/files.ts';
import type { LintResult } from './result.ts';
import type { Rule, RuleHeader } from './rule.ts';

/** What a result was made from, as it was then. */
interface Stored {
  readonly files: readonly (readonly [string, string])[];
  readonly folders: readonly (readonly [string, string])[];
  readonly result: LintResult;
}

export interface ResultCache {
  readonly get: (key: string, rules: readonly RuleHeader[]) => LintResult | undefined;
  /** Remembers a result with the absolute paths of all files that were read for it. */
  readonly set: (key: string, inputs: readonly string[], result: LintResult) => void;
}

/** A cache in a folder, made when something is first stored. */
export function createResultCache(folder: string): ResultCache {
  const fileOf = (key: string): string => path.join(folder, `${key}.json`);
  return {
    get: (key, rules) => {
      const stored = readStored(fileOf(key));
      if (stored === undefined || !isFresh(stored)) return undefined;
      return { ...stored.result, rules };
    },
    set: (key, inputs, result) => {
      const { files, folders } = lookedAt(inputs);
      const stored: Stored = {
        files: files.map((file) => [file, stampOf(file)]),
        folders: folders.map((name) => [name, folderStamp(name)]),
        result: { ...result, rules: [] },
      };
      try {
        writeWhole(fileOf(key), JSON.stringify(stored));
      } catch {
        // A cache that cannot be written only costs time.
      }
    },
  };
}

/** Everything that decides a result made from some files: they, manifests above them, folders files could be added to. */
export function lookedAt(inputs: readonly string[]): {
  readonly files: readonly string[];
  readonly folders: readonly string[];
} {
  const own = [...new Set(inputs.filter(isOwn).map((file) => path.dirname(file)))];
  return {
    files: [...new Set([...inputs, ...own.flatMap(manifestsAbove)])],
    folders: [...new Set(own.flatMap(foldersAbove))],
  };
}

/** A key for a question: the tool, the rules with their options, and whatever else decides the answer. */
export function cacheKey(rules: readonly Rule[], details: unknown): string {
  const text = JSON.stringify([toolStamp(), rules, details, process.version]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Hash of this tool's own checks, so that a new version never uses old results. */
function toolStamp(): string {
  const hash = createHash('sha256');
  for (const file of toolFiles()) hash.update(path.basename(file)).update(readFileSync(file));
  return hash.digest('hex');
}

/** Sources of this tool that decide what it says. */
export function toolFiles(): readonly string[] {
  if (isBuilt) return [SOURCES_FILE];
  const folders = [import.meta.dirname, path.resolve(import.meta.dirname, '../cli')];
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(
        (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('fixtures'),
      )
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
}

function readStored(file: string): Stored | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stored;
  } catch {
    // Missing or cut off: the same as never stored.
    return undefined;
  }
}

function isFresh(stored: Stored): boolean {
  return (
    stored.folders.every(([name, stamp]) => folderStamp(name) === stamp) &&
    stored.files.every(([file, stamp]) => stampOf(file) === stamp)
  );
}

function isOwn(file: string): boolean {
  return !file.includes('/node_modules/');
}

/** Contents of the project's files count; for installed packages, time and size do. */
function stampOf(file: string): string {
  try {
    if (isOwn(file)) return createHash('sha256').update(readFileSync(file)).digest('hex');
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs}:${size}`;
  } catch {
    return 'gone';
  }
}

/** Names in a folder: a file that is added or taken away changes what a configuration includes. */
function folderStamp(folder: string): string {
  try {
    const names = readdirSync(folder).filter((name) => name !== '.cache' && name !== '.git');
    return createHash('sha256').update(names.sort().join('\n')).digest('hex').slice(0, 16);
  } catch {
    return 'gone';
  }
}

/** A folder and those above it, up to the one that holds a package. */
function foldersAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    found.push(at, path.join(at, 'node_modules'));
    if (existsSync(path.join(at, 'package.json')) || existsSync(path.join(at, 'tsconfig.json'))) return found;
    if (path.dirname(at) === at || found.length > 40) return found.slice(0, 1);
  }
}

/** Manifests and configurations that can decide how a file of a folder is read. */
function manifestsAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let at = folder; path.dirname(at) !== at; at = path.dirname(at)) {
    found.push(path.join(at, 'package.json'), path.join(at, 'tsconfig.json'));
  }
  return found;
}

/** A configuration and all it extends or refers to, as far as they are files. */
export function configurationFiles(tsconfig: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [tsconfig];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next) || !existsSync(next) || !statSync(next).isFile()) continue;
    found.add(next);
    const folder = path.dirname(next);
    for (const [, name = ''] of readFileSync(next, 'utf8').matchAll(/"(\.{1,2}\/[^"*]*)"/g)) {
      const target = path.resolve(folder, name);
      waiting.push(target, `${target}.json`, path.join(target, 'tsconfig.json'));
    }
  }
  return [...found].filter((file) => file.endsWith('.json'));
}
