/** `conform contract STEP`: drafts the contract of a commit from what its workloads show. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { writeWhole } from '#base/files.ts';
import { InputError } from '#base/input-error.ts';
import { draftContract } from '#engine/draft-contract.ts';
import { judgeSteps } from '#engine/judge-series.ts';
import type { CliContext } from '../context.ts';
import { openedProject } from '../opened-project.ts';
import { progressOf } from '../progress.ts';

const HELP = `
The draft says what differs, not why. Until a person has written the reasons and taken its first line out, the step fails.

  conform contract 3 --dry-run
  conform contract 'Move the price'

Exit code: 0, or 2 when there is nothing to draft from.`;

export function registerContract(program: Command, context: CliContext): void {
  program
    .command('contract')
    .description('draft the contract of a commit from what was observed of it')
    .argument('<step>', 'number, hash or words of the subject of a step')
    .option('--dry-run', 'print it instead of writing a file', false)
    .addHelpText('after', HELP)
    .action((step: string, options: { readonly dryRun: boolean }) => draft(step, options.dryRun, context));
}

async function draft(given: string, isDryRun: boolean, context: CliContext): Promise<void> {
  const project = await openedProject(context);
  const { series, subject } = project;
  const step = series.stepNamed(given);
  if (series.contractPlace === undefined)
    throw new InputError('the contracts of this series are written from facts, by hand');
  const known = project.contracts()[step - 1]?.file;
  if (known !== undefined)
    throw new InputError(`step ${step} has a contract: ${known}\n  what to do: edit it, or delete it first`);
  const onProgress = progressOf(context, `step ${step}: workload`);
  const [evidence] = await judgeSteps(project, step, step, { store: project.store(false), onProgress });
  const { path, keys } = series.contractPlace(step);
  const text = evidence && draftContract(evidence, keys, subject.vocabulary);
  if (text === undefined) {
    context.write(`step ${step} shows no difference: it is pure, and needs no contract\n`);
    return;
  }
  if (isDryRun) {
    context.write(text);
    return;
  }
  if (existsSync(path)) throw new InputError(`${path} is there already, and is not of this step`);
  writeWhole(path, text);
  context.write(`${path}\n`);
}
