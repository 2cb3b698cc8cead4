/**
 * The machine itself, step by step, for tiny programs: every order in which instructions may leave the store buffer
 * and lines may be written back is tried, and the media noted in every state (persistency.md 1.3, R1 to R7, table
 * 1.4, 1.3a). It shares nothing with the closed form: it knows no levels, bases or cells. `dropRule` breaks one rule
 * on purpose, to show that the comparison notices.
 */
import { EntryKind } from '#machine/hardware/record.ts';
import type { PersistencySetting } from '#machine/order/persistency-setting.ts';
import type { RunSource } from '#machine/order/persists-before.ts';

type Kind = 'W' | 'NT' | 'FL' | 'FX' | 'FO' | 'SF' | 'MF' | 'RMW' | 'HINT' | 'ACK';

interface Operation {
  readonly kind: Kind;
  /** Byte address in the compressed media, -1 where there is none. */
  readonly place: number;
  readonly word: number;
  readonly line: number;
  readonly bytes: readonly number[];
  readonly string: number;
  readonly modules: readonly string[];
}

export type Rule = 'line order' | 'fence completes write-backs' | 'locked is a barrier' | 'word order';

export interface Explored {
  /** Keys of images, see `key`. */
  readonly anywhere: ReadonlySet<string>;
  readonly acked: readonly ReadonlySet<string>[];
  readonly inFlight: readonly ReadonlySet<string>[];
  readonly stateCount: number;
  /** The words that appear in the program, in the order of the key. */
  readonly wordAddresses: readonly number[];
}

interface Buffered {
  /** Index of the operation; FO and FX markers wait in line buffers too. */
  readonly operation: number;
  readonly bytes: readonly number[];
}

interface State {
  readonly left: number;
  readonly lines: readonly (readonly Buffered[])[];
  readonly queue: readonly {
    readonly place: number;
    readonly bytes: readonly number[];
    readonly number: number;
  }[];
  readonly accepted: number;
  /** Per module, how much had been accepted when its newest hint left; and the same once a fence followed. */
  readonly hinted: readonly number[];
  readonly drained: readonly number[];
  readonly media: readonly number[];
}

export function explore(source: RunSource, setting: PersistencySetting, dropRule?: Rule): Explored {
  return new Explorer(source, setting, dropRule).run();
}

class Explorer {
  readonly #setting: PersistencySetting;
  readonly #source: RunSource;
  readonly #drop: Rule | undefined;
  readonly #operations: Operation[] = [];
  readonly #words: number[] = [];
  readonly #lines: number[] = [];
  readonly #modules: string[];
  readonly #acks: number[] = [];
  readonly #mustPrecede: number[] = [];
  readonly #seen = new Set<string>();
  readonly #anywhere = new Set<string>();
  readonly #acked: Set<string>[] = [];
  readonly #inFlight: Set<string>[] = [];

