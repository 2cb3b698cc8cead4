/** One name for all that can be seen of a run: runs of one digest are equal in every dimension, so nothing needs comparing. */
import { createHash, type Hash } from 'node:crypto';
import type { Surroundings } from '#kernel/subsystem/surroundings.ts';
import type { Life, Run } from './run.ts';

/**
 * 32 hexadecimal digits over results, data read, logs, where things lay, and machine, media and instructions of every life.
 * Loads do not count.
 */
export function digestOfRun(run: Run): string {
  const hash = createHash('sha256');
  const add = (text: string): void => {
    hash.update(text).update('\0');
  };
  let last: Surroundings | undefined;
  for (const { index, result, entries, surroundings } of run.outcomes) {
    const { data, ...plain } = result;
    add(JSON.stringify([index, plain, entries.to, data?.length ?? -1]));
    if (data !== undefined) hash.update(data);
    if (surroundings !== last) add(textOf(surroundings));
    last = surroundings;
  }
  add(run.log.join('\n'));
  for (const [number, life] of run.lives.entries()) addLife(hash, life, number > 0);
  return hash.digest('hex').slice(0, 32);
}

/** Where things lie. Which driver is bound is an object of each run, and no part of it. */
function textOf({ places, files, poisonedCells }: Surroundings): string {
  return JSON.stringify([places.map(({ binding: _binding, ...place }) => place), files, poisonedCells]);
}

function addLife(hash: Hash, { history: { order } }: Life, hasMedia: boolean): void {
  const { record, ranges, flushHints, initialMedia } = order.source;
  hash.update(JSON.stringify([order.setting, ranges, flushHints]));
  const count = record.length;
  for (const column of [record.kinds, record.unitSizes, record.counts, record.addresses])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT));
  hash.update(record.data.subarray(0, record.dataLength));
  if (!hasMedia) return;
  for (const [page, bytes] of [...initialMedia].sort(([left], [right]) => left - right))
    if (bytes.some((byte) => byte !== 0)) hash.update(`page ${page}`).update(bytes);
}
