/** `npm run reach`: argument parsing, progress and report; the work is in `pmem/reach/`. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { InputError } from '#base/input-error.ts';
import { readTree } from '#base/tree-files.ts';
import { openProject } from '#engine/project.ts';
import { runScript } from '../run-script.ts';
import { coverageOfLitmus } from '#machine/coverage/litmus-coverage.ts';
import { parseLitmusFile } from '#machine/litmus/file-parser.ts';
import type { LitmusTest } from '#machine/litmus/program.ts';
import { generator } from '#pmem/fuzz/generate.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { insideIndex, meanwhileIndex, type Workload } from '#pmem/language/workload.ts';
import { loadTree } from '#pmem/load-tree.ts';
import { convictedMutants } from '#pmem/reach/convictions.ts';
import { heldToExcuses, readExcused } from '#pmem/reach/excused.ts';
import { type ForcedTree, loadForced } from '#pmem/reach/forced-tree.ts';
import { nameOfSide, type Round, unreachedSides } from '#pmem/reach/reach.ts';
import { type RuleEvidence, unusedRules } from '#pmem/reach/rules.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { quickPlan } from '#pmem/sweep/plan.ts';
import { workloadOf } from '#pmem/sweep/row.ts';
import configuration from '#series/conform.config.ts';

interface ReachOptions {
  readonly file?: string;
  readonly list: boolean;
  readonly generated: string;
}

/** Generated workloads and rows of the sweep in which one side is forced, at most. */
const FORCED_MAX = 40;

const canGoSeveralWays = (workload: Workload): boolean =>
  insideIndex(workload) >= 0 || meanwhileIndex(workload) >= 0;

/** Seed of the generated workloads: the same ones each time. */
const SEED = 2017;

const EXAMPLES = `
  npm run reach                           what nothing depends on and nobody excused
  npm run reach -- --list                 all of it, with the reasons
  npm run reach -- --file fs/dax.ts       branches of one file of after/
  npm run reach -- --generated 5000       more workloads by chance

Reasons stand in pmem/reach/excused.yaml. One for something that is reached, or is no more, fails too.
Exit code: 0 all is reached or excused, 1 something is not or an excuse is stale, 2 could not run. docs/TEETH.md has the rest.`;

const program = new Command('npm run reach --')
  .description('says which branches of after/ change no run, and which rules no run uses')
  .option('--file <file>', 'only branches of this file of after/, and no rules')
  .option('--list', 'list what is excused too, with its reason', false)
  .option('--generated <count>', 'workloads by chance for what scenarios leave open', '1000')
  .addHelpText('after', EXAMPLES);

function progress(done: number, total: number): void {
  if (process.stderr.isTTY !== true) return;
  process.stderr.write(`\r\u001b[Kcondition ${done + 1}/${total}${done + 1 === total ? '\r\u001b[K' : ''}`);
}

/** The tree with the conditions of one file only, where one was asked for. */
async function openTree(folder: string, file?: string): Promise<ForcedTree> {
  const files = readTree(folder);
  if (file !== undefined && !files.has(file))
    throw new InputError(`--file ${file}: no file of after/\n  allowed: ${[...files.keys()].join(', ')}`);
  return loadForced(folder, files, file);
}

/** What may use the rules of the promise and of the machine besides the scenarios: variants, mutants, and litmus tests. */
async function evidenceOf(workloads: readonly Workload[]): Promise<RuleEvidence> {
  const project = openProject(configuration);
  const { series, root } = project;
  mkdirSync(project.cache, { recursive: true });
  const scratch = mkdtempSync(join(project.cache, 'reach-'));
  try {
    const boots = await Promise.all(['before', 'after'].map((name) => loadTree(series.tree(name).folder)));
    const variants = series.variants.names().filter((name) => series.variants.read(name).workload !== '');
    const convicted = variants.map(async (name) => ({
      boot: await loadTree(series.tree(name).folder),
      workload: parseWorkload(series.variants.read(name).workload),
    }));
    const convictions = [...(await Promise.all(convicted)), ...(await convictedMutants(root, scratch))];
    return { boots, workloads, convictions, litmus: coverageOfLitmus(litmusTests(root)) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Every litmus test of the project. */
function litmusTests(root: string): LitmusTest[] {
  const folder = join(root, 'litmus');
  return readdirSync(folder).flatMap((file) =>
    parseLitmusFile(readFileSync(join(folder, file), 'utf8'), file),
  );
}

async function main({ file, list, generated: given }: ReachOptions): Promise<number> {
  const count = Number(given);
  if (given.trim() === '' || !Number.isInteger(count) || count < 0)
    throw new InputError(`--generated ${given}\n  allowed: whole numbers from 0 on`);
  const excused = readExcused();
  const scenarios = suiteScenarios().map(({ workload }) => parseWorkload(workload));
  const tree = await openTree(join(configuration.root, 'after'), file);
  const generated = (): Workload[] => {
    const make = generator();
    const rows = quickPlan().map((row) => workloadOf(row.make()));
    return [...rows, ...Array.from({ length: count }, (_, number) => make(SEED, number))];
  };
  const rounds: Round[] = [
    { workloads: () => scenarios },
    { workloads: () => scenarios.filter(canGoSeveralWays), goesEveryWay: true },
    { workloads: generated, forcedMax: FORCED_MAX },
  ];
  const sides = unreachedSides(tree, rounds, progress);
  const kinds = new Map(sides.map((side) => [nameOfSide(side), side.kind]));
  const names = [...kinds.keys(), ...(file === undefined ? unusedRules(await evidenceOf(scenarios)) : [])];
  const { open, stale } = heldToExcuses(names, excused);
  const gone = file === undefined ? stale : stale.filter((name) => name.startsWith(`${file}#`));
  const known = names.filter((name) => excused.has(name));
  const unproved = known.filter((name) => excused.get(name)?.startsWith('Open'));
  const line = (name: string): string => `${(kinds.get(name) ?? 'unused').padEnd(13)} ${name}`;
  const lines = [
    ...(list
      ? names.flatMap((name) =>
          excused.has(name) ? [`excused: ${line(name)}`, `  ${excused.get(name) ?? ''}`] : [],
        )
      : []),
    ...open.map((name) => `NOT REACHED: ${line(name)}`),
    ...gone.map((name) => `STALE EXCUSE: ${name}: it is reached, or is no more`),
    `${tree.conditions.length} conditions; unreached: ${names.length}: ${known.length - unproved.length} excused, ${unproved.length} known and open, ${open.length} new; stale excuses: ${gone.length}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return open.length + gone.length === 0 ? 0 : 1;
}

await runScript(program, main);
