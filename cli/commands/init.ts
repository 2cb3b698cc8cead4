/** `conform init`: looks at a repository and writes a configuration that runs. */
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { writeWhole } from '#base/files.ts';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import type { CliContext } from '../context.ts';
import { proposeConfiguration } from '../propose-configuration.ts';
import { findConfiguration } from '../user-configuration.ts';

const HELP = `
Asks nothing that it can find out: which commits are new, how packages are installed, how the tests are run.

  conform init --dry-run    show the configuration
  conform run               judge the commits by it

Exit code: 0, or 2 when there is a configuration already, no repository, or no tests.`;

export function registerInit(program: Command, context: CliContext): void {
  program
    .command('init')
    .description('write a first conform.config.yaml for the repository in this folder')
    .option('--dry-run', 'print it instead of writing a file', false)
    .addHelpText('after', HELP)
    .action(({ dryRun }: { readonly dryRun: boolean }) => init(dryRun, context));
}

function init(isDryRun: boolean, context: CliContext): void {
  const folder = context.folder ?? process.cwd();
  const top = askGit(folder, ['rev-parse', '--show-toplevel']);
  if (!('out' in top)) throw new InputError(`${folder} is in no git repository`);
  const root = top.out.trimEnd();
  const known = findConfiguration(folder);
  if (known !== undefined && !relative(root, known).startsWith('..'))
    throw new InputError(`there is a configuration: ${known}\n  what to do: edit it, or delete it first`);
  const text = proposeConfiguration(root);
  if (isDryRun) {
    context.write(text);
    return;
  }
  const path = join(root, 'conform.config.yaml');
  writeWhole(path, text);
  context.write(`${path}\n`);
}
