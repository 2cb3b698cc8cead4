/**
 * A second machine, independent of the explorer: expected values of generated tests come from here. It shares only
 * the parsed program with it. Each CPU has a window of instructions in program order and performs any of them that
 * nothing earlier and unperformed holds back; there are no store buffers. Persistency is in the view form of
 * persistency.md 1.6: memory is a durable base plus, for each line, the stores since; flushes and fences move the
 * base forward, and a power failure leaves the base plus any prefix of each line. There are no line buffers, markers
 * or eviction steps (but for poisoned lines, where an eviction can be noticed). Without ADR the media are an earlier
 * such image, so the machine carries the set of images since the last drain.
 */
import type { LitmusMachine } from '../../../../machine/litmus/machine-switches.ts';
import type {
  LitmusProgram,
  LitmusWord,
  Observation,
  Operand,
  Predicate,
  Question,
  Statement,
} from '../../../../machine/litmus/program.ts';

type Value = Observation;

interface Instance {
  readonly statement: Statement;
  /** For operands and conditions: the instance that last assigned each register when this one was fetched. */
  readonly sources: Readonly<Record<string, number>>;
  readonly done: boolean;
  readonly result: Value | undefined;
}

interface Thread {
  readonly window: readonly Instance[];
  readonly rest: readonly Statement[];
}

/** A store since the base; `value` is undefined when a later non-temporal store made it harmless. */
interface Pending {
  readonly word: string;
  readonly value: Value | undefined;
}

interface Machine {
  readonly threads: readonly Thread[];
  readonly base: Readonly<Record<string, Value>>;
  readonly lines: Readonly<Record<string, readonly Pending[]>>;
  /** covers[thread][line]: how many pending stores the next fence of the thread makes durable. */
  readonly covers: readonly Readonly<Record<string, number>>[];
  /** Without ADR: for each group of words the images the media may hold, and those since each CPU's last hint. */
  readonly media: readonly (readonly string[])[];
  readonly hints: readonly { readonly thread: number; readonly media: readonly (readonly string[])[] }[];
}

export interface SecondOutcomes {
  readonly images: ReadonlySet<string>;
  readonly allows: (question: Question) => boolean;
  readonly stateCount: number;
}

/** Everything `program` may do on `machine`, by the second machine. */
export function exploreWindow(program: LitmusProgram, machine: LitmusMachine): SecondOutcomes {
  return new WindowExploration(program, machine).run();
}

class WindowExploration {
  readonly #words: readonly LitmusWord[];
  readonly #byName: ReadonlyMap<string, LitmusWord>;
  readonly #switches: LitmusMachine;
  readonly #program: LitmusProgram;
  readonly #seen = new Set<string>();
  readonly #stack: Machine[] = [];
  readonly #images = new Set<string>();
  readonly #crashes = new Map<string, ReadonlyMap<string, Value>>();
  readonly #finals = new Map<string, ReadonlyMap<string, Value>>();
  readonly #groups: readonly (readonly string[])[];

  constructor(program: LitmusProgram, switches: LitmusMachine) {
    this.#program = program;
    this.#words = program.words;
    this.#byName = new Map(program.words.map((word) => [word.name, word]));
    this.#switches = switches;
    const persistent = program.words.filter((word) => word.persistent);
    const lines = [...new Set(persistent.map(({ line }) => line))];
    this.#groups =
      switches.writePendingQueue === 'single'
        ? [persistent.map(({ name }) => name)]
        : lines.map((line) => persistent.filter((word) => word.line === line).map(({ name }) => name));
  }

