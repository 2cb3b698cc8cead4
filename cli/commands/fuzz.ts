/** `conform fuzz`: workloads by chance, on two trees. */
import { type Command, InvalidArgumentError } from 'commander';
import { painter } from '#base/paint.ts';
import { explainFound } from '#engine/fuzz/explain.ts';
import { fuzz, fuzzShare } from '#engine/fuzz/fuzz.ts';
import { fuzzText, type FuzzTold, progressText } from '#engine/fuzz/report.ts';
import { openTarget } from '#engine/fuzz/target.ts';
import { fuzzOptions, NEIGHBOURS_EVERY } from '#pmem/fuzz/pairs.ts';
import { FUZZ_MODULE, fuzzSourcesHash } from '#pmem/fuzz/sources.ts';
import { InputError } from '#base/input-error.ts';
import type { Share } from '#engine/share.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { formatOption, treeOptions } from '../options.ts';
import { openOutput, outputOption } from '../output.ts';
import { ownProject } from '../own-project.ts';
import { pulseOf } from '../progress.ts';
import { resultJson } from '../report/cases.ts';
import { shardOption, shardText, subjectOf, workOf } from '../shards/shard.ts';

interface FuzzCommandOptions {
  readonly seconds?: number;
  readonly count?: number;
  readonly seed: number;
  readonly from: number;
  readonly workers: number;
  readonly before?: string;
  readonly after?: string;
  readonly fresh: boolean;
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly shard?: Share;
}

/** Seconds that are spent when nothing is said. */
const USUAL_SECONDS = 30;

const HELP = `
Each workload draws a machine and a few kinds of operations, and weighs places towards edges: of words, lines, sectors, pages, huge pages,
chunks and members. It is run on both trees and held to the promise (docs/PROMISE.md) on each; where the records differ, the
operations to blame must be ones that the contracts of the steps between speak of (docs/FUZZ.md). Without --before and --after that is the whole series, and every
fourth workload is also tried on two neighbours, which take turns. Standing defects (docs/DEFECTS.md) are counted by name.

The same seed gives the same workloads, and --count the same output. What was tried is kept: a run that was killed goes on where it
was when the same command is given again. --seconds is the time of each worker, kept batches included.

Examples:
  conform fuzz --seconds 60 --seed 7 --workers 2
  conform fuzz --count 10000 --seed 7
  conform fuzz --seed 7 --from 4711 --count 1        one workload of a seed again
  conform fuzz --after as-posted@3 --count 5000      what does it find in a variant?
Exit code: 0 nothing found, 1 findings, 2 could not run.`;

export function registerFuzz(program: Command, context: CliContext): void {
  treeOptions(program.command('fuzz'))
    .description('try workloads made by chance on two trees')
    .option('--seconds <seconds>', `spend so long (default: ${USUAL_SECONDS})`, positive)
    .option('--count <count>', 'or try so many workloads', positiveWhole)
    .option('--seed <seed>', 'a whole number: which workloads', whole, 1)
    .option('--from <number>', 'begin at this workload of the seed', whole, 0)
    .option('--workers <workers>', 'threads', positiveWhole, 1)
    .option('--fresh', 'believe nothing that was kept', false)
    .addOption(formatOption())
    .addOption(outputOption())
    .addOption(shardOption())
    .addHelpText('after', HELP)
    .action((options: FuzzCommandOptions) => run(options, context));
}

function whole(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER) return Number(text);
  throw new InvalidArgumentError('allowed: a whole number from 0 on');
}

function positiveWhole(text: string): number {
  const value = whole(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('allowed: a whole number from 1 on');
}

function positive(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('allowed: a number of seconds above 0');
}

async function run(options: FuzzCommandOptions, context: CliContext): Promise<void> {
  const { seconds, count, seed, from, workers, before, after } = options;
  if (seconds !== undefined && count !== undefined)
    throw new InputError('--seconds and --count both say how long\n  allowed: one of them');
  if (options.shard !== undefined && count === undefined)
    throw new InputError('--shard cuts a number of workloads\n  allowed: --count beside it, not --seconds');
  const output = openOutput(options.output, context);
  const project = ownProject(context);
  const chosen = fuzzOptions(project, seed, { before, after });
  const plan = { module: FUZZ_MODULE, options: chosen };
  const declared = JSON.stringify([chosen.pair, chosen.neighbours]);
  const parts = [fuzzSourcesHash(), String(seed), declared, ...chosen.trees.map(({ hash }) => hash)];
  const work = workOf(options.shard, context, () => project.store(options.fresh));
  const subject = subjectOf(parts, context);
  const say = pulseOf(context);
  const onProgress = (tried: number, findings: number): void => say(progressText(tried, findings));
  const request = { plan, parts, store: work.store, from, workers, onProgress };
  if (work.share !== undefined && count !== undefined) {
    await fuzzShare(request, count, work.share);
    return output(shardText(work, subject, context));
  }
  const budget = count === undefined ? { seconds: seconds ?? USUAL_SECONDS } : { count };
  const result = await fuzz({ ...request, budget });
  if (context.progress) context.writeError('\r\u001b[K');
  const failures = result.found.length === 0 ? [] : await explainFound(await openTarget(plan), result.found);
  const told: FuzzTold = {
    ok: failures.length === 0,
    seed,
    from,
    workloads: result.tried,
    trees: chosen.trees.map(({ name, hash }) => ({ name, hash: hash.slice(0, 12) })),
    before: chosen.trees[chosen.pair.before]?.name ?? '',
    after: chosen.trees[chosen.pair.after]?.name ?? '',
    neighboursEvery: chosen.neighbours.length === 0 ? undefined : NEIGHBOURS_EVERY,
    counted: result.counted,
    failures,
  };
  const { ok, ...data } = told;
  output(
    options.format === 'json'
      ? resultJson({ command: 'fuzz', ok, data })
      : fuzzText(told, painter(context.color && options.output === undefined)),
  );
  if (failures.length > 0) context.exitCode = ExitCode.findings;
}
