/** What a log of pmemcheck cannot tell or had to be skipped in, as sentences that every report prints. */
import { counted } from '#base/counted.ts';
import { excerpt } from './pmemcheck-text.ts';

/** What was counted while a log was read. */
export interface Tally {
  /** Requests to an old pmreorder. */
  readonly requests: number;
  readonly plainMarkers: number;
  readonly unregisteredFlushes: number;
  /** Markers that were begun and never ended. */
  readonly open: readonly string[];
  readonly isExactFlush: boolean;
}

export function notesOf({
  requests,
  plainMarkers,
  unregisteredFlushes,
  open,
  isExactFlush,
}: Tally): string[] {
  const notes = [
    'pmemcheck logs name no thread: one is assumed, and a FENCE completes every FLUSH before it',
  ];
  if (!isExactFlush)
    notes.push(
      'pmemcheck logs do not tell a movnti from a mov, nor a locked instruction from a plain one: what such an instruction makes durable looks lost here, and clflush looks stronger than it is',
    );
  if (requests > 0) notes.push(`${counted(requests, 'request')} to an old pmreorder skipped`);
  if (plainMarkers > 0)
    notes.push(
      `${counted(plainMarkers, 'marker')} without BEGIN or END skipped (--ack TEXT makes one an acknowledgement)`,
    );
  if (unregisteredFlushes > 0)
    notes.push(
      `${counted(unregisteredFlushes, 'FLUSH', 'FLUSHes')} of memory that no file registers skipped`,
    );
  if (open.length > 0) notes.push(`${excerpt(open.join(', '))} begun and never ended`);
  return notes;
}
