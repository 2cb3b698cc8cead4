import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatText } from '#pmem/language/quoted-text.ts';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { complaint } from './complaint.ts';

/** What a line writes to an attribute. */
function textOf(line: string): string | undefined {
  const operation = parseWorkload(line).steps[0]?.operation;
  return operation?.kind === 'sysfs write' ? operation.text : undefined;
}

describe('a text in quotes', () => {
  it('should stay whole, whatever separates lines elsewhere', () => {
    expect(textOf('sysfs write a/b "1; 2 / 3 # 4"')).toBe('1; 2 / 3 # 4');
    expect(textOf('sysfs write a/b ""')).toBe('');
    expect(textOf('sysfs write a/b 1')).toBe('1');
  });

  it('should hold a line break, a quote and a backslash', () => {
    expect(textOf(String.raw`sysfs write a/b "1\n"`)).toBe('1\n');
    expect(textOf(String.raw`sysfs write a/b "\"\\n\""`)).toBe(String.raw`"\n"`);
  });

  it('should hold any character by its number', () => {
    expect(textOf(String.raw`sysfs write a/b "\x1b[31m\x41\u{202e}\u{1f44d}"`)).toBe('\u001b[31mA\u202e👍');
    expect(complaint(String.raw`sysfs write pmem0/ro "\x1"`)).toContain(String.raw`'\x' in quotes`);
    expect(complaint(String.raw`sysfs write pmem0/ro "\u{110000}"`)).toContain('in quotes');
  });

  it('should be written without any character that cannot be seen', () => {
    expect(formatText('1\n\u001b[2J\u202e')).toBe(String.raw`"1\n\x1b[2J\u{202e}"`);
    expect(formatText('a\tb')).toBe(String.raw`"a\x09b"`);
  });

  it('should read back as the same text, whatever it is', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => textOf(`sysfs write a/b ${formatText(text)}`) === text),
      { numRuns: 2000 },
    );
    const written = String.raw`sysfs write a/b "\"1\\2\n\""`;
    expect(formatWorkload(parseWorkload(written)).split('\n').at(-1)).toBe(written);
  });

  it('should be complained of when it is not closed, or holds an escape that means nothing', () => {
    expect(complaint('flush pmem0\nsysfs write pmem0/ro "1; flush pmem0')).toMatchInlineSnapshot(`
      "line 2: a quote that is not closed
        sysfs write pmem0/ro "1; flush pmem0
                             ^^^^^^^^^^^^^^^
        allowed: text in quotes, on one line, with \\n for a line break, \\" and \\\\, and \\x1b or \\u{202e} for what cannot be seen"
    `);
    expect(complaint(String.raw`sysfs write pmem0/ro "1\"`)).toContain('a quote that is not closed');
    expect(complaint(String.raw`sysfs write pmem0/ro "\t"`)).toContain(String.raw`'\t' in quotes`);
  });
});
