/**
 * Goes through the undecided lines of two image sets side by side and shows each group of words to inclusions. Lines
 * that persist word by word in both sets, which a copy makes by the million, are read as columns; all others as cells.
 */
import { DecidedWords } from './decided-words.ts';
import { groupContents, groupsOf, LineOfSet, type WordGroup } from './image-set-groups.ts';
import type { Inclusion } from './image-set-inclusion.ts';
import type { ImageSet } from './image-set.ts';
import { undecidedLines } from '../order/open-lines.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';
import { isWordByWord, WordChain } from './word-chain.ts';

/** Shows every undecided group of `left` and `right` to `inclusions`; returns the hash of all other words. */
export function walkLines(left: ImageSet, right: ImageSet, inclusions: readonly Inclusion[]): DecidedWords {
  const decided = new DecidedWords(left, right);
  const [leftSide, rightSide] = [new Side(left), new Side(right)];
  for (const address of undecidedLines(left.openLines, right.openLines)) {
    leftSide.moveTo(address);
    rightSide.moveTo(address);
    if (leftSide.isWordByWord && rightSide.isWordByWord) visitWords(leftSide, rightSide, decided, inclusions);
    else
      for (const group of groupsOf(leftSide.cells, rightSide.cells))
        visitGroup(group, leftSide, rightSide, decided, inclusions);
  }
  return decided;
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

function visitGroup(
  group: WordGroup,
  left: Side,
  right: Side,
  decided: DecidedWords,
  inclusions: readonly Inclusion[],
): void {
  for (const address of group.addresses) {
    left.chain.decide(left.set.requiredContent(address), left.set.view);
    right.chain.decide(right.set.requiredContent(address), right.set.view);
    decided.leaveOut(address, left.chain, right.chain);
  }
  for (const inclusion of inclusions) {
    const [here, there] = inclusion.set === left.set ? [left, right] : [right, left];
    inclusion.addGroup(groupContents(here.cells, there.cells, group));
  }
}
