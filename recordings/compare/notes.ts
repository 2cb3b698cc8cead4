/** What readers of a verdict must know of the recordings. */
import type { Recording } from '../recording.ts';
import { sharedLines } from './thread-order.ts';

/** Sentences that every report prints. */
export function notesOf(...recordings: readonly Recording[]): string[] {
  const notes = new Set(recordings.flatMap((recording) => recording.notes));
  const threads = Math.max(...recordings.map(({ threadCount }) => threadCount));
  if (threads > 1)
    notes.add(
      `${threads} threads: the verdict is for the recorded order of visible stores; other orders are possible`,
    );
  for (const recording of recordings) {
    const shared = sharedLines(recording);
    if (shared > 0)
      notes.add(
        `${recording.source}: several threads stored to ${shared === 1 ? 'one line' : `${shared} lines`} and were not recorded one instruction at a time, so the recorded order may not be the one that happened: record with --serial`,
      );
  }
  const isUnsynchronised = recordings.some(
    ({ files, syncCount, format }) =>
      format === 'recording' && syncCount === 0 && files.some(({ isSync }) => !isSync),
  );
  if (isUnsynchronised)
    notes.add(
      'mapped without MAP_SYNC and never synchronised: that the file system keeps the blocks of the file is not compared, contents are',
    );
  if (recordings.some(({ files }) => files.some(({ initial }) => initial === 'unknown')))
    notes.add('a log does not say what files held before: zeros, or what --initial names');
  return [...notes];
}
