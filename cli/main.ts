/** The command line: parses arguments, prints what a command returns, answers with its exit code. */
import { Command, CommanderError } from 'commander';
import { toolVersion } from '#base/own-package.ts';
import { cacheHomeGiven } from '#base/user-cache.ts';
import { InputError } from '#base/input-error.ts';
import { TooManyImagesError } from '#base/too-many-images.ts';
import { printableLines } from '#base/printable.ts';
import { type CliContext, ExitCode, type ExitCodeValue } from './context.ts';
import { whatSystemDenies } from './environment-error.ts';

type Register = (program: Command, context: CliContext) => void;

/** Commands by name, in the order of the help text; loaded when they are needed, since some take long. */
const COMMANDS: readonly (readonly [name: string, load: () => Promise<Register>])[] = [
  ['run', async () => (await import('./commands/run.ts')).registerRun],
  ['record', async () => (await import('./commands/record.ts')).registerRecord],
  ['replay', async () => (await import('./commands/replay.ts')).registerReplay],
  ['check', async () => (await import('./commands/check.ts')).registerCheck],
  ['compare', async () => (await import('./commands/compare.ts')).registerCompare],
  ['contract', async () => (await import('./commands/contract.ts')).registerContract],
  ['copy-table', async () => (await import('./commands/copy-table.ts')).registerCopyTable],
  ['fuzz', async () => (await import('./commands/fuzz.ts')).registerFuzz],
  ['graph', async () => (await import('./commands/graph.ts')).registerGraph],
  ['init', async () => (await import('./commands/init.ts')).registerInit],
  ['lint', async () => (await import('./commands/lint.ts')).registerLint],
  ['litmus', async () => (await import('./commands/litmus.ts')).registerLitmus],
  ['merge', async () => (await import('./commands/merge.ts')).registerMerge],
  ['pmemcheck', async () => (await import('./commands/pmemcheck.ts')).registerPmemcheck],
  ['review', async () => (await import('./commands/review.ts')).registerReview],
  ['series', async () => (await import('./commands/series.ts')).registerSeries],
  ['sweep', async () => (await import('./commands/sweep.ts')).registerSweep],
  ['traces', async () => (await import('./commands/traces.ts')).registerTraces],
  ['variant', async () => (await import('./commands/variant.ts')).registerVariant],
];

/** Options of the program itself that have a value. */
const WITH_VALUE = ['--cache-dir', '--config'];

/** The commands that these arguments need: one, or all where it is not clear which, as for help. */
function commandsFor(argumentsGiven: readonly string[]): typeof COMMANDS {
  const word = argumentsGiven.find(
    (argument, index) => !argument.startsWith('-') && !WITH_VALUE.includes(argumentsGiven[index - 1] ?? ''),
  );
  const found = COMMANDS.filter(([name]) => name === word);
  return found.length > 0 ? found : COMMANDS;
}

/** The context of the real process. */
function processContext(): CliContext {
  const color = process.stdout.isTTY === true && !process.env['NO_COLOR'];
  return {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    color,
    progress: process.stderr.isTTY === true,
    cacheHome: cacheHomeGiven(),
    argumentsGiven: process.argv.slice(2),
    now: () => performance.now(),
    exitCode: ExitCode.clean,
  };
}

/** A variable that is not set must not make the current folder the cache. */
function folderGiven(folder: string): string {
  if (folder === '') throw new InputError('--cache-dir: expected a folder, found an empty word');
  return folder;
}

async function programFor(argumentsGiven: readonly string[], context: CliContext): Promise<Command> {
  const program = new Command('conform')
    .description(
      'holds the commits of a series to what they say they change; its own is the pmem write path of Linux',
    )
    .version(toolVersion(), '-V, --version', 'print the version')
    .option(
      '--cache-dir <folder>',
      'keep trees and evidence there (default: .cache in the project, or below XDG_CACHE_HOME)',
      folderGiven,
    )
    .option(
      '--config <file>',
      'the project to work on (default: conform.config.* in this folder or above it, else the pmem series)',
    )
    .hook('preAction', (command) => {
      const { cacheDir, config } = command.opts<{ cacheDir?: string; config?: string }>();
      context.cacheDir ??= cacheDir;
      context.config ??= config;
    })
    .configureOutput({
      writeOut: context.write,
      writeErr: (text) => context.writeError(printableLines(text)),
    })
    .exitOverride()
    .showHelpAfterError('(add --help to see what is allowed)');
  for (const [, load] of commandsFor(argumentsGiven)) (await load())(program, context);
  return program;
}

/** Runs the tool with the arguments after `conform`. Returns the exit code; throws only for defects of the tool. */
export async function main(
  argumentsGiven: readonly string[],
  context: CliContext = processContext(),
): Promise<ExitCodeValue> {
  context.words = argumentsGiven;
  context.again = main;
  try {
    const program = await programFor(argumentsGiven, context);
    await program.parseAsync([...argumentsGiven], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.clean : ExitCode.couldNotRun;
    if (error instanceof InputError || error instanceof TooManyImagesError) {
      context.writeError(`${printableLines(error.message)}\n`);
      return ExitCode.couldNotRun;
    }
    const denied = whatSystemDenies(error);
    if (denied === undefined) throw error;
    context.writeError(`${printableLines(denied)}\n`);
    return ExitCode.couldNotRun;
  }
}
