/** `npm run fuzz-inputs`: damaged inputs of every kind, each of which must be taken or refused with a reason, and soon. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Random } from '#engine/fuzz/random.ts';
import { Hand } from './hand.ts';
import { KINDS, inputOf } from './kinds.ts';
import type { Answer, Ask } from './try-inputs.ts';

interface Options {
  readonly seed: number;
  readonly count?: number;
  readonly seconds: number;
  readonly kind: readonly string[];
  readonly number?: number;
  readonly limit: number;
  readonly workers: number;
}

const EXAMPLES = `
  npm run fuzz-inputs                                 for a minute
  npm run fuzz-inputs -- --seconds 3600 --seed 7      for an hour
  npm run fuzz-inputs -- --kind workload --number 41  one input again, which is printed

Exit code: 0 every input was taken or refused with a reason, 1 one was not, 2 could not run.`;

const whole = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
};

const program = new Command('npm run fuzz-inputs --')
  .description(
    'tries damaged inputs of every kind: each must be taken, or refused with a reason, before its time is up',
  )
  .option('--seed <number>', 'what is drawn follows from it', whole, 1)
  .option('--count <number>', 'inputs of each kind, however long that takes', whole)
  .option('--seconds <number>', 'go on for so long', whole, 60)
  .addOption(
    new Option('--kind <names...>', 'only these kinds')
      .choices(KINDS.map(({ name }) => name))
      .default([], 'all'),
  )
  .option('--number <number>', 'only the input of this number of one --kind', whole)
  .option('--limit <seconds>', 'processor time that one input may take', whole, 20)
  .option('--workers <number>', 'processes that try inputs', whole, 2)
  .addHelpText('after', EXAMPLES);

const FOLDER = join(import.meta.dirname, '..', '..', '.cache', 'fuzz-inputs');

/** Inputs in turn, a kind after the other, until `count` of each or the time is up. */
function* asks({ seed, count, seconds, number }: Options, kinds: readonly string[]): Generator<Ask> {
  if (number !== undefined) return yield* kinds.map((kind) => ({ kind, seed, number }));
  const end = count === undefined ? performance.now() + seconds * 1000 : Infinity;
  for (let next = 0; next < (count ?? Infinity); next++)
    for (const kind of kinds) {
      if (performance.now() > end) return;
      yield { kind, seed, number: next };
    }
}

interface Tally {
  taken: number;
  refused: number;
  defect: number;
}

async function fuzz(options: Options): Promise<number> {
  const names = KINDS.map(({ name }) => name).filter(
    (name) => options.kind.length === 0 || options.kind.includes(name),
  );
  const tallies = new Map(names.map((name): [string, Tally] => [name, { taken: 0, refused: 0, defect: 0 }]));
  const rest = asks(options, names);
  const work = async (): Promise<void> => {
    const hand = new Hand(join(import.meta.dirname, 'try-inputs.ts'), options.limit);
    for (const ask of rest) {
      const answer = await hand.answer(ask);
      const tally = tallies.get(ask.kind);
      if (tally !== undefined) tally[answer.outcome]++;
      if (answer.outcome === 'defect' || options.number !== undefined) tell(ask, answer);
    }
    hand.close();
  };
  await Promise.all(Array.from({ length: Math.max(1, options.workers) }, work));
  for (const [name, { taken, refused, defect }] of tallies)
    console.log(`${name.padEnd(14)} ${taken} taken, ${refused} refused, ${defect} neither`);
  const all = [...tallies.values()];
  // Where all are refused nothing was tried but the first check.
  const isPoor = options.count !== undefined && options.count >= 50 && all.some(({ taken }) => taken === 0);
  if (isPoor) console.log('a kind of which nothing is taken is not tried at all');
  return isPoor || all.some(({ defect }) => defect > 0) ? 1 : 0;
}

/** Prints a finding and keeps its input. */
function tell(ask: Ask, { outcome, detail }: Answer): void {
  const kind = KINDS.find(({ name }) => name === ask.kind);
  if (kind === undefined) return;
  const text = inputOf(kind, new Random(ask.seed, ask.number));
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${ask.kind.replaceAll(' ', '-')}-${ask.seed}-${ask.number}`);
  writeFileSync(file, text, kind.isBinary ? 'latin1' : 'utf8');
  console.log(`${ask.kind} ${ask.number}: ${outcome === 'defect' ? 'neither taken nor refused' : outcome}`);
  console.log(detail.replaceAll(/^/gm, '    '));
  console.log(`    input: ${file}`);
  console.log(
    `    again: npm run fuzz-inputs -- --seed ${ask.seed} --kind '${ask.kind}' --number ${ask.number}\n`,
  );
}

program.parse();
process.exitCode = await fuzz(program.opts<Options>());
