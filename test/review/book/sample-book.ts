/** A made-up book around made-up reviews. */
import type { Road } from '#engine/timeline/road.ts';
import type { Book } from '#review/book/model.ts';
import type { StepReview } from '#review/model.ts';
import { matrixOf } from '#review/matrix.ts';
import { sampleReview } from '../sample-review.ts';

/** A road of two frames, of which one step changed the second. */
const ROAD: Road = {
  place: 'pmem0',
  first: 8,
  last: 15,
  storedBy: 'write',
  promisedBy: 'fsync',
  instruction: 'c8:8',
  frames: [
    { file: 'a.ts', line: 3, function: 'copy', text: 'store(bytes);', step: null, functionStep: null },
    { file: 'b.ts', line: 5, function: 'write', text: 'copy(bytes);', step: 1, functionStep: 2 },
  ],
  step: 2,
};

/** A book of these reviews; of three failing ones when none are given. */
export function sampleBook(
  reviews: readonly StepReview[] = [1, 2, 3].map((step) =>
    sampleReview({ step, subject: `subject ${step}` }),
  ),
  changes: Partial<Book> = {},
): Book {
  return {
    title: 'a series',
    letter: {
      subject: '[PATCH v3 0/3] a series',
      author: 'A Writer <writer@example.org>',
      date: 'Fri, 9 Jun 2017 16:30:18 -0500',
      messageId: '',
      body: 'Why all this.\n\nSee https://example.org/list/1 for more.\n\nA Writer (3):\n  subject 1\n',
    },
    reviews,
    stepCount: reviews.length,
    matrix: matrixOf(reviews),
    additions: [],
    trends: [{ name: 'oldHelper', counts: [3, 1, 2, null] }],
    variants: [
      {
        name: 'as-posted',
        title: 'the rule as it was posted',
        convictedAt: 3,
        convictedBy: 'promise broken',
        expectedAt: 3,
        isDeclared: false,
        failures: [
          {
            kind: 'broken promise',
            cause: 'x',
            message: 'lost',
            also: {},
            workload: 'write\nfsync',
            witness: ['only after/ may leave this'],
            road: ROAD,
            replay: "npx pmem-conform replay 'write / fsync'",
          },
        ],
        asExpected: true,
      },
    ],
    versions: '',
    ...changes,
  };
}

/** A review of a step in which nothing differs and nothing fails. */
export function calmReview(changes: Partial<StepReview> = {}): StepReview {
  const { contract, evidence, claims } = sampleReview();
  return sampleReview({
    contract: { ...contract, differences: [] },
    evidence: { ...evidence, differences: [], failures: [] },
    claims: claims.filter(({ isKept }) => isKept),
    apiProblems: [],
    verdict: 'holds',
    ...changes,
  });
}
