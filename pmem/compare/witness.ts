/**
 * The image that tells two sides apart, as a report shows it: of the words that decide, those that differ from the image
 * of the other side that comes nearest to it, and which operation stored what.
 */
import type { ImageSet } from '#machine/images/crash-images.ts';
import { sameBytes } from '#machine/images/image-set.ts';
import type { Witness } from '#machine/images/image-witness.ts';
import { nearestWords } from '#machine/images/nearest-image.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { OperationComparison } from './compare.ts';
import { formatRanges, placeOf, wordsText } from './losses.ts';
import type { Life, Outcome, Run } from '../run/run.ts';

/** When the images are those that a power failure leaves: once an operation has returned, or while it runs. */
export type WitnessTime = 'acked' | 'in-flight';

/** One 8-byte word that differs. */
export interface WitnessWord {
  readonly disk: string;
  readonly offset: number;
  /** What the word holds in the image, and in the nearest one that the other side may leave. */
  readonly bytes: readonly number[];
  readonly otherBytes: readonly number[];
  /** Who stored these bytes, in words. */
  readonly storedBy: string;
  readonly otherStoredBy: string;
}

export interface WitnessReport {
  /** The side that allows the image. */
  readonly side: 'before' | 'after';
  readonly time: WitnessTime;
  /** The operation that had just returned, or that was running, and its place in the workload from 0. */
  readonly operation: string;
  readonly operationIndex: number;
  readonly words: readonly WitnessWord[];
  /** Where both images hold the same and it matters, e.g. `pmem0:8-15`; absent when it does not. */
  readonly given?: string;
}

/** The witnesses of a difference once the operation has returned, or while it runs; none when the sets are equal. */
export function witnessesOf(
  before: Run,
  after: Run,
  comparison: OperationComparison,
  time: WitnessTime = 'acked',
): WitnessReport[] {
  const { onlyBefore, onlyAfter } = time === 'acked' ? comparison.acked : comparison.inFlight;
  const [left, right] = [
    { run: before, outcome: comparison.before },
    { run: after, outcome: comparison.after },
  ];
  return [
    ...(onlyBefore === undefined ? [] : [reportOf('before', time, onlyBefore, left, right)]),
    ...(onlyAfter === undefined ? [] : [reportOf('after', time, onlyAfter, right, left)]),
  ];
}

/** A run and the operation that is looked at. */
interface Side {
  readonly run: Run;
  readonly outcome: Outcome;
}

function reportOf(
  side: 'before' | 'after',
  time: WitnessTime,
  witness: Witness,
  own: Side,
  other: Side,
): WitnessReport {
  const { memory } = lifeOf(own).subsystem;
  const decisive = decisiveWords(witness);
  const nearest = nearestWords(
    imagesOf(other, time),
    new Map(decisive.map(({ address, bytes }) => [address, bytes])),
  );
  const differing = decisive.flatMap(({ address, bytes, entries }, index): WitnessWord[] => {
    const near = nearest[index];
    if (near === undefined || sameBytes(bytes, near.bytes)) return [];
    return [
      {
        ...placeOf(address, memory),
        bytes: [...bytes],
        otherBytes: [...near.bytes],
        storedBy: writersText(own, entries),
        otherStoredBy: writersText(other, near.writers),
      },
    ];
  });
  const given = decisive.filter(
    ({ bytes, entries }, index) =>
      sameBytes(bytes, nearest[index]?.bytes ?? bytes) && entries.some((entry) => entry !== undefined),
  );
  const { text, index } = own.outcome;
  const report = { side, time, operation: text, operationIndex: index, words: differing };
  const places = wordsText(
    given.map(({ address }) => address),
    memory,
  );
  return given.length === 0 ? report : { ...report, given: places };
}

function lifeOf({ run, outcome }: Side): Life {
  const life = run.lives[outcome.life];
  if (life === undefined) throw new Error('a witness without its life');
  return life;
}

function imagesOf(side: Side, time: WitnessTime): ImageSet {
  const { history } = lifeOf(side);
  const { acknowledgement } = side.outcome;
  return time === 'acked' ? history.acked(acknowledgement) : history.inFlight(acknowledgement);
}

/** A word of a witness and the entries that stored its bytes. */
interface DecisiveWord {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly entries: readonly (number | undefined)[];
}

/** The words of a witness that make it impossible on the other side. Its bytes are whole words, ascending. */
function decisiveWords({ bytes }: Witness): DecisiveWord[] {
  const words: DecisiveWord[] = [];
  for (let start = 0; start < bytes.length; start += WORD_SIZE_BYTES) {
    const word = bytes.slice(start, start + WORD_SIZE_BYTES);
    const [first] = word;
    if (first?.isDecisive !== true) continue;
    words.push({
      address: first.address,
      bytes: Uint8Array.from(word, ({ value }) => value),
      entries: word.map(({ entry }) => entry),
    });
  }
  return words;
}

/** Who stored bytes, by the entries of the record: each operation once, and what was there without any. */
function writersText({ run, outcome }: Side, entries: readonly (number | undefined)[]): string {
  const names = entries.map((entry) => {
    if (entry === undefined) return 'there at power-on';
    const writer = run.outcomes.find(
      ({ life, entries: { from, to } }) => life === outcome.life && entry >= from && entry < to,
    );
    return writer === undefined ? 'stored at boot' : `operation ${writer.index + 1} '${writer.text}'`;
  });
  return [...new Set(names)].join(', ');
}

/** The place of a word, e.g. `pmem0:64-71`. */
export function wordPlace({ disk, offset, bytes }: WitnessWord): string {
  return formatRanges([{ disk, start: offset, end: offset + bytes.length }]);
}

/** A byte as two hexadecimal digits. */
export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
