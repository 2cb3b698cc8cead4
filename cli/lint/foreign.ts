/** The user's project: configurations and rules as named, else the nearest ones of the working folder. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { packageFolder } from '#base/own-package.ts';
import { InputError } from '#base/input-error.ts';
import { isInside, nearestProjects, nearestRules } from '#checks/find-project.ts';
import type { ForeignProject } from '#checks/lint.ts';
import { missingFiles } from '#checks/resolve/solution.ts';
import { loadRules, type LoadedRules } from '#checks/rules-file.ts';
import type { LintOptions, ProjectOptions } from './options.ts';

/** Where this tool lies. */
const OWN_FOLDER = packageFolder;

/** Whether this tool's own project is meant: asked for, or the working folder lies in it and has no rules of its own. */
export function isOwn(options: LintOptions, folder: string): boolean {
  if (options.project !== undefined || options.rules !== undefined) {
    if (options.own !== true) return false;
    throw new InputError('--own is this tool judging itself; it does not go with --project and --rules.');
  }
  if (options.own === true || options.step !== undefined) return true;
  return isInside(folder, OWN_FOLDER) && nearestRules(folder) === undefined;
}

/** The configurations to judge. Throws `InputError` when there is none. */
export function configurations({ project }: ProjectOptions, folder: string): readonly [string, ...string[]] {
  const found =
    project === undefined ? nearestProjects(folder) : project.map((given) => configurationAt(folder, given));
  const [first, ...others] = found;
  if (first === undefined)
    throw new InputError(
      `tsconfig.json: there is no such project in this folder or above it.${hintAt(folder)}`,
    );
  return [first, ...others];
}

/** Configurations of other names, which have to be named. */
function hintAt(folder: string): string {
  const there = readdirSync(folder).filter((name) => /^[jt]sconfig.*\.json$/.test(name));
  return there.length === 0
    ? '\n  Name one with --project FILE.'
    : `\n  Name one with --project FILE; here are ${there.sort().join(', ')}.`;
}

/** The project and its loaded rules. Throws `InputError` when either is missing. */
export async function foreignProject(options: ProjectOptions, folder: string): Promise<ForeignProject> {
  const [tsconfig, ...others] = configurations(options, folder);
  const rulesFile = options.rules === undefined ? nearestRules(folder) : path.resolve(folder, options.rules);
  if (rulesFile === undefined) {
    throw new InputError(
      'there is no boundary.config.ts, .mts, .js, .mjs or .json in this folder or above it\n  conform lint --init writes one whose rules hold today; or name one with --rules FILE',
    );
  }
  const loaded = await loadRules(rulesFile);
  const rulesName = path.relative(folder, loaded.file);
  const base = baseOf(options, loaded, tsconfig, folder);
  const { rules, exceptionsMax, inputs } = loaded;
  const isFound = options.project === undefined;
  return { tsconfig, others, isFound, base, rules, rulesName, exceptionsMax, rulesInputs: inputs };
}

/** A folder stands for the tsconfig.json in it, as with tsc. */
function configurationAt(folder: string, given: string): string {
  const absolute = path.resolve(folder, given);
  const isFolder = existsSync(absolute) && statSync(absolute).isDirectory();
  const file = isFolder ? path.join(absolute, 'tsconfig.json') : absolute;
  if (!existsSync(file)) throw new InputError(`${given}: there is no such project.`);
  // Projects that were found do without, and say so; one that was named is meant to be whole.
  const [missing] = missingFiles(file);
  if (missing !== undefined) throw new InputError(`${given}: cannot be used: ${missing}.`);
  return file;
}

/** File names start at `--base`, else at the rules' own base, else at the folder that holds the project. */
function baseOf(options: ProjectOptions, loaded: LoadedRules, tsconfig: string, folder: string): string {
  if (options.base !== undefined) return path.resolve(folder, options.base);
  if (loaded.base !== undefined) return loaded.base;
  const beside = path.dirname(loaded.file);
  return tsconfig.startsWith(beside + path.sep) ? beside : path.dirname(tsconfig);
}
