/** The memory a file write comes from or a read goes to: `iov 1,4095 readable 40`, `bvec 512 from 100`. */
import type { VectorShape } from '#kernel/subsystem/operation.ts';
import type { Argument } from '../argument.ts';
import { type CheckPlace, refusal, wordBehind } from '../check-place.ts';
import { formatSize, sumOf } from '../sizes.ts';
import { smallerNumbers } from './smaller.ts';
import { checkStart, simplerStarts, START_WORD, startText } from './start-in-page.ts';
import { sizes } from './values.ts';

/** Words for kinds of vectors. */
const KINDS = { iov: 'iovec', kvec: 'kvec', bvec: 'bvec', pipe: 'pipe' } as const;

type VectorWord = keyof typeof KINDS;

/** What a file is read into; a write may come from a pipe besides. */
const READ_WORDS = ['iov', 'kvec', 'bvec'] as const;
const WRITE_WORDS = [...READ_WORDS, 'pipe'] as const;

/** Kinds of vectors, as operations and contracts call them. */
export const VECTOR_KINDS: readonly VectorShape['kind'][] = Object.values(KINDS);

export const readVector = vectorOf(READ_WORDS);
export const writeVector = vectorOf(WRITE_WORDS);

function vectorOf(words: readonly VectorWord[]): Argument<VectorShape> {
  return {
    usage: `${words.join('|')} ${sizes.usage} [${START_WORD} SIZE] [readable SIZE]`,
    take: (reader) => {
      const kind = KINDS[reader.takeOneOf(words, 'a kind of vector for this')];
      const lengths = reader.takeSizes();
      const start = reader.takeIf(START_WORD) ? { startInPage: reader.takeSize() } : {};
      if (!reader.takeIf('readable')) return { kind, lengths, ...start };
      return { kind, lengths, ...start, accessibleBytes: reader.takeSize() };
    },
    text: vectorText,
    check: checkVector,
    simpler: simplerVectors,
  };
}

function vectorText({ kind, lengths, startInPage, accessibleBytes }: VectorShape): string {
  const readable = accessibleBytes === undefined ? '' : `readable ${formatSize(accessibleBytes)}`;
  const words = [kind === 'iovec' ? 'iov' : kind, sizes.text(lengths), startText(startInPage), readable];
  return words.filter((word) => word !== '').join(' ');
}

/** Only user memory faults, and only inside of what there is. */
function checkVector({ kind, lengths, startInPage, accessibleBytes }: VectorShape, place: CheckPlace): void {
  sizes.check?.(lengths, place);
  checkStart(startInPage, place);
  if (kind === 'pipe' && startInPage !== undefined)
    throw refusal(
      place,
      wordBehind(START_WORD),
      'a pipe has pages of its own',
      'from for iov, kvec and bvec',
    );
  if (accessibleBytes === undefined) return;
  if (kind !== 'iovec') {
    const find = wordBehind(sizes.text(lengths));
    throw refusal(place, find, `${kind} memory never faults`, 'readable for user memory (iov) only');
  }
  const total = sumOf(lengths);
  if (accessibleBytes <= total) return;
  const problem = `${formatSize(accessibleBytes)} readable bytes of a vector of ${formatSize(total)}`;
  throw refusal(place, wordBehind('readable'), problem, `at most the ${formatSize(total)} bytes of the data`);
}

function* simplerVectors(vector: VectorShape): Generator<VectorShape> {
  const { kind, lengths, startInPage, accessibleBytes } = vector;
  if (accessibleBytes !== undefined) {
    const { accessibleBytes: _all, ...whole } = vector;
    yield whole;
  }
  for (const start of simplerStarts(startInPage)) {
    const { startInPage: _old, ...anywhere } = vector;
    yield start === undefined ? anywhere : { ...anywhere, startInPage: start };
  }
  if (kind !== 'iovec') yield { ...vector, kind: 'iovec' };
  for (const simpler of sizes.simpler?.(lengths) ?? [])
    yield {
      ...vector,
      lengths: simpler,
      // What can be read may not be more than there is.
      ...(accessibleBytes === undefined
        ? {}
        : { accessibleBytes: Math.min(accessibleBytes, sumOf(simpler)) }),
    };
  if (accessibleBytes === undefined) return;
  for (const fewer of smallerNumbers(accessibleBytes)) yield { ...vector, accessibleBytes: fewer };
}
