/**
 * Goes through the undecided lines of two image sets side by side and shows each group of words to inclusions. Lines
 * that persist word by word in both sets, which a copy makes by the million, are read as columns; all others as cells.
 */
import { DecidedWords } from './decided-words.ts';
import { type GroupContent, groupContents, groupsOf, LineOfSet, type WordGroup } from './image-set-groups.ts';
import type { Inclusion } from './image-set-inclusion.ts';
import type { ImageSet } from './image-set.ts';
import { undecidedLines } from '../order/open-lines.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';
import { isWordByWord, WordChain } from './word-chain.ts';
import { decidedState, goTogether, isTold, sameContent, statesOf, type WordState } from './word-states.ts';

/** What a walk gives besides what inclusions gathered. */
export interface Walked {
  /** The hash of the words that are decided in both sets. */
  readonly decided: DecidedWords;
  /** Whether words of a cell were told one by one. */
  readonly hasStates: boolean;
}

/** Shows every undecided group of `left` and `right` to `inclusions`; with `byStates` words of mixed cells one by one. */
export function walkLines(
  left: ImageSet,
  right: ImageSet,
  inclusions: readonly Inclusion[],
  byStates: boolean,
): Walked {
  const decided = new DecidedWords(left, right);
  const [leftSide, rightSide] = [new Side(left), new Side(right)];
  let hasStates = false;
  for (const address of undecidedLines(left.openLines, right.openLines)) {
    leftSide.moveTo(address);
    rightSide.moveTo(address);
    if (leftSide.isWordByWord && rightSide.isWordByWord) {
      visitWords(leftSide, rightSide, decided, inclusions);
      continue;
    }
    const line = byStates ? statesOfLine(leftSide, rightSide) : undefined;
    hasStates ||= line !== undefined;
    if (line !== undefined) visitStates(line, leftSide, rightSide, decided, inclusions);
    else
      for (const group of groupsOf(leftSide.cells, rightSide.cells))
        visitGroup(group, leftSide, rightSide, decided, inclusions);
  }
  return { decided, hasStates };
}

/** One set at the present line. */
class Side {
  readonly set: ImageSet;
  readonly chain = new WordChain();
  address = 0;
  isWordByWord = true;
  #pieces: Int32Array = new Int32Array(0);
  #firstWord: number | undefined;
  #cells: LineOfSet | undefined;

  constructor(set: ImageSet) {
    this.set = set;
  }

