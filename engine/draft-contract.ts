/**
 * A first draft of a contract, from what was observed of a step: it says what differed and where, and carries a mark that makes the
 * step fail until a person has read it, written the reasons, and taken the mark out.
 */
import { stringify } from 'yaml';
import { DRAFT_MARK } from './contract.ts';
import type { ObservedDifference, StepEvidence } from './judge.ts';
import type { Vocabulary } from './subject.ts';

/** Places that a draft lists one by one; where there are more it speaks of all. */
const PLACES_MAX = 12;

/** The draft as YAML; `keys` say which commit it is of. Nothing where no workload shows a difference that is not declared. */
export function draftContract(
  { differences }: Pick<StepEvidence, 'differences'>,
  keys: Readonly<Record<string, string>>,
  vocabulary: Vocabulary,
): string | undefined {
  const groups = new Map<string, [ObservedDifference, ...ObservedDifference[]]>();
  for (const difference of differences) {
    const key = `${difference.dimension} ${difference.relation}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [difference]);
    else group.push(difference);
  }
  if (groups.size === 0) return undefined;
  const declarations = [...groups.values()].map((group) => declarationOf(group, vocabulary));
  const contract = { ...keys, class: 'behaviour', summary: '', differences: declarations };
  return `${DRAFT_MARK}\n${stringify(contract, { lineWidth: 110 })}`;
}

function declarationOf(
  group: readonly [ObservedDifference, ...ObservedDifference[]],
  vocabulary: Vocabulary,
): Readonly<Record<string, unknown>> {
  const [{ dimension, relation, workload, at, before, after }] = group;
  const places = [...new Set(group.map((difference) => difference.at))].sort();
  const isListed =
    'place' in vocabulary && places.length <= PLACES_MAX && places.every((place) => place !== dimension);
  const shows = relation === 'other' ? dimension : `${dimension} ${relation}`;
  return {
    id: `D-${shows.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    shows: [shows],
    ...(isListed && { when: { place: places } }),
    because: `observed, and nobody has said why: ${workload}, ${at}: before ${before}; after ${after}`,
  };
}
