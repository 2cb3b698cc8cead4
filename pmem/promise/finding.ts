/** Something owed to users, by whatever tree, that a run does not give; and how single bytes become such findings. */
import { formatRanges } from '../compare/losses.ts';

/** What a finding says; docs/PROMISE.md explains each. */
export type PromiseRule =
  | 'lost'
  | 'lost again'
  | 'wrong'
  | 'not there'
  | 'read'
  | 'poison as data'
  | 'over poison'
  | 'refused'
  | 'order'
  | 'synchronous'
  | 'sector'
  | 'namespace';

export interface PromiseFinding {
  readonly rule: PromiseRule;
  /** Place in the workload of the operation at which it shows, and its text. */
  readonly index: number;
  readonly operation: string;
  /** The operation whose content should have been there; -1 and no text for what was there before any. */
  readonly writerIndex: number;
  readonly writer: string;
  readonly disk: string;
  /** First and last byte of the disk that it shows in. */
  readonly first: number;
  readonly last: number;
  /** A sentence. */
  readonly text: string;
  /** Equal for the same finding in another run: rule, operations and disk agree, whatever the bytes. */
  readonly key: string;
}

/** A finding while its bytes are gathered. */
interface Gathered extends Omit<PromiseFinding, 'first' | 'last' | 'text'> {
  first: number;
  last: number;
}

/** All of several lists, each finding once, in order of the operations at which they show. */
export function mergeFindings(lists: readonly (readonly PromiseFinding[])[]): PromiseFinding[] {
  const byKey = new Map<string, PromiseFinding>();
  for (const finding of lists.flat()) if (!byKey.has(finding.key)) byKey.set(finding.key, finding);
  return [...byKey.values()].sort((left, right) => left.index - right.index);
}

/** A byte of memory that breaks a rule: at which operation, counted from 0, and its physical address. */
export interface RefusedAt {
  readonly rule: PromiseRule;
  readonly index: number;
  readonly address: number;
}

/** Gathers refused bytes: those of one key become one finding. */
export class Findings {
  readonly #textOf: (index: number) => string;
  readonly #found = new Map<string, Gathered>();
  /** Hears of each byte of memory that breaks a rule. */
  readonly onByte: (byte: RefusedAt) => void;

  /** `textOf`: the text of each step of the workload, empty for others. */
  constructor(textOf: (index: number) => string, onByte: (byte: RefusedAt) => void = () => {}) {
    this.#textOf = textOf;
    this.onByte = onByte;
  }

  /** Notes that operation `index` breaks `rule` at `length` bytes that `writerIndex` wrote. */
  add(
    rule: PromiseRule,
    index: number,
    writerIndex: number,
    { disk, offset }: { readonly disk: string; readonly offset: number },
    length = 1,
  ): void {
    const end = offset + length - 1;
    const key = [rule, index, writerIndex, disk].join(' ');
    const known = this.#found.get(key);
    if (known !== undefined) {
      known.first = Math.min(known.first, offset);
      known.last = Math.max(known.last, end);
      return;
    }
    const operation = this.#textOf(index);
    const writer = this.#textOf(writerIndex);
    this.#found.set(key, {
      rule,
      index,
      operation,
      writerIndex,
      writer,
      disk,
      first: offset,
      last: offset,
      key,
    });
  }

  /** The findings in order of the operations at which they show. */
  all(): PromiseFinding[] {
    return [...this.#found.values()]
      .map((finding) => ({ ...finding, text: sentence(finding) }))
      .sort((left, right) => left.index - right.index);
  }
}

function sentence({ rule, operation, writer, disk, first, last }: Gathered): string {
  const place = formatRanges([{ disk, start: first, end: last + 1 }]);
  const content = writer === '' ? 'what was there before' : `'${writer}'`;
  switch (rule) {
    case 'lost':
      return `'${operation}' returned success, but ${place} of ${content} may be lost`;
    case 'lost again':
      return `'${operation}' stores older bytes to ${place}, where ${content} was promised`;
    case 'wrong':
      return `while '${operation}' runs, ${place} may hold what nobody wrote there`;
    case 'not there':
      return `'${operation}' returned success, but ${place} does not hold ${content}`;
    case 'read':
      return `'${operation}' read ${place} and got something else than ${content}`;
    case 'poison as data':
      return `'${operation}' took ${place}, which is poisoned, for data`;
    case 'over poison':
      return `'${operation}' returned success over reported poison at ${place}, which is still bad`;
    case 'refused':
      return `'${operation}' failed at ${place}, where no sector is bad`;
    case 'order':
      return `while '${operation}' runs, its data may be there without ${place} of ${content}, which PREFLUSH puts before it`;
    case 'synchronous':
      return `'${operation}' returned success, but what it stored to ${place} may be lost`;
    case 'sector':
      return `after a power failure during '${operation}', ${place} is neither old nor new`;
    case 'namespace':
      return `after a power failure during '${operation}', the namespace of ${disk} can not be used`;
  }
}
