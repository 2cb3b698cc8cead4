/**
 * Turns a parsed program into flat lists of operations and a layout for machine states. Names become indices,
 * `if` becomes a jump, and the table of 1.4 becomes one bit mask for each operation: the earlier operations of its
 * CPU that must have left the store buffer first. Only `explorer.ts` and `machine-state.ts` use it.
 */
import type { LitmusMachine } from './machine-switches.ts';
import { type InstructionClass, type MutatedCell, type Order, orderOf } from './ordering.ts';
import type { Condition, LitmusProgram, Modification, Operand, Statement } from './program.ts';
import { registersOf } from './question-parser.ts';

/** Where the value of a store comes from: a number, or the slot where the issue of the store keeps it. */
export type StoredValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'captured'; readonly register: number; readonly slot: number };

/** What an operation does; `ordered` ones (all but jumps) have a class in table 1.4. */
export type Action =
  | {
      readonly kind: 'store';
      readonly word: number;
      readonly value: StoredValue;
      readonly nonTemporal: boolean;
    }
  | { readonly kind: 'FL' | 'FO' | 'CLEAR' | 'SF' | 'HINT' | 'MF' }
  | { readonly kind: 'load'; readonly word: number; readonly register: number }
  | {
      readonly kind: 'locked';
      readonly word: number;
      readonly register: number | undefined;
      readonly modification: Modification;
    }
  | { readonly kind: 'branch'; readonly condition: CompiledCondition; readonly otherwise: number }
  | { readonly kind: 'jump'; readonly target: number };

/** Alternatives of tests on register slots. */
export type CompiledCondition = readonly (readonly {
  readonly register: number;
  readonly equal: boolean;
  readonly value: number;
}[])[];

export interface Operation {
  readonly action: Action;
  /** Class in table 1.4; jumps have none. A hint counts as W, CLEAR as FL. */
  readonly orderedAs: InstructionClass | undefined;
  /** Word of a store, else -1. */
  readonly word: number;
  /** Lines it concerns, as bits. */
  readonly lines: number;
  /** Bit i set: operation i of this CPU must have left the store buffer before this one may. */
  readonly blockers: number;
  /** The earlier operations of this CPU on its lines, as bits. */
  readonly earlierInLine: number;
  /**
   * Load: no other CPU writes the word. Store: no other CPU touches the line, nor do, where that writes dirty data back
   * or queues behind it, this CPU's non-temporal stores.
   */
  readonly isAlone: boolean;
  /** Classes of R, RMW and MF operations that have always completed when this one is issued. */
  readonly completedBefore: readonly InstructionClass[];
}

export interface CompiledWord {
  readonly name: string;
  readonly line: number;
  readonly persistent: boolean;
  readonly initial: number;
  readonly poisonUnit: number | undefined;
}

export interface CompiledProgram {
  readonly threads: readonly (readonly Operation[])[];
  /** Persistent words first. */
  readonly words: readonly CompiledWord[];
  readonly persistentWordCount: number;
  /** Name to register slot, for each CPU. */
  readonly registers: readonly ReadonlyMap<string, number>[];
  readonly registerCount: number;
  readonly capturedCount: number;
}

