/** `conform copy-table`: what a copy routine does to each byte, as CSV. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { COPY_ROUTINES, COPY_TABLE_HEADER, copyTable } from '#pmem/run/copy-table.ts';
import { type CopyRoutine, loadRoutine } from '#pmem/run/copy-routines.ts';
import type { CliContext } from '../context.ts';
import { ownProject } from '../own-project.ts';

/** Largest size that is worth a table, bytes. */
const SIZE_LIMIT_BYTES = 4096;

function parseMaxSize(text: string): number {
  const size = Number(text);
  if (/^\d+$/.test(text) && size <= SIZE_LIMIT_BYTES) return size;
  throw new InvalidArgumentError(`allowed: a whole number from 0 to ${SIZE_LIMIT_BYTES}`);
}

export function registerCopyTable(program: Command, context: CliContext): void {
  program
    .command('copy-table')
    .description(
      'print the state of every byte after one call of a copy routine, for offsets 0..63 of a line',
    )
    .addOption(
      new Option('--routine <name>', 'the routine').choices([...COPY_ROUTINES]).makeOptionMandatory(),
    )
    .option('--max-size <bytes>', 'sizes 0 to this', parseMaxSize, 160)
    .addHelpText('after', '\nLetters: n non-temporal, f cached and written back, d cached and left dirty.')
    .action(async ({ routine, maxSize }: { routine: CopyRoutine; maxSize: number }) => {
      const { series } = ownProject(context);
      const copy = await loadRoutine(routine, (tree) => series.tree(tree).folder);
      context.write(`${COPY_TABLE_HEADER}\n`);
      const rows = [...copyTable(routine, copy, maxSize)];
      context.write(`${rows.join('\n')}\n`);
    });
}
