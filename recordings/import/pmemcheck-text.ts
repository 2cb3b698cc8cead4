/** Words of a log of pmemcheck: what Valgrind wrote among them, stack frames, and excerpts for messages. */
import { printable } from '#base/printable.ts';
import type { Place } from '../recording.ts';

/** Without whole lines that Valgrind itself wrote, and without the prefix of the line that records stand in. */
export function withoutValgrind(text: string): string {
  if (!text.includes('==')) return text;
  return text
    .split(/\r?\n/)
    .map((line) => (/^(==|--)\d+\1/.test(line) ? line.replace(/^(==|--)\d+\1[ \t]*/, '') : line))
    .filter((line, index, all) => index === all.length - 1 || index === 0 || /START\s*$/.test(line))
    .join('\n');
}

/** `at 0x4005F6: main (log.c:12)` or `function (file.c:12)` as a place. */
export function placeOfFrame(frame: string): Place {
  const [, name, source] = /(?:0x[0-9A-F]+:\s*)?(\S.*?)\s+\(([^()]*:\d+)\)\s*$/i.exec(frame) ?? [];
  return {
    object: frame.trim(),
    offset: 0,
    function: name?.replace(/^at 0x[0-9A-F]+:\s*/i, ''),
    source,
    inlined: [],
  };
}

/** Text fit for a message. */
export function excerpt(text: string): string {
  return printable(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