  run(): SecondOutcomes {
    this.#visit(this.#initial());
    for (let machine = this.#stack.pop(); machine !== undefined; machine = this.#stack.pop())
      this.#steps(machine);
    return {
      images: this.#images,
      allows: (question) =>
        [...(question.kind === 'crash' ? this.#crashes : this.#finals).values()].some((facts) =>
          satisfies(question.predicate, facts),
        ),
      stateCount: this.#seen.size,
    };
  }

  #initial(): Machine {
    const base: Record<string, Value> = {};
    for (const word of this.#words) base[word.name] = word.poisonUnit === undefined ? word.initial : 'poison';
    return {
      threads: this.#program.threads.map((rest) => ({ window: [], rest })),
      base,
      lines: {},
      covers: this.#program.threads.map(() => ({})),
      media: this.#groups.map(() => []),
      hints: [],
    };
  }

  #visit(given: Machine): void {
    let machine: Machine = { ...given, threads: given.threads.map((thread) => fetch(thread)) };
    if (this.#switches.domain === 'no-ADR') machine = this.#remember(machine);
    const key = JSON.stringify(machine, (name, value: unknown) => (name === 'statement' ? undefined : value));
    const position = machine.threads.map(({ window, rest }) => `${window.length}/${rest.length}`).join();
    if (this.#seen.has(key + position)) return;
    this.#seen.add(key + position);
    this.#stack.push(machine);
    this.#observe(machine);
  }

  // ---- observing ----

  #observe(machine: Machine): void {
    const volatileFacts = this.#words
      .filter((word) => !word.persistent)
      .map(({ name }) => [name, machine.base[name] ?? 0] as const);
    const images =
      this.#switches.domain === 'no-ADR'
        ? product(machine.media)
        : this.#imagesOf(machine, this.#persistentNames());
    for (const image of images) {
      this.#images.add(image);
      const facts = new Map<string, Value>([...factsOf(image), ...volatileFacts]);
      this.#crashes.set(JSON.stringify([...facts]), facts);
    }
    if (!machine.threads.every(({ window, rest }) => rest.length === 0 && window.every(({ done }) => done)))
      return;
    const facts = new Map<string, Value>(this.#words.map(({ name }) => [name, this.#visible(machine, name)]));
    for (const [index, thread] of machine.threads.entries()) {
      for (const [name, value] of registersOf(thread)) facts.set(`${index}:${name}`, value);
    }
    this.#finals.set(JSON.stringify([...facts].sort()), facts);
  }

  #persistentNames(): string[] {
    return this.#words.filter((word) => word.persistent).map(({ name }) => name);
  }

  /** The base with any prefix of each line, restricted to `names`. */
  #imagesOf(machine: Machine, names: readonly string[]): string[] {
    let images: Record<string, Value>[] = [
      Object.fromEntries(names.map((name) => [name, machine.base[name] ?? 0])),
    ];
    for (const pending of Object.values(machine.lines)) {
      const next: Record<string, Value>[] = [];
      for (const image of images) {
        const current = { ...image };
        next.push({ ...current });
        for (const { word, value } of pending) {
          if (value === undefined || !names.includes(word) || current[word] === 'poison') continue;
          current[word] = value;
          next.push({ ...current });
        }
      }
      images = next;
    }
    return [...new Set(images.map((image) => textOf(names, image)))];
  }

  #remember(machine: Machine): Machine {
    const now = this.#groups.map((names) => this.#imagesOf(machine, names));
    const merge = (media: readonly (readonly string[])[]): string[][] =>
      now.map((images, group) => [...new Set([...(media[group] ?? []), ...images])].sort());
    return {
      ...machine,
      media: merge(machine.media),
      hints: machine.hints.map((hint) => ({ ...hint, media: merge(hint.media) })),
    };
  }

  #visible(machine: Machine, name: string): Value {
    const last = (machine.lines[this.#lineKey(name)] ?? []).findLast(
      ({ word, value }) => word === name && value !== undefined,
    );
    return last?.value ?? machine.base[name] ?? 0;
  }

