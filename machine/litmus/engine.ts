/**
 * The CPU side of the litmus machine: issue (R1), loads (R2), MFENCE (R3), locked operations (R4) and the order in which
 * entries leave the store buffers (R5, table 1.4); what they then do is in `memory-side.ts`. The successors of a state
 * are the whole meaning of the machine; the searches over states are `explorer.ts` and `boxes.ts`. Two kinds of steps
 * are taken at once instead of being explored, because nothing can tell when they happened: issuing into the store
 * buffer, and dropping a flush marker that has become the oldest of its line.
 */
import { type Action, type CompiledProgram, type Operation, type StoredValue, compile } from './compile.ts';
import * as queues from './machine-state.ts';
import type { Layout, State, ValueTable } from './machine-state.ts';
import type { LitmusMachine } from './machine-switches.ts';
import { MemorySide } from './memory-side.ts';
import type { MutatedCell } from './ordering.ts';
import type { LitmusProgram, Modification } from './program.ts';
import type { Coverage, RuleName } from './rules.ts';

/** A machine with one defect, to show that a litmus test notices it. */
export interface Mutation {
  readonly withoutRule?: RuleName | undefined;
  readonly cell?: MutatedCell | undefined;
}

export class Engine {
  readonly program: CompiledProgram;
  readonly machine: LitmusMachine;
  readonly layout: Layout;
  readonly values: ValueTable;
  readonly memory: MemorySide;
  readonly #coverage: Coverage;
  readonly #without: RuleName | undefined;

  constructor(
    program: LitmusProgram,
    machine: LitmusMachine,
    values: ValueTable,
    coverage: Coverage,
    mutation: Mutation,
  ) {
    this.program = compile(program, machine, mutation.cell);
    this.machine = machine;
    this.layout = queues.layOut(this.program, machine);
    this.values = values;
    this.memory = new MemorySide(this.program.words, machine, this.layout, coverage, mutation.withoutRule);
    this.#coverage = coverage;
    this.#without = mutation.withoutRule;
  }

  /** The state before the first instruction, everything issued that can be. */
  initialState(): State {
    const state = new Uint16Array(this.layout.size);
    const zero = this.values.indexOf(0);
    state.fill(zero, this.layout.registers, this.layout.memory);
    for (const [word, { initial, poisonUnit }] of this.program.words.entries()) {
      state[this.layout.memory + word] =
        poisonUnit === undefined ? this.values.indexOf(initial) : queues.POISON;
    }
    this.#settle(state);
    return state;
  }

  /** The first state for `forEachSuccessorOnDemand`. */
  initialStateAhead(): State {
    const state = this.initialState();
    this.#takeAhead(state);
    return state;
  }

  /** Whether every CPU has run to its end and its store buffer is empty. */
  isCompleted(state: State): boolean {
    return this.program.threads.every(
      (operations, thread) =>
        state[this.layout.counters + thread] === operations.length &&
        queues.bufferOf(state, this.layout, thread) === 0,
    );
  }

