/** The mail that answers a step. */
import { describe, expect, it } from 'vitest';
import { replyText } from '#review/reply.ts';
import { replyPartsOf } from '#review/reply-parts.ts';
import { calmReview } from './book/sample-book.ts';
import { sampleReview } from './sample-review.ts';

const mail = {
  subject: '[PATCH v3 03/14] dax: convert the copies',
  author: 'A Writer <writer@example.org>',
  date: 'Fri, 9 Jun 2017 13:33:00 -0700',
  messageId: '<1@example.org>',
};

describe('the reply to a step that fails', () => {
  const lines = replyText(replyPartsOf(sampleReview({ mail }), 14)).split('\n');

  it('should answer the mail, with its writer and date', () => {
    expect(lines.slice(0, 4)).toEqual([
      'Subject: Re: [PATCH v3 03/14] dax: convert the copies',
      'In-Reply-To: <1@example.org>',
      '',
      'On Fri, 9 Jun 2017 13:33:00 -0700, A Writer <writer@example.org> wrote:',
    ]);
  });

  it('should quote a hunk, tell the first finding with its image and command, and end in a NAK', () => {
    const text = lines.join('\n');
    expect(text).toContain(
      '> diff --git a/fs/dax.ts b/fs/dax.ts\n> @@ -1,2 +1,3 @@\n>  same\n> -old\n> +new\n',
    );
    expect(text).toContain(
      'undeclared difference in boot: no declaration covers a warning. The code\nbehind it came with patch 1.\n',
    );
    expect(text).toContain("To see it again:\n\n  npx pmem-conform replay --trace 'fsync pmem0:/f'\n");
    expect(text).toContain('2 more of this patch');
    expect(lines.at(-2)).toBe('NAK, until the above is answered.');
  });
});

describe('a reply', () => {
  it('should offer to say that a step was reviewed where it holds', () => {
    const text = replyText(replyPartsOf(calmReview(), 14));
    expect(text).toContain('Subject: Re: [PATCH 03/14] dax: convert the copies\n');
    expect(text).not.toContain('wrote:');
    expect(text.endsWith('Reviewed-by: Your Name <you@example.org>\n')).toBe(true);
  });

  it('should not let a subject add a header', () => {
    const parts = replyPartsOf(calmReview({ mail: { ...mail, subject: 'a\nBcc: x@example.org' } }), 1);
    expect(replyText(parts).split('\n')[0]).toBe('Subject: Re: a Bcc: x@example.org');
  });

  it('should fill the words of a finding into lines that mail can hold', () => {
    const finding = { message: 'word '.repeat(60).trim(), witness: [] };
    const text = replyText({ ...replyPartsOf(calmReview(), 1), quotes: [], findings: [finding] });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
    expect(text.match(/word/g)).toHaveLength(60);
  });
});
