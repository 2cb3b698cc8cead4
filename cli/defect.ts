/** What is said of a defect of this tool, with places in its sources, also where the package runs, which has them in its maps. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { format } from 'node:util';
import type * as mapping from '@jridgewell/trace-mapping';
import { packageFolder, scriptsFolder, toolVersion } from '#base/own-package.ts';

/** What is said of a defect: what happened, what was run, where to report it. */
export function defectText(error: unknown, words: readonly string[]): string {
  return [
    'This is a defect of pmem-conform, not a finding.',
    '',
    error instanceof Error ? withSourcePlaces(error.stack ?? error.message, scriptsFolder) : format(error),
    '',
    `version: ${toolVersion()}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `what was run: ${commandText(words)}`,
    'Please report these lines, with the files that were read, where the package is kept: `npm bugs pmem-conform`.',
    '',
  ].join('\n');
}

/** The arguments as somebody would type them. */
export const commandText = (words: readonly string[]): string =>
  [
    'conform',
    ...words.map((word) => (/^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)),
  ].join(' ');

/**
 * A stack trace with the file and line of the sources before each place in a script below `folder` that has a map:
 * `cli/main.ts:120, dist/main.js:1:2345`. In the package the line is where that function begins, or its `new` (scripts/build/line-map.ts).
 * Sources are named relative to `root`.
 */
export function withSourcePlaces(stack: string, folder: string, root = packageFolder): string {
  return stack.replaceAll(/[^\s()]*\/[\w./-]+\.js:\d+:\d+/g, (place: string) => {
    const [, script = '', line, column] = /^(?:file:\/\/)?(.*):(\d+):(\d+)$/.exec(place) ?? [];
    const map = `${script}.map`;
    if (!script.startsWith(join(folder, sep)) || !existsSync(map)) return place;
    const source = sourcePlace(map, Number(line), Number(column) - 1);
    const shown = `${join(basename(folder), relative(folder, script))}:${line}:${column}`;
    return source === undefined ? place : `${relative(root, source.file)}:${source.line}, ${shown}`;
  });
}

interface SourcePlace {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
}

function sourcePlace(map: string, line: number, column: number): SourcePlace | undefined {
  // Loaded here, because hardly any run needs it.
  const { originalPositionFor, TraceMap } = createRequire(import.meta.url)(
    '@jridgewell/trace-mapping',
  ) as typeof mapping;
  const found = originalPositionFor(new TraceMap(readFileSync(map, 'utf8')), { line, column });
  return found.source === null ? undefined : { file: join(dirname(map), found.source), line: found.line };
}
