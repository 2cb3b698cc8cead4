/** A review as JSON: the model as it is (`review/model.ts` says what each field means), for other programs. */
import type { StepReview } from './model.ts';

/** One step as JSON text. */
export function reviewJson(review: StepReview): string {
  return `${JSON.stringify(review, undefined, 2)}\n`;
}
