/** Diffs of patches as data; which lines count as moved. */
import { describe, expect, it } from 'vitest';
import { diffOf } from '#review/diff.ts';
import type { DiffLine } from '#review/model.ts';
import type { SeriesPatch } from '#engine/series/patches.ts';

const patch = (text: string): SeriesPatch => ({
  step: 1,
  fileName: '0001-a.patch',
  subject: 'a',
  message: '',
  text,
});

/** A patch from pieces: file, lines of one hunk. */
function patchOf(...files: readonly { readonly file: string; readonly lines: readonly string[] }[]) {
  return patch(
    files
      .map(({ file, lines }) => {
        const old = lines.filter((line) => !line.startsWith('+')).length;
        const now = lines.filter((line) => !line.startsWith('-')).length;
        return `--- a/${file}\n+++ b/${file}\n@@ -1,${old} +1,${now} @@\n${lines.join('\n')}\n`;
      })
      .join(''),
  );
}

const movedIn = (subject: SeriesPatch): string[] =>
  diffOf(subject)
    .flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines))
    .filter(({ moved }: DiffLine) => moved)
    .map(({ kind, text }) => kind + text);

describe('files of a diff', () => {
  it('should say which are added, removed and changed', () => {
    const text = [
      'From: x\nSubject: [PATCH] a\n\nwords\n---\n gone.ts | 1 -\n',
      'diff --git a/gone.ts b/gone.ts\ndeleted file mode 100644\n--- a/gone.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n',
      'diff --git a/new.ts b/new.ts\nnew file mode 100644\n--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1 @@\n+new\n',
      'diff --git a/b.ts b/b.ts\n--- a/b.ts\n+++ b/b.ts\n@@ -1,2 +1,2 @@ function f()\n one\n-two\n+TWO\n\\ No newline at end of file\n',
    ].join('');
    const files = diffOf(patch(text));
    expect(files.map(({ file, status }) => [file, status])).toEqual([
      ['gone.ts', 'removed'],
      ['new.ts', 'added'],
      ['b.ts', 'changed'],
    ]);
    expect(files[0]!.hunks[0]!.header).toBe('@@ -1 +0,0 @@');
    expect(files[2]!.hunks).toEqual([
      {
        header: '@@ -1,2 +1,2 @@ function f()',
        lines: [
          { kind: ' ', text: 'one', moved: false },
          { kind: '-', text: 'two', moved: false },
          { kind: '+', text: 'TWO', moved: false },
          { kind: ' ', text: '\\ No newline at end of file', moved: false },
        ],
      },
    ]);
  });

  it('should say of a broken patch that it is one', () => {
    expect(() => diffOf(patch('--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n one\n'))).toThrow(
      'step 1: 0001-a.patch is not a patch',
    );
  });
});

describe('moved lines', () => {
  const body = ['function writeBackLines(address) {', '  flush(address);', '}'];
  const removed = { file: 'a.ts', lines: [' top', ...body.map((line) => `-${line}`), ' end'] };

  it('should be marked on both sides, braces of the run included', () => {
    const added = { file: 'b.ts', lines: [' here', ...body.map((line) => `+  ${line}`)] };
    expect(movedIn(patchOf(removed, added))).toEqual([
      ...body.map((line) => `-${line}`),
      ...body.map((line) => `+  ${line}`),
    ]);
  });

  it('should not be marked where a run says little: a brace, a short word', () => {
    expect(
      movedIn(patchOf({ file: 'a.ts', lines: [' x', '-  }', '-return;', ' y', '+}', '+return;', ' z'] })),
    ).toEqual([]);
  });

  it('should not be marked when a line is indented anew in its place', () => {
    const line = 'const everything = collectEverything();';
    expect(movedIn(patchOf({ file: 'a.ts', lines: [' x', `-${line}`, `+  ${line}`, ' y'] }))).toEqual([]);
  });

  it('should leave out the lines of a moved function that changed on the way', () => {
    const changed = [body[0]!, '  flushEverything(address);', body[2]!];
    const added = { file: 'b.ts', lines: [' here', ...changed.map((line) => `+${line}`)] };
    expect(movedIn(patchOf(removed, added))).toEqual([`-${body[0]}`, `+${body[0]}`]);
  });
});