  /** Calls `visit` with each state one step away; the states are new. */
  forEachSuccessor(state: State, visit: (next: State) => void): void {
    this.#forEachStep(state, visit);
    const found = (next: State | undefined): void => {
      if (next === undefined) return;
      this.#settle(next);
      visit(next);
    };
    if (!this.#lacks('R6')) for (const queue of this.layout.queues) found(this.memory.evict(state, queue));
    if (this.machine.domain === 'no-ADR' && !this.#lacks('own-queue')) this.memory.drain(state, found);
  }

  /**
   * The same without evictions of their own: R6 is taken only as far as some instruction waits for it, and steps that
   * lose no image are taken at once. For `boxes.ts`, which knows what the evictions left out could have persisted; not
   * for no-ADR or poison, where more can be seen.
   */
  forEachSuccessorOnDemand(state: State, visit: (next: State) => void): void {
    const found = (next: State): void => {
      this.#takeAhead(next);
      visit(next);
    };
    this.#forEachStep(state, found);
    for (const [thread, operations] of this.program.threads.entries()) {
      const buffer = queues.bufferOf(state, this.layout, thread);
      const waiting = operations[state[this.layout.counters + thread] ?? 0];
      const candidates = operations.filter((_, index) => (buffer & (1 << index)) !== 0);
      if (waiting !== undefined) candidates.push(waiting);
      for (const operation of candidates) {
        if ((buffer & operation.blockers) !== 0) continue;
        const next = this.memory.evictedFor(state, thread, operation);
        if (next === undefined) continue;
        this.#settle(next);
        found(next);
      }
    }
  }

  #forEachStep(state: State, visit: (next: State) => void): void {
    const found = (next: State | undefined): void => {
      if (next === undefined) return;
      this.#settle(next);
      visit(next);
    };
    for (const [thread, operations] of this.program.threads.entries()) {
      found(this.#execute(state, thread, operations));
      let mask = queues.bufferOf(state, this.layout, thread);
      for (let index = 0; mask !== 0; index++, mask >>>= 1) {
        const operation = operations[index];
        if ((mask & 1) !== 0 && operation !== undefined)
          found(this.#propagate(state, thread, index, operation));
      }
    }
  }

  #lacks(rule: RuleName): boolean {
    return this.#without === rule;
  }

  // ---- R1: issue, and what needs no exploring ----

  #settle(state: State): void {
    for (const [thread, operations] of this.program.threads.entries()) this.#issue(state, thread, operations);
    for (const queue of this.layout.queues) {
      while ((state[queue] ?? 0) > 0 && !queues.isStore(state[queue + 1] ?? 0))
        queues.removeAt(state, queue, 1);
    }
    if (this.machine.domain !== 'no-ADR') return;
    const pending = this.layout.writePending;
    while ((state[pending] ?? 0) > 0 && !queues.isStore(state[pending + 1] ?? 0))
      queues.removeAt(state, pending, 1);
  }

  #issue(state: State, thread: number, operations: readonly Operation[]): void {
    const counter = this.layout.counters + thread;
    for (;;) {
      const index = state[counter] ?? 0;
      const operation = operations[index];
      if (operation === undefined) return;
      const { action } = operation;
      if (action.kind === 'load' || action.kind === 'locked' || action.kind === 'MF') return;
      if (action.kind === 'jump') {
        state[counter] = action.target;
      } else if (action.kind === 'branch') {
        state[counter] = this.#holds(state, action) ? index + 1 : action.otherwise;
      } else {
        const buffer = queues.bufferOf(state, this.layout, thread);
        if (this.#lacks('R1') && buffer !== 0) return;
        if (action.kind === 'store') this.#capture(state, action.value);
        queues.setBuffer(state, this.layout, thread, buffer | (1 << index));
        state[counter] = index + 1;
        this.#coverage.rule('R1');
        this.#countCompletedBefore(operation);
      }
    }
  }

  #holds(state: State, branch: Extract<Action, { kind: 'branch' }>): boolean {
    return branch.condition.some((tests) =>
      tests.every(({ register, equal, value }) => {
        const held = this.values.valueOf(state[this.layout.registers + register] ?? 0);
        return (held === value) === equal;
      }),
    );
  }

