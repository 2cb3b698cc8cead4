/** `conform compare`: two recordings of real builds, acknowledgement by acknowledgement. */
import { type Command, Option } from 'commander';
import { painter } from '#base/paint.ts';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { compareRecordings } from '#recordings/compare/compare-recordings.ts';
import type { Compared, CompareOptions } from '#recordings/compare/compared.ts';
import { verdictOf } from '#recordings/compare/verdict.ts';
import { initialMediaOf } from '#recordings/compare/initial-media.ts';
import { openRecording } from '#recordings/import/open-recording.ts';
import { jsonOfComparison } from '#recordings/report/json.ts';
import { junitOfComparison } from '#recordings/report/junit.ts';
import { textOfComparison } from '#recordings/report/text.ts';
import { timelineOfRecordings } from '#recordings/timeline/timeline.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { progressOf } from '../progress.ts';
import { collect, readingOf, type RecordingOptions, recordingOptions } from '../recording-options.ts';

interface Given extends RecordingOptions {
  readonly region?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly only?: string;
  readonly common?: boolean;
  readonly anyTime?: boolean;
  readonly inFlight?: boolean;
  readonly skipInFlight?: boolean;
  readonly format: 'text' | 'json' | 'junit' | 'html';
}

const HELP = `
A recording is what \`conform record\` writes (plain or gzip), or a store log of pmemcheck. What decides is what may be left once
something has been acknowledged; what only differs in flight is told, and decides with --in-flight.
Exit code: 0 after may leave nothing that before may not, 1 it may, or one side lacks acknowledgements,
2 could not be compared: bad input, other names or order, nothing acknowledged, different runs.
Reference: docs/RECORDINGS.md.`;

/** Adds the command to `program`. */
export function registerCompare(program: Command, context: CliContext): void {
  recordingOptions(
    program
      .command('compare')
      .description('may a power failure leave more of one build than of another? From a recording of each')
      .argument('<before>', "recording of the one build; '-' reads standard input")
      .argument('<after>', 'recording of the other'),
  )
    .option('--region <bytes>', 'compare only these: FILE or FILE:OFFSET:BYTES (repeatable)', collect)
    .option('--from <name>', 'judge only what is acknowledged after this')
    .option('--to <name>', 'judge only up to this')
    .option('--only <name>', 'judge only this acknowledgement')
    .option('--common', 'judge what both acknowledge, whatever else one of them does')
    .option('--any-time', 'compare everything that may be left at any time, whatever was acknowledged')
    .option('--in-flight', 'what is in flight decides too')
    .option('--skip-in-flight', 'leave out what is in flight')
    .addOption(
      new Option('--format <format>', 'how to print; html is a page with the persistence timeline')
        .choices(['text', 'json', 'junit', 'html'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action((before: string, after: string, given: Given) => compare(before, after, given, context));
}

async function compare(before: string, after: string, given: Given, context: CliContext): Promise<void> {
  const reading = readingOf(given);
  const left = await openRecording(before, reading);
  const right = await openRecording(after, reading);
  const options: CompareOptions = {
    setting: persistencySetting(given.domain),
    kind: given.acks,
    regions: given.region,
    initial: given.initial,
    from: given.from,
    to: given.to,
    only: given.only,
    common: given.common,
    anyTime: given.anyTime,
    gateInFlight: given.inFlight,
    skipInFlight: given.skipInFlight === true && given.inFlight !== true,
    progress: progressOf(context, 'acknowledgement'),
  };
  const compared = compareRecordings(left, right, options);
  const { isBad } = verdictOf(compared, options);
  if (compared.differentRuns !== undefined) context.exitCode = ExitCode.couldNotRun;
  else if (isBad) context.exitCode = ExitCode.findings;
  context.write(await printed(compared, options, given, context.color));
}

async function printed(
  compared: Compared,
  options: CompareOptions,
  { format, initial }: Given,
  isColoured: boolean,
): Promise<string> {
  if (format === 'json') return `${JSON.stringify(jsonOfComparison(compared, options), undefined, 2)}\n`;
  const text = textOfComparison(compared, options, painter(isColoured && format === 'text'));
  if (format === 'text') return text;
  if (format === 'junit') return junitOfComparison(compared, options, text);
  const { timelinePage } = await import('#review/timeline/page.ts');
  const timeline = timelineOfRecordings(
    compared,
    options.setting,
    initialMediaOf(compared.recordings, initial ?? []),
  );
  return timelinePage('Two recordings', [{ title: timeline.title, lead: [], timeline, text }]);
}
