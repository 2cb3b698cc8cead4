/** The comparison of two recordings as data. */
import type { Compared, CompareOptions } from '../compare/compared.ts';
import { verdictOf } from '../compare/verdict.ts';
import { placeOfAddress } from '../compare/files.ts';
import { historyOf } from '../compare/provenance.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Plain data; addresses as file and offset. */
export function jsonOfComparison(compared: Compared, options: CompareOptions): unknown {
  const {
    recordings,
    alignment,
    acknowledgements,
    anyTime,
    difference,
    where,
    costs,
    differentRuns,
    notes,
    files,
  } = compared;
  const { isBad, worst } = verdictOf(compared, options);
  const place = (address: number): { file: string; offset: number } => placeOfAddress(address, files);
  return {
    before: sideOf(recordings[0]),
    after: sideOf(recordings[1]),
    verdict: differentRuns === undefined ? worst : 'different runs',
    isAcceptable: !isBad && differentRuns === undefined,
    acknowledgedBy: alignment.kind,
    acknowledgements,
    onlyBefore: alignment.onlyBefore,
    onlyAfter: alignment.onlyAfter,
    anyTime,
    difference: difference && {
      at: difference.label,
      when: difference.when,
      relation: difference.relation,
      allowedBy: difference.witness.allowedBy,
      isOtherData: difference.witness.isOtherData,
      words: difference.witness.words.map((word) => ({
        ...place(word.address),
        before: hexOf(word.before),
        after: hexOf(word.after),
        storedBefore: steps(compared, 0, word.address, word.beforeStored ?? word.beforeEntry),
        storedAfter: steps(compared, 1, word.address, word.afterStored ?? word.afterEntry),
      })),
      alike: difference.witness.alike.map(({ address, bytes, isLacking, entry }) => ({
        ...place(address),
        bytes: hexOf(bytes),
        isLacking,
        stored: steps(compared, difference.witness.allowedBy === 'before' ? 0 : 1, address, entry),
      })),
    },
    where: where.map(({ start, end }) => ({ ...place(start), sizeBytes: end - start })),
    costs: { before: costs[0], after: costs[1] },
    differentRuns: differentRuns && { ...differentRuns, address: undefined, ...place(differentRuns.address) },
    notes,
  };
}

function sideOf({ source, format, eventCount, threadCount, isSerial }: Compared['recordings'][0]): object {
  return { source, format, events: eventCount, threads: threadCount, isSerial };
}

function steps(
  { recordings, difference }: Compared,
  side: 0 | 1,
  address: number,
  entry: number | undefined,
): unknown {
  if (entry === undefined) return undefined;
  return historyOf(recordings[side], entry, address, difference?.entries[side] ?? Infinity);
}
