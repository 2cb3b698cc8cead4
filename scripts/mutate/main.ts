/** `npm run mutate`: argument parsing, progress and report; the work is in `pmem/mutants/`. */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '#base/input-error.ts';
import { hashOfParts } from '#base/hash.ts';
import { readTree, treeHash } from '#base/tree-files.ts';
import { openProject } from '#engine/project.ts';
import { runScript } from '../run-script.ts';
import { readKnown, writeKnown } from '#pmem/mutants/known.ts';
import { allMutants, type Mutant } from '#pmem/mutants/mutants.ts';
import { mutantsText } from '#pmem/mutants/report.ts';
import { runMutants } from '#pmem/mutants/run-mutants.ts';
import { scoresOf, type MutantVerdict } from '#pmem/mutants/verdict.ts';
import { workloadSources } from '#pmem/mutants/workloads.ts';
import { sourcesHash } from '#pmem/sources-hash.ts';
import { pmemSweep } from '#pmem/sweep/sweep.ts';
import configuration from '#series/conform.config.ts';

interface MutateOptions {
  readonly only?: string;
  readonly file?: string;
  readonly operator?: string;
  readonly survivors: boolean;
  readonly workers: string;
  readonly format: 'text' | 'json';
  readonly fresh: boolean;
  readonly list: boolean;
  readonly write: boolean;
}

const EXAMPLES = `
  npm run mutate                                  all of them
  npm run mutate -- --list                        what there is, without trying any
  npm run mutate -- --file after/fs/dax.ts
  npm run mutate -- --only 'pmemDoBvec/drop-2'
  npm run mutate -- --survivors                   those that nothing killed the last time
  npm run mutate -- --write                       and write pmem/mutants/known.json

What is known is kept under the hash of all sources, so a run that was killed goes on where it was.
Exit code: 0 both scores are reached, 1 one is not, 2 could not run. docs/TEETH.md has the rest.`;

const program = new Command('npm run mutate --')
  .description('makes small mistakes in before/, after/ and kernel/, and says what notices them')
  .option('--only <text>', 'only mutants whose id contains this')
  .option('--file <file>', 'only mutants of this file')
  .option('--operator <name>', 'only mutants of this operator: drop, twice, early, line, …')
  .option('--survivors', 'only those that survive according to known.json, and are not equivalent', false)
  .option('--workers <count>', 'processes that try mutants at the same time', '2')
  .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
  .option('--fresh', 'try all again, whatever is known', false)
  .option('--list', 'say what mutants there are, and try none', false)
  .option('--write', 'write what came of them to pmem/mutants/known.json', false)
  .addHelpText('after', EXAMPLES);

/** Hash of all that a verdict follows from. */
function allSources(root: string): string {
  const folders = ['before', 'after', 'pmem/mutants'].map((folder) => treeHash(readTree(join(root, folder))));
  const texts = workloadSources.flatMap(({ texts: own }) => own());
  return hashOfParts([sourcesHash(), pmemSweep.hash(), ...folders, ...texts]);
}

function chosenOf(all: readonly Mutant[], { only, file, operator, survivors }: MutateOptions): Mutant[] {
  const { mutants, equivalent } = readKnown();
  const isOpen = (id: string): boolean =>
    (mutants[id] ?? 'survives') === 'survives' && equivalent[id] === undefined;
  const chosen = all.filter(
    (mutant) =>
      mutant.id.includes(only ?? '') &&
      (file === undefined || mutant.file === file) &&
      (operator === undefined || mutant.operator === operator) &&
      (!survivors || isOpen(mutant.id)),
  );
  if (chosen.length > 0) return chosen;
  const files = [...new Set(all.map((mutant) => mutant.file))].join(', ');
  throw new InputError(`no such mutant\n  files: ${files}`);
}

function progress(done: number, total: number, { id, killedBy }: MutantVerdict): void {
  if (process.stderr.isTTY !== true) return;
  const end = done === total ? '\r\u001b[K' : '';
  process.stderr.write(`\r\u001b[K${done}/${total} ${killedBy ?? 'survives'}: ${id}${end}`);
}

async function main(options: MutateOptions): Promise<number> {
  const workers = Number(options.workers);
  if (!Number.isInteger(workers) || workers < 1)
    throw new InputError(`--workers ${options.workers}\n  allowed: whole numbers from 1 on`);
  const project = openProject(configuration, { warn: (message) => process.stderr.write(`${message}\n`) });
  const all = await allMutants(project.root);
  const mutants = chosenOf(all, options);
  if (options.list) {
    for (const { id, line, does } of mutants) process.stdout.write(`${id} (line ${line}): ${does}\n`);
    return 0;
  }
  const store = project.store(options.fresh);
  const verdicts = await runMutants({
    root: project.root,
    folder: join(project.cache, 'mutants'),
    mutants,
    workers,
    store,
    table: store.table<MutantVerdict>('mutants', [allSources(project.root)]),
    onVerdict: progress,
  });
  if (options.write)
    writeKnown(
      all.map(({ id }) => id),
      verdicts,
      readKnown(),
    );
  const known = readKnown();
  const scores = scoresOf(verdicts, new Set(Object.keys(known.equivalent)));
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify({ scores, verdicts }, null, 2)}\n`
      : mutantsText(mutants, verdicts, known, scores),
  );
  return scores.isReached ? 0 : 1;
}

await runScript(program, main);
