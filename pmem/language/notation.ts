/** The text form of workloads, one operation a line (docs/WORKLOADS.md): reading and writing, whatever the operation. */
import type { InputError } from '#base/input-error.ts';
import { formatBoot, parseBoot } from './boot/boot-line.ts';
import { type Field, type OperationDescriptor, valuesOf } from './descriptor.ts';
import { type Line, linesOf, wordError } from './lines.ts';
import { OPERATIONS, descriptorOf } from './operations.ts';
import { WordReader } from './words.ts';
import type { Step, Workload, WorkloadStep } from './workload.ts';

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
  return { boot, steps: (hasBoot ? others : lines).flatMap(parseLine) };
}

/** The text of a workload, one operation a line; parsing it gives the same workload. */
export function formatWorkload(workload: Workload): string {
  const steps = workload.steps.map(({ operation }) => formatStep(operation));
  const lines = workload.steps.flatMap(({ isMeanwhile }, index) => {
    const text = steps[index] ?? '';
    if (isMeanwhile && index + 1 < steps.length) return [];
    return workload.steps[index - 1]?.isMeanwhile ? [`while ${text}: ${steps[index - 1]}`] : [text];
  });
  return [formatBoot(workload.boot), ...lines].join('\n');
}

/** The text of one step. */
export function formatStep(step: Step): string {
  const { name, fields } = descriptorOf(step);
  const values = valuesOf(step);
  let text = name;
  for (const [field, argument] of fields) {
    const words = argument.text(values[field]);
    if (words !== '') text += ` ${words}`;
  }
  return text;
}

/** Parses one line that is not `boot`: an operation, or `while OPERATION: OPERATION`, whose second one stands first. */
function parseLine(line: Line): WorkloadStep[] {
  const [first, ...words] = line.words;
  if (first?.text !== 'while') return [parseStep(line)];
  const end = words.findIndex(({ text }) => text.endsWith(':'));
  const last = words[end];
  if (last === undefined)
    throw wordError(line, undefined, "'while' without ':'", 'while OPERATION: OPERATION');
  const outer = [
    ...words.slice(0, end),
    ...(last.text === ':' ? [] : [{ ...last, text: last.text.slice(0, -1) }]),
  ];
  return [
    { ...parseStep({ ...line, words: words.slice(end + 1) }), line, isMeanwhile: true },
    { ...parseStep({ ...line, words: outer }), line },
  ];
}

/** Parses one operation. */
function parseStep(line: Line): WorkloadStep {
  const reader = new WordReader(line);
  const { kind, fields } = takeOperation(reader);
  const values: Record<string, unknown> = { kind };
  const options: Field[] = [];
  for (const field of fields) {
    const [name, argument] = field;
    if (argument.option !== undefined) options.push(field);
    setField(values, name, argument.option === undefined ? argument.take(reader) : argument.option.absent);
  }
  takeOptions(reader, options, values);
  return { operation: values as unknown as Step, line };
}

/** A field that is not there is absent, not undefined. */
function setField(values: Record<string, unknown>, field: string, value: unknown): void {
  if (value !== undefined) values[field] = value;
}

/** Takes what is left of a line: options, each once. */
function takeOptions(reader: WordReader, options: readonly Field[], values: Record<string, unknown>): void {
  const left = new Map(options);
  for (let word = reader.peek(); word !== undefined; word = reader.peek()) {
    const { text } = word;
    const [field, argument] = options.find(([, { option }]) => option?.words.includes(text)) ?? [];
    if (field === undefined || argument === undefined || !left.delete(field)) {
      const words = [...left.values()].flatMap(({ option }) => option?.words ?? []);
      const problem = field === undefined ? 'is one word too many' : 'is a second word for the same thing';
      throw reader.error(word, `'${text}' ${problem}`, [...words, 'the end of the line'].join(', '));
    }
    setField(values, field, argument.take(reader));
  }
}

const BY_NAME = new Map(OPERATIONS.map((descriptor) => [descriptor.name, descriptor]));

/** Finds the operation a line begins with: two words first, then one; `mmap store` is `store`. */
function takeOperation(reader: WordReader): OperationDescriptor {
  const [first, second] = reader.line.words;
  const isAlias = first?.text === 'mmap' && (second?.text === 'store' || second?.text === 'load');
  const byTwo = BY_NAME.get(isAlias ? second.text : `${first?.text} ${second?.text}`);
  const found = byTwo ?? BY_NAME.get(first?.text ?? '');
  if (found === undefined) throw unknownOperation(reader);
  reader.take(found.name);
  if (found === byTwo) reader.take(found.name);
  return found;
}

/** The complaint about a line that begins with no operation. */
function unknownOperation({ line }: WordReader): InputError {
  const [first, second] = line.words;
  if (first?.text.includes('=') === true)
    return wordError(line, first, `'${first.text}' is no operation`, 'in the first line, after `boot`');
  const names = OPERATIONS.map(({ name }) => name);
  const family = names.filter((name) => name.startsWith(`${first?.text} `));
  if (family.length === 0) {
    const allowed = ['boot', 'while', ...names].join(', ');
    return wordError(line, first, `unknown operation '${first?.text}'`, allowed);
  }
  const wrong = second === undefined ? first?.text : `${first?.text} ${second.text}`;
  return wordError(line, second ?? first, `unknown operation '${wrong}'`, family.join(', '));
}
