/**
 * Every program over the 12 letters of persistency.md 4.2 as a tree: a program's children are the programs with one
 * instruction more. Two renamings change no answer, so only one program of each class is wanted: words 0 and 8 share
 * a line and may change places, and in programs without word 8 so may the two lines. The first rule holds for
 * prefixes too and cuts branches off; the second only says which nodes to leave out.
 */

/** Table 1.4's names, without those that the alphabet has no letter for. */
export type LetterKind = 'W' | 'NT' | 'FL' | 'FO' | 'SF' | 'MF';

export interface Letter {
  /** As in trace notation. */
  readonly text: string;
  readonly kind: LetterKind;
  /** Number of the word that is stored to, -1 for none: words 0 and 1 lie in line 0, word 2 in line 1. */
  readonly word: number;
  /** -1 for fences. */
  readonly line: number;
}

/** Where the words are, relative to the start of memory. */
export const WORD_OFFSETS = [0, 8, 64] as const;

export const LETTERS: readonly Letter[] = [
  ...WORD_OFFSETS.map((offset, word) => store('c', 'W', offset, word)),
  ...WORD_OFFSETS.map((offset, word) => store('n', 'NT', offset, word)),
  ...[0, 1].map((line): Letter => ({ text: `X${line * 64}`, kind: 'FL', word: -1, line })),
  ...[0, 1].map((line): Letter => ({ text: `W${line * 64}`, kind: 'FO', word: -1, line })),
  { text: 'S', kind: 'SF', word: -1, line: -1 },
  { text: 'M', kind: 'MF', word: -1, line: -1 },
];

function store(letter: string, kind: LetterKind, offset: number, word: number): Letter {
  return { text: `${letter}${offset}`, kind, word, line: Math.floor(offset / 64) };
}

/** Whether `next` may follow: word 8 is stored to only after word 0 has been. */
export function mayFollow(program: readonly Letter[], next: Letter): boolean {
  return next.word !== 1 || program.some((letter) => letter.word === 0);
}

/** Whether `program`, which keeps to `mayFollow`, is the one of its class that is wanted. */
export function isWanted(program: readonly Letter[]): boolean {
  if (program.some((letter) => letter.word === 1)) return true;
  return program.find((letter) => letter.line >= 0)?.line !== 1;
}

/**
 * How many programs of `length` letters are wanted. Exchanging words 0 and 8 leaves alone the programs over the
 * other 8 letters: (12^n + 8^n) / 2 classes (Burnside). Those without word 8 are all programs over 10 letters, and
 * exchanging their lines leaves alone those over the two fences: of 10^n remain (10^n + 2^n) / 2.
 */
export function wantedCount(length: number): number {
  return (12 ** length + 8 ** length) / 2 - (10 ** length - 2 ** length) / 2;
}
