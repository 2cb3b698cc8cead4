/**
 * The text form of workloads, one operation a line (docs/WORKLOADS.md). `OPERATIONS` is the whole language: for each
 * operation its words, what they mean, how they are read and how they are written back.
 */
import { formatBoot, parseBoot } from './boot-notation.ts';
import { DISK_OPERATIONS } from './disk-notation.ts';
import { FILE_OPERATIONS } from './file-notation.ts';
import type { OperationNotation, Step } from './operation-notation.ts';
import { SYSTEM_OPERATIONS } from './system-notation.ts';
import { type Line, WordReader, linesOf, wordError } from './words.ts';
import type { Workload, WorkloadStep } from './workload.ts';

/** Every operation of the language. */
export const OPERATIONS: readonly OperationNotation[] = [
  ...FILE_OPERATIONS,
  ...DISK_OPERATIONS,
  ...SYSTEM_OPERATIONS,
];

/** Finds the operation a line begins with: two words first, then one; `mmap store` is `store`. */
function takeOperation(reader: WordReader): OperationNotation {
  const [first, second] = reader.line.words;
  const two = `${first?.text} ${second?.text}`;
  const aliased = /^mmap (store|load)$/.exec(two)?.[1];
  const byTwo = OPERATIONS.find(({ name }) => name === (aliased === undefined ? two : undefined));
  const byOne = OPERATIONS.find(({ name }) => name === (aliased ?? first?.text));
  const found = byTwo ?? byOne;
  if (found === undefined) {
    if (first?.text.includes('='))
      throw wordError(
        reader.line,
        first,
        `'${first.text}' is no operation`,
        'in the first line, after `boot`',
      );
    const names = ['boot', ...OPERATIONS.map(({ name }) => name)].join(', ');
    const family = OPERATIONS.filter(({ name }) => name.startsWith(`${first?.text} `)).map(
      ({ name }) => name,
    );
    const wrong = family.length > 0 ? two.replace(' undefined', '') : first?.text;
    throw wordError(
      reader.line,
      family.length > 0 ? (second ?? first) : first,
      `unknown operation '${wrong}'`,
      family.length > 0 ? family.join(', ') : names,
    );
  }
  reader.take(found.name);
  if (found === byTwo || aliased !== undefined) reader.take(found.name);
  return found;
}

/** Parses one line that is not `boot`. */
function parseStep(line: Line): WorkloadStep {
  const reader = new WordReader(line);
  const operation = takeOperation(reader).parse(reader);
  reader.end();
  return { operation, line };
}

/** The boot line of workloads that have none. */
export const DEFAULT_BOOT = 'boot adr clwb pmem0=2M';

/** Parses a workload. Throws `InputError` for text that is not one; says nothing of sizes (see `check-workload.ts`). */
export function parseWorkload(text: string): Workload {
  const lines = linesOf(text);
  const [first, ...others] = lines;
  const hasBoot = first?.words[0]?.text === 'boot';
  const bootReader = new WordReader(
    hasBoot && first !== undefined ? first : (linesOf(DEFAULT_BOOT)[0] ?? { number: 0, text: '', words: [] }),
  );
  bootReader.take('boot');
  const boot = parseBoot(bootReader);
  const again = others.find(({ words }) => words[0]?.text === 'boot');
  if (again !== undefined)
    throw wordError(again, again.words[0], 'a second boot line', 'one, and it comes first');
  return { boot, steps: (hasBoot ? others : lines).map(parseStep) };
}

/** The text of one step. */
export function formatStep(step: Step): string {
  const found = OPERATIONS.find(({ kinds }) => kinds.includes(step.kind));
  return found === undefined ? step.kind : found.format(step);
}

/** The text of a workload, one operation a line; parsing it gives the same workload. */
export function formatWorkload(workload: Workload): string {
  return [formatBoot(workload.boot), ...workload.steps.map(({ operation }) => formatStep(operation))].join(
    '\n',
  );
}
