/** `conform traces`: rows of a real kernel's instructions against a tree. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '#base/input-error.ts';
import { painter } from '#base/paint.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { loadTree } from '#pmem/load-tree.ts';
import { type Given, compareRows } from '#pmem/traces/compare-rows.ts';
import { kernelTraits } from '#pmem/traces/kernels.ts';
import { MACHINE_ALLOWED, parseMachine } from '#pmem/traces/machine.ts';
import { readRows } from '#pmem/traces/read-rows.ts';
import { type TraceReport, reportOf } from '#pmem/traces/report.ts';
import { traceJunit } from '#pmem/traces/report-junit.ts';
import { SHOWN_DIFFERENCES, traceText } from '#pmem/traces/report-text.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { ownProject } from '../own-project.ts';

interface TracesOptions {
  readonly tree: string;
  readonly kernel?: string;
  readonly machine?: string;
  readonly boot?: string;
  readonly format: 'text' | 'json' | 'junit';
  readonly show: number;
}

const HELP = `
A row is one operation of a real kernel as a JSON object: what was done (op, on, offsets, segments), what it returned, and
its events: n movnti, c cached store, W clwb, O clflushopt, X clflush, S sfence, M mfence (docs/KERNELS.md). Each row is
asked of a machine of its own. Kernel version and machine are those of the row, else seen in the rows, unless given here.

  conform traces linux-4.12.10.jsonl.gz --tree before
  conform traces linux-6.1.jsonl --tree after --kernel 6.1 --machine clflushopt
  zcat rows.jsonl.gz | conform traces - --tree stable-4.13.9 --format junit > rows.xml

Exit code: 0 no row differs, 1 some do, 2 could not run.`;

export function registerTraces(program: Command, context: CliContext): void {
  program
    .command('traces')
    .description('compare the instructions that a real kernel executed with those of a tree, row by row')
    .argument('<file>', "rows, one JSON object a line, plain or gzip; '-' reads standard input")
    .addOption(
      new Option(
        '--tree <tree>',
        'before, after, step-N, a variant, VARIANT@N, or a folder as ./FOLDER',
      ).makeOptionMandatory(),
    )
    .option('--kernel <version>', 'version of the kernel that was traced, such as 4.13.9', parseKernel)
    .option('--machine <words>', `the machine that it ran on: ${MACHINE_ALLOWED}`)
    .option('--boot <line>', "boot line of the model, in place of the one that a row's disks ask for")
    .addOption(
      new Option('--format <format>', 'how to print').choices(['text', 'json', 'junit']).default('text'),
    )
    .option('--show <number>', 'differences to print in full', parseCount, SHOWN_DIFFERENCES)
    .addHelpText('after', HELP)
    .action((file: string, options: TracesOptions) => traces(file, options, context));
}

function parseKernel(text: string): string {
  if (kernelTraits(text) !== undefined) return text;
  throw new InvalidArgumentError('allowed: a version such as 4.13.9');
}

function parseCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('allowed: a whole number from 0 on');
}

async function traces(file: string, options: TracesOptions, context: CliContext): Promise<void> {
  const { tree, format, show } = options;
  const name = file === '-' ? 'standard input' : file;
  const given = givenBy(options);
  const rows = readRows(file);
  const boot = await loadTree(ownProject(context).series.tree(tree).folder);
  const report = reportOf(compareRows(boot, rows, name, given), name, tree);
  if (report.counts.different > 0) context.exitCode = ExitCode.findings;
  if (format === 'json') context.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (format === 'junit') context.write(traceJunit(report));
  else context.write(textOf(report, show, context));
}

function textOf(report: TraceReport, show: number, { color }: CliContext): string {
  return traceText(report, painter(color), show);
}

function givenBy({ kernel, machine, boot }: TracesOptions): Given {
  return {
    ...(kernel === undefined ? {} : { kernel }),
    ...(machine === undefined ? {} : { machine: parseMachine(machine, '--machine') }),
    ...(boot === undefined ? {} : { boot: bootLine(boot) }),
  };
}

/** A boot line, with or without its first word. Throws `InputError` for what is none. */
function bootLine(text: string): string {
  const line = /^boot\b/.test(text.trim()) ? text.trim() : `boot ${text.trim()}`;
  try {
    parseWorkload(line);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`--boot: ${error.message}`);
    throw error;
  }
  return line;
}