  #lineKey(name: string): string {
    return this.#switches.cut === 'location' ? `w${name}` : `l${this.#byName.get(name)?.line}`;
  }

  // ---- stepping ----

  #steps(machine: Machine): void {
    for (const [threadIndex, thread] of machine.threads.entries()) {
      for (const [index, instance] of thread.window.entries()) {
        if (instance.done) continue;
        const before = thread.window.slice(0, index).filter(({ done }) => !done);
        if (before.some((earlier) => this.#holdsBack(earlier.statement, instance.statement))) continue;
        this.#perform(machine, threadIndex, index, instance, before);
      }
    }
    for (const [key, pending] of Object.entries(machine.lines)) {
      const first = pending[0];
      if (first !== undefined && machine.base[first.word] === 'poison')
        this.#visit(this.#fold(machine, key, 1));
    }
  }

  #perform(
    machine: Machine,
    thread: number,
    index: number,
    instance: Instance,
    before: readonly Instance[],
  ): void {
    const { statement } = instance;
    const done = (next: Machine, result?: Value): void => this.#visit(completed(next, thread, index, result));
    switch (statement.kind) {
      case 'load': {
        const own = before.findLast(
          ({ statement: other }) => other.kind === 'store' && other.word === statement.word,
        );
        const value =
          own === undefined
            ? this.#visible(machine, statement.word)
            : operandOf(own, machine.threads[thread]);
        return done(machine, value);
      }
      case 'store': {
        const value = operandOf(instance, machine.threads[thread]);
        return done(
          statement.nonTemporal
            ? this.#storeNonTemporal(machine, thread, statement.word, value)
            : this.#store(machine, statement.word, value),
        );
      }
      case 'locked': {
        const fenced = this.#fence(machine, thread);
        const old = this.#visible(fenced, statement.word);
        const value = modified(old, statement.modification);
        return done(value === undefined ? fenced : this.#store(fenced, statement.word, value), old);
      }
      case 'fence':
        return done(this.#fence(machine, thread));
      case 'hint':
        if (this.#switches.domain !== 'no-ADR') return done(machine);
        return done({
          ...machine,
          hints: [
            ...machine.hints.filter((hint) => hint.thread !== thread),
            { thread, media: this.#groups.map(() => []) },
          ],
        });
      case 'flush':
        return done(this.#flush(machine, thread, statement.instruction, statement.word));
      case 'if':
        throw new Error('an if is never in the window');
    }
  }

  #store(machine: Machine, name: string, value: Value): Machine {
    if (this.#byName.get(name)?.persistent === false)
      return { ...machine, base: { ...machine.base, [name]: value } };
    if (this.#switches.domain === 'eADR') return durable(machine, name, value);
    const key = this.#lineKey(name);
    return {
      ...machine,
      lines: { ...machine.lines, [key]: [...(machine.lines[key] ?? []), { word: name, value }] },
    };
  }

  #storeNonTemporal(machine: Machine, thread: number, name: string, value: Value): Machine {
    if (this.#byName.get(name)?.persistent === false || this.#switches.domain === 'eADR')
      return this.#store(machine, name, value);
    const key = this.#lineKey(name);
    if (this.#switches.nonTemporal === 'lazy') {
      const stored = this.#store(machine, name, value);
      return this.#cover(stored, thread, key);
    }
    if (this.#switches.nonTemporal === 'write-back') {
      let written = machine;
      for (const line of this.#keysOfLine(name)) written = this.#fold(written, line, Infinity);
      return durable(written, name, value);
    }
    // On poisoned media the non-temporal store itself is lost; what waits in the line carries its value.
    const carried = machine.base[name] === 'poison' ? value : undefined;
    const pending = (machine.lines[key] ?? []).map((store) =>
      store.word === name ? { word: name, value: carried } : store,
    );
    return durable({ ...machine, lines: { ...machine.lines, [key]: pending } }, name, value);
  }

  /** Every key of pending stores that lies in the line of the word. */
  #keysOfLine(name: string): string[] {
    const line = this.#byName.get(name)?.line;
    return [
      ...new Set(this.#words.filter((word) => word.line === line).map((word) => this.#lineKey(word.name))),
    ];
  }

  #cover(machine: Machine, thread: number, key: string): Machine {
    const covers = machine.covers.map((cover, index) =>
      index === thread ? { ...cover, [key]: machine.lines[key]?.length ?? 0 } : cover,
    );
    return { ...machine, covers };
  }

  #flush(machine: Machine, thread: number, instruction: 'FL' | 'FO' | 'CLEAR', name: string): Machine {
    if (instruction === 'CLEAR') return this.#clear(machine, name);
    let flushed = machine;
    for (const key of this.#keysOfLine(name)) {
      flushed = instruction === 'FL' ? this.#fold(flushed, key, Infinity) : this.#cover(flushed, thread, key);
    }
    return flushed;
  }

  #clear(machine: Machine, name: string): Machine {
    const word = this.#byName.get(name);
    const base = { ...machine.base };
    for (const other of this.#words) {
      const cleared =
        other.line === word?.line ||
        (other.poisonUnit !== undefined && other.poisonUnit === word?.poisonUnit);
      if (cleared && base[other.name] === 'poison') base[other.name] = 'cleared';
    }
    return { ...machine, base };
  }

  #fence(machine: Machine, thread: number): Machine {
    let fenced = machine;
    for (const [key, count] of Object.entries(machine.covers[thread] ?? {}))
      fenced = this.#fold(fenced, key, count);
    const covers = fenced.covers.map((cover, index) => (index === thread ? {} : cover));
    const position = fenced.hints.findIndex((hint) => hint.thread === thread);
    const hint = fenced.hints[position];
    if (hint === undefined) return { ...fenced, covers };
    const hints = fenced.hints
      .map((other, index) => (index < position ? { ...other, media: hint.media } : other))
      .filter((_, index) => index !== position);
    return { ...fenced, covers, media: hint.media, hints };
  }

  /** Makes the first `count` pending stores of a line durable. */
  #fold(machine: Machine, key: string, count: number): Machine {
    const pending = machine.lines[key] ?? [];
    let folded = machine;
    for (const { word, value } of pending.slice(0, count))
      if (value !== undefined) folded = durable(folded, word, value);
    const taken = Math.min(count, pending.length);
    const covers = machine.covers.map((cover) =>
      cover[key] === undefined ? cover : { ...cover, [key]: Math.max(0, (cover[key] ?? 0) - taken) },
    );
    return { ...folded, lines: { ...folded.lines, [key]: pending.slice(taken) }, covers };
  }

  // ---- table 1.4, as sentences ----

  #holdsBack(earlier: Statement, later: Statement): boolean {
    const amd = this.#switches.clflush === 'AMD';
    const [first, second] = [sortOf(earlier), sortOf(later)];
    // Loads, locked operations and MFENCE complete before anything after them happens.
    if (first === 'load' || first === 'locked' || first === 'MF') return true;
    // A load overtakes everything else.
    if (second === 'load') return false;
    // AMD: clflush waits for MFENCE and for stores to its own line, and only MFENCE and locked operations wait for it.
    if (amd && second === 'FL')
      return first === 'store'
        ? this.#sameLine(earlier, later)
        : first === 'NT' && this.#covered(earlier, later);
    if (amd && first === 'FL') return second === 'MF' || second === 'locked';
    // Fences and locked operations wait for everything, and everything waits for SFENCE.
    if (second === 'locked' || second === 'MF' || second === 'SF' || first === 'SF') return true;
    // Ordinary stores and clflush keep their order among themselves.
    if ((first === 'store' || first === 'FL') && (second === 'store' || second === 'FL')) return true;
    // clflushopt waits for stores and clflush of its line; clflush waits for clflushopt of its line.
    if (second === 'FO')
      return first === 'store' || first === 'FL'
        ? this.#sameLine(earlier, later)
        : first === 'NT' && this.#covered(earlier, later);
    if (first === 'FO') return second === 'FL' && this.#sameLine(earlier, later);
    // What is left has a non-temporal store in it: flushes by the switch, stores by their word.
    if (first === 'FL' || second === 'FL') return this.#covered(earlier, later);
    return earlier.kind === 'store' && later.kind === 'store' && earlier.word === later.word;
  }

  #covered(earlier: Statement, later: Statement): boolean {
    return this.#switches.flushCoversNonTemporal && this.#sameLine(earlier, later);
  }

  #sameLine(earlier: Statement, later: Statement): boolean {
    const lines = this.#linesOf(later);
    return this.#linesOf(earlier).some((line) => lines.includes(line));
  }

  #linesOf(statement: Statement): number[] {
    if (statement.kind !== 'store' && statement.kind !== 'flush') return [];
    const word = this.#byName.get(statement.word);
    if (word === undefined) return [];
    if (statement.kind === 'store' || statement.instruction !== 'CLEAR' || word.poisonUnit === undefined)
      return [word.line];
    return this.#words.filter(({ poisonUnit }) => poisonUnit === word.poisonUnit).map(({ line }) => line);
  }
}

