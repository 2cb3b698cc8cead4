/** The command line: parses arguments, prints what a command returns, answers with its exit code. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { InputError } from '#base/input-error.ts';
import { registerCompare } from './commands/compare.ts';
import { registerContract } from './commands/contract.ts';
import { registerCopyTable } from './commands/copy-table.ts';
import { registerFuzz } from './commands/fuzz.ts';
import { registerInit } from './commands/init.ts';
import { registerLint } from './commands/lint.ts';
import { registerLitmus } from './commands/litmus.ts';
import { registerPmemcheck } from './commands/pmemcheck.ts';
import { registerRecord } from './commands/record.ts';
import { registerReplay } from './commands/replay.ts';
import { registerReview } from './commands/review.ts';
import { registerRun } from './commands/run.ts';
import { registerSeries } from './commands/series.ts';
import { registerSweep } from './commands/sweep.ts';
import { registerTraces } from './commands/traces.ts';
import { registerVariant } from './commands/variant.ts';
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
    exitCode: ExitCode.clean,
  };
}

function toolVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function programFor(context: CliContext): Command {
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
  registerRun(program, context);
  registerRecord(program, context);
  registerReplay(program, context);
  registerCompare(program, context);
  registerContract(program, context);
  registerCopyTable(program, context);
  registerFuzz(program, context);
  registerInit(program, context);
  registerLint(program, context);
  registerLitmus(program, context);
  registerPmemcheck(program, context);
  registerReview(program, context);
  registerSeries(program, context);
  registerSweep(program, context);
  registerTraces(program, context);
  registerVariant(program, context);
  return program;
}

/** Runs the tool with the arguments after `conform`. Returns the exit code; throws only for defects of the tool. */
export async function main(
  argumentsGiven: readonly string[],
  context: CliContext = processContext(),
): Promise<number> {
  const program = programFor(context);
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
