/** Which acknowledgements of two recordings belong together: by kind, name and number, each once, in order. */
import { InputError } from '#base/input-error.ts';
import { printable } from '#base/printable.ts';
import type { Acknowledgement, Recording } from '../recording.ts';

/** What counts as an acknowledgement. */
export type AcknowledgementKind = 'markers' | 'calls';

/** An acknowledgement with the words that name it: `append 3`, `#3`, `write (2)`. */
export interface Labelled {
  readonly acknowledgement: Acknowledgement;
  readonly label: string;
}

export interface Alignment {
  readonly kind: AcknowledgementKind;
  readonly pairs: readonly {
    readonly label: string;
    readonly before: Acknowledgement;
    readonly after: Acknowledgement;
  }[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** Markers where either side has any, else system calls. */
export function kindFor(
  recordings: readonly Recording[],
  wanted: AcknowledgementKind | undefined,
): AcknowledgementKind {
  if (wanted !== undefined) return wanted;
  const hasMarkers = recordings.some(({ acknowledgements }) =>
    acknowledgements.some(({ kind }) => kind === 'marker'),
  );
  return hasMarkers ? 'markers' : 'calls';
}

/** Acknowledgements of one kind, each with a label of its own. */
export function labelled(recording: Recording, kind: AcknowledgementKind): Labelled[] {
  const seen = new Map<string, number>();
  const wanted = kind === 'markers' ? 'marker' : 'call';
  return recording.acknowledgements
    .filter((acknowledgement) => acknowledgement.kind === wanted)
    .map((acknowledgement) => {
      const { name, number } = acknowledgement;
      const plain = number === undefined ? name : name === '' ? `#${number}` : `${name} ${number}`;
      const times = (seen.get(plain) ?? 0) + 1;
      seen.set(plain, times);
      return { acknowledgement, label: printable(times === 1 ? plain : `${plain} (${times})`) };
    });
}

/** Aligns two recordings. Throws `InputError` when both have the same names in another order. */
export function align(before: Recording, after: Recording, kind: AcknowledgementKind): Alignment {
  const [left, right] = [labelled(before, kind), labelled(after, kind)];
  const inLeft = new Set(left.map(({ label }) => label));
  const rightOf = new Map(right.map(({ label, acknowledgement }) => [label, acknowledgement]));
  const common = right.filter(({ label }) => inLeft.has(label));
  const pairs = left
    .filter(({ label }) => rightOf.has(label))
    .map(({ label, acknowledgement }, index) => {
      const other = common[index];
      if (other === undefined || other.label !== label)
        throw new InputError(
          `acknowledgements follow in another order: number ${index + 1} of those that both have is '${label}' in ${before.source} and '${other?.label ?? 'nothing'}' in ${after.source}\n  recordings of one workload have one order; with several threads, record until they agree`,
        );
      return { label, before: acknowledgement, after: other.acknowledgement };
    });
  return {
    kind,
    pairs,
    onlyBefore: left.filter(({ label }) => !rightOf.has(label)).map(({ label }) => label),
    onlyAfter: right.filter(({ label }) => !inLeft.has(label)).map(({ label }) => label),
  };
}

/** The pairs after `from` and up to `to`. Throws `InputError` for a label that no pair has. */
export function between<T extends { readonly label: string }>(
  pairs: readonly T[],
  from: string | undefined,
  to: string | undefined,
): readonly T[] {
  const indexOf = (option: string, label: string): number => {
    const index = pairs.findIndex((pair) => pair.label === label);
    if (index >= 0) return index;
    const known = pairs.map((pair) => pair.label);
    const shown = known.length > 8 ? [...known.slice(0, 7), '…', known[known.length - 1]] : known;
    throw new InputError(
      `${option} '${printable(label)}' is no acknowledgement of both recordings\n  allowed: ${shown.join(', ')}`,
    );
  };
  const start = from === undefined ? 0 : indexOf('--from', from) + 1;
  const end = to === undefined ? pairs.length : indexOf('--to', to) + 1;
  return pairs.slice(start, end);
}