/** Compiles `program` for `machine`; `mutated` replaces one cell of the ordering table. */
export function compile(
  program: LitmusProgram,
  machine: LitmusMachine,
  mutated?: MutatedCell,
): CompiledProgram {
  const words = [
    ...program.words.filter(({ persistent }) => persistent),
    ...program.words.filter(({ persistent }) => !persistent),
  ];
  const order = (earlier: InstructionClass, later: InstructionClass): Order =>
    mutated?.earlier === earlier && mutated.later === later
      ? mutated.order
      : orderOf(earlier, later, machine);
  const shared = { words, registerCount: 0, capturedCount: 0 };
  const registers: ReadonlyMap<string, number>[] = [];
  const compiled = program.threads.map((statements) => {
    const compiler = new ThreadCompiler(shared, registersOf(statements));
    registers.push(compiler.registers);
    return compiler.compile(statements, order);
  });
  return {
    threads: compiled.map((operations, thread) => {
      const others = compiled.filter((_, other) => other !== thread).flat();
      const rivals = machine.nonTemporal === 'independent' ? [] : operations.filter(isNonTemporal);
      return operations.map((operation) => ({
        ...operation,
        isAlone: isAlone(operation, [...others, ...rivals]),
      }));
    }),
    words,
    persistentWordCount: words.filter(({ persistent }) => persistent).length,
    registers,
    registerCount: shared.registerCount,
    capturedCount: shared.capturedCount,
  };
}

interface SharedCounters {
  readonly words: readonly CompiledWord[];
  registerCount: number;
  capturedCount: number;
}

interface Draft {
  action: Action;
  readonly orderedAs: InstructionClass | undefined;
  readonly word: number;
  readonly lines: number;
  /** Branches around the operation: those of a dominating one are a prefix. */
  readonly blocks: readonly number[];
}

class ThreadCompiler {
  readonly registers: ReadonlyMap<string, number>;
  readonly #shared: SharedCounters;
  readonly #drafts: Draft[] = [];
  #blocks: readonly number[] = [];
  #blockCount = 0;

  constructor(shared: SharedCounters, names: ReadonlySet<string>) {
    this.#shared = shared;
    this.registers = new Map([...names].map((name) => [name, shared.registerCount++]));
  }

  compile(
    statements: readonly Statement[],
    order: (earlier: InstructionClass, later: InstructionClass) => Order,
  ): Operation[] {
    for (const statement of statements) this.#statement(statement);
    return this.#drafts.map((draft, index) => {
      const earlier = this.#drafts.slice(0, index);
      return {
        action: draft.action,
        orderedAs: draft.orderedAs,
        word: draft.word,
        lines: draft.lines,
        blockers: blockersOf(draft, earlier, order),
        earlierInLine: earlier.reduce(
          (mask, { lines }, at) => ((lines & draft.lines) === 0 ? mask : mask | (1 << at)),
          0,
        ),
        isAlone: false,
        completedBefore: completedBefore(draft, earlier),
      };
    });
  }

  #add(action: Action, orderedAs: InstructionClass | undefined, word = -1, lines = 0): number {
    this.#drafts.push({ action, orderedAs, word, lines, blocks: this.#blocks });
    return this.#drafts.length - 1;
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'store':
        return this.#store(statement);
      case 'load': {
        const word = this.#wordIndex(statement.word);
        this.#add(
          { kind: 'load', word, register: this.#register(statement.register) },
          'R',
          word,
          this.#lineBit(word),
        );
        return;
      }
      case 'locked': {
        const word = this.#wordIndex(statement.word);
        const register = statement.register === undefined ? undefined : this.#register(statement.register);
        const action: Action = { kind: 'locked', word, register, modification: statement.modification };
        this.#add(action, 'RMW', word, this.#lineBit(word));
        return;
      }
      case 'flush':
        return this.#flush(statement.instruction, this.#wordIndex(statement.word));
      case 'fence':
        this.#add({ kind: statement.instruction }, statement.instruction);
        return;
      case 'hint':
        this.#add({ kind: 'HINT' }, 'W');
        return;
      case 'if':
        return this.#if(statement);
    }
  }

  #store(statement: Extract<Statement, { kind: 'store' }>): void {
    const word = this.#wordIndex(statement.word);
    const { nonTemporal } = statement;
    const action: Action = { kind: 'store', word, value: this.#value(statement.value), nonTemporal };
    this.#add(action, nonTemporal ? 'NT' : 'W', word, this.#lineBit(word));
  }

  #flush(instruction: 'FL' | 'FO' | 'CLEAR', word: number): void {
    if (instruction !== 'CLEAR') {
      this.#add({ kind: instruction }, instruction, -1, this.#lineBit(word));
      return;
    }
    const unit = this.#shared.words[word]?.poisonUnit;
    let lines = this.#lineBit(word);
    for (const other of this.#shared.words) {
      if (unit !== undefined && other.poisonUnit === unit) lines |= 1 << other.line;
    }
    this.#add({ kind: 'CLEAR' }, 'FL', -1, lines);
  }

  #if(statement: Extract<Statement, { kind: 'if' }>): void {
    const outer = this.#blocks;
    const branch = this.#add({ kind: 'jump', target: 0 }, undefined);
    this.#blocks = [...outer, this.#blockCount++];
    for (const inner of statement.ifTrue) this.#statement(inner);
    let target = this.#drafts.length;
    if (statement.ifFalse.length > 0) {
      const jump = this.#add({ kind: 'jump', target: 0 }, undefined);
      target = this.#drafts.length;
      this.#blocks = [...outer, this.#blockCount++];
      for (const inner of statement.ifFalse) this.#statement(inner);
      this.#setAction(jump, { kind: 'jump', target: this.#drafts.length });
    }
    this.#blocks = outer;
    this.#setAction(branch, {
      kind: 'branch',
      condition: this.#condition(statement.condition),
      otherwise: target,
    });
  }

  #setAction(index: number, action: Action): void {
    const draft = this.#drafts[index];
    if (draft !== undefined) draft.action = action;
  }

  #condition(condition: Condition): CompiledCondition {
    return condition.alternatives.map((tests) =>
      tests.map(({ register, equal, value }) => ({ register: this.#register(register), equal, value })),
    );
  }

  #value(operand: Operand): StoredValue {
    if (operand.kind === 'number') return operand;
    return { kind: 'captured', register: this.#register(operand.name), slot: this.#shared.capturedCount++ };
  }

  #register(name: string): number {
    const slot = this.registers.get(name);
    if (slot === undefined) throw new RangeError(`no register ${name}`);
    return slot;
  }

  #wordIndex(name: string): number {
    return this.#shared.words.findIndex((word) => word.name === name);
  }

  #lineBit(word: number): number {
    return 1 << (this.#shared.words[word]?.line ?? 0);
  }
}