  constructor(source: RunSource, setting: PersistencySetting, drop: Rule | undefined) {
    this.#source = source;
    this.#setting = setting;
    this.#drop = drop;
    this.#modules = [...new Set(source.ranges.flatMap((range) => range.modules))];
    for (let entry = 0; entry < source.record.length; entry++) this.#addEntry(entry);
    if (this.#operations.length > 30)
      throw new RangeError(`${this.#operations.length} operations are too many to explore`);
    for (const [index, later] of this.#operations.entries()) {
      let mask = 0;
      for (const [before, earlier] of this.#operations.slice(0, index).entries())
        if (this.#keepsOrder(earlier, later)) mask |= 1 << before;
      this.#mustPrecede.push(mask);
    }
    for (let index = 0; index <= this.#acks.length; index++) this.#inFlight.push(new Set());
    for (const _ of this.#acks) this.#acked.push(new Set());
  }

  run(): Explored {
    this.#visit({
      left: 0,
      lines: this.#lines.map(() => []),
      queue: [],
      accepted: 0,
      hinted: this.#modules.map(() => 0),
      drained: this.#modules.map(() => 0),
      media: this.#words.flatMap((word) => [...this.#initial(word)]),
    });
    return {
      anywhere: this.#anywhere,
      acked: this.#acked,
      inFlight: this.#inFlight,
      stateCount: this.#seen.size,
      wordAddresses: this.#words,
    };
  }

  // ---- program

  #addEntry(entry: number): void {
    const { record } = this.#source;
    const address = record.addresses[entry]!;
    const unit = record.unitSizes[entry]!;
    const count = record.counts[entry]!;
    const add = (kind: Kind, more: Partial<Operation> = {}): void => {
      this.#operations.push({
        kind,
        place: -1,
        word: -1,
        line: -1,
        bytes: [],
        string: -1,
        modules: [],
        ...more,
      });
    };
    const store = (kind: Kind, string: number): void => {
      if (this.#range(address)?.kind !== 'persistent') {
        if (kind === 'RMW') add('MF');
        return;
      }
      for (let index = 0; index < count; index++)
        this.#addStore(kind, entry, index * unit, unit, string, add);
    };
    switch (record.kinds[entry]) {
      case EntryKind.storeCached:
        return store('W', -1);
      case EntryKind.storeString:
        return store('W', this.#setting.stringStores === 'unordered' ? entry : -1);
      case EntryKind.storeNonTemporal:
        return store('NT', -1);
      case EntryKind.lockedStore:
        return store('RMW', -1);
      case EntryKind.lockedNoStore:
      case EntryKind.mfence:
        return add('MF');
      case EntryKind.sfence:
        return add('SF');
      case EntryKind.flushHint:
        return add('HINT', {
          modules: this.#source.flushHints.find((hint) => hint.address === address)?.modules ?? [],
        });
      case EntryKind.acknowledgement:
        this.#acks.push(this.#operations.length);
        return add('ACK');
      default:
        for (let index = 0; index < count; index++) {
          const line = this.#indexOf(this.#lines, Math.floor(address / 64) + index);
          const isFlush = record.kinds[entry] === EntryKind.clflush;
          add(isFlush ? (this.#setting.clflushOrdering === 'amd' ? 'FX' : 'FL') : 'FO', { line });
        }
    }
  }

  /** Cuts a store where 8-byte words end. */
  #addStore(
    kind: Kind,
    entry: number,
    from: number,
    size: number,
    string: number,
    add: (kind: Kind, more: Partial<Operation>) => void,
  ): void {
    const { record } = this.#source;
    const data = record.dataPositions[entry]!;
    let bytes: number[] = [];
    for (let index = from; index < from + size; index++) {
      const address = record.addresses[entry]! + index;
      bytes.push(record.data[data + index]!);
      if (address % 8 !== 7 && index !== from + size - 1) continue;
      const first = address - bytes.length + 1;
      const word = this.#indexOf(this.#words, first - (first % 8));
      const line = this.#indexOf(this.#lines, Math.floor(first / 64));
      add(kind, { place: word * 8 + (first % 8), word, line, bytes, string });
      bytes = [];
    }
  }

  #indexOf(list: number[], value: number): number {
    const known = list.indexOf(value);
    return known >= 0 ? known : list.push(value) - 1;
  }

  #range(address: number): RunSource['ranges'][number] | undefined {
    return this.#source.ranges.find(
      (range) => address >= range.start && address < range.start + range.sizeBytes,
    );
  }

  #initial(word: number): Uint8Array {
    const page = this.#source.initialMedia.get(Math.floor(word / 4096));
    return page?.slice(word % 4096, (word % 4096) + 8) ?? new Uint8Array(8);
  }

  // ---- table 1.4

  #keepsOrder(earlier: Operation, later: Operation): boolean {
    const sameLine = earlier.line === later.line && earlier.line >= 0;
    const sameWord = earlier.word === later.word && earlier.word >= 0 && this.#drop !== 'word order';
    const first = earlier.kind === 'HINT' || earlier.kind === 'ACK' ? 'W' : earlier.kind;
    const second = later.kind === 'HINT' || later.kind === 'ACK' ? 'W' : later.kind;
    if (first === 'FX' && second === 'SF') return false;
    if (['MF', 'RMW', 'SF'].includes(first) || ['MF', 'RMW', 'SF'].includes(second)) return true;
    const coversNonTemporal = this.#setting.flushCoversNonTemporal && sameLine;
    const rows: Record<string, Record<string, boolean>> = {
      W: {
        W: earlier.string < 0 || earlier.string !== later.string,
        FL: true,
        FO: sameLine,
        FX: sameLine,
        NT: sameWord,
      },
      FL: { W: true, FL: true, FO: sameLine, FX: sameLine, NT: coversNonTemporal },
      FO: { W: false, FL: sameLine, FO: false, FX: false, NT: false },
      FX: { W: false, FL: sameLine, FO: false, FX: false, NT: false },
      NT: { W: sameWord, FL: coversNonTemporal, FO: coversNonTemporal, FX: coversNonTemporal, NT: sameWord },
    };
    return rows[first]![second]!;
  }

  // ---- states

  #visit(first: State): void {
    const pending = [first];
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      const id = identity(state);
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      this.#note(state);
      pending.push(...this.#leave(state), ...this.#persist(state), ...this.#drain(state));
    }
  }

  #note(state: State): void {
    const image = key(state.media);
    this.#anywhere.add(image);
    for (let index = 0; index <= this.#acks.length; index++) {
      const acknowledgement = this.#acks[index] ?? this.#operations.length;
      if (state.left >>> acknowledgement > 1) continue;
      const start = this.#acks[index - 1];
      if (start === undefined || (state.left >>> start) & 1) this.#inFlight[index]!.add(image);
      if ((state.left >>> acknowledgement) & 1) this.#acked[index]?.add(image);
    }
  }

  *#leave(state: State): Generator<State> {
    for (const [index, operation] of this.#operations.entries()) {
      if ((state.left >>> index) & 1) continue;
      if ((this.#mustPrecede[index]! & ~state.left) !== 0) continue;
      const after = this.#leaveOne({ ...state, left: state.left | (1 << index) }, index, operation);
      if (after !== undefined) yield after;
    }
  }

  #leaveOne(state: State, index: number, operation: Operation): State | undefined {
    const isEadr = this.#setting.domain === 'eadr';
    const inLine = state.lines[operation.line] ?? [];
    const holdsStore = inLine.some(({ operation: other }) => this.#isStore(other));
    switch (operation.kind) {
      case 'W':
        return isEadr ? this.#accept(state, operation) : this.#buffer(state, index, operation);
      case 'RMW':
        if (this.#marked(state, ['FO', 'FX']) && this.#drop !== 'locked is a barrier') return undefined;
        return isEadr
          ? this.#accept(this.#fenced(state), operation)
          : this.#buffer(this.#fenced(state), index, operation);
      case 'NT':
        if (this.#setting.nonTemporalInDirtyLine === 'write-back')
          return holdsStore ? undefined : this.#accept(state, operation);
        return this.#accept(this.#patch(state, index, operation), operation);
      case 'FL':
        return holdsStore && !isEadr ? undefined : state;
      case 'FO':
      case 'FX':
        return isEadr ? state : this.#buffer(state, index, operation);
      case 'SF':
        return this.#marked(state, ['FO']) && this.#drop !== 'fence completes write-backs'
          ? undefined
          : this.#fenced(state);
      case 'MF':
        return this.#marked(state, ['FO', 'FX']) && this.#drop !== 'locked is a barrier'
          ? undefined
          : this.#fenced(state);
      case 'HINT': {
        const hinted = state.hinted.map((value, module) =>
          operation.modules.includes(this.#modules[module]!) ? state.accepted : value,
        );
        return { ...state, hinted };
      }
      default:
        return state;
    }
  }

  #isStore(index: number): boolean {
    const { kind } = this.#operations[index]!;
    return kind === 'W' || kind === 'RMW';
  }

  #marked(state: State, kinds: readonly Kind[]): boolean {
    return state.lines.some((line) =>
      line.some(({ operation }) => kinds.includes(this.#operations[operation]!.kind)),
    );
  }

  #buffer(state: State, index: number, operation: Operation): State {
    const lines = state.lines.map((line, number) =>
      number === operation.line ? [...line, { operation: index, bytes: operation.bytes }] : line,
    );
    return { ...state, lines };
  }

  /** Older cached stores to the bytes of a non-temporal store can no longer undo it. */
  #patch(state: State, index: number, operation: Operation): State {
    const patched = ({ operation: other, bytes }: Buffered): Buffered => {
      const older = this.#operations[other]!;
      if (other > index || older.word !== operation.word) return { operation: other, bytes };
      const changed = bytes.map(
        (byte, offset) => operation.bytes[older.place + offset - operation.place] ?? byte,
      );
      return { operation: other, bytes: changed };
    };
    const lines = state.lines.map((line, number) => (number === operation.line ? line.map(patched) : line));
    return { ...state, lines };
  }

  /** Bytes leave the CPU: into the media, or, without ADR, into the queue before it. */
  #accept(
    state: State,
    { place, bytes }: { readonly place: number; readonly bytes: readonly number[] },
  ): State {
    if (this.#setting.domain !== 'none') return { ...state, media: written(state.media, place, bytes) };
    const accepted = state.accepted + 1;
    return { ...state, accepted, queue: [...state.queue, { place, bytes, number: accepted }] };
  }

  #fenced(state: State): State {
    if (this.#setting.domain !== 'none') return state;
    const drained = state.hinted;
    const isDrained = (place: number, number: number): boolean => {
      const modules = this.#range(this.#words[Math.floor(place / 8)]!)?.modules ?? [];
      return modules.length > 0 && modules.every((name) => number <= drained[this.#modules.indexOf(name)]!);
    };
    const last = state.queue.findLastIndex(({ place, number }) => isDrained(place, number));
    let { media } = state;
    for (const { place, bytes } of state.queue.slice(0, last + 1)) media = written(media, place, bytes);
    return { ...state, drained, media, queue: state.queue.slice(last + 1) };
  }

  *#persist(state: State): Generator<State> {
    for (const [line, buffered] of state.lines.entries()) {
      // Without line order any store of the line may go first.
      const choices = this.#drop === 'line order' ? buffered : buffered.slice(0, 1);
      for (const entry of choices) {
        const rest = state.lines.map((other, number) =>
          number === line ? other.filter((candidate) => candidate !== entry) : other,
        );
        const next = { ...state, lines: rest };
        const { place } = this.#operations[entry.operation]!;
        yield this.#isStore(entry.operation) ? this.#accept(next, { place, bytes: entry.bytes }) : next;
      }
    }
  }

  *#drain(state: State): Generator<State> {
    const [head, ...queue] = state.queue;
    if (head !== undefined) yield { ...state, media: written(state.media, head.place, head.bytes), queue };
  }
}

/** Text that is equal for equal states: much faster than JSON, and most of the work is here. */
function identity(state: State): string {
  let text = `${state.left};${state.accepted};${state.hinted.join()};${state.drained.join()};`;
  for (const line of state.lines) {
    for (const { operation, bytes } of line) text += `${operation}:${key(bytes)},`;
    text += ';';
  }
  for (const { place, bytes, number } of state.queue) text += `${place}:${key(bytes)}${number},`;
  return `${text};${key(state.media)}`;
}

function written(media: readonly number[], place: number, bytes: readonly number[]): number[] {
  const next = [...media];
  for (const [index, byte] of bytes.entries()) next[place + index] = byte;
  return next;
}

/** Text of an image: the bytes of the program's words, in the order of their first store. */
export function key(media: readonly number[]): string {
  return String.fromCharCode(...media);
}