  #capture(state: State, value: StoredValue): void {
    if (value.kind !== 'captured') return;
    state[this.layout.captured + value.slot] = state[this.layout.registers + value.register] ?? 0;
  }

  #stored(state: State, value: StoredValue): number {
    if (value.kind === 'number') return this.values.indexOf(value.value);
    return state[this.layout.captured + value.slot] ?? 0;
  }

  #countCompletedBefore(operation: Operation): void {
    if (operation.orderedAs === undefined) return;
    for (const earlier of operation.completedBefore) this.#coverage.cell(earlier, operation.orderedAs).kept++;
  }

  // ---- R2, R3, R4: what happens at issue ----

  #execute(state: State, thread: number, operations: readonly Operation[]): State | undefined {
    const index = state[this.layout.counters + thread] ?? 0;
    const operation = operations[index];
    if (operation === undefined) return undefined;
    const { action } = operation;
    if (action.kind !== 'load' && action.kind !== 'locked' && action.kind !== 'MF') return undefined;
    if (this.#lacks('R1') && queues.bufferOf(state, this.layout, thread) !== 0) return undefined;
    if (!this.#isExempt(state, action) && this.#isBlocked(state, thread, operation, operations))
      return undefined;
    const next = state.slice();
    next[this.layout.counters + thread] = index + 1;
    this.#countCompletedBefore(operation);
    if (action.kind === 'load') this.#load(next, thread, action, operations);
    else if (action.kind === 'MF') this.#coverage.rule('R3');
    else if (action.kind === 'locked') this.#lockedModify(next, action);
    return next;
  }

  /** Mutations that let MFENCE or locked operations through without waiting. */
  #isExempt(state: State, action: Action): boolean {
    if (action.kind === 'MF') return this.#lacks('R3');
    if (action.kind !== 'locked') return false;
    if (this.#lacks('R4')) return true;
    return (
      this.#lacks('R4-failed') &&
      this.#modified(this.memory.visible(state, action.word), action.modification) === undefined
    );
  }

  /** Table 1.4 for the next operation, and for barriers the flushes that this CPU still waits for. */
  #isBlocked(state: State, thread: number, operation: Operation, operations: readonly Operation[]): boolean {
    const buffer = queues.bufferOf(state, this.layout, thread);
    if (this.#countOrder(buffer, operation, operations, operations.length)) return true;
    return operation.orderedAs !== 'R' && this.memory.hasPendingFlush(state, thread);
  }

  #load(
    state: State,
    thread: number,
    action: Extract<Action, { kind: 'load' }>,
    operations: readonly Operation[],
  ): void {
    const forwarded = this.#lacks('R2-forward')
      ? undefined
      : this.#forwarded(state, thread, action.word, operations);
    this.#coverage.rule(forwarded === undefined ? 'R2-memory' : 'R2-forward');
    state[this.layout.registers + action.register] = forwarded ?? this.memory.visible(state, action.word);
  }

  #forwarded(
    state: State,
    thread: number,
    word: number,
    operations: readonly Operation[],
  ): number | undefined {
    const buffer = queues.bufferOf(state, this.layout, thread);
    for (let index = operations.length - 1; index >= 0; index--) {
      const operation = operations[index];
      if ((buffer & (1 << index)) === 0 || operation?.word !== word || operation.action.kind !== 'store')
        continue;
      return this.#stored(state, operation.action.value);
    }
    return undefined;
  }

  #lockedModify(state: State, action: Extract<Action, { kind: 'locked' }>): void {
    const old = this.memory.visible(state, action.word);
    if (action.register !== undefined) state[this.layout.registers + action.register] = old;
    const value = this.#modified(old, action.modification);
    this.#coverage.rule(value === undefined ? 'R4-failed' : 'R4');
    if (value !== undefined) this.memory.storeVisible(state, action.word, value);
  }

  /** The new value, or `undefined` when nothing is stored: a failed comparison, or a load of poison. */
  #modified(old: number, modification: Modification): number | undefined {
    if (old === queues.POISON) return undefined;
    const value = this.values.valueOf(old);
    const number = typeof value === 'number' ? value : 0;
    switch (modification.kind) {
      case 'add':
        return this.values.indexOf((number + modification.amount) % 2 ** 32);
      case 'exchange':
        return this.values.indexOf(modification.value);
      case 'compare-exchange':
        return number === modification.expected ? this.values.indexOf(modification.value) : undefined;
    }
  }

  // ---- R5: leaving the store buffer ----

  /** Counts what table 1.4 says about the buffered operations before `operation`; true when one must go first. */
  #countOrder(
    buffer: number,
    operation: Operation,
    operations: readonly Operation[],
    index: number,
  ): boolean {
    const { orderedAs } = operation;
    const blocked = (buffer & operation.blockers) !== 0;
    if (orderedAs === undefined) return blocked;
    const earlierMask = buffer & ((1 << index) - 1) & (blocked ? operation.blockers : -1);
    for (let position = 0, mask = earlierMask; mask !== 0; position++, mask >>>= 1) {
      const earlier = operations[position]?.orderedAs;
      if ((mask & 1) === 0 || earlier === undefined) continue;
      const count = this.#coverage.cell(earlier, orderedAs);
      if (blocked) count.kept++;
      else count.swapped++;
    }
    return blocked;
  }

  #propagate(state: State, thread: number, index: number, operation: Operation): State | undefined {
    const buffer = queues.bufferOf(state, this.layout, thread);
    const operations = this.program.threads[thread] ?? [];
    if (!this.memory.mayLeave(state, thread, operation)) return undefined;
    if (this.#countOrder(buffer, operation, operations, index)) return undefined;
    const next = state.slice();
    this.#leave(next, thread, index, operation);
    return next;
  }

  /** The entry leaves the store buffer of `state`. */
  #leave(state: State, thread: number, index: number, operation: Operation): void {
    const buffer = queues.bufferOf(state, this.layout, thread);
    queues.setBuffer(state, this.layout, thread, buffer & ~(1 << index));
    const { action } = operation;
    if (action.kind === 'store') {
      const value = this.#stored(state, action.value);
      if (action.nonTemporal) this.memory.storeNonTemporal(state, thread, action.word, value);
      else this.memory.storeVisible(state, action.word, value);
    } else {
      this.memory.flushOrFence(state, thread, action, operation);
    }
  }

  // ---- Steps that need no exploring when evictions are boxes ----

  /** Takes every step that a run may just as well take at once (`isEarlyBest`), until there is none. */
  #takeAhead(state: State): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const [thread, operations] of this.program.threads.entries()) {
        changed = this.#leaveAhead(state, thread, operations) || changed;
        changed = this.#executeAhead(state, thread, operations) || changed;
      }
      if (changed) this.#settle(state);
    }
  }

  #leaveAhead(state: State, thread: number, operations: readonly Operation[]): boolean {
    const buffer = queues.bufferOf(state, this.layout, thread);
    for (let index = 0, mask = buffer; mask !== 0; index++, mask >>>= 1) {
      const operation = operations[index];
      if ((mask & 1) === 0 || operation === undefined || (buffer & operation.blockers) !== 0) continue;
      if (!this.#isEarlyBest(buffer, operation) || !this.memory.mayLeave(state, thread, operation)) continue;
      this.#leave(state, thread, index, operation);
      return true;
    }
    return false;
  }

  /**
   * FO: left early it covers fewest stores, so nothing it could have left behind is lost. SFENCE with nothing pending,
   * and a hint outside no-ADR, change nothing. An ordinary store to a line that no other CPU touches only adds images,
   * unless an older flush or non-temporal store to that line is still in the buffer, or it would be durable at once.
   */
  #isEarlyBest(buffer: number, { action, isAlone, earlierInLine }: Operation): boolean {
    if (action.kind !== 'store')
      return action.kind === 'FO' || action.kind === 'SF' || action.kind === 'HINT';
    const queue = this.layout.queueOfWord[action.word] ?? -1;
    if (action.nonTemporal || queue < 0 || this.machine.domain === 'eADR') return false;
    return isAlone && (buffer & earlierInLine) === 0;
  }

  /** MFENCE that waits for nothing, and loads of words that no other CPU writes. */
  #executeAhead(state: State, thread: number, operations: readonly Operation[]): boolean {
    const index = state[this.layout.counters + thread] ?? 0;
    const operation = operations[index];
    if (operation === undefined || (queues.bufferOf(state, this.layout, thread) & operation.blockers) !== 0)
      return false;
    const { action } = operation;
    if (action.kind === 'load' && operation.isAlone) this.#load(state, thread, action, operations);
    else if (action.kind !== 'MF' || this.memory.hasPendingFlush(state, thread)) return false;
    state[this.layout.counters + thread] = index + 1;
    return true;
  }
}