function isNonTemporal({ action }: Operation): boolean {
  return action.kind === 'store' && action.nonTemporal;
}

function isAlone({ action, lines, word }: Operation, others: readonly Operation[]): boolean {
  if (action.kind === 'store') return others.every((other) => (other.lines & lines) === 0);
  return others.every((other) => other.word !== word || other.action.kind === 'load');
}

/** The earlier operations that table 1.4 keeps before `later`. */
function blockersOf(
  later: Draft,
  earlier: readonly Draft[],
  order: (earlier: InstructionClass, later: InstructionClass) => Order,
): number {
  let mask = 0;
  if (later.orderedAs === undefined) return mask;
  for (const [index, draft] of earlier.entries()) {
    if (draft.orderedAs === undefined) continue;
    const kept = order(draft.orderedAs, later.orderedAs);
    const sameLine = (draft.lines & later.lines) !== 0;
    const sameWord = draft.word >= 0 && draft.word === later.word;
    if (kept === 'kept' || (kept === 'line' && sameLine) || (kept === 'word' && sameWord)) mask |= 1 << index;
  }
  return mask;
}

/** Loads, locked operations and MFENCEs complete before anything later is issued: what is certain to have run. */
function completedBefore(later: Draft, earlier: readonly Draft[]): InstructionClass[] {
  return earlier.flatMap(({ orderedAs, blocks }) => {
    const inOrder = orderedAs === 'R' || orderedAs === 'RMW' || orderedAs === 'MF';
    return inOrder && blocks.every((block, depth) => later.blocks[depth] === block) ? [orderedAs] : [];
  });
}
