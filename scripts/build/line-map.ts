/**
 * Source maps that are small enough for the package; whole ones are as large as all the rest of it. They have one place for each
 * function, and in it for each `new` (but of maps, sets and arrays), which is where errors are made, with file and line.
 */
import { decodedMappings, type SourceMapInput, TraceMap } from '@jridgewell/trace-mapping';

/** Where a stack trace may point to: the start of a function, or `new`. */
const PLACE =
  /^(?:async |function\b|class |new (?!Map\b|Set\b|Array\b)|throw |\(?[\w$,]*\)?=>|(?!(?:if|for|while|switch|catch)\b)[\w$#]+\((?:[\w$,=.[\]]|\{[^{}]*\})*\)\{)/;

/** How far ahead of a place it is looked at. */
const AHEAD = 120;

interface LineMap {
  readonly version: 3;
  readonly sources: readonly (string | null)[];
  readonly names: readonly [];
  readonly mappings: string;
}

/** The places of `code` that `whole` leads from. Columns of the source are 0. */
export function lineMap(code: string, whole: SourceMapInput): LineMap {
  const traced = new TraceMap(whole);
  const lines = code.split('\n');
  let before: readonly [source: number, line: number] = [0, 0];
  const mappings = decodedMappings(traced).map((segments, index) => {
    let columnBefore = 0;
    let last = '';
    return segments.flatMap((segment) => {
      const [column, source, line] = segment;
      const isPlace = PLACE.test(lines[index]?.slice(column, column + AHEAD) ?? '');
      if (source === undefined || line === undefined || !isPlace || last === `${source}:${line}`) return [];
      const coded = [column - columnBefore, source - before[0], line - before[1], 0].map(base64Vlq).join('');
      columnBefore = column;
      before = [source, line];
      last = `${source}:${line}`;
      return [coded];
    });
  });
  return {
    version: 3,
    sources: traced.sources,
    names: [],
    mappings: mappings.map((parts) => parts.join(',')).join(';'),
  };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A number as source maps write it (ECMA-426): sign in the lowest bit, five bits a digit, the lowest first. */
function base64Vlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += DIGITS.charAt(rest > 0 ? digit + 32 : digit);
  } while (rest > 0);
  return text;
}
