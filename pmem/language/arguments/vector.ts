/** The memory a file write comes from or a read goes to: `iov 1,4095 readable 40`. */
import type { VectorShape } from '#kernel/subsystem/operation.ts';
import type { Argument } from '../argument.ts';
import { type CheckPlace, refusal, wordBehind } from '../check-place.ts';
import { formatSize, sumOf } from '../sizes.ts';
import { smallerNumbers } from './smaller.ts';
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
    usage: `${words.join('|')} ${sizes.usage} [readable SIZE]`,
    take: (reader) => {
      const kind = KINDS[reader.takeOneOf(words, 'a kind of vector for this')];
      const lengths = reader.takeSizes();
      if (!reader.takeIf('readable')) return { kind, lengths };
      return { kind, lengths, accessibleBytes: reader.takeSize() };
    },
    text: vectorText,
    check: checkVector,
    simpler: simplerVectors,
  };
}

function vectorText({ kind, lengths, accessibleBytes }: VectorShape): string {
  const readable = accessibleBytes === undefined ? '' : ` readable ${formatSize(accessibleBytes)}`;
  return `${kind === 'iovec' ? 'iov' : kind} ${sizes.text(lengths)}${readable}`;
}

/** Only user memory faults, and only inside of what there is. */
function checkVector({ kind, lengths, accessibleBytes }: VectorShape, place: CheckPlace): void {
  sizes.check?.(lengths, place);
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
  const { kind, lengths, accessibleBytes } = vector;
  if (accessibleBytes !== undefined) yield { kind, lengths };
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
