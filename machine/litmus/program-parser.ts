/**
 * Parses the programs of persistency.md 1.7: `x=1; FO x; SF; y=1 ‖ a:=y; if(a=1){z=1} [x/z share a line]`.
 * A name that is assigned with `:=` is a register of its CPU, any other name is a word of memory. Errors name the
 * place, what was expected and what was found. Limits keep a malformed or hostile file from exhausting the machine.
 */
import type { Condition, LitmusProgram, Modification, Operand, RegisterTest, Statement } from './program.ts';
import { layOutWords, type Remark, type WordUse } from './program-words.ts';
import { type Token, TokenReader, complainAt, complaint, scan } from './scanner.ts';

export const LIMITS = { threads: 4, instructionsPerThread: 30, words: 30, nestedIfs: 16 } as const;

/** Words that mean an instruction, with the mnemonics accepted for each. */
const INSTRUCTIONS: ReadonlyMap<string, 'NT' | 'FL' | 'FO' | 'SF' | 'MF' | 'HINT' | 'CLEAR'> = new Map([
  ['NT', 'NT'], ['MOVNTI', 'NT'], ['movnti', 'NT'],
  ['FL', 'FL'], ['CLFLUSH', 'FL'], ['clflush', 'FL'],
  ['FO', 'FO'], ['CLFLUSHOPT', 'FO'], ['clflushopt', 'FO'], ['CLWB', 'FO'], ['clwb', 'FO'],
  ['SF', 'SF'], ['SFENCE', 'SF'], ['sfence', 'SF'],
  ['MF', 'MF'], ['MFENCE', 'MF'], ['mfence', 'MF'],
  ['HINT', 'HINT'], ['CLEAR', 'CLEAR'],
]); // prettier-ignore

const RESERVED = new Set([...INSTRUCTIONS.keys(), 'XADD', 'CAS', 'XCHG', 'if', 'else', 'or', 'and', 'not']);

const A_STATEMENT =
  'an instruction: word=number, NT word=number, register:=word, register:=XADD(word), register:=CAS(word,old->new), FL word, FO word, SF, MF, HINT, CLEAR word or if(register=number){...}';

/** Parses a whole program. Throws `InputError`. */
export function parseProgram(tokens: readonly Token[]): LitmusProgram {
  return new ProgramParser(new TokenReader(tokens)).program();
}

/** Parses a program given as one text, for callers that have no file. Throws `InputError`. */
export function programFromText(text: string): LitmusProgram {
  return parseProgram(scan([{ text, place: { file: 'program', line: 1, column: 1 } }]));
}

