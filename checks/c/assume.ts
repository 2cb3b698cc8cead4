/** Conditions under assumptions: `--assume CONFIG_X=y`, `n` or `m`, as a kernel's configuration says it. */
import { InputError } from '#base/input-error.ts';
import { contradict } from './conditions.ts';
import { Kind, lex, tokenText } from './lex.ts';

/** Values by name; empty when nothing is assumed. */
export type Assumed = ReadonlyMap<string, string>;

/** Reads `NAME=y`, `NAME=n`, `NAME=m` or `NAME=number`. Throws `InputError`. */
export function parseAssumed(given: readonly string[]): Assumed {
  const found = new Map<string, string>();
  for (const one of given) {
    const match = /^(\w+)=(y|n|m|-?\d+)$/.exec(one);
    if (match === null)
      throw new InputError(
        `--assume ${one}: write NAME=y, NAME=n, NAME=m or NAME=number, for example CONFIG_FS_DAX=y.`,
      );
    found.set(match[1] ?? '', match[2] ?? '');
  }
  return found;
}

/** Whether a condition can hold. Without assumptions every one can. */
export function mayHold(condition: readonly string[], assumed: Assumed): boolean {
  if (assumed.size === 0) return true;
  return !contradict(condition, condition) && condition.every((part) => valueOf(part, assumed) !== 0);
}

/** Value of an expression, nothing where it depends on what is not assumed. */
export function valueOf(text: string, assumed: Assumed): number | undefined {
  const reader = new Reader(text, assumed);
  const value = reader.ternary();
  return reader.isDone() ? value : undefined;
}

type Value = number | undefined;

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Reader {
  private readonly words: readonly string[];
  private readonly assumed: Assumed;
  private at = 0;

  constructor(text: string, assumed: Assumed) {
    const lexed = lex(text);
    const words: string[] = [];
    for (let index = 0; index < lexed.kinds.length; index += 1) {
      const word = tokenText(lexed, index);
      // `||`, `<<`, `>>` come as two marks.
      const isDouble =
        lexed.kinds[index] === Kind.mark &&
        /^[|<>]$/.test(word) &&
        words.at(-1) === word &&
        lexed.starts[index] === lexed.ends[index - 1];
      if (isDouble) words[words.length - 1] = word + word;
      else words.push(word);
    }
    this.words = words;
    this.assumed = assumed;
  }

  isDone(): boolean {
    return this.at === this.words.length;
  }

  private take(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at += 1;
    return true;
  }

  ternary(): Value {
    const value = this.binary(0);
    if (!this.take('?')) return value;
    const yes = this.ternary();
    this.take(':');
    const no = this.ternary();
    return value === undefined ? undefined : value === 0 ? no : yes;
  }

  private binary(level: number): Value {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((one) => this.take(one));
      if (operator === undefined) return left;
      left = applied(operator, left, this.binary(level + 1));
    }
  }

  private unary(): Value {
    if (this.take('!')) {
      const value = this.unary();
      return value === undefined ? undefined : Number(value === 0);
    }
    if (this.take('-')) return negative(this.unary());
    if (this.take('(')) {
      const value = this.ternary();
      this.take(')');
      return value;
    }
    const word = this.words[this.at] ?? '';
    this.at += 1;
    if (/^\d/.test(word)) return Number.parseInt(word, word.startsWith('0x') ? 16 : 10);
    if (word === 'defined') return this.named((name) => this.isDefined(name));
    if (word === 'IS_ENABLED') return this.named((name) => this.known(name, /^[ym]$/));
    if (word === 'IS_BUILTIN') return this.named((name) => this.known(name, /^y$/));
    if (word === 'IS_MODULE') return this.named((name) => this.known(name, /^m$/));
    if (word === 'IS_REACHABLE')
      return this.named((name) => (this.assumed.get(name) === 'm' ? undefined : this.known(name, /^y$/)));
    if (this.words[this.at] === '(') {
      this.skipBrackets();
      return undefined;
    }
    return this.plain(word);
  }

  private named(value: (name: string) => Value): Value {
    const hasBracket = this.take('(');
    const name = this.words[this.at] ?? '';
    this.at += 1;
    if (hasBracket) this.take(')');
    return value(name);
  }

  private skipBrackets(): void {
    let depth = 0;
    do {
      if (this.take('(')) depth += 1;
      else if (this.take(')')) depth -= 1;
      else this.at += 1;
    } while (depth > 0 && this.at < this.words.length);
  }

  private known(name: string, pattern: RegExp): Value {
    const value = this.assumed.get(name);
    return value === undefined ? undefined : Number(pattern.test(value));
  }

  /** `CONFIG_X_MODULE` is defined where `CONFIG_X` is `m`. */
  private isDefined(name: string): Value {
    const value = this.assumed.get(name);
    if (value !== undefined) return Number(value !== 'n' && value !== 'm');
    const option = name.endsWith('_MODULE') ? this.assumed.get(name.slice(0, -'_MODULE'.length)) : undefined;
    return option === undefined ? undefined : Number(option === 'm');
  }

  private plain(name: string): Value {
    const value = this.assumed.get(name);
    if (value === undefined) return undefined;
    return /^-?\d+$/.test(value) ? Number(value) : Number(value === 'y');
  }
}

function negative(value: Value): Value {
  return value === undefined ? undefined : -value;
}

function applied(operator: string, left: Value, right: Value): Value {
  if (operator === '&&')
    return left === 0 || right === 0 ? 0 : left === undefined || right === undefined ? undefined : 1;
  if (operator === '||') {
    if ((left ?? 0) !== 0 || (right ?? 0) !== 0) return 1;
    return left === undefined || right === undefined ? undefined : 0;
  }
  if (left === undefined || right === undefined) return undefined;
  const results: Readonly<Record<string, () => number>> = {
    '|': () => left | right,
    '^': () => left ^ right,
    '&': () => left & right,
    '==': () => Number(left === right),
    '!=': () => Number(left !== right),
    '<': () => Number(left < right),
    '>': () => Number(left > right),
    '<=': () => Number(left <= right),
    '>=': () => Number(left >= right),
    '<<': () => left << right,
    '>>': () => left >> right,
    '+': () => left + right,
    '-': () => left - right,
    '*': () => left * right,
    '/': () => (right === 0 ? 0 : Math.trunc(left / right)),
    '%': () => (right === 0 ? 0 : left % right),
  };
  return results[operator]?.();
}
