/**
 * Parses what a litmus test expects: `ADR A (4), eADR F, no-ADR+AMD A (5), lazy (3)`. Each entry names a machine
 * (the words of `machine-switches.ts` joined by `+`), then a verdict `A` or `F` (or allowed, forbidden), then the
 * number of distinct images in parentheses; either may be left out, not both. `images 4` says that of ADR.
 */
import {
  DEFAULT_MACHINE,
  type LitmusMachine,
  SWITCH_WORDS,
  machineFromWords,
  nameOfMachine,
} from './machine-switches.ts';
import type { Expectation, Verdict } from './program.ts';
import { type Token, TokenReader, complainAt, complaint } from './scanner.ts';

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['A', 'A'], ['allowed', 'A'], ['F', 'F'], ['forbidden', 'F'],
]); // prettier-ignore

/** Parses one `expect:` entry. Throws `InputError`, also when a machine is named twice. */
export function parseExpectations(tokens: readonly Token[]): Expectation[] {
  const reader = new TokenReader(tokens);
  const expectations: Expectation[] = [];
  do {
    const expectation = reader.at('images') ? parseImages(reader) : parseOne(reader);
    const name = nameOfMachine(expectation.machine);
    const same = expectations.findIndex(({ machine }) => nameOfMachine(machine) === name);
    const completed = completedBy(expectations[same], expectation);
    if (completed !== undefined) {
      expectations[same] = completed;
      continue;
    }
    if (same >= 0) throw complaint(expectation.place, `expected each machine once, found ${name} again`);
    expectations.push(expectation);
  } while (reader.take(','));
  if (reader.peek().kind !== 'end') complainAt(reader.peek(), "',' and another machine, or the end");
  return expectations;
}

/** `images 4`: the number of images of the default machine, also beside its verdict. */
function parseImages(reader: TokenReader): Expectation {
  const { place } = reader.next();
  const images = reader.requireNumber('the number of images');
  return { machine: DEFAULT_MACHINE, verdict: undefined, images, place };
}

/** A verdict and a number of images that were written apart. */
function completedBy(earlier: Expectation | undefined, later: Expectation): Expectation | undefined {
  if (earlier === undefined || later.verdict !== undefined || earlier.images !== undefined) return undefined;
  return { ...earlier, images: later.images };
}

function parseOne(reader: TokenReader): Expectation {
  const { place } = reader.peek();
  const machine = parseMachine(reader);
  const verdict = VERDICTS.get(reader.peek().text);
  if (verdict !== undefined) reader.next();
  let images: number | undefined;
  if (reader.take('(')) {
    images = reader.requireNumber('the number of images');
    reader.take('images');
    reader.require([')'], "')'");
  }
  if (verdict === undefined && images === undefined)
    complainAt(reader.peek(), 'A or F, or the number of images in parentheses');
  return { machine, verdict, images, place };
}

function parseMachine(reader: TokenReader): LitmusMachine {
  const words: string[] = [];
  for (;;) {
    const token = reader.peek();
    words.push(parseWord(reader));
    const machine = machineFromWords(words);
    if (typeof machine === 'string') complainAt(token, machine);
    if (!reader.take('+')) return machine;
  }
}

/** One switch word; those with a hyphen (`no-ADR`) are several tokens. */
function parseWord(reader: TokenReader): string {
  const expected = `a machine: one of ${SWITCH_WORDS.map(({ word }) => word).join(', ')}, joined by '+'`;
  const first = reader.requireName(expected).text;
  if (!reader.take('-')) return first;
  return `${first}-${reader.requireName(expected).text}`;
}
