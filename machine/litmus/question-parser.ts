/**
 * Parses questions: `y=1 & x=0`, `z=1 & (x=0 or y=0)`, `1:ra=1 & 1:rb=0`, and binds their names. A plain name is a
 * word of the program, or a register when only one CPU has a register of that name; `1:ra` is register ra of CPU 1.
 * A question about registers is about completed executions, because a power failure leaves no registers.
 */
import type { LitmusProgram, Observation, Predicate, Question, Statement } from './program.ts';
import { type Token, TokenReader, complainAt, complaint } from './scanner.ts';

const DEEPEST_PARENTHESES = 32;

/** How a file asks: `question` leaves the kind to the names in it. */
export type QuestionKey = 'crash' | 'final' | 'question';

/** Parses a question about `program`. Throws `InputError`. */
export function parseQuestion(tokens: readonly Token[], key: QuestionKey, program: LitmusProgram): Question {
  const reader = new TokenReader(tokens);
  const binder = new NameBinder(program);
  const predicate = parseOr(reader, binder, 0);
  if (reader.peek().kind !== 'end') complainAt(reader.peek(), "'&', 'or' or the end of the question");
  if (key === 'crash' && binder.firstRegister !== undefined)
    throw complaint(
      binder.firstRegister.place,
      `${binder.firstRegister.text} is a register, which no power failure leaves: ask with final:`,
    );
  const kind = key === 'question' ? (binder.firstRegister === undefined ? 'crash' : 'final') : key;
  return { kind, predicate, text: textOf(tokens) };
}

function parseOr(reader: TokenReader, binder: NameBinder, depth: number): Predicate {
  const parts = [parseAnd(reader, binder, depth)];
  while (reader.take('or', '||', '∨')) parts.push(parseAnd(reader, binder, depth));
  return joined('or', parts);
}

function parseAnd(reader: TokenReader, binder: NameBinder, depth: number): Predicate {
  const parts = [parseAtom(reader, binder, depth)];
  while (reader.take('&', '&&', '∧', 'and')) parts.push(parseAtom(reader, binder, depth));
  return joined('and', parts);
}

function joined(kind: 'and' | 'or', parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}

function parseAtom(reader: TokenReader, binder: NameBinder, depth: number): Predicate {
  const first = reader.peek();
  if (depth === DEEPEST_PARENTHESES)
    throw complaint(first.place, `parentheses nest at most ${DEEPEST_PARENTHESES} deep`);
  if (reader.take('not')) return { kind: 'not', part: parseAtom(reader, binder, depth + 1) };
  if (reader.take('(')) {
    const inner = parseOr(reader, binder, depth + 1);
    reader.require([')'], "')', '&' or 'or'");
    return inner;
  }
  return parseComparison(reader, binder);
}

function parseComparison(reader: TokenReader, binder: NameBinder): Predicate {
  let thread: Token | undefined;
  const first = reader.peek();
  if (first.kind === 'number' || (/^P[0-9]$/.test(first.text) && reader.peek(1).text === ':')) {
    thread = reader.next();
    reader.require([':'], "':' and a register of that CPU");
  }
  const name = reader.requireName(
    thread === undefined ? "a word, a register, 'not' or '('" : 'a register of that CPU',
  );
  const operator = reader.require(['=', '==', '!=', '≠'], "'=' or '!='").text;
  const value = parseObservation(reader);
  const comparison = binder.bind(thread, name, value);
  return operator === '=' || operator === '==' ? comparison : { kind: 'not', part: comparison };
}

function parseObservation(reader: TokenReader): Observation {
  if (reader.take('poison', 'poisoned')) return 'poison';
  if (reader.take('cleared')) return 'cleared';
  return reader.requireNumber("a number, 'poison' or 'cleared'");
}

class NameBinder {
  readonly #words: ReadonlySet<string>;
  readonly #registers: readonly ReadonlySet<string>[];
  firstRegister: Token | undefined;

  constructor(program: LitmusProgram) {
    this.#words = new Set(program.words.map(({ name }) => name));
    this.#registers = program.threads.map((statements) => registersOf(statements));
  }

  bind(thread: Token | undefined, name: Token, value: Observation): Predicate {
    if (thread !== undefined) return this.#register(thread, name, value);
    if (this.#words.has(name.text)) return { kind: 'word', word: name.text, value };
    const owners = this.#registers.flatMap((registers, index) => (registers.has(name.text) ? [index] : []));
    const [owner] = owners;
    if (owner === undefined) complainAt(name, `one of ${this.#known()}`);
    if (owners.length > 1)
      throw complaint(
        name.place,
        `expected ${owners.map((index) => `${index}:${name.text}`).join(' or ')}, found '${name.text}', a register of several CPUs`,
      );
    this.firstRegister ??= name;
    return { kind: 'register', thread: owner, name: name.text, value };
  }

  #register(thread: Token, name: Token, value: Observation): Predicate {
    const index = Number(thread.text.replace('P', ''));
    const registers = this.#registers[index];
    if (registers === undefined) complainAt(thread, `a CPU from 0 to ${this.#registers.length - 1}`);
    if (!registers.has(name.text))
      complainAt(name, `a register of CPU ${index} (${[...registers].join(', ') || 'it has none'})`);
    this.firstRegister ??= name;
    return { kind: 'register', thread: index, name: name.text, value };
  }

  #known(): string {
    const registers = this.#registers.flatMap((names, index) => [...names].map((name) => `${index}:${name}`));
    return [...this.#words, ...registers].join(', ');
  }
}

/** Names of the registers that the statements assign. */
export function registersOf(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === 'load') names.add(statement.register);
    if (statement.kind === 'locked' && statement.register !== undefined) names.add(statement.register);
    if (statement.kind === 'if') {
      for (const name of [...registersOf(statement.ifTrue), ...registersOf(statement.ifFalse)])
        names.add(name);
    }
  }
  return names;
}

/** The text the tokens were read from, spaces made regular. */
export function textOf(tokens: readonly Token[]): string {
  const tight = /^[;),:\]]$/;
  let text = '';
  let previous = '';
  for (const { kind, text: word } of tokens) {
    if (kind === 'end') break;
    const spaced =
      /^(&|&&|or|and|not|‖|\|\||\[)$/.test(word) || /^(&|&&|or|and|not|‖|\|\||;)$/.test(previous);
    const bothNames = /\w$/.test(previous) && /^\w/.test(word);
    text += (spaced || bothNames) && text !== '' && !tight.test(word) ? ` ${word}` : word;
    previous = word;
  }
  return text;
}