/** Fetches instructions up to an `if` whose condition is not known yet. */
function fetch(thread: Thread): Thread {
  const window = [...thread.window];
  let rest = thread.rest;
  for (;;) {
    const next = rest[0];
    if (next === undefined) return { window, rest };
    const sources: Record<string, number> = {};
    for (const [index, { statement }] of window.entries()) {
      if ((statement.kind === 'load' || statement.kind === 'locked') && statement.register !== undefined)
        sources[statement.register] = index;
    }
    if (next.kind === 'if') {
      const taken = next.condition.alternatives.map((tests) =>
        tests.map(({ register, equal, value }) => {
          const source = window[sources[register] ?? -1];
          if (source !== undefined && !source.done) return undefined;
          return ((source?.result ?? 0) === value) === equal;
        }),
      );
      if (taken.flat().includes(undefined)) return { window, rest };
      const holds = taken.some((tests) => tests.every((test) => test === true));
      rest = [...(holds ? next.ifTrue : next.ifFalse), ...rest.slice(1)];
    } else {
      window.push({
        statement: next,
        sources: next.kind === 'store' && next.value.kind === 'register' ? sources : {},
        done: false,
        result: undefined,
      });
      rest = rest.slice(1);
    }
  }
}

function completed(machine: Machine, thread: number, index: number, result: Value | undefined): Machine {
  const threads = machine.threads.map((other, number) =>
    number !== thread
      ? other
      : {
          ...other,
          window: other.window.map((instance, position) =>
            position === index ? { ...instance, done: true, result } : instance,
          ),
        },
  );
  return { ...machine, threads };
}

