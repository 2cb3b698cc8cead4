/** The command line: parses arguments, prints what a command returns, answers with its exit code. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { InputError } from '#base/input-error.ts';
import { type CliContext, ExitCode } from './context.ts';

/** The context of the real process. */
function processContext(): CliContext {
  const color = process.stdout.isTTY === true && !process.env['NO_COLOR'];
  return {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    color,
    progress: process.stderr.isTTY === true,
    cacheHome: process.env['XDG_CACHE_HOME'],
    argumentsGiven: process.argv.slice(2),
    exitCode: ExitCode.clean,
  };
}

function toolVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

type Register = (program: Command, context: CliContext) => void;

/** Commands by name, in the order in which help lists them. Each is loaded when it is wanted. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  run: async () => (await import('./commands/run.ts')).registerRun,
  replay: async () => (await import('./commands/replay.ts')).registerReplay,
  contract: async () => (await import('./commands/contract.ts')).registerContract,
  'copy-table': async () => (await import('./commands/copy-table.ts')).registerCopyTable,
  init: async () => (await import('./commands/init.ts')).registerInit,
  lint: async () => (await import('./commands/lint.ts')).registerLint,
  graph: async () => (await import('./commands/graph.ts')).registerGraph,
  litmus: async () => (await import('./commands/litmus.ts')).registerLitmus,
  pmemcheck: async () => (await import('./commands/pmemcheck.ts')).registerPmemcheck,
  review: async () => (await import('./commands/review.ts')).registerReview,
  series: async () => (await import('./commands/series.ts')).registerSeries,
  traces: async () => (await import('./commands/traces.ts')).registerTraces,
};

/** The command that comes first, or all of them when none does. */
async function registrars(wanted: string | undefined): Promise<readonly Register[]> {
  const only = wanted === undefined || !Object.hasOwn(COMMANDS, wanted) ? undefined : COMMANDS[wanted];
  return only === undefined ? Promise.all(Object.values(COMMANDS).map((load) => load())) : [await only()];
}

async function programFor(context: CliContext, wanted: string | undefined): Promise<Command> {
  const program = new Command('conform')
    .description(
      'holds the commits of a series to what they say they change; its own is the pmem write path of Linux',
    )
    .version(toolVersion(), '-V, --version', 'print the version')
    .option(
      '--cache-dir <folder>',
      'keep trees and evidence there (default: .cache in the project, or below XDG_CACHE_HOME)',
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
    .configureOutput({ writeOut: context.write, writeErr: context.writeError })
    .exitOverride()
    .showHelpAfterError('(add --help to see what is allowed)');
  for (const register of await registrars(wanted)) register(program, context);
  return program;
}

/** Runs the tool with the arguments after `conform`. Returns the exit code; throws only for defects of the tool. */
export async function main(
  argumentsGiven: readonly string[],
  context: CliContext = processContext(),
): Promise<number> {
  const program = await programFor(context, argumentsGiven[0]);
  try {
    await program.parseAsync([...argumentsGiven], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.clean : ExitCode.couldNotRun;
    if (error instanceof InputError) {
      context.writeError(`${error.message}\n`);
      return ExitCode.couldNotRun;
    }
    throw error;
  }
}
