/**
 * Parses litmus files: blocks of `key: text` lines, one block for each test, `#` starting a comment, an indented
 * line continuing the one above. docs/MACHINE.md has the reference. Throws `InputError` for the first thing wrong,
 * with file, line and column; a name used twice, a missing program or an unknown key are errors, never ignored.
 */
import { printable } from '#base/printable.ts';
import { parseExpectations } from './expectation-parser.ts';
import type { LitmusTest } from './program.ts';
import { parseProgram } from './program-parser.ts';
import { type QuestionKey, parseQuestion, textOf } from './question-parser.ts';
import { type Fragment, type Place, complaint, scan, shortened } from './scanner.ts';

const KEYS = ['test', 'program', 'crash', 'final', 'question', 'expect', 'source', 'note'] as const;
type Key = (typeof KEYS)[number];

interface Entry {
  readonly key: Key;
  readonly place: Place;
  readonly fragments: Fragment[];
}

/** The tests of a litmus file. Throws `InputError`. */
export function parseLitmusFile(text: string, file: string): LitmusTest[] {
  const tests: LitmusTest[] = [];
  const placeOfName = new Map<string, Place>();
  for (const block of blocksOf(entriesOf(text, file))) {
    const test = testOf(block);
    const earlier = placeOfName.get(test.name);
    if (earlier !== undefined)
      throw complaint(test.place, `the name ${shortened(test.name)} is taken by line ${earlier.line}`);
    placeOfName.set(test.name, test.place);
    tests.push(test);
  }
  if (tests.length === 0)
    throw complaint({ file, line: 1, column: 1 }, "expected 'test:' and a name, found no test in the file");
  return tests;
}

/** The pieces of a test as they stand in a file or a table row. */
export interface TestParts {
  readonly name: string;
  readonly place: Place;
  readonly program: readonly Fragment[];
  readonly question: { readonly key: QuestionKey; readonly fragments: readonly Fragment[] } | undefined;
}

/** Parses program and question of a test; the expectations are the caller's. */
export function buildTest(parts: TestParts, expectations: LitmusTest['expectations']): LitmusTest {
  const programTokens = scan(parts.program);
  const program = parseProgram(programTokens);
  const { question } = parts;
  return {
    // Every report names tests, some on a terminal.
    name: printable(parts.name),
    place: parts.place,
    program,
    programText: textOf(programTokens),
    question: question && parseQuestion(scan(question.fragments), question.key, program),
    expectations,
  };
}

function entriesOf(text: string, file: string): Entry[] {
  const entries: Entry[] = [];
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const content = raw.replace(/#.*$/s, '').trimEnd();
    if (content === '' || content === '\uFEFF') continue;
    const place: Place = { file, line: index + 1, column: 1 };
    if (/^\s/.test(content) && entries.length > 0) {
      entries.at(-1)?.fragments.push({ text: content, place });
    } else {
      entries.push(entryOf(content, place));
    }
  }
  return entries;
}

function entryOf(content: string, place: Place): Entry {
  const [, space = '', word = '', colon = ''] = /^([\s\uFEFF]*)([^\s:]*)(\s*:?)/.exec(content) ?? [];
  const key = KEYS.find((candidate) => candidate === word);
  const keyPlace = { ...place, column: place.column + space.length };
  if (key === undefined)
    throw complaint(
      keyPlace,
      `expected one of ${KEYS.map((name) => `${name}:`).join(' ')}, found '${shortened(word || content)}'`,
    );
  const length = space.length + word.length + colon.length;
  const after = { ...place, column: place.column + length };
  if (!colon.endsWith(':'))
    throw complaint(
      after,
      `expected ':' after ${key}, found '${shortened(content.slice(length)) || 'nothing'}'`,
    );
  return { key, place: keyPlace, fragments: [{ text: content.slice(length), place: after }] };
}

function blocksOf(entries: readonly Entry[]): Entry[][] {
  const blocks: Entry[][] = [];
  for (const entry of entries) {
    if (entry.key === 'test') {
      blocks.push([entry]);
      continue;
    }
    const block = blocks.at(-1);
    if (block === undefined)
      throw complaint(entry.place, `expected 'test:' and a name first, found '${entry.key}:'`);
    block.push(entry);
  }
  return blocks;
}

function testOf(block: readonly Entry[]): LitmusTest {
  const title = only(block, ['test']);
  const program = only(block, ['program']);
  const question = only(block, ['crash', 'final', 'question']);
  if (title === undefined) throw new RangeError('a block starts with its test entry');
  const { name, place } = nameOf(title);
  if (program === undefined) throw complaint(place, `expected 'program:' in test ${name}, found none`);
  const questionParts =
    question === undefined ? undefined : { key: question.key as QuestionKey, fragments: question.fragments };
  const expectations = block
    .filter(({ key }) => key === 'expect')
    .flatMap((entry) => parseExpectations(scan(entry.fragments)));
  const test = buildTest({ name, place, program: program.fragments, question: questionParts }, expectations);
  const unanswerable = expectations.find(({ verdict }) => verdict !== undefined);
  if (question === undefined && unanswerable !== undefined)
    throw complaint(unanswerable.place, `expected 'crash:' or 'final:' before a verdict in test ${name}`);
  return test;
}

function nameOf(title: Entry): { name: string; place: Place } {
  const fragment = title.fragments[0];
  const [, space = '', name = ''] = /^(\s*)(\S*)/.exec(fragment?.text ?? '') ?? [];
  const start = fragment?.place ?? title.place;
  const place = { ...start, column: start.column + space.length };
  if (name === '') throw complaint(place, "expected a name after 'test:', found the end of the line");
  return { name, place };
}

/** The one entry of a block with one of these keys. */
function only(block: readonly Entry[], keys: readonly Key[]): Entry | undefined {
  const [first, second] = block.filter(({ key }) => keys.includes(key));
  if (second !== undefined)
    throw complaint(
      second.place,
      `expected one ${keys.join(' or ')} in a test, found a second ('${second.key}:')`,
    );
  return first;
}
