/**
 * A third machine, in the published view form (persistency.md 1.6), for programs without non-temporal stores: memory is
 * one list of writes, a load may read an older one, and each CPU keeps views, that is, positions in the list, of what it has
 * seen and what its flushes cover. Neither store buffers nor windows, and no ordering table either: the order of
 * instructions follows from the views. A power failure leaves for each line the writes up to some position not before
 * the durable views of all CPUs.
 */
import type { LitmusProgram, LitmusWord, Operand, Statement } from '../../../../machine/litmus/program.ts';

interface Write {
  readonly word: string;
  readonly value: number;
}

type Views = Readonly<Record<string, number>>;

interface Thread {
  readonly rest: readonly Statement[];
  readonly registers: Readonly<Record<string, number>>;
  /** For each word the newest own or seen write. */
  readonly coherence: Views;
  /** Words whose newest own write may still be forwarded: position of that write. */
  readonly own: Views;
  /** What later loads must have seen, and what later FO cover. */
  readonly read: number;
  readonly persist: number;
  /** For each line: covered by a flush, and durable. */
  readonly covered: Views;
  readonly durable: Views;
}

interface State {
  readonly writes: readonly Write[];
  readonly threads: readonly Thread[];
}

/** Images and completed register states, as sorted text. */
export interface ViewOutcomes {
  readonly images: ReadonlySet<string>;
  readonly registers: ReadonlySet<string>;
}

/** Explores a program without non-temporal stores, hints and poison under ADR; lines persist in order. */
export function exploreViews(program: LitmusProgram): ViewOutcomes {
  return new ViewExploration(program).run();
}

class ViewExploration {
  readonly #words: readonly LitmusWord[];
  readonly #lineOf: ReadonlyMap<string, string>;
  readonly #program: LitmusProgram;
  readonly #seen = new Set<string>();
  readonly #stack: State[] = [];
  readonly #images = new Set<string>();
  readonly #registers = new Set<string>();

  constructor(program: LitmusProgram) {
    this.#program = program;
    this.#words = program.words;
    this.#lineOf = new Map(program.words.map(({ name, line }) => [name, `l${line}`]));
  }

  run(): ViewOutcomes {
    const start = { registers: {}, coherence: {}, own: {}, read: 0, persist: 0, covered: {}, durable: {} };
    this.#visit({ writes: [], threads: this.#program.threads.map((rest) => ({ rest, ...start })) });
    for (let state = this.#stack.pop(); state !== undefined; state = this.#stack.pop()) {
      for (const [index, thread] of state.threads.entries()) {
        const statement = thread.rest[0];
        if (statement !== undefined)
          this.#step(state, index, { ...thread, rest: thread.rest.slice(1) }, statement);
      }
    }
    return { images: this.#images, registers: this.#registers };
  }

  #visit(state: State): void {
    const key = JSON.stringify([
      state.writes,
      state.threads.map(({ rest, ...views }) => [rest.length, rest[0], views]),
    ]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#stack.push(state);
    this.#observe(state);
  }

  #observe({ writes, threads }: State): void {
    const persistent = this.#words.filter((word) => word.persistent);
    let images: Record<string, number>[] = [
      Object.fromEntries(persistent.map(({ name, initial }) => [name, initial])),
    ];
    for (const line of new Set(persistent.map(({ name }) => this.#line(name)))) {
      const least = Math.max(...threads.map(({ durable }) => durable[line] ?? 0));
      const cuts = Array.from({ length: writes.length - least + 1 }, (_, more) => least + more);
      images = images.flatMap((image) => cuts.map((cut) => this.#cutLine(image, writes.slice(0, cut), line)));
    }
    for (const image of images)
      this.#images.add(
        Object.entries(image)
          .map(([name, value]) => `${name}=${value}`)
          .sort()
          .join(' '),
      );
    if (threads.every(({ rest }) => rest.length === 0))
      this.#registers.add(JSON.stringify(threads.map(({ registers }) => Object.entries(registers).sort())));
  }

  #cutLine(
    image: Readonly<Record<string, number>>,
    writes: readonly Write[],
    line: string,
  ): Record<string, number> {
    const cut = { ...image };
    for (const { word, value } of writes) if (this.#line(word) === line) cut[word] = value;
    return cut;
  }

  #step(state: State, index: number, thread: Thread, statement: Statement): void {
    const put = (next: Thread, writes = state.writes): void =>
      this.#visit({
        writes,
        threads: state.threads.map((other, number) => (number === index ? next : other)),
      });
    switch (statement.kind) {
      case 'store': {
        if (statement.nonTemporal) throw new Error('the view form has no non-temporal stores');
        const writes = [...state.writes, { word: statement.word, value: valueOf(statement.value, thread) }];
        return put(
          {
            ...thread,
            coherence: { ...thread.coherence, [statement.word]: writes.length },
            own: { ...thread.own, [statement.word]: writes.length },
          },
          writes,
        );
      }
      case 'load':
        return this.#load(state, thread, statement.word, statement.register, put);
      case 'flush':
        return put(this.#flush(thread, statement.instruction, this.#line(statement.word)));
      case 'fence':
        return put(fence(thread, statement.instruction));
      case 'locked':
        return this.#locked(state, fence(thread, 'MF'), statement, put);
      case 'if': {
        const holds = statement.condition.alternatives.some((tests) =>
          tests.every(
            ({ register, equal, value }) => ((thread.registers[register] ?? 0) === value) === equal,
          ),
        );
        return put({ ...thread, rest: [...(holds ? statement.ifTrue : statement.ifFalse), ...thread.rest] });
      }
      case 'hint':
        return put(thread);
    }
  }

  /** Any write to the word that is not older than what this CPU must have seen of it. */
  #load(state: State, thread: Thread, word: string, register: string, put: (next: Thread) => void): void {
    const positions = [0, ...state.writes.flatMap((write, at) => (write.word === word ? [at + 1] : []))];
    const oldest =
      positions.findLast((position) => position <= Math.max(thread.read, thread.coherence[word] ?? 0)) ?? 0;
    for (const position of positions.filter((candidate) => candidate >= oldest)) {
      const forwarded = position > 0 && position === thread.own[word];
      put({
        ...thread,
        registers: { ...thread.registers, [register]: this.#valueAt(state, word, position) },
        coherence: { ...thread.coherence, [word]: Math.max(thread.coherence[word] ?? 0, position) },
        read: forwarded ? thread.read : Math.max(thread.read, position),
        persist: forwarded ? thread.persist : Math.max(thread.persist, position),
      });
    }
  }

  #valueAt(state: State, word: string, position: number): number {
    if (position > 0) return state.writes[position - 1]?.value ?? 0;
    return this.#words.find(({ name }) => name === word)?.initial ?? 0;
  }

