/** `conform merge`: the report and the exit code of one run, from the shards of many. */
import { type Command, Option } from 'commander';
import { InputError } from '#base/input-error.ts';
import { readBytes, unpackBytes } from '#base/read-text.ts';
import type { CliContext } from '../context.ts';
import { reasonOf } from '../output.ts';
import { checkTogether, readShard, storeOfShards } from '../shards/shard.ts';

const HELP = `
Each shard is what a command printed with --shard I/N. All N have to be there, once each, made by this version from the same files. The
command is then done once more with everything that the shards have found out: its report and its exit code are those of one run.

  conform run --shard 1/2 --output 1.json
  conform run --shard 2/2 --output 2.json
  conform merge 1.json 2.json
  conform merge shards/*.json --format junit --output report.xml

Exit code: that of the command; 2 where shards are missing, there twice, or foreign. More: docs/SHARDS.md.`;

interface MergeOptions {
  readonly format?: string;
  readonly output?: string;
}

export function registerMerge(program: Command, context: CliContext): void {
  program
    .command('merge')
    .description('report on a run that was cut into shards, as if it had been one')
    .argument('<files...>', 'shards, all of one run; *.gz is unpacked')
    .addOption(new Option('--format <format>', 'how to print, as the command that made the shards has it'))
    .option('--output <file>', 'write the report to a file instead of standard output')
    .addHelpText('after', HELP)
    .action((files: readonly string[], options: MergeOptions) => merge(files, options, context));
}

async function merge(files: readonly string[], options: MergeOptions, context: CliContext): Promise<void> {
  const { again } = context;
  if (again === undefined) throw new RangeError('nobody to do the command');
  const shards = files.map((file) => ({ file, shard: readShard(textIn(file), file) }));
  checkTogether(shards);
  const [first] = shards;
  if (first === undefined) return;
  const { command, subject } = first.shard;
  const words = [
    ...command,
    ...(options.format === undefined ? [] : ['--format', options.format]),
    ...(options.output === undefined ? [] : ['--output', options.output]),
  ];
  const merged = { subject, store: storeOfShards(shards.map(({ shard }) => shard)) };
  context.exitCode = await again(words, { ...context, merged });
}

function textIn(file: string): string {
  const bytes = bytesIn(file);
  try {
    return (file.endsWith('.gz') ? unpackBytes(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new InputError(
      `${file}: cannot be unpacked (${reasonOf(error)}); a shard that was cut off? make it again`,
    );
  }
}

function bytesIn(file: string): Buffer {
  try {
    return readBytes(file);
  } catch (error) {
    throw new InputError(`${file}: cannot be read: ${reasonOf(error)}`);
  }
}