  moveTo(address: number): void {
    this.address = address;
    this.#pieces = this.set.openLines.piecesAt(address);
    this.#firstWord = this.set.wordAt(address);
    this.#cells = undefined;
    this.isWordByWord = isWordByWord(this.set.view, this.#pieces);
  }

  get cells(): LineOfSet {
    return (this.#cells ??= new LineOfSet(this.set, this.#pieces));
  }

  /** Whether the word `index` of the line is undecided. */
  isOpen(index: number): boolean {
    const { words } = this.set.view.order.pieces;
    for (const piece of this.#pieces)
      if (this.#firstWord !== undefined && words[piece] === this.#firstWord + index) return true;
    return false;
  }

  /** The states of the word `index` of the line, if they tell all there is. */
  states(index: number): readonly WordState[] | undefined {
    if (!isTold(this.set.view, this.#pieces)) return undefined;
    if (this.#firstWord !== undefined) return statesOf(this.set.view, this.#pieces, this.#firstWord + index);
    return [decidedState(this.set.view, this.set.initialContent(this.address + index * WORD_SIZE_BYTES))];
  }

  /** Reads the word `index` of the line into `chain`; false when it does not fit. */
  read(index: number): boolean {
    if (this.#firstWord !== undefined)
      return this.chain.read(this.set.view, this.#pieces, this.#firstWord + index);
    this.chain.decide(this.set.initialContent(this.address + index * WORD_SIZE_BYTES), this.set.view);
    return true;
  }
}

function visitWords(left: Side, right: Side, decided: DecidedWords, inclusions: readonly Inclusion[]): void {
  for (let index = 0; index < LINE_SIZE_BYTES / WORD_SIZE_BYTES; index++) {
    if (!left.isOpen(index) && !right.isOpen(index)) continue;
    const address = left.address + index * WORD_SIZE_BYTES;
    const group = { addresses: [address] };
    if (!left.read(index) || !right.read(index)) {
      visitGroup(group, left, right, decided, inclusions);
      continue;
    }
    decided.leaveOut(address, left.chain, right.chain);
    for (const inclusion of inclusions) {
      const [here, there] = inclusion.set === left.set ? [left, right] : [right, left];
      inclusion.addWord(here.chain, there.chain, () => groupContents(here.cells, there.cells, group));
    }
  }
}

/** A word of a line as both sets may hold it. */
interface WordOfLine {
  readonly group: WordGroup;
  readonly left: readonly WordState[];
  readonly right: readonly WordState[];
}

/** The undecided words of the present line; nothing when what they hold does not tell which pieces have persisted. */
function statesOfLine(left: Side, right: Side): WordOfLine[] | undefined {
  const words: WordOfLine[] = [];
  for (let index = 0; index < LINE_SIZE_BYTES / WORD_SIZE_BYTES; index++) {
    if (!left.isOpen(index) && !right.isOpen(index)) continue;
    const [here, there] = [left.states(index), right.states(index)];
    if (here === undefined || there === undefined) return undefined;
    const group = { addresses: [left.address + index * WORD_SIZE_BYTES], line: left.address };
    words.push({ group, left: here, right: there });
  }
  return words;
}

function visitStates(
  words: readonly WordOfLine[],
  left: Side,
  right: Side,
  decided: DecidedWords,
  inclusions: readonly Inclusion[],
): void {
  for (const { group } of words) leaveOut(group, left, right, decided);
  for (const inclusion of inclusions) {
    const isLeft = inclusion.set === left.set;
    const own = words.map((word) => (isLeft ? word : { ...word, left: word.right, right: word.left }));
    for (const word of own) inclusion.addGroup(word.left.map((state) => stateContent(word, state)));
    const apart = inclusion.impossible === undefined ? onlyApart(own) : undefined;
    if (apart !== undefined) inclusion.impossible = apart;
  }
}

/** A state of a word as the content of a group; `left` is here, `right` there. */
function stateContent({ group, right }: WordOfLine, state: WordState): GroupContent {
  const { from, to, members } = state;
  const other = sameContent(right, state);
  const otherSpans = other === undefined ? [] : [{ from: other.from, to: other.to }];
  return { group, choices: [], members, spans: [{ from, to }], otherSpans };
}

/** Two contents of words of one line that occur together here and not there, each of which is possible there. */
function onlyApart(words: readonly WordOfLine[]): GroupContent[] | undefined {
  for (const [index, other] of [...words.entries()].reverse())
    for (const one of words.slice(0, index))
      for (const state of one.left)
        for (const second of other.left) {
          if (!goTogether(state, second)) continue;
          const [first, last] = [sameContent(one.right, state), sameContent(other.right, second)];
          if (first !== undefined && last !== undefined && !goTogether(first, last))
            return [stateContent(one, state), stateContent(other, second)];
        }
  return undefined;
}

/** Leaves words of a group out of the hash of what is decided. */
function leaveOut(group: WordGroup, left: Side, right: Side, decided: DecidedWords): void {
  for (const address of group.addresses) {
    left.chain.decide(left.set.requiredContent(address), left.set.view);
    right.chain.decide(right.set.requiredContent(address), right.set.view);
    decided.leaveOut(address, left.chain, right.chain);
  }
}

function visitGroup(
  group: WordGroup,
  left: Side,
  right: Side,
  decided: DecidedWords,
  inclusions: readonly Inclusion[],
): void {
  leaveOut(group, left, right, decided);
  for (const inclusion of inclusions) {
    const [here, there] = inclusion.set === left.set ? [left, right] : [right, left];
    inclusion.addGroup(groupContents(here.cells, there.cells, group));
  }
}
