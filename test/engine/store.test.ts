/** Tables on disk: what is new is added, what was cut off is left out, and nothing is believed that is not whole. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EvidenceStore } from '#engine/store.ts';

const root = mkdtempSync(join(tmpdir(), 'conform-store-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
const newFolder = (): string => join(root, `${(count += 1)}`);

const open = (folder: string, isFresh = false): EvidenceStore => new EvidenceStore(folder, () => {}, isFresh);
const fileIn = (folder: string): string => join(folder, readdirSync(folder)[0] ?? 'none');
const lineCount = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1;

/** Writes rows, each in a run of its own. */
function write(folder: string, rows: readonly (readonly [string, unknown])[]): void {
  for (const [workload, row] of rows) {
    const store = open(folder);
    store.table('t', []).set(workload, row);
    store.save();
  }
}

describe('a table', () => {
  it('is found again by another run', () => {
    const folder = newFolder();
    write(folder, [['a', { is: ['any', 'row'] }]]);
    expect(open(folder).table('t', []).get('a')).toEqual({ is: ['any', 'row'] });
    expect(open(folder).table('t', ['else']).get('a')).toBeUndefined();
  });

  it('adds what is new behind what is there, so that saving costs no more than that', () => {
    const folder = newFolder();
    write(folder, [['a', 1]]);
    const before = readFileSync(fileIn(folder), 'utf8');
    write(folder, [['b', 2]]);
    expect(readFileSync(fileIn(folder), 'utf8').startsWith(before)).toBe(true);
    expect(lineCount(fileIn(folder))).toBe(2);
  });

  it('keeps what two runs at once found out', () => {
    const folder = newFolder();
    write(folder, [['a', 1]]);
    const [one, other] = [open(folder), open(folder)];
    const [ones, others] = [one.table('t', []), other.table('t', [])];
    ones.set('b', 2);
    others.set('c', 3);
    one.save();
    other.save();
    const table = open(folder).table('t', []);
    expect(['a', 'b', 'c'].map((key) => table.get(key))).toEqual([1, 2, 3]);
  });

  it('believes the later of two rows, and is written anew when most of it is outdated', () => {
    const folder = newFolder();
    write(
      folder,
      [1, 2, 3, 4].map((row) => ['a', row] as const),
    );
    expect(open(folder).table('t', []).get('a')).toBe(4);
    // The file of three lines for one row was written anew by the fourth run.
    expect(lineCount(fileIn(folder))).toBe(1);
  });

  it('leaves out a row that was cut off, wherever that was, and mends the file', () => {
    const folder = newFolder();
    write(folder, [
      ['a', 'first'],
      ['b', 'second'],
    ]);
    const path = fileIn(folder);
    const whole = readFileSync(path);
    const firstEnd = whole.indexOf('\n') + 1;
    for (let length = whole.length - 1; length >= firstEnd; length--) {
      truncateSync(path, length);
      const table = open(folder).table('t', []);
      expect([table.get('a'), table.get('b')]).toEqual(['first', undefined]);
    }
    appendFileSync(path, 'half a li');
    write(folder, [['c', 'third']]);
    const table = open(folder).table('t', []);
    expect(['a', 'b', 'c'].map((key) => table.get(key))).toEqual(['first', undefined, 'third']);
  });

  it('takes a line that is no row for none', () => {
    const folder = newFolder();
    write(folder, [['a', 1]]);
    const path = fileIn(folder);
    const [key = ''] = readFileSync(path, 'utf8').split(' ');
    appendFileSync(path, `${key} {"a"\nnonsense\n\n`);
    expect(open(folder).table('t', []).get('a')).toBeUndefined();
  });

  it('believes nothing when it is to be fresh, and replaces what is there', () => {
    const folder = newFolder();
    write(folder, [['a', 1]]);
    const fresh = open(folder, true);
    const table = fresh.table('t', []);
    expect(table.get('a')).toBeUndefined();
    table.set('b', 2);
    fresh.save();
    const again = open(folder).table('t', []);
    expect([again.get('a'), again.get('b')]).toEqual([undefined, 2]);
  });
});
