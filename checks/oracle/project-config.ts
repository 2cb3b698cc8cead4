/**
 * Reads a `tsconfig.json` and everything it refers to (project references, at any depth) into one list of projects,
 * so that a solution is judged as a whole. What cannot be read is the user's error and is told in one message.
 */
import path from 'node:path';
import { ts } from '@ts-morph/common';
import { InputError } from '#base/input-error.ts';
import type { Leads } from '../resolve/leads.ts';
import { NoFilesError } from './opener.ts';

/** One `tsconfig.json` as parsed. */
export interface ProjectPart {
  readonly tsconfig: string;
  readonly options: ts.CompilerOptions;
  /** Absolute paths of the files it names. */
  readonly files: readonly string[];
  /** Output declaration file to the source it is made from, for imports that go through a built package. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** Options this compiler does not know but a newer one may: the rest of the file is still good. */
const FORGIVEN_CODES = new Set([5023, 5024, 5025, 6046]);
const NO_INPUTS_CODES = new Set([18002, 18003]);

/**
 * The project and all it references, the named one first.
 * Throws `InputError` when a configuration cannot be read, extends itself, or names no file at all.
 */
export function readProject(
  tsconfig: string,
  leads: Pick<Leads, 'configurationText' | 'isOutput'>,
): readonly ProjectPart[] {
  const found = new Map<string, ProjectPart>();
  const waiting = [path.resolve(tsconfig)];
  while (waiting.length > 0) {
    const next = waiting.shift();
    if (next === undefined || found.has(next)) continue;
    const all = parse(next, leads);
    const parsed = { ...all, fileNames: all.fileNames.filter((file) => !leads.isOutput(file)) };
    found.set(next, partOf(next, parsed));
    // What is not there (not generated yet, say) is left out, and told by `Leads.notes`.
    waiting.push(
      ...(parsed.projectReferences ?? []).map(ts.resolveProjectReferencePath).filter(ts.sys.fileExists),
    );
  }
  const projects = [...found.values()];
  if (projects.every((project) => project.files.length === 0)) throw new NoFilesError(tsconfig);
  return projects;
}

function parse(tsconfig: string, leads: Pick<Leads, 'configurationText'>): ts.ParsedCommandLine {
  const fatal: ts.Diagnostic[] = [];
  const host: ts.ParseConfigFileHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    readDirectory: ts.sys.readDirectory,
    fileExists: ts.sys.fileExists,
    readFile: (file) => {
      const text = ts.sys.readFile(file);
      return text === undefined ? undefined : leads.configurationText(file, text);
    },
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => fatal.push(diagnostic),
  };
  const { error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error !== undefined) throw new InputError(`${tsconfig}: cannot be used: ${describe(error)}`);
  const parsed = ts.getParsedCommandLineOfConfigFile(tsconfig, {}, host);
  const errors = [...fatal, ...(parsed?.errors ?? [])].filter((error) => !isForgiven(error));
  const first = errors[0];
  if (parsed === undefined || first !== undefined) {
    throw new InputError(`${tsconfig}: cannot be used: ${describe(first)}`);
  }
  return parsed;
}

function isForgiven(error: ts.Diagnostic): boolean {
  if (error.category !== ts.DiagnosticCategory.Error) return true;
  return FORGIVEN_CODES.has(error.code) || NO_INPUTS_CODES.has(error.code);
}

function describe(error: ts.Diagnostic | undefined): string {
  if (error === undefined) return 'it cannot be read';
  const text = ts.flattenDiagnosticMessageText(error.messageText, ' ');
  if (error.file === undefined || error.start === undefined) return text;
  const { line, character } = error.file.getLineAndCharacterOfPosition(error.start);
  return `${text} (${error.file.fileName}:${line + 1}:${character + 1})`;
}

function partOf(tsconfig: string, parsed: ts.ParsedCommandLine): ProjectPart {
  const outputs = new Map<string, string>();
  if (parsed.options.composite === true || parsed.options.declaration === true) {
    const sensitive = ts.sys.useCaseSensitiveFileNames;
    for (const file of parsed.fileNames.filter((name) => !/\.d\.[cm]?ts$|\.json$/.test(name))) {
      for (const output of ts.getOutputFileNames(parsed, file, !sensitive)) outputs.set(output, file);
    }
  }
  return { tsconfig, options: parsed.options, files: parsed.fileNames, outputs };
}
