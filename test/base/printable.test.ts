import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson } from '#base/printable.ts';

/** Control and format characters, line and paragraph separators (Unicode categories Cc, Cf, Zl, Zp). */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('printable text', () => {
  it('should show what moves a cursor or turns the direction of text as escapes', () => {
    expect(printable('a\u001b[31mb')).toBe(String.raw`a\x1b[31mb`);
    expect(printable('\u0007\u007f\u009b')).toBe(String.raw`\x07\x7f\x9b`);
    expect(printable('safe\u202etxt.exe')).toBe(String.raw`safe\u{202e}txt.exe`);
    expect(printable('\u{e0041}')).toBe(String.raw`\u{e0041}`);
  });

  it('should leave everything else alone, letters of any script and replacement characters too', () => {
    for (const text of ['pmem0:/f @0', 'größe', '文件', '\ufffd', '👍']) expect(printable(text)).toBe(text);
  });

  it('should hide nothing, whatever the text', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => !HIDDEN.test(printable(text))),
      { numRuns: 2000 },
    );
    expect(HIDDEN.test('\u001b')).toBe(true);
  });
});

describe('a printable JSON string', () => {
  it('should hide nothing, and mean the same text', () => {
    expect(printableJson('1\n\u001b\u007f\u202e\u{e0041}')).toBe(
      String.raw`"1\n\u001b\u007f\u202e\udb40\udc41"`,
    );
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const written = printableJson(text);
        return !HIDDEN.test(written) && JSON.parse(written) === text;
      }),
      { numRuns: 2000 },
    );
  });
});
