/** What the book is made of. */
import { hashOfParts } from '#base/hash.ts';
import type { CoverLetter } from '#engine/series/mail.ts';
import type { VariantVerdict } from '#engine/variant.ts';
import type { CallerTrend } from '../caller-counts.ts';
import type { Html } from '../html-template.ts';
import type { CheckMatrix, StepReview } from '../model.ts';
import type { Timelines } from '../timelines.ts';

/** Everything that the book shows. */
export interface Book {
  readonly title: string;
  readonly letter?: CoverLetter | undefined;
  /** Of all steps, or of the one that was asked for. */
  readonly reviews: readonly StepReview[];
  /** How many steps the series has. */
  readonly stepCount: number;
  readonly matrix: CheckMatrix;
  /** What is wrong with what the series adds. */
  readonly additions: readonly string[];
  readonly trends: readonly CallerTrend[];
  /** Absent where they were not judged. */
  readonly variants?: readonly VariantVerdict[] | undefined;
  /** The life of every line in workloads of a step; by step. */
  readonly timelines?: ReadonlyMap<number, Timelines>;
  /** How the series, and each step, differ from an older version; finished pieces. */
  readonly versions: Html | '';
  readonly versionsOfStep?: ReadonlyMap<number, Html>;
  /** The page asks this server for news and loads itself anew; absent for a file. */
  readonly isServed?: boolean;
}

/** What a reader who marks a step as read has read: its patch, its contract, and what came of it. Where it stands does not count. */
export function fingerprintOf({ subject, message, diff, contract, evidence, verdict }: StepReview): string {
  const { step: _step, ...found } = evidence;
  const { step: _at, file: _file, ...declared } = contract;
  return hashOfParts([
    subject,
    message,
    verdict,
    ...[diff, declared, found].map((part) => JSON.stringify(part)),
  ]);
}
