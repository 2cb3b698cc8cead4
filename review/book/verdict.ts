/** Verdicts in a sentence: of one step, and of the whole series. Every figure in them is counted from the reviews. */
import { counted } from '#base/counted.ts';
import { allowsMore } from '#base/relation.ts';
import type { FailureKind } from '#engine/failure.ts';
import { relationsText } from '../evidence-groups.ts';
import type { StepReview } from '../model.ts';

/** A verdict: the word that decides, then what it rests on. */
export interface Verdict {
  readonly isGood: boolean;
  readonly word: string;
  readonly text: string;
}

/** How a step stands in lists: it is the same as the one before, differs as declared, or fails. */
export type Standing = 'same' | 'declared' | 'fails';

export function standingOf({ verdict, evidence }: StepReview): Standing {
  if (verdict === 'fails') return 'fails';
  return evidence.differences.length === 0 ? 'same' : 'declared';
}

/** Sign and word of each standing, so that colour is never all there is. */
export const STANDINGS = {
  same: { sign: '=', word: 'same as before' },
  declared: { sign: '≈', word: 'differs as declared' },
  fails: { sign: '✗', word: 'fails' },
} as const;

/** The verdict on one step. */
export function stepVerdict(review: StepReview): Verdict {
  const { evidence, contract, apiProblems, claims } = review;
  const scenarios = counted(evidence.workloads, 'scenario');
  if (review.verdict === 'fails') {
    const found = [
      ...countKinds(evidence.failures.map(({ kind }) => kind)),
      ...(apiProblems.length === 0
        ? []
        : [counted(apiProblems.length, 'disagreement') + ' of contract and code']),
    ];
    const broken = claims.filter(({ isKept }) => !isKept).length;
    const what = found.length === 0 ? `${counted(broken, 'claim')} not kept` : listed(found);
    return { isGood: false, word: 'Does not hold.', text: `${what}, in ${scenarios}.` };
  }
  const count = evidence.differences.length;
  if (count === 0)
    return {
      isGood: true,
      word: 'Holds.',
      text: `Nothing differs from the step before, in ${scenarios} and ${counted(evidence.places, 'place')} compared.`,
    };
  const weaker = contract.differences.filter(({ shows }) =>
    shows.some(({ relation }) => allowsMore(relation)),
  ).length;
  const tells = weaker === 0 ? '' : `, ${weaker} of which may leave more images than before`;
  return {
    isGood: true,
    word: 'Holds.',
    text: `${counted(count, 'difference')} in ${scenarios}, all of them declared (${counted(contract.differences.length, 'declaration')}${tells}); no promise broke that was kept before.`,
  };
}

const PLURALS: Readonly<Record<FailureKind, readonly [string, string]>> = {
  'does not run': ['workload that does not run', 'workloads that do not run'],
  'broken promise': ['broken promise', 'broken promises'],
  'wrong result': ['wrong result', 'wrong results'],
  'undeclared difference': ['undeclared difference', 'undeclared differences'],
  'stale declaration': ['declaration that nothing shows', 'declarations that nothing shows'],
  'nothing tried': ['step of which no workload says anything', 'steps of which no workload says anything'],
  'unconfirmed contract': ['contract that nobody has confirmed', 'contracts that nobody has confirmed'],
};

function countKinds(kinds: readonly FailureKind[]): string[] {
  return [...new Set(kinds)].map((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return `${count} ${PLURALS[kind][count === 1 ? 0 : 1]}`;
  });
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

/** The verdict on all steps that are shown, and on what the series adds. */
export function bookVerdict(reviews: readonly StepReview[], additions: readonly string[]): Verdict {
  const failing = reviews.filter(({ verdict }) => verdict === 'fails');
  const scenarios = counted(Math.max(0, ...reviews.map(({ evidence }) => evidence.workloads)), 'scenario');
  if (failing.length > 0) {
    const steps = failing.map(({ step }) => String(step));
    const kinds = failing.flatMap(({ evidence }) => evidence.failures.map(({ kind }) => kind));
    const found = listed([
      ...countKinds(kinds),
      ...(failing.some(({ apiProblems }) => apiProblems.length > 0) ? ['contract and code disagree'] : []),
    ]);
    return {
      isGood: false,
      word: `${failing.length} of ${counted(reviews.length, 'step')} ${failing.length === 1 ? 'does' : 'do'} not hold.`,
      text: `Step ${listed(steps)}: ${found}, in ${scenarios}.`,
    };
  }
  const same = reviews.filter((review) => standingOf(review) === 'same').length;
  const others = reviews.length - same;
  const last = reviews.at(-1);
  const atTheEnd = last === undefined ? '' : relationsText(last);
  const parts = [
    same > 0 ? `${counted(same, 'step')} ${same === 1 ? 'changes' : 'change'} nothing` : '',
    others > 0
      ? `${counted(others, 'step')} ${others === 1 ? 'changes' : 'change'} only what is declared`
      : '',
  ].filter((part) => part !== '');
  const isGood = additions.length === 0;
  return {
    isGood,
    word: isGood
      ? `All ${counted(reviews.length, 'step')} hold.`
      : `${counted(additions.length, 'thing')} that the series adds found no caller in time.`,
    text: `In ${scenarios}, ${listed(parts)}; no promise broke that was kept before.${atTheEnd === '' ? '' : ` At the end, against the tree before the series: ${atTheEnd}.`}`,
  };
}
