/** Headers of patches, and cover letters in the forms in which they come. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverLetterOf, mailHeaders } from '#engine/series/mail.ts';
import { coverLetterIn, readPatches } from '#engine/series/patches.ts';
import { project } from '../../support/project.ts';

const PATCH = `From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
From: A Writer <writer@example.org>
Date: Fri, 9 Jun 2017 13:33:00 -0700
Subject: [PATCH v2 1/2] one: a subject that goes on
 in the next line

words
---
`;

describe('headers of a patch', () => {
  it('should be read with what goes on in the next line', () => {
    expect(mailHeaders(PATCH)).toEqual({
      subject: '[PATCH v2 1/2] one: a subject that goes on in the next line',
      author: 'A Writer <writer@example.org>',
      date: 'Fri, 9 Jun 2017 13:33:00 -0700',
      messageId: '',
    });
  });

  it('should not be looked for below the first empty line', () => {
    expect(mailHeaders('Subject: a\n\nFrom: nobody\n').author).toBe('');
  });
});

describe('a cover letter', () => {
  it('should be read as git writes it', () => {
    const letter = coverLetterOf(`${PATCH.replace('1/2', '0/2').replace('---\n', 'more\n')}`);
    expect(letter.subject).toContain('[PATCH v2 0/2]');
    expect(letter.body).toBe('words\nmore');
  });

  it('should be read as an archive shows it, and as plain text', () => {
    expect(
      coverLetterOf(
        '[PATCH 0/1] a\n\nFrom: A Writer\nDate: Fri Jun 09 2017\n\n\nWhy.\n\nFrom: is no header here\n',
      ),
    ).toEqual({
      subject: '[PATCH 0/1] a',
      author: 'A Writer',
      date: 'Fri Jun 09 2017',
      messageId: '',
      body: 'Why.\n\nFrom: is no header here',
    });
    expect(coverLetterOf('a subject\n\nWhy.\n')).toMatchObject({
      subject: 'a subject',
      author: '',
      body: 'Why.',
    });
  });

  it('should be that of this series', () => {
    const letter = project.series.coverLetter!()!;
    expect(letter.subject).toBe(
      '[PATCH v3 00/14] pmem: stop abusing __copy_user_nocache(), and other reworks',
    );
    expect(letter.author).toBe('Dan Williams');
    expect(letter.body).toContain('A few months back');
  });

  it('should be patch 0000 where there is one, which is no step', () => {
    const folder = mkdtempSync(join(tmpdir(), 'conform-letter-'));
    try {
      expect(coverLetterIn(folder)).toBeUndefined();
      writeFileSync(join(folder, '0000-cover-letter.patch'), 'Subject: [PATCH 0/1] a\n\nWhy.\n');
      writeFileSync(join(folder, '0001-a.patch'), `${PATCH}--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n`);
      expect(coverLetterIn(folder)?.body).toBe('Why.');
      expect(readPatches(folder).map(({ step }) => step)).toEqual([1]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
