/**
 * The configuration of a user's project: `conform.config.yaml`, `.json`, or a module whose default export is the same data. A module
 * may also export a whole project of the engine, as the one of this tool does.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { readYaml } from '#base/yaml-file.ts';
import { probe } from '#engine/probe/subject.ts';
import type { ProjectConfiguration } from '#engine/project.ts';
import { loadConfiguration } from './load-configuration.ts';
import { recordings } from '#recordings/subject.ts';
import { gitRange } from '#engine/series/git-range.ts';

/** Names a configuration may have, the first that is there counts. */
const NAMES = ['ts', 'mts', 'js', 'mjs', 'yaml', 'yml', 'json'].map((suffix) => `conform.config.${suffix}`);

const command = v.pipe(v.string(), v.nonEmpty('a command for the shell'));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Refuses lists, which would pass for something without any keys. */
const keyed = v.check((data: unknown) => !Array.isArray(data), 'keys and values, not a list');

const dimensionSchema = v.strictObject({
  meaning: v.optional(v.string()),
  compare: v.optional(v.picklist(['text', 'number', 'set', 'json'])),
  tolerance: v.optional(
    v.union([
      v.pipe(v.number(), v.minValue(0)),
      v.pipe(v.string(), v.regex(/^\d+(\.\d+)?%?$/, "a number or a share such as '5%'")),
    ]),
  ),
  stronger: v.optional(v.picklist(['lower', 'higher'])),
  isResult: v.optional(v.boolean()),
});

const probeSchema = v.strictObject({
  run: command,
  build: v.optional(command),
  files: v.optional(v.array(v.string())),
  dimensions: v.optional(
    v.pipe(
      v.unknown(),
      keyed,
      v.record(v.string(), v.nullish(v.pipe(v.unknown(), keyed, dimensionSchema), {})),
    ),
    {},
  ),
  normalise: v.optional(
    v.array(v.strictObject({ dimension: v.optional(v.string()), replace: v.string(), with: v.string() })),
  ),
  workloads: v.optional(v.array(v.string())),
  generate: v.optional(v.strictObject({ command, count })),
  simpler: v.optional(command),
  timeoutSeconds: v.optional(v.pipe(v.number(), v.gtValue(0))),
  outputBytesMax: v.optional(count),
  tries: v.optional(count),
  parallel: v.optional(count),
});

const recordingSchema = v.strictObject({
  record: command,
  build: v.optional(command),
  workloads: v.optional(v.array(v.string())),
  region: v.optional(v.array(v.string())),
  timeoutSeconds: v.optional(v.pipe(v.number(), v.gtValue(0))),
});

/** What a configuration of a user's project says; docs/conform.config.schema.json says the same for editors. */
export const projectSchema = v.pipe(
  v.strictObject({
    $schema: v.optional(v.string()),
    name: v.optional(v.string()),
    range: v.pipe(v.string(), v.nonEmpty('a range of commits such as main..HEAD')),
    contracts: v.optional(v.string()),
    variants: v.optional(v.string()),
    tsconfig: v.optional(v.string()),
    language: v.optional(v.literal('c')),
    rules: v.optional(v.string()),
    prepare: v.optional(command),
    lockFiles: v.optional(v.array(v.string())),
    probe: v.optional(probeSchema),
    recording: v.optional(recordingSchema),
  }),
  v.check(
    ({ probe, recording }) => (probe === undefined) !== (recording === undefined),
    'either a probe or a recording',
  ),
);

/** What the linter judges the trees of a user's project by, relative to its root. */
export interface UserLint {
  readonly isUsers: true;
  /** In each tree. */
  readonly tsconfig: string;
  /** In the checkout, the same for all trees; the nearest boundary.config.* when absent. */
  readonly rules: string | undefined;
}

/** The configuration where it was made of a user's data here. */
export function userProject(configuration: ProjectConfiguration): ProjectConfiguration<UserLint> | undefined {
  const { lint } = configuration;
  return typeof lint === 'object' && lint !== null && 'isUsers' in lint
    ? (configuration as ProjectConfiguration<UserLint>)
    : undefined;
}

/** The nearest configuration in `folder` or above it. */
export function findConfiguration(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const name = NAMES.find((candidate) => existsSync(join(at, candidate)));
    if (name !== undefined) return join(at, name);
    if (at === dirname(at)) return undefined;
  }
}

/** Reads the configuration in `path`. Throws `InputError` with the place of what is wrong with it. */
export async function readConfiguration(path: string): Promise<ProjectConfiguration> {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new InputError(`there is no configuration ${path}`);
  if (/\.(ya?ml|json)$/.test(path))
    return projectOf(readYaml(readText(absolute), path).check(projectSchema), absolute);
  const data = await loadConfiguration(absolute);
  if (isProject(data)) return data;
  const parsed = v.safeParse(projectSchema, data);
  if (parsed.success) return projectOf(parsed.output, absolute);
  const [issue] = parsed.issues;
  const where = (issue.path ?? []).map(({ key }) => String(key)).join('.');
  throw new InputError(`${path}: ${where || 'the default export'}: ${issue.message}`);
}

function isProject(data: unknown): data is ProjectConfiguration {
  return typeof data === 'object' && data !== null && 'subject' in data && typeof data.subject === 'function';
}

/** The schema sees to it that there is one of the two. */
function subjectOf(
  root: string,
  options: v.InferOutput<typeof probeSchema> | undefined,
  recording: v.InferOutput<typeof recordingSchema> | undefined,
): ReturnType<ProjectConfiguration['subject']> {
  if (recording !== undefined) return recordings({ root, ...recording });
  if (options !== undefined) return probe({ root, ...options });
  throw new InputError('a configuration has either a probe or a recording');
}

function projectOf(data: v.InferOutput<typeof projectSchema>, path: string): ProjectConfiguration<UserLint> {
  const {
    name,
    range,
    contracts,
    variants,
    prepare,
    lockFiles,
    tsconfig,
    language,
    rules,
    probe: options,
    recording,
  } = data;
  const root = dirname(path);
  return {
    name: name ?? basename(root),
    root,
    series: gitRange(range, { contracts, variants, prepare, lockFiles }),
    imports: [],
    subject: () => subjectOf(root, options, recording),
    operationTables: [],
    ...(language !== undefined && { language }),
    lint: { isUsers: true, tsconfig: tsconfig ?? 'tsconfig.json', rules } satisfies UserLint,
    keepsAside: true,
  };
}
