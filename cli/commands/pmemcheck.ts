/**
 * `conform pmemcheck`: reads a store log of pmemcheck and says what a power failure may leave and what pmreorder would
 * look at; `conform pmemcheck-export` writes such a log from a trace, for the real pmreorder to replay.
 */
import { type Command, Option } from 'commander';
import { InputError } from '#base/input-error.ts';
import { type PersistencySetting, persistencySetting } from '#machine/images/crash-images.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { runTrace } from '#machine/hardware/trace-notation.ts';
import { exportLog } from '#recordings/pmemcheck/export-log.ts';
import { gapOf } from '#recordings/pmemcheck/gap.ts';
import { historyOfLog, openLog } from '#recordings/pmemcheck/open-log.ts';
import { ENGINES, type EngineName, emulate } from '#recordings/pmemcheck/pmreorder.ts';
import { jsonOfReport, reportOf, textOfReport } from '#recordings/pmemcheck/report.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { pmemcheckOptions, readingOf } from '../recording-options.ts';

interface LogOptions {
  readonly engine: EngineName;
  readonly markers: ReadonlyMap<string, EngineName>;
  readonly domain: PersistencySetting['domain'];
  readonly map?: readonly string[];
  readonly ack?: readonly string[];
  readonly exactFlushNt?: boolean;
  readonly counts: boolean;
  readonly format: 'text' | 'json';
}

/** Above this many stores in the log, images are counted and not listed. */
const STORES_LISTED_MAX = 200;

/** The largest file that a log is made for. */
const FILE_BYTES_MAX = 2 ** 40;

/** Adds both commands to `program`. */
export function registerPmemcheck(program: Command, context: CliContext): void {
  pmemcheckOptions(
    program
      .command('pmemcheck')
      .description(
        'what a power failure may leave of a run that pmemcheck logged, and what pmreorder would look at',
      ),
  )
    .argument('<log>', "log of valgrind --tool=pmemcheck --log-stores=yes; '-' reads standard input")
    .addOption(
      new Option('--engine <name>', 'engine of pmreorder, as its -r').choices(ENGINES).default('ReorderFull'),
    )
    .addOption(
      new Option('--markers <pairs>', 'engines by marker, as its -x: NAME=Engine,...')
        .argParser(markerEngines)
        .default(new Map(), 'none'),
    )
    .addOption(new Option('--domain <name>', 'what survives').choices(['adr', 'eadr', 'none']).default('adr'))
    .option('--no-counts', 'do not count images: for long logs that write the same contents again and again')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExit code: 0 read, 1 pmreorder would silently check nothing of it, 2 could not run. Reference: docs/MACHINE.md.',
    )
    .action((file: string, options: LogOptions) => report(file, options, context));
  program
    .command('pmemcheck-export')
    .description('writes a trace as a pmemcheck log, e.g. "n0:8*8 c64:8 W64 S A0"')
    .argument(
      '<trace>',
      'the trace: c cached, n movnti, W clwb, O clflushopt, X clflush, S sfence, M mfence, L locked, A returned',
    )
    .option('--path <path>', 'file that the log maps', 'image')
    .option('--size <bytes>', 'bytes of the file', '1048576')
    .action((trace: string, options: { path: string; size: string }) =>
      context.write(exported(trace, options)),
    );
}

async function report(file: string, options: LogOptions, context: CliContext): Promise<void> {
  const log = await openLog(file, readingOf(options));
  const history = historyOfLog(log, persistencySetting(options.domain));
  const withImages = log.records.filter(({ kind }) => kind === 'store').length <= STORES_LISTED_MAX;
  const barriers = emulate(log, { engine: options.engine, markers: options.markers, withImages });
  const gap = withImages ? gapOf(log, history.anywhere(), barriers) : undefined;
  const found = reportOf(log, history, options.engine, barriers, gap, options.counts);
  if (found.pmreorder.checks === '0' && options.engine !== 'NoReorderNoCheck')
    context.exitCode = ExitCode.findings;
  if (options.format === 'json') context.write(`${JSON.stringify(jsonOfReport(found), undefined, 2)}\n`);
  else context.write(textOfReport(found));
}

function markerEngines(text: string): Map<string, EngineName> {
  const engines = new Map<string, EngineName>();
  for (const pair of text.split(',')) {
    const [name = '', value = '', ...more] = pair.split('=');
    const engine = ENGINES.find((candidate) => candidate === value);
    if (name === '' || engine === undefined || more.length > 0)
      throw new InputError(
        `--markers ${text}: expected NAME=Engine with an engine of ${ENGINES.join(', ')}, found '${pair}'`,
      );
    engines.set(name, engine);
  }
  return engines;
}

function exported(trace: string, { path, size }: { path: string; size: string }): string {
  const sizeBytes = Number(size);
  if (!Number.isInteger(sizeBytes) || sizeBytes <= 0 || sizeBytes % 4096 !== 0 || sizeBytes > FILE_BYTES_MAX)
    throw new InputError(`--size ${size}: expected a multiple of 4096, at most ${FILE_BYTES_MAX} (1 TiB)`);
  const start = 0x10_0000_0000;
  const ranges = [{ name: path, start, sizeBytes, kind: 'persistent' as const, modules: [] }];
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges,
    flushHints: [],
  });
  try {
    runTrace(machine.cpu, trace, start);
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error)) throw error;
    throw new InputError(`the trace cannot run: ${error.message}`);
  }
  return exportLog(machine.record, { ranges });
}
