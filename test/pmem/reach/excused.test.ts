/** Excuses are held to what is found: one that covers nothing fails as surely as something without one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { heldToExcuses, readExcused } from '#pmem/reach/excused.ts';

const folder = mkdtempSync(join(tmpdir(), 'conform-excused-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string): ReadonlyMap<string, string> {
  const path = join(folder, 'excused.yaml');
  writeFileSync(path, text);
  return readExcused(path);
}

describe('excuses', () => {
  it('should name what has none, and those of what is reached or is no more', () => {
    const excused = new Map([
      ['a is true', 'a reason'],
      ['gone is true', 'a reason'],
    ]);
    expect(heldToExcuses(['a is true', 'b is false'], excused)).toEqual({
      open: ['b is false'],
      stale: ['gone is true'],
    });
  });

  it('should be read by name', () => {
    const text = "- reason: nothing on this machine does that\n  unreached: ['a is true', 'b is false']\n";
    expect([...read(text).keys()]).toEqual(['a is true', 'b is false']);
  });

  it.each([
    ["- reason: short\n  unreached: ['a']\n", 'a reason of at least 20 letters'],
    ["- reason: nothing on this machine does that\n  unreached: ['a', 'a']\n", 'each name once'],
    ['- reason: nothing on this machine does that\n  unreached: []\n', 'at least one name'],
  ])('should be refused where they are no excuses: %j', (text, allowed) => {
    expect(() => read(text)).toThrow(allowed);
  });
});
