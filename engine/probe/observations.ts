/** Reads what a probe prints: a line an observation, `dimension<TAB>place<TAB>value` or a JSON object with these three. */
import { printableJson } from '#base/printable.ts';
import type { Normalisation, ProbeDimension } from './options.ts';

export interface ProbeObservation {
  readonly dimension: string;
  readonly place: string;
  readonly value: string;
}

/** What is no dimension of the user's: how the probe ended, and promises that it found broken. */
export const EXIT = 'exit';
export const PROMISE = 'promise';

/** Characters of a wrong line that are told. */
const TOLD_MAX = 80;

/**
 * The observations in `output`, in order. Places that occur again in their dimension are numbered. Throws `Error` for a line that is
 * none, with what is allowed.
 */
export function readObservations(
  output: string,
  dimensions: Readonly<Record<string, ProbeDimension>>,
  normalise: readonly Normalisation[] = [],
): ProbeObservation[] {
  const seen = new Map<string, number>();
  const lines = output.split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const read = readLine(line);
    if (read === undefined || !(read.dimension in dimensions || read.dimension === PROMISE)) {
      const allowed = [...Object.keys(dimensions), PROMISE].join(', ');
      throw new Error(
        `line ${index + 1} of what the probe printed is no observation: ${printableJson(line.slice(0, TOLD_MAX))}; allowed: DIMENSION<TAB>PLACE<TAB>VALUE with a dimension of ${allowed}`,
      );
    }
    const key = `${read.dimension}\t${read.place}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const place = count === 1 ? read.place : `${read.place} (${count})`;
    return [{ ...read, place, value: normalised(read, normalise) }];
  });
}

function readLine(line: string): ProbeObservation | undefined {
  if (line.startsWith('{')) return readJson(line);
  const [dimension = '', place, ...value] = line.split('\t');
  return place === undefined ? undefined : { dimension, place, value: value.join('\t') };
}

function readJson(line: string): ProbeObservation | undefined {
  try {
    const { dimension, place = '', value = '' } = JSON.parse(line) as Record<string, unknown>;
    if (typeof dimension !== 'string') return undefined;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { dimension, place: String(place), value: text };
  } catch {
    return undefined;
  }
}

function normalised({ dimension, value }: ProbeObservation, rules: readonly Normalisation[]): string {
  return rules
    .filter((rule) => rule.dimension === undefined || rule.dimension === dimension)
    .reduce((text, rule) => text.replaceAll(new RegExp(rule.replace, 'gu'), rule.with), value);
}
