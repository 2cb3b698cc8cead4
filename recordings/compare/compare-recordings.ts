/**
 * Compares two recordings: at each acknowledgement that both have, may the second leave more after a power failure than the
 * first? Everything that a report says is worked out here, as plain data.
 */
import { InputError } from '#base/input-error.ts';
import { PersistsBefore } from '#machine/order/persists-before.ts';
import type { Recording } from '../recording.ts';
import { type Alignment, align, between, kindFor } from './align.ts';
import type { Compared, CompareOptions } from './compared.ts';
import { ComparisonRun } from './comparison-run.ts';
import { matchFiles, parseRegion, runSourceOf } from './files.ts';
import { initialMediaOf } from './initial-media.ts';
import { notesOf } from './notes.ts';

/** Compares `after` to `before`. Throws `InputError` where they cannot be compared. */
export function compareRecordings(before: Recording, after: Recording, options: CompareOptions): Compared {
  const notes = [...matchFiles(before, after), ...notesOf(before, after)];
  const media = initialMediaOf([before, after], options.initial ?? []);
  const kind = kindFor([before, after], options.kind);
  const alignment = align(before, after, kind);
  const named =
    options.only === undefined
      ? alignment.pairs
      : alignment.pairs.filter(({ label }) => label === options.only);
  if (options.only !== undefined && named.length === 0) between(alignment.pairs, undefined, options.only);
  const judged = new Set(options.only === undefined ? between(named, options.from, options.to) : named);
  if (alignment.pairs.length === 0 && options.anyTime !== true)
    throw noAcknowledgement(before, after, alignment);
  const region = options.regions?.map((text) => parseRegion(text, before.files));
  const spare: SharedArrayBuffer[] = [];
  const orders = [before, after].map(
    (recording) => new PersistsBefore(runSourceOf(recording, media), options.setting, spare),
  );
  const [left, right] = orders;
  if (left === undefined || right === undefined) throw new RangeError('two orders');
  // Nobody reads a third.
  spare.length = 0;
  const run = new ComparisonRun(before, after, [left, right], {
    ...options,
    region,
    pairs: alignment.pairs,
    judged,
  });
  return {
    recordings: [before, after],
    files: before.files,
    alignment,
    ...run.result(),
    region,
    notes,
  };
}

function noAcknowledgement(before: Recording, after: Recording, alignment: Alignment): InputError {
  const { onlyBefore, onlyAfter } = alignment;
  const count = onlyBefore.length + onlyAfter.length;
  const why =
    count === 0
      ? `neither ${before.source} nor ${after.source} acknowledges anything`
      : `no acknowledgement is in both: only ${before.source} has ${onlyBefore.slice(0, 4).join(', ') || 'none'}, only ${after.source} ${onlyAfter.slice(0, 4).join(', ') || 'none'}`;
  return new InputError(
    `${why}\n  mark what is acknowledged (docs/RECORDINGS.md), let system calls count with --acks calls, or compare all instants at once with --any-time`,
  );
}
