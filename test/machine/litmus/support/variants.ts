/**
 * The mechanical variants of persistency.md 1.7 (e): every published test with its clflushopt made clflush, its SFENCE
 * made MFENCE or a locked operation, its stores made non-temporal, or its words put on one line, each on eight
 * machines. Verdicts and image counts come from the second machine; a test keeps `litmus/variants.litmus` equal to
 * what this file writes.
 */
import { parseLitmusFile } from '../../../../machine/litmus/file-parser.ts';
import { describeAnswer } from '../../../../machine/litmus/verdicts.ts';
import type { LitmusTest } from '../../../../machine/litmus/program.ts';
import { machineNamed } from './agreement.ts';
import { exploreWindow } from './window-machine.ts';

export const VARIANT_MACHINES = [
  'ADR',
  'eADR',
  'no-ADR',
  'write-back',
  'lazy',
  'nt_fl',
  'AMD',
  'location',
] as const;

interface Transformation {
  readonly suffix: string;
  readonly apply: (programText: string, test: LitmusTest) => string;
}

type Apply = Transformation['apply'];

const toFlush: Apply = (text) => text.replaceAll('FO ', 'FL ');
const toMfence: Apply = (text) => text.replaceAll('SF', 'MF');
const toLocked: Apply = (text) => text.replaceAll(/SF|MF/g, 'XADD(lk9)');
const toNonTemporal: Apply = (text) => text.replaceAll(/(^|[;{‖]) ?(\w+=)/g, '$1 NT $2').trim();

/** First the one, then the other. */
function both(first: Apply, second: Apply): Apply {
  return (text, test) => second(first(text, test), test);
}

const TRANSFORMATIONS: readonly Transformation[] = [
  { suffix: '', apply: (text) => text },
  { suffix: 'FL', apply: toFlush },
  { suffix: 'FO', apply: (text) => text.replaceAll('FL ', 'FO ') },
  { suffix: 'MF', apply: toMfence },
  { suffix: 'SF', apply: (text) => text.replaceAll('MF', 'SF') },
  { suffix: 'RMW', apply: toLocked },
  { suffix: 'NT', apply: toNonTemporal },
  { suffix: 'W', apply: (text) => text.replaceAll('NT ', '') },
  { suffix: 'one-line', apply: oneLine },
  { suffix: 'FL+MF', apply: both(toFlush, toMfence) },
  { suffix: 'FL+RMW', apply: both(toFlush, toLocked) },
  { suffix: 'FL+one-line', apply: both(toFlush, oneLine) },
  { suffix: 'MF+one-line', apply: both(toMfence, oneLine) },
  { suffix: 'RMW+one-line', apply: both(toLocked, oneLine) },
  { suffix: 'NT+one-line', apply: both(toNonTemporal, oneLine) },
  { suffix: 'NT+MF', apply: both(toNonTemporal, toMfence) },
  { suffix: 'NT+RMW', apply: both(toNonTemporal, toLocked) },
];

function oneLine(text: string, test: LitmusTest): string {
  const words = test.program.words.filter(({ persistent }) => persistent).map(({ name }) => name);
  if (words.length < 2 || new Set(test.program.words.map(({ line }) => line)).size === 1) return text;
  return `${text.replaceAll(/ *\[[^\]]*\]/g, '')} [${words.join('/')} share a line]`;
}

/** The text of the variants file for the tests of the published files. */
export function variantsFile(published: readonly LitmusTest[]): string {
  const blocks: string[] = [HEADER];
  const seen = new Set<string>();
  for (const test of published) {
    if (test.question === undefined) continue;
    for (const { suffix, apply } of TRANSFORMATIONS) {
      const text = apply(test.programText, test);
      const identity = `${text} ? ${test.question.kind} ${test.question.text}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      blocks.push(blockOf(suffix === '' ? `${test.name}+as-is` : `${test.name}+${suffix}`, text, test));
    }
  }
  return `${blocks.join('\n\n')}\n`;
}

function blockOf(name: string, program: string, test: LitmusTest): string {
  const head = `test: ${name}\nprogram: ${program}\n${test.question?.kind}: ${test.question?.text}`;
  const [parsed] = parseLitmusFile(head, name);
  const question = parsed?.question;
  if (parsed === undefined || question === undefined) throw new Error(`${name} has no question`);
  const answers = VARIANT_MACHINES.map((words) => {
    const machine = machineNamed(words);
    const outcomes = exploreWindow(parsed.program, machine);
    return describeAnswer(machine, outcomes.allows(question) ? 'A' : 'F', outcomes.images.size);
  });
  return `${head}\nexpect: ${answers.join(', ')}`;
}

const HEADER = `# Mechanical variants of the published tests (persistency.md 1.7 (e)). Written by test/machine/litmus/support/variants.ts with
# the verdicts and image counts of the second machine there, not of the explorer. Do not edit: change the published
# tests or the transformations and run LITMUS_UPDATE=1 npm run test:exhaustive -- litmus-variants`;
