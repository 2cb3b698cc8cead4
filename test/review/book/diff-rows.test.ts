/** Rows of a diff: numbers, words, what is mechanical, where moved lines went. */
import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { diffHtml } from '#review/book/diff.ts';
import { missingHtml } from '#review/book/missing.ts';
import { type DiffRow, rowsOf } from '#review/book/diff-rows.ts';
import { diffOf } from '#review/diff.ts';
import { sampleReview } from '../sample-review.ts';

/** Rows of a patch of one file with one hunk. */
function rowsOfLines(lines: readonly string[], start = 1): readonly DiffRow[] {
  const old = lines.filter((line) => !line.startsWith('+')).length;
  const now = lines.filter((line) => !line.startsWith('-')).length;
  const text = `--- a/f.ts\n+++ b/f.ts\n@@ -${start},${old} +${start},${now} @@\n${lines.join('\n')}\n`;
  const [file] = diffOf({ step: 1, fileName: 'x', subject: '', message: '', text });
  return rowsOf(file!)[0]!.rows;
}

const changed = (row: DiffRow): string[] =>
  row.pieces.filter(({ isChanged }) => isChanged).map(({ text }) => text);

describe('rows of a diff', () => {
  it('should carry the number of the line on each side', () => {
    const rows = rowsOfLines([' a', '-b', '+c', '+d', ' e'], 10);
    expect(rows.map((row) => [row.old, row.new])).toEqual([
      [10, 10],
      [11, undefined],
      [undefined, 11],
      [undefined, 12],
      [12, 13],
    ]);
  });

  it('should mark the words that changed within a line', () => {
    const [removed, added] = rowsOfLines([
      '-  const size = oldSize(bytes);',
      '+  const size = newSize(bytes);',
    ]);
    expect(changed(removed!)).toEqual(['oldSize']);
    expect(changed(added!)).toEqual(['newSize']);
  });

  it('should leave lines whole that share hardly anything, and those without a partner', () => {
    for (const lines of [
      ['-alpha beta gamma', '+entirely different words'],
      ['-const a = 1;', '+const a = 2;', '+const b = 3;'],
    ])
      for (const { pieces } of rowsOfLines(lines)) expect(pieces).toHaveLength(1);
  });

  it('should call imports, comments and empty lines mechanical, and code not', () => {
    const rows = rowsOfLines([
      "+import { a } from './a.ts';",
      '+import {',
      '+  b,',
      "+} from './b.ts';",
      '+',
      '+// why',
      '+/** what',
      '+ * for */',
      '+#include <linux/pmem.h>',
      '+export function f(x: { y: number }) {',
      '+  return a;',
      '+}',
      '+export const list = {',
      '+  a,',
      '+};',
    ]);
    expect(rows.filter(({ isMechanical }) => !isMechanical).map(({ pieces }) => pieces[0]!.text)).toEqual([
      'export function f(x: { y: number }) {',
      '  return a;',
      '}',
      'export const list = {',
      '  a,',
      '};',
    ]);
  });
});

const MOVED = ['  const moved = thisLineIsLongEnough(toCount);', '  return moved + 1234567890;'];

describe('a diff on the page', () => {
  const text = [
    `--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,1 @@\n one\n${MOVED.map((line) => `-${line}`).join('\n')}\n`,
    `--- a/b.ts\n+++ b/b.ts\n@@ -1,1 +1,3 @@\n two\n${MOVED.map((line) => `+${line}`).join('\n')}\n`,
  ].join('');
  const diff = diffOf({ step: 3, fileName: 'x', subject: '', message: '', text });
  const shown = parse(
    diffHtml(sampleReview({ diff, notReached: [{ file: 'b.ts', lines: [3] }], callers: [] })).text,
  );

  it('should lead from where lines were taken out to where they were put in, and back', () => {
    expect(shown.querySelectorAll('.M a').map((link) => link.getAttribute('href'))).toEqual([
      '#step-3-line-b.ts:2',
      '#step-3-line-a.ts:-2',
    ]);
    for (const id of ['step-3-line-b.ts:2', 'step-3-line-a.ts:-2'])
      expect(shown.querySelectorAll('tr').filter((row) => row.id === id)).toHaveLength(1);
  });

  it('should mark the new lines that no workload runs', () => {
    const [unreached] = shown.querySelectorAll('tr.u');
    expect(unreached!.id).toBe('step-3-line-b.ts:3');
    expect(unreached!.text).toContain('never run');
    expect(shown.querySelector('header')!.text).toContain('1 new line that no workload runs');
  });

  it('should mark new lines that run and that no outcome depends on, and say what was tried', () => {
    const idle = { file: 'b.ts', code: 'moved + 1', reached: 70, tried: 40 } as const;
    const changes = [
      { ...idle, line: 2, change: 'left out' },
      { ...idle, line: 3, change: 'true', reached: 0, tried: 0 },
    ] as const;
    const untried = [{ file: 'b.ts', lines: [1] }];
    const review = sampleReview({ diff, notReached: [], unnoticed: { changes, untried }, callers: [] });
    const page = parse(diffHtml(review).text);
    const remarks = page.querySelectorAll('tr.u').map((row) => [row.id, row.lastElementChild!.text]);
    expect(remarks).toEqual([
      ['step-3-line-b.ts:2', 'no effect'],
      ['step-3-line-b.ts:3', 'never false'],
    ]);
    expect(page.querySelector('header')!.text).toContain('1 new line with code that no outcome depends on');
    const missing = parse(missingHtml(review).text);
    expect(missing.querySelector('[href="#step-3-line-b.ts:2"]')!.parentNode!.text).toContain(
      'moved + 1 left out: all the same in 40 tried of 70 scenarios that get there',
    );
    expect(missing.querySelector('details')!.text).toContain('moved + 1 is never false');
    expect(missing.text).toContain('in which nothing could be changed');
  });

  it('should say when nobody tried, and when some outcome depends on every line', () => {
    const calm = { changes: [], untried: [] };
    expect(missingHtml(sampleReview()).text).toContain('Nobody tried whether an outcome depends');
    expect(missingHtml(sampleReview({ unnoticed: calm })).text).toContain('Some outcome depends on every');
  });

  it('should fold a diff that would choke its reader', () => {
    const long = Array.from({ length: 1600 }, (_, line) => ({
      kind: '+' as const,
      text: `line ${line}`,
      moved: false,
    }));
    const large = [
      { file: 'a.ts', status: 'added' as const, hunks: [{ header: '@@ -0,0 +1,1600 @@', lines: long }] },
    ];
    expect(parse(diffHtml(sampleReview({ diff: large })).text).querySelectorAll('.file[open]')).toEqual([]);
    expect(shown.querySelectorAll('.file[open]')).toHaveLength(2);
  });
});
