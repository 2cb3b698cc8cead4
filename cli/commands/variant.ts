/** `conform variant new NAME`: makes a variant from what was changed in the checkout. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { writeWhole } from '#base/files.ts';
import { InputError } from '#base/input-error.ts';
import type { Project } from '#engine/project.ts';
import type { CliContext } from '../context.ts';
import { openedProject } from '../opened-project.ts';

const HELP = `
A variant is something wrong, or something harmless, on top of a step, to see whether the workloads notice. Make the change in the
checkout, call this, and take the change back (git stash): the patch is kept with a variant.yaml to be filled in.

  conform variant new one-off                     what is not committed, on the last step
  conform variant new one-off --range HEAD~1..HEAD --at 3
  conform run --variant one-off

Exit code: 0, or 2 when nothing is changed, or the patch does not apply to the step.`;

interface NewOptions {
  readonly range?: string;
  readonly at?: string;
}

export function registerVariant(program: Command, context: CliContext): void {
  program
    .command('variant')
    .description('make variants: changes on top of a step that the workloads must notice')
    .command('new')
    .description('make one from what was changed in the checkout, or in a range of commits')
    .argument('<name>', 'letters, digits, - . and _')
    .option('--range <range>', 'take what these commits change: BASE..TIP (default: what is not committed)')
    .option(
      '--at <step>',
      'the step at which it enters: number, hash or words of the subject (default: the last)',
    )
    .addHelpText('after', HELP)
    .action((name: string, options: NewOptions) => newVariant(name, options, context));
}

async function newVariant(name: string, { range, at }: NewOptions, context: CliContext): Promise<void> {
  const project = await openedProject(context);
  const { series } = project;
  const folder = join(series.variants.folder, name);
  if (!/^\w[\w.-]*$/.test(name) || series.names().includes(name) || /^step-\d+$/.test(name))
    throw new InputError(
      `'${name}' cannot be the name of a variant\n  allowed: letters, digits, - . and _, and not the name of a tree`,
    );
  if (existsSync(folder)) throw new InputError(`${folder} is there already`);
  const step = at === undefined ? series.stepCount : series.stepNamed(at);
  const patch = series.variantPatch(step, range);
  writeWhole(join(folder, `${name}.patch`), patch);
  writeWhole(join(folder, 'variant.yaml'), yamlOf(project, step));
  context.write(`${folder}\n`);
  context.write(
    `next: fill in ${join(folder, 'variant.yaml')}, take the change back, conform run --variant ${name}\n`,
  );
}

/** A first `variant.yaml`: the step must convict it. Commits are named by subject, which a rebase keeps. */
function yamlOf({ series }: Project, step: number): string {
  const { commit, subject } = series.patches()[step - 1] ?? {};
  const entersAt = commit === undefined || subject === undefined ? step : subject;
  return [
    '# convictedAt: null for one that must be cleared; differences: what it may do otherwise (docs/SERIES.md, Variants)',
    stringify({ title: 'what it is, in a line', entersAt, convictedAt: entersAt }, { lineWidth: 110 }),
  ].join('\n');
}