class ProgramParser {
  readonly #reader: TokenReader;
  readonly #uses: WordUse[] = [];
  readonly #registerPlaces = new Map<string, Token>();
  #registersOfThread = new Set<string>();
  #instructionCount = 0;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  program(): LitmusProgram {
    const threads: Statement[][] = [];
    do {
      if (threads.length === LIMITS.threads)
        throw complaint(this.#reader.peek().place, `a program has at most ${LIMITS.threads} CPUs`);
      threads.push(this.#thread());
    } while (this.#reader.take('‖', '||', '∥'));
    const remarks = this.#remarks();
    if (this.#reader.peek().kind !== 'end')
      complainAt(
        this.#reader.peek(),
        "';' and an instruction, '‖' and another CPU, '[' and a remark, or the end",
      );
    this.#rejectDoubleMeaning();
    return { threads, words: layOutWords(this.#uses, remarks, LIMITS.words) };
  }

  #thread(): Statement[] {
    this.#registersOfThread = new Set();
    this.#instructionCount = 0;
    const label = this.#reader.peek();
    if (label.kind === 'name' && /^P[0-9]$/.test(label.text) && this.#reader.peek(1).text === ':') {
      this.#reader.next();
      this.#reader.next();
    }
    return this.#statements(['‖', '||', '∥', '['], 0);
  }

  /** Statements up to one of `closers` or the end; at least one. */
  #statements(closers: readonly string[], depth: number): Statement[] {
    const statements = [this.#statement(depth)];
    for (;;) {
      const separated = this.#reader.take(';');
      if (this.#reader.peek().kind === 'end' || this.#reader.at(...closers)) return statements;
      if (!separated && statements.at(-1)?.kind !== 'if') return statements;
      statements.push(this.#statement(depth));
    }
  }

  #statement(depth: number): Statement {
    const first = this.#reader.peek();
    if (first.kind !== 'name') complainAt(first, A_STATEMENT);
    this.#countInstruction(first);
    if (first.text === 'if') return this.#if(depth);
    const instruction = INSTRUCTIONS.get(first.text);
    if (instruction !== undefined && !this.#followedByAssignment()) return this.#instruction(instruction);
    if (first.text === 'XADD' || first.text === 'CAS' || first.text === 'XCHG')
      return this.#locked(undefined);
    if (this.#reader.peek(1).text === ':=') return this.#registerAssignment();
    return this.#store(false);
  }

  #countInstruction(token: Token): void {
    if (++this.#instructionCount > LIMITS.instructionsPerThread)
      throw complaint(token.place, `a CPU has at most ${LIMITS.instructionsPerThread} instructions`);
  }

  #followedByAssignment(): boolean {
    return ['=', ':='].includes(this.#reader.peek(1).text);
  }

  #instruction(instruction: 'NT' | 'FL' | 'FO' | 'SF' | 'MF' | 'HINT' | 'CLEAR'): Statement {
    this.#reader.next();
    switch (instruction) {
      case 'NT':
        return this.#store(true);
      case 'SF':
      case 'MF':
        return { kind: 'fence', instruction };
      case 'HINT':
        return { kind: 'hint' };
      default:
        return { kind: 'flush', instruction, word: this.#word() };
    }
  }

  #store(nonTemporal: boolean): Statement {
    const word = this.#word();
    this.#reader.require(['='], "'=' and a number (or ':=' to load into a register)");
    return { kind: 'store', word, value: this.#operand(), nonTemporal };
  }

  #operand(): Operand {
    const token = this.#reader.peek();
    if (token.kind === 'number') return { kind: 'number', value: this.#reader.requireNumber('a number') };
    return {
      kind: 'register',
      name: this.#knownRegister('a number, or a register this CPU has loaded before'),
    };
  }

  #registerAssignment(): Statement {
    const target = this.#name('a register');
    this.#reader.next();
    const next = this.#reader.peek().text;
    const statement: Statement =
      (next === 'XADD' || next === 'CAS' || next === 'XCHG') && this.#reader.peek(1).text === '('
        ? this.#locked(target.text)
        : { kind: 'load', register: target.text, word: this.#word() };
    this.#registersOfThread.add(target.text);
    if (!this.#registerPlaces.has(target.text)) this.#registerPlaces.set(target.text, target);
    return statement;
  }

  #locked(register: string | undefined): Statement {
    const operation = this.#reader.next().text;
    this.#reader.require(['('], "'(' and a word");
    const word = this.#word();
    let modification: Modification;
    if (operation === 'XADD') {
      const amount = this.#reader.take(',') ? this.#reader.requireNumber('the number to add') : 1;
      modification = { kind: 'add', amount };
    } else {
      this.#reader.require([','], operation === 'CAS' ? "',' and old->new" : "',' and a number");
      modification = operation === 'CAS' ? this.#compareExchange() : this.#exchange();
    }
    this.#reader.require([')'], operation === 'XADD' ? "')' or ',' and the number to add" : "')'");
    return { kind: 'locked', register, word, modification };
  }

  #exchange(): Modification {
    return { kind: 'exchange', value: this.#reader.requireNumber('the number to store') };
  }

  #compareExchange(): Modification {
    const expected = this.#reader.requireNumber('the old number');
    this.#reader.require(['->', '→', ','], "'->' and the new number");
    return { kind: 'compare-exchange', expected, value: this.#reader.requireNumber('the new number') };
  }

  #if(depth: number): Statement {
    const start = this.#reader.next();
    if (depth === LIMITS.nestedIfs)
      throw complaint(start.place, `an if nests at most ${LIMITS.nestedIfs} deep`);
    this.#reader.require(['('], "'(' and a condition");
    const condition = this.#condition();
    this.#reader.require([')'], "')', '&' or 'or'");
    const ifTrue = this.#block(depth);
    const elsePlace = this.#reader.peek();
    if (!this.#reader.take('else')) return { kind: 'if', condition, ifTrue, ifFalse: [] };
    // The jump over the else counts too: it takes a place in the compiled program.
    this.#countInstruction(elsePlace);
    const ifFalse = this.#block(depth);
    return { kind: 'if', condition, ifTrue, ifFalse };
  }

  #block(depth: number): Statement[] {
    this.#reader.require(['{'], "'{' and instructions");
    if (this.#reader.take('}')) return [];
    const statements = this.#statements(['}'], depth + 1);
    this.#reader.require(['}'], "'}', or ';' and an instruction");
    return statements;
  }

  #condition(): Condition {
    const alternatives: RegisterTest[][] = [];
    do {
      const tests: RegisterTest[] = [];
      do tests.push(this.#registerTest());
      while (this.#reader.take('&', '&&', '∧', 'and'));
      alternatives.push(tests);
    } while (this.#reader.take('or', '||', '∨'));
    return { alternatives };
  }

  #registerTest(): RegisterTest {
    const register = this.#knownRegister('a register this CPU has loaded before');
    const operator = this.#reader.require(['=', '==', '!=', '≠'], "'=' or '!='").text;
    const value = this.#reader.requireNumber('a number');
    return { register, equal: operator === '=' || operator === '==', value };
  }

  #knownRegister(expected: string): string {
    const token = this.#reader.peek();
    if (token.kind !== 'name' || !this.#registersOfThread.has(token.text)) {
      const known = [...this.#registersOfThread].join(', ');
      complainAt(token, known === '' ? `${expected} (it has loaded none)` : `${expected} (${known})`);
    }
    return this.#reader.next().text;
  }

  #word(): string {
    const token = this.#name('a word of memory');
    this.#uses.push({ name: token.text, token });
    return token.text;
  }

  #name(expected: string): Token {
    const token = this.#reader.requireName(expected);
    if (RESERVED.has(token.text))
      complainAt(token, `${expected} (${token.text} is the name of an instruction)`);
    return token;
  }

  #remarks(): Remark[] {
    const remarks: Remark[] = [];
    while (this.#reader.at('[')) remarks.push(this.#remark());
    return remarks;
  }

  /** `[x/y share a line]`, `[x/y poisoned]`, `[x volatile]`, `[x persistent]`, `[x=1]`. */
  #remark(): Remark {
    this.#reader.next();
    const names: Token[] = [];
    do names.push(this.#name('a word of memory'));
    while (this.#reader.take('/', ','));
    if (names.length === 1 && this.#reader.take('=')) {
      const value = this.#reader.requireNumber('the first value of the word');
      this.#reader.take('initially');
      this.#reader.require([']'], "']'");
      return { kind: 'initial', names, value };
    }
    const kind = this.#remarkKind();
    this.#reader.require([']'], "']'");
    return { kind, names, value: 0 };
  }

  #remarkKind(): Remark['kind'] {
    const expected = "'share a line', 'poisoned', 'volatile', 'persistent', or '=' and a first value";
    const token = this.#reader.require(['share', 'poisoned', 'volatile', 'persistent'], expected);
    if (token.text !== 'share')
      return token.text === 'poisoned' ? 'poisoned' : token.text === 'volatile' ? 'volatile' : 'persistent';
    this.#reader.take('a', 'one');
    this.#reader.require(['line'], "'line'");
    return 'share';
  }

  #rejectDoubleMeaning(): void {
    for (const { name, token } of this.#uses) {
      const register = this.#registerPlaces.get(name);
      if (register === undefined) continue;
      const other = `${name} is a register at ${register.place.line}:${register.place.column}`;
      throw complaint(token.place, `expected a word of memory, found '${name}', but ${other}: rename one`);
    }
  }
}
