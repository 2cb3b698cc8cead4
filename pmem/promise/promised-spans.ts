/**
 * The words in which every byte that was written is promised: in any other, a content that may be lost need not be one
 * that the promise is about.
 */
import type { ByteSpan } from '#machine/images/image-set.ts';
import { PAGE_SIZE_BYTES, roundDown, roundUp, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { PendingVersion } from './versions.ts';

/** The bytes of a version that was promised just now, but for words that also hold bytes that nothing has promised. */
export function promisedSpans({ page, version }: PendingVersion): ByteSpan[] {
  let spans = [{ start: version.from, end: version.to }];
  for (const { from, to, isDurable } of page.versions)
    if (!isDurable)
      spans = spans.flatMap((span) =>
        without(span, roundDown(from, WORD_SIZE_BYTES), roundUp(to, WORD_SIZE_BYTES)),
      );
  const address = page.index * PAGE_SIZE_BYTES;
  return spans.map(({ start, end }) => ({ start: address + start, end: address + end }));
}

/** What is left of a span without the bytes from `start` to before `end`. */
function without(span: ByteSpan, start: number, end: number): ByteSpan[] {
  const below = { start: span.start, end: Math.min(span.end, start) };
  const above = { start: Math.max(span.start, end), end: span.end };
  return [below, above].filter((part) => part.start < part.end);
}
