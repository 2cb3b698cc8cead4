/** `conform lint --init`: a boundary.config.json whose rules hold today, and what was looked at to get there. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '#base/input-error.ts';
import { entriesFor, writeBaseline } from '#checks/baseline.ts';
import { ruleFunctions } from '#checks/define-rules.ts';
import { nearestRules } from '#checks/find-project.ts';
import { importsRunner } from '#checks/graph/imports.ts';
import { proposeRules, type RuleData } from '#checks/init.ts';
import { lintProject } from '#checks/lint.ts';
import { workspacesAround } from '#checks/resolve/workspaces.ts';
import type { LintResult } from '#checks/result.ts';
import type { Rule } from '#checks/rule.ts';
import { runRules } from '#checks/run.ts';
import type { CliContext } from '../context.ts';
import { configurations } from './foreign.ts';
import { using } from './judge.ts';
import type { LintOptions } from './options.ts';

const RULES = 'boundary.config.json';
const BASELINE = 'boundary.baseline.json';
/** Configurations of other tools, whose rules a page of the manual translates. */
const OTHERS = [
  '.dependency-cruiser.js',
  '.dependency-cruiser.cjs',
  '.dependency-cruiser.mjs',
  '.dependency-cruiser.json',
  'sheriff.config.ts',
  'nx.json',
];

/** Writes the files. With `--accept`, rules that do not hold are kept, with a baseline. Throws `InputError`. */
export async function writeRules(options: LintOptions, folder: string, context: CliContext): Promise<void> {
  const there = nearestRules(folder);
  if (there !== undefined)
    throw new InputError(`${there}: there are rules already; --init writes the first ones.`);
  const [tsconfig, ...others] = configurations(options, folder);
  const isFound = options.project === undefined;
  const project = { tsconfig, others, isFound, base: folder, rulesName: RULES };
  const say = (text: string): void => context.write(`${text}\n`);
  // What the first look read is at hand for the second.
  const { rules, result } = await using(options.oracle, (opener) => {
    const survey = lintProject({ ...project, rules: [] }, opener, importsRunner(runRules));
    const proposal = proposeRules(surveyOf(survey, folder));
    say(
      [`looked at ${survey.files} files of ${1 + others.length} configurations`, ...proposal.seen].join(
        '\n  ',
      ),
    );
    const tried = proposal.rules.map(made);
    return { rules: proposal.rules, result: lintProject({ ...project, rules: tried }, opener) };
  });
  const outcome = sorted(rules, result);
  const isNothing =
    outcome.kept.length === 0 && (options.accept === undefined || outcome.broken.length === 0);
  if (isNothing)
    throw new InputError(
      'no rule that was tried holds today; --accept keeps those that do not, with a baseline.',
    );
  for (const { id, title } of outcome.kept) say(`holds: ${id}  ${String(title)}`);
  for (const [{ id, title }, count] of outcome.broken)
    say(
      `${options.accept === undefined ? 'left out' : 'accepted'}: ${id}  ${String(title)}: ${count} findings today`,
    );
  const written = [
    ...outcome.kept,
    ...(options.accept === undefined ? [] : outcome.broken.map(([one]) => one)),
  ];
  const content = { $schema: SCHEMA, rules: written };
  writeFileSync(path.join(folder, RULES), `${JSON.stringify(content, undefined, 2)}\n`);
  const isAccepted = options.accept !== undefined && outcome.broken.length > 0;
  if (isAccepted) writeBaseline(path.join(folder, BASELINE), entriesFor(withRules(result, written)));
  for (const name of OTHERS.filter((file) => existsSync(path.join(folder, file))))
    say(`${name} is here as well: docs/LINT-COMING-FROM.md says its options in the words of this tool`);
  const judge = `conform lint${isAccepted ? ` --baseline ${BASELINE}` : ''}`;
  say(
    `wrote ${RULES}${isAccepted ? ` and ${BASELINE}` : ''}. Next:\n  ${judge}\n  conform lint --explain ${written[0]?.id ?? ''}\n  conform graph --format html --output imports.html`,
  );
}

/** Where editors find what a rules file may say. */
const SCHEMA = './node_modules/pmem-conform/docs/boundary.config.schema.json';

function made({ kind, ...options }: RuleData): Rule {
  const make = ruleFunctions().get(kind);
  if (make === undefined) throw new RangeError(`no rule of kind ${kind}`);
  return make(options as never);
}

function surveyOf(result: LintResult, folder: string): Parameters<typeof proposeRules>[0] {
  const imports = result.projects.flatMap((one) => one.imports ?? []);
  const files = [
    ...new Set([...result.projects.flatMap(({ named }) => named), ...imports.map(({ from }) => from)]),
  ];
  const packages = [...workspacesAround(folder).byName.values()].map((one) =>
    path.relative(folder, one.folder),
  );
  return { files: files.filter((file) => !file.startsWith('../')), imports, packages };
}

interface Sorted {
  readonly kept: readonly RuleData[];
  readonly broken: readonly (readonly [RuleData, number])[];
}

/** Rules that hold, and those that do not with the number of findings; what matches nothing is neither. */
function sorted(rules: readonly RuleData[], { findings }: LintResult): Sorted {
  const of = (id: string): LintResult['findings'] => findings.filter(({ ruleId }) => ruleId === id);
  const isEmpty = (id: string): boolean => of(id).some(({ certainty }) => certainty === 'empty-rule');
  const there = rules.filter(({ id }) => !isEmpty(id));
  const broken = there.filter(({ id }) => of(id).length > 0);
  return {
    kept: there.filter(({ id }) => of(id).length === 0),
    broken: broken.map((one) => [one, of(one.id).length]),
  };
}

function withRules(result: LintResult, rules: readonly RuleData[]): LintResult {
  const ids = new Set(rules.map(({ id }) => id));
  return { ...result, findings: result.findings.filter(({ ruleId }) => ids.has(ruleId)) };
}
