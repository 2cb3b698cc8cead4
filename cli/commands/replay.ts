/** `conform replay`: one workload, given as text or in a file. */
import { allowsMore } from '#base/relation.ts';
import { type Command, Option } from 'commander';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { DEFAULT_BOOT, parseWorkload } from '#pmem/language/notation.ts';
import { OPERATIONS } from '#pmem/language/operations.ts';
import { INSIDE_BOUND } from '#pmem/language/operations/system-operations.ts';
import { type ComparisonReport, comparisonReport, insideReport, promiseReport } from '#pmem/report/model.ts';
import { type Paint, painter } from '#base/paint.ts';
import type { Timeline } from '#base/timeline.ts';
import { replayCommand } from '#pmem/report/replay-command.ts';
import type { SideNames } from '#pmem/report/witness-text.ts';
import { comparisonText } from '#pmem/report/text.ts';
import { compareWorkload } from '#pmem/compare/compare-workload.ts';
import type { AnalysisChoices } from '#pmem/run/run.ts';
import type { Boot } from '#pmem/run/run.ts';
import { timelineOf, timelineTree, type TimelineTree } from '#pmem/timeline/timeline.ts';
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { loadTree } from '#pmem/load-tree.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { treeOptions } from '../options.ts';
import { ownProject } from '../own-project.ts';

interface ReplayOptions {
  readonly format: 'text' | 'json' | 'html';
  readonly file?: string;
  readonly trace: boolean;
  readonly inside?: string | true;
  readonly before?: string;
  readonly after?: string;
  readonly dirtyLine: 'independent' | 'write-back';
  readonly stringStores: 'ascending' | 'unordered';
}

/** The language, as `--help` prints it. */
function languageHelp(): string {
  const rows = OPERATIONS.map(({ name, usage, meaning }) => `  ${name} ${usage}\n      ${meaning}`);
  return [
    '',
    String.raw`A workload is one operation a line; on the command line ';' or ' / ' separate lines. '#' begins a comment, up to the`,
    String.raw`line break. "Text in quotes" is never cut; in it \n is a line break, \" a quote, \\ a backslash,`,
    String.raw`and \x1b or \u{202e} a character that cannot be seen. Words in brackets at the end come in any order.`,
    `The first line may be a boot line (default: ${DEFAULT_BOOT}):`,
    '  boot [none|adr|eadr] [clwb|clflushopt|clflush] [no-pmem-api] [no-flushcache] [no-ram-dax] DEVICE…',
    '      pmemN=SIZE[,hints=N[+N…]][,no-dimm][,volatile][,ro][,pages][,clear=SIZE]',
    '      ramN=SIZE   axonramN=SIZE   dcssblkN=SIZE   e820=SIZE   nfit=TABLE-OR-FILE[,labels[=HANDLE+…]][,no-labels][,ars=overflow]',
    'Operations:',
    ...rows,
    '',
    "Example: conform replay --trace 'dax write pmem0:/f @0 iov 1,4095 / fsync pmem0:/f'",
    'Exit code: 0, or 1 when after/ is weaker where durability is promised or breaks a promise that before/ keeps, 2 could not run.',
  ].join('\n');
}

export function registerReplay(program: Command, context: CliContext): void {
  treeOptions(program.command('replay'))
    .description('run one workload on both sides and compare')
    .argument('[workload]', 'the workload as text')
    .option('--file <file>', 'read the workload from a file (- is standard input)')
    .option('--trace', 'print the instructions of each operation', false)
    .option(
      '--inside [bound]',
      'also fail the power inside each operation that writes what is read again at boot, in about this many ways (default 60)',
    )
    .addOption(
      new Option('--format <format>', 'how to print; html is a page with the persistence timeline')
        .choices(['text', 'json', 'html'])
        .default('text'),
    )
    .addOption(
      new Option('--dirty-line <rule>', 'what a non-temporal store does to other dirty bytes of its line')
        .choices(['independent', 'write-back'])
        .default('independent'),
    )
    .addOption(
      new Option('--string-stores <order>', 'order of the pieces of one string instruction')
        .choices(['ascending', 'unordered'])
        .default('ascending'),
    )
    .addHelpText('after', languageHelp())
    .action((workload: string | undefined, options: ReplayOptions) => replay(workload, options, context));
}

function workloadText(given: string | undefined, file: string | undefined): string {
  if ((given === undefined) === (file === undefined)) {
    throw new InputError(
      "give a workload as text, or one with --file\n  example: conform replay 'dax write pmem0:/f @61 iov 6 / fsync pmem0:/f'",
    );
  }
  if (file === undefined) return given ?? '';
  try {
    return readText(file);
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The number behind `--inside`. Throws `InputError` for anything that is none. */
function boundOf(given: string | true): number {
  if (given === true) return INSIDE_BOUND;
  if (/^[1-9]\d{0,3}$/.test(given)) return Number(given);
  throw new InputError(
    `--inside '${given}' is no number of images\n  allowed: 1 to 9999, or nothing for ${INSIDE_BOUND}`,
  );
}

async function replay(given: string | undefined, options: ReplayOptions, context: CliContext): Promise<void> {
  const workload = parseWorkload(workloadText(given, options.file));
  checkWorkload(workload);
  const { series } = ownProject(context);
  const { before = 'before', after = 'after' } = options;
  const names = [before, after];
  const bootOf = (name: string): Promise<Boot> => loadTree(series.tree(name).folder);
  const trees = { before: await bootOf(before), after: await bootOf(after) };
  const choices: AnalysisChoices = {
    nonTemporalInDirtyLine: options.dirtyLine,
    stringStores: options.stringStores,
  };
  const compared = compareWorkload(trees, workload, choices);
  const inside =
    options.inside === undefined ? undefined : insideReport(trees, workload, boundOf(options.inside));
  const report = {
    ...comparisonReport(compared),
    promise: promiseReport(compared, inside),
    ...(inside !== undefined && { inside }),
  };
  const text = (paint: Paint, trace = options.trace): string =>
    comparisonText(report, trace, paint, { before, after });
  if (options.format === 'text') context.write(text(painter(context.color)));
  else {
    const sides: TimelineTree[] = [];
    for (const name of names) sides.push(await timelineTree({ name, folder: series.tree(name).folder }));
    const timeline = timelineOf(sides, workload, choices);
    if (options.format === 'json') context.write(jsonOf(report, timeline));
    else context.write(await pageOf(timeline, { before, after }, text(painter(false), true)));
  }
  if (allowsMore(report.synced) || report.promise.isBrokenAnew) context.exitCode = ExitCode.findings;
}

/** The report as JSON; its timeline on one line, because it is long. */
function jsonOf(report: ComparisonReport, timeline: Timeline): string {
  const text = JSON.stringify(report, null, 2);
  return `${text.slice(0, -2)},\n  "timeline": ${JSON.stringify(timeline)}\n}\n`;
}

/** The comparison as a page. */
async function pageOf(timeline: Timeline, { before, after }: SideNames, text: string): Promise<string> {
  const { timelinePage } = await import('#review/timeline/page.ts');
  return timelinePage(`One workload on ${before} and ${after}`, [
    {
      title: timeline.operations.map((operation) => operation.text).join(' / '),
      lead: [],
      timeline,
      text,
      command: replayCommand(timeline.title, { before, after }),
    },
  ]);
}
