/**
 * The memory side of the litmus machine: what happens to stores, flushes and fences once they leave a store buffer
 * (R5a to R5e), evictions (R6), and this project's own rules for the write-pending queue and for poison. Nothing here
 * knows about programs or order; that is the CPU side, in `engine.ts`. Methods change the state they are given.
 */
import type { Action, CompiledWord, Operation } from './compile.ts';
import * as queues from './machine-state.ts';
import type { Layout, State } from './machine-state.ts';
import type { LitmusMachine } from './machine-switches.ts';
import type { Coverage, RuleName } from './rules.ts';

export class MemorySide {
  readonly #words: readonly CompiledWord[];
  readonly #machine: LitmusMachine;
  readonly #layout: Layout;
  readonly #coverage: Coverage;
  readonly #without: RuleName | undefined;

  /** `without` drops one rule, for tests that show that it is missed. */
  constructor(
    words: readonly CompiledWord[],
    machine: LitmusMachine,
    layout: Layout,
    coverage: Coverage,
    without: RuleName | undefined,
  ) {
    this.#words = words;
    this.#machine = machine;
    this.#layout = layout;
    this.#coverage = coverage;
    this.#without = without;
  }

  #lacks(rule: RuleName): boolean {
    return this.#without === rule;
  }

  /** What a load of another CPU would see: the youngest store on its way to the media, else the media. */
  visible(state: State, word: number): number {
    const queue = this.#layout.queueOfWord[word] ?? -1;
    const waiting = queue < 0 ? undefined : queues.youngestStore(state, queue, word);
    if (waiting !== undefined && !this.#lacks('R2-memory')) return waiting;
    const pending =
      this.#machine.domain === 'no-ADR'
        ? queues.youngestStore(state, this.#layout.writePending, word)
        : undefined;
    return pending ?? state[this.#layout.memory + word] ?? 0;
  }

  /** The preconditions of R5b (write-back), R5c and R5e on the line buffers. */
  mayLeave(state: State, thread: number, operation: Operation): boolean {
    const { action } = operation;
    if (action.kind === 'FL') return this.#lacks('R5c') || !this.#lineHoldsStore(state, operation.lines);
    if (action.kind === 'SF') return this.#lacks('R5e') || !this.hasPendingFlush(state, thread);
    const isWaitingStore =
      action.kind === 'store' && action.nonTemporal && this.#machine.nonTemporal === 'write-back';
    return !isWaitingStore || this.#lacks('R5b-write-back') || !this.#lineHoldsStore(state, operation.lines);
  }
  #lineHoldsStore(state: State, lines: number): boolean {
    return this.#layout.queuesOfLine.some(
      (inLine, line) =>
        (lines & (1 << line)) !== 0 && inLine.some((queue) => queues.holdsStore(state, queue)),
    );
  }

  hasPendingFlush(state: State, thread: number): boolean {
    if (this.#layout.queues.some((queue) => queues.holds(state, queue, queues.FIRST_MARKER + thread)))
      return true;
    if (this.#machine.domain !== 'no-ADR') return false;
    return queues.holds(state, this.#layout.writePending, queues.FIRST_HINT + thread);
  }

  /** R5a, also for the store half of a locked operation. */
  storeVisible(state: State, word: number, value: number): void {
    const queue = this.#layout.queueOfWord[word] ?? -1;
    if (queue < 0) {
      this.#coverage.rule('R5a-volatile');
      if (!this.#lacks('R5a-volatile')) state[this.#layout.memory + word] = value;
    } else if (this.#machine.domain === 'eADR' ? !this.#lacks('R5a-eADR') : this.#lacks('R5a')) {
      this.#coverage.rule('R5a-eADR');
      this.#persist(state, word, value);
    } else {
      this.#coverage.rule('R5a');
      queues.push(state, queue, queues.storeEntry(word, value));
    }
  }

  storeNonTemporal(state: State, thread: number, word: number, value: number): void {
    const queue = this.#layout.queueOfWord[word] ?? -1;
    if (queue < 0) return this.storeVisible(state, word, value);
    const { nonTemporal, domain } = this.#machine;
    this.#coverage.rule(`R5b-${nonTemporal}`);
    if (domain === 'eADR') return this.#persist(state, word, value);
    if (nonTemporal === 'lazy') {
      queues.push(state, queue, queues.storeEntry(word, value));
      if (!this.#lacks('R5b-lazy')) queues.push(state, queue, queues.FIRST_MARKER + thread);
      return;
    }
    if (nonTemporal === 'independent' && !this.#lacks('R5b-independent'))
      queues.carry(state, queue, word, value);
    this.#accept(state, word, value);
  }

  flushOrFence(state: State, thread: number, action: Action, operation: Operation): void {
    switch (action.kind) {
      case 'FL':
        return this.#coverage.rule('R5c');
      case 'FO':
        this.#coverage.rule('R5d');
        if (this.#lacks('R5d')) return;
        for (const [line, inLine] of this.#layout.queuesOfLine.entries()) {
          if ((operation.lines & (1 << line)) === 0) continue;
          for (const queue of inLine) queues.push(state, queue, queues.FIRST_MARKER + thread);
        }
        return;
      case 'SF':
        return this.#coverage.rule('R5e');
      case 'HINT':
        this.#coverage.rule('own-hint');
        if (this.#machine.domain !== 'no-ADR' || this.#lacks('own-hint')) return;
        return queues.push(state, this.#layout.writePending, queues.FIRST_HINT + thread);
      default:
        return this.#clear(state, operation.lines);
    }
  }

  /** own-clear: the poisoned words of the unit become cleared; nothing is written back. */
  #clear(state: State, lines: number): void {
    this.#coverage.rule('own-clear');
    if (this.#lacks('own-clear')) return;
    for (const [word, { line, poisonUnit }] of this.#words.entries()) {
      const at = this.#layout.memory + word;
      if (poisonUnit !== undefined && (lines & (1 << line)) !== 0 && state[at] === queues.POISON)
        state[at] = queues.CLEARED;
    }
  }

  evict(state: State, queue: number): State | undefined {
    if (state[queue] === 0) return undefined;
    const next = state.slice();
    this.#evictOldest(next, queue);
    return next;
  }

  /** The state after the evictions that `operation` waits for; `undefined` when it waits for none. */
  evictedFor(state: State, thread: number, operation: Operation): State | undefined {
    const { kind } = operation.action;
    const next = state.slice();
    if (kind === 'SF' || kind === 'MF' || kind === 'locked') {
      for (const queue of this.#layout.queues) {
        while (queues.holds(next, queue, queues.FIRST_MARKER + thread)) this.#evictOldest(next, queue);
      }
    } else if (!this.mayLeave(state, thread, operation)) {
      for (const [line, inLine] of this.#layout.queuesOfLine.entries()) {
        if ((operation.lines & (1 << line)) === 0) continue;
        for (const queue of inLine) while (queues.holdsStore(next, queue)) this.#evictOldest(next, queue);
      }
    }
    return next.every((value, index) => value === state[index]) ? undefined : next;
  }

  #evictOldest(state: State, queue: number): void {
    const entry = queues.removeAt(state, queue, 1);
    if (!queues.isStore(entry)) return;
    this.#coverage.rule('R6');
    this.#accept(state, queues.wordOfEntry(entry), queues.valueOfEntry(entry));
  }

  /** What leaves the caches or a write-combining buffer: durable, or without ADR still in the queue. */
  #accept(state: State, word: number, value: number): void {
    if (this.#machine.domain === 'no-ADR')
      queues.push(state, this.#layout.writePending, queues.storeEntry(word, value));
    else this.#persist(state, word, value);
  }

  #persist(state: State, word: number, value: number): void {
    const at = this.#layout.memory + word;
    if (state[at] === queues.POISON) {
      this.#coverage.rule('own-poison');
      if (!this.#lacks('own-poison')) return;
    }
    state[at] = value;
  }

  /** own-queue: one entry of the write-pending queue reaches the media; with `per-line` any line's oldest. */
  drain(state: State, found: (next: State) => void): void {
    const queue = this.#layout.writePending;
    const length = state[queue] ?? 0;
    let linesBefore = 0;
    for (let position = 1; position <= length; position++) {
      const entry = state[queue + position] ?? 0;
      if (!queues.isStore(entry)) continue;
      const line = 1 << (this.#words[queues.wordOfEntry(entry)]?.line ?? 0);
      const isOldest =
        this.#machine.writePendingQueue === 'single' ? position === 1 : (linesBefore & line) === 0;
      linesBefore |= line;
      if (!isOldest) continue;
      const next = state.slice();
      queues.removeAt(next, queue, position);
      this.#coverage.rule('own-queue');
      this.#persist(next, queues.wordOfEntry(entry), queues.valueOfEntry(entry));
      found(next);
    }
  }
}
