/** `conform check`: what one recording must keep, whatever a power failure leaves. */
import { type Command, Option } from 'commander';
import { painter } from '#base/paint.ts';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { type CheckedInstant, checkRecording } from '#recordings/check/check-recording.ts';
import { readExpectations } from '#recordings/check/expectations.ts';
import { openRecording } from '#recordings/import/open-recording.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { type RecordingOptions, readingOf, recordingOptions } from '../recording-options.ts';

interface Given extends RecordingOptions {
  readonly expect: string;
  readonly format: 'text' | 'json';
}

/** Adds the command to `program`. */
export function registerCheck(program: Command, context: CliContext): void {
  recordingOptions(
    program
      .command('check')
      .description('does a recording keep what was promised, on every image that a power failure may leave?')
      .argument('<recording>', 'of conform record, or a log of pmemcheck')
      .requiredOption('--expect <file>', 'what must hold, in YAML'),
  )
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExit code: 0 all is kept, 1 something is not, 2 could not be checked. Reference: docs/RECORDINGS.md.',
    )
    .action((path: string, given: Given) => check(path, given, context));
}

async function check(path: string, given: Given, context: CliContext): Promise<void> {
  const expectations = readExpectations(given.expect);
  const recording = await openRecording(path, readingOf(given));
  const found = await checkRecording(recording, expectations, {
    setting: persistencySetting(given.domain),
    kind: given.acks,
    initial: given.initial,
    folder: context.folder ?? process.cwd(),
  });
  const broken = found.filter((one) => one.broken !== undefined);
  if (broken.length > 0) context.exitCode = ExitCode.findings;
  if (given.format === 'json') {
    context.write(`${JSON.stringify({ recording: path, checked: found }, undefined, 2)}\n`);
    return;
  }
  const paint = painter(context.color);
  for (const one of found)
    context.write(`${one.broken === undefined ? 'ok  ' : paint('red', 'BAD ')} ${lineOf(one)}\n`);
  for (const note of recording.notes) context.write(`note: ${note}\n`);
  context.write(`${found.length - broken.length} of ${found.length} kept\n`);
}

function lineOf({ label, what, tried, broken }: CheckedInstant): string {
  const how =
    tried === undefined
      ? 'exact, every image'
      : `${tried.images} images tried, ${tried.areAll ? 'which are all' : 'not all there are'}`;
  return `${what === 'holds' ? `after '${label}'` : `until '${label}'`} ${what} (${how})${broken === undefined ? '' : `: ${broken}`}`;
}
