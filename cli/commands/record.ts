/** `conform record`: runs a program under the recorder, on a copy of its file. */
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { openRecording } from '#recordings/import/open-recording.ts';
import { findTools } from '#recordings/record/environment.ts';
import { recordProgram } from '#recordings/record/record-program.ts';
import { type CliContext, ExitCode } from '../context.ts';

interface Given {
  readonly file?: string;
  readonly out?: string;
  readonly serial?: boolean;
  readonly inPlace?: boolean;
}

const HELP = `
Needs qemu-user and a C compiler; says what to install. What acknowledges: nothing has to be added (output of the program, msync
and fsync count); or PM_ACK_NAMED(n, "put") of recorder/pmmark.h, two lines of a header; or PMDK's VALGRIND_PMC_EMIT_LOG("put.END").
Fixed for every run: addresses, random bytes, numbers of processes, where libpmem maps, and what the file holds at first.
Example: conform record --out after.jsonl.gz -- ./log x.img 100
Exit code: 0 recorded, 1 the program ended with another code than 0, 2 could not be recorded. Reference: docs/RECORDINGS.md.`;

/** Adds the command to `program`. */
export function registerRecord(program: Command, context: CliContext): void {
  program
    .command('record')
    .description('records what a program does to a file in persistent memory, for conform compare')
    .argument('<program>', 'the program, after --')
    .argument('[arguments...]', 'its arguments')
    .option('--file <path>', 'the file in persistent memory, as the arguments name it (default: guessed)')
    .option('--out <file>', 'where to write (default: PROGRAM.jsonl.gz)')
    .option('--serial', 'threads run one instruction at a time, so that the recorded order is the real one')
    .option('--in-place', 'run on the file itself, not on a copy')
    .addHelpText('after', HELP)
    .action((name: string, words: string[], given: Given) => record(name, words, given, context));
}

async function record(name: string, words: string[], given: Given, context: CliContext): Promise<void> {
  const tools = findTools();
  for (const note of tools.notes) context.writeError(`note: ${note}\n`);
  const folder = context.folder ?? process.cwd();
  const written = given.out ?? `${basename(name)}.jsonl.gz`;
  const out = resolve(folder, written);
  const request = {
    program: name,
    arguments: words,
    file: given.file,
    out,
    serial: given.serial === true,
    inPlace: given.inPlace === true,
    folder,
  };
  const { exitCode } = await recordProgram(request, tools);
  if (exitCode !== 0) context.writeError(`${name} ended with ${exitCode}\n`);
  const { eventCount, acknowledgements, threadCount } = await openRecording(out);
  const markers = acknowledgements.filter(({ kind }) => kind === 'marker').length;
  const what =
    markers > 0
      ? `${markers} acknowledgements by markers`
      : `${acknowledgements.length} acknowledgements by system calls`;
  context.write(
    `${written}: ${eventCount} events, ${what}, ${threadCount === 1 ? '1 thread' : `${threadCount} threads`}\n`,
  );
  if (exitCode !== 0) context.exitCode = ExitCode.findings;
}