function durable(machine: Machine, name: string, value: Value): Machine {
  if (machine.base[name] === 'poison') return machine;
  return { ...machine, base: { ...machine.base, [name]: value } };
}

function operandOf(instance: Instance, thread: Thread | undefined): Value {
  const { statement, sources } = instance;
  if (statement.kind !== 'store') throw new Error('only stores have operands');
  const value: Operand = statement.value;
  if (value.kind === 'number') return value.value;
  return thread?.window[sources[value.name] ?? -1]?.result ?? 0;
}

function modified(
  old: Value,
  modification: Extract<Statement, { kind: 'locked' }>['modification'],
): Value | undefined {
  if (old === 'poison') return undefined;
  const number = old === 'cleared' ? 0 : old;
  if (modification.kind === 'add') return (number + modification.amount) % 2 ** 32;
  if (modification.kind === 'exchange') return modification.value;
  return number === modification.expected ? modification.value : undefined;
}

function sortOf(statement: Statement): 'load' | 'locked' | 'MF' | 'SF' | 'FL' | 'FO' | 'NT' | 'store' {
  switch (statement.kind) {
    case 'load':
    case 'locked':
      return statement.kind;
    case 'fence':
      return statement.instruction;
    case 'flush':
      return statement.instruction === 'FO' ? 'FO' : 'FL';
    case 'store':
      return statement.nonTemporal ? 'NT' : 'store';
    case 'hint':
      return 'store';
    case 'if':
      throw new Error('an if is never in the window');
  }
}

function registersOf(thread: Thread): [string, Value][] {
  const values = new Map<string, Value>();
  for (const { statement, result } of thread.window) {
    if ((statement.kind === 'load' || statement.kind === 'locked') && statement.register !== undefined)
      values.set(statement.register, result ?? 0);
  }
  return [...values];
}

function textOf(names: readonly string[], image: Readonly<Record<string, Value>>): string {
  return names.map((name) => `${name}=${image[name]}`).join(' ');
}

function factsOf(image: string): [string, Value][] {
  return image
    .split(' ')
    .filter((fact) => fact !== '')
    .map((fact) => {
      const [name = '', value = ''] = fact.split('=');
      return [name, value === 'poison' || value === 'cleared' ? value : Number(value)];
    });
}

function product(groups: readonly (readonly string[])[]): string[] {
  return groups.reduce<string[]>(
    (images, group) => images.flatMap((image) => group.map((part) => `${image} ${part}`.trim())),
    [''],
  );
}

function satisfies(predicate: Predicate, facts: ReadonlyMap<string, Value>): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.parts.every((part) => satisfies(part, facts));
    case 'or':
      return predicate.parts.some((part) => satisfies(part, facts));
    case 'not':
      return !satisfies(predicate.part, facts);
    case 'word':
      return facts.get(predicate.word) === predicate.value;
    case 'register':
      return (facts.get(`${predicate.thread}:${predicate.name}`) ?? 0) === predicate.value;
  }
}