  #flush(thread: Thread, instruction: 'FL' | 'FO' | 'CLEAR', line: string): Thread {
    if (instruction === 'FL') {
      const view = Math.max(newest(thread), thread.persist);
      return {
        ...thread,
        covered: raised(thread.covered, line, view),
        durable: raised(thread.durable, line, view),
      };
    }
    const inLine = Object.entries(thread.coherence).filter(([word]) => this.#line(word) === line);
    const view = Math.max(thread.persist, ...inLine.map(([, position]) => position));
    return { ...thread, covered: raised(thread.covered, line, view) };
  }

  #locked(
    state: State,
    thread: Thread,
    statement: Extract<Statement, { kind: 'locked' }>,
    put: (next: Thread, writes: readonly Write[]) => void,
  ): void {
    const last = state.writes.findLastIndex(({ word }) => word === statement.word) + 1;
    const old = this.#valueAt(state, statement.word, last);
    const { modification } = statement;
    const registers =
      statement.register === undefined
        ? thread.registers
        : { ...thread.registers, [statement.register]: old };
    const fails = modification.kind === 'compare-exchange' && modification.expected !== old;
    const value = modification.kind === 'add' ? old + modification.amount : modification.value;
    const writes = fails ? state.writes : [...state.writes, { word: statement.word, value }];
    const position = fails ? last : writes.length;
    const coherence = {
      ...thread.coherence,
      [statement.word]: Math.max(position, thread.coherence[statement.word] ?? 0),
    };
    put(
      {
        ...thread,
        registers,
        coherence,
        read: Math.max(thread.read, position),
        persist: Math.max(thread.persist, position),
      },
      writes,
    );
  }

  #line(word: string): string {
    return this.#lineOf.get(word) ?? '';
  }
}

/** SFENCE and MFENCE make covered lines durable; MFENCE also lets no later load read something older. */
function fence(thread: Thread, instruction: 'SF' | 'MF'): Thread {
  let durable = thread.durable;
  for (const [line, view] of Object.entries(thread.covered)) durable = raised(durable, line, view);
  const persist = Math.max(thread.persist, newest(thread));
  return {
    ...thread,
    durable,
    persist,
    read: instruction === 'MF' ? Math.max(thread.read, newest(thread)) : thread.read,
  };
}

function newest({ coherence }: Thread): number {
  return Math.max(0, ...Object.values(coherence));
}

function raised(views: Views, line: string, view: number): Views {
  return { ...views, [line]: Math.max(views[line] ?? 0, view) };
}

function valueOf(operand: Operand, { registers }: Thread): number {
  return operand.kind === 'number' ? operand.value : (registers[operand.name] ?? 0);
}
