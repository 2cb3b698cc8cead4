/** The book as a file: one of them, nothing from elsewhere, every text escaped, every link led somewhere. */
import { createHash } from 'node:crypto';
import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { bookHtml } from '#review/book/book.ts';
import type { Book } from '#review/book/model.ts';
import { sampleBook, calmReview } from './sample-book.ts';
import { sampleReview } from '../sample-review.ts';

/** The page's elements; those within `pre` too, which this parser leaves alone unless told. */
const parsed = (text: string) => parse(text, { blockTextElements: { script: true, style: true } });

const page = bookHtml(sampleBook());
const root = parsed(page);

/** The value with every string in it replaced. */
function hostile(value: unknown): unknown {
  if (typeof value === 'string') return `"><script>alert('${value}')</script><img src=x onerror=alert(1)>'&`;
  if (Array.isArray(value)) return value.map(hostile);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hostile(inner)]));
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const markOf = (review: ReturnType<typeof sampleReview>): string =>
  parsed(bookHtml(sampleBook([review])))
    .querySelector('[data-mark]')!
    .getAttribute('data-mark')!;

describe('the book', () => {
  it('should ask for nothing from elsewhere', () => {
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(root.querySelectorAll('link, img, iframe, object, embed')).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|src=/);
    expect(page).toContain('prefers-color-scheme');
  });

  it('should allow its own script and style by their hashes, and nothing else', () => {
    const policy = root.querySelector('meta[http-equiv=Content-Security-Policy]')!.getAttribute('content')!;
    const [script] = root.querySelectorAll('script');
    const [style] = root.querySelectorAll('style');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${hashOf(script!.innerHTML)};`);
    expect(policy).toContain(`style-src ${hashOf(style!.innerHTML)};`);
    // Only attributes that place what a timeline draws may be styled in place.
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toContain('unsafe');
    expect(root.querySelectorAll('[style], [onclick]')).toEqual([]);
  });

  it('should have every address once, and lead every link to one', () => {
    const ids = root.querySelectorAll('[id]').map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = root.querySelectorAll('a').map((link) => link.getAttribute('href')!);
    expect(targets.length).toBeGreaterThan(20);
    for (const target of targets.filter((one) => one.startsWith('#'))) expect(ids).toContain(target.slice(1));
    expect(targets.filter((one) => !one.startsWith('#'))).toEqual(['https://example.org/list/1']);
  });

  it('should put the verdict first on a step, then its failures, then all else', () => {
    const titles = root
      .querySelectorAll('#step-3 h3')
      .map((title) => title.text.replaceAll(/\s+/g, ' ').trim());
    expect(titles).toEqual([
      '✗ undeclared difference in boot',
      '✗ stale declaration',
      'Contract and step disagree',
      'What the author says',
      'What the contract says',
      'Claims, each with its evidence',
      'Diff',
      'Who calls what instead',
      'Exports',
      'Cost',
      'Not looked at',
      'Notes and reply',
    ]);
    expect(root.querySelectorAll('#step-3 details.fails[open]')).toHaveLength(1);
  });

  it('should name the step behind a lost byte, and link there only where the book has it', () => {
    const text = root.querySelector('#step-3-failure-1')!.text.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'Byte 12 of pmem0 in that workload: stored by c12:1 in dax write, promised by fsync, and may be lost.',
    );
    expect(text).toContain(
      'that the series changed is copy, changed last by step 1, not by this step: ask there first.',
    );
    const linksOf = (page: typeof root): string[] =>
      page.querySelectorAll('#step-3-failure-1 td a').map((link) => link.getAttribute('href')!);
    expect(linksOf(root)).toEqual(['#step-1-file-fs/dax.ts', '#step-1', '#step-1']);
    const alone = parsed(bookHtml(sampleBook([sampleReview()])));
    expect(linksOf(alone)).toEqual([]);
    const listed = (page: typeof root): string[] =>
      page.querySelectorAll('#cover-failures li').map((item) => item.text.replaceAll(/\s+/g, ' ').trim());
    expect(listed(root)[6]).toBe(
      'Step 3: undeclared difference in boot no declaration covers a warning. Look at step 1',
    );
    expect(alone.querySelector('#cover-failures')!.innerHTML).not.toContain('#step-1"');
    expect(listed(alone)[0]).toContain('Look at step 1');
  });

  it('should show what kept a byte before, where the series changed nothing on its own road', () => {
    const review = sampleReview();
    const [failure, ...others] = review.evidence.failures;
    const frame = {
      file: 'fs/dax.ts',
      line: 2,
      function: 'sync',
      text: 'flush()',
      step: null,
      functionStep: 3,
    };
    const road = {
      ...failure!.road!,
      step: null,
      frames: failure!.road!.frames.slice(1),
      keptBy: { instruction: 'W0', operation: 'fsync', frames: [frame], frame },
    };
    const failures = [{ ...failure!, road }, ...others];
    const page = parsed(bookHtml(sampleBook([{ ...review, evidence: { ...review.evidence, failures } }])));
    const text = page.querySelector('#step-3-failure-1')!.text.replaceAll(/\s+/g, ' ');
    expect(text).toContain('The series changed none of the functions on the way.');
    expect(text).toContain(
      'Before this step W0 in fsync kept it, by this road. Look at sync, changed last by step 3 (this one).',
    );
    expect(text).toContain('sync ask here fs/dax.ts:2 flush() no step step 3');
    expect(page.querySelector('#cover-failures')!.text).toContain('Look at step 3 and step 1');
  });

  it('should give a claim its workload, both sides, an image, traces and the command', () => {
    const claim = root.querySelector('#step-3-claim-D3-edges-acked-stronger')!.text;
    for (const text of [
      'may lose bytes 0 to 8',
      'loses nothing',
      'pmem0+0x0',
      'W0',
      'npx pmem-conform replay',
    ])
      expect(claim).toContain(text);
  });

  it('should escape every text that it is given', () => {
    const plain = sampleBook([sampleReview(), calmReview({ step: 4 })]);
    // Verdicts and kinds are words of this program; anything else may come from outside.
    const evil = hostile(plain) as Book;
    const reviews = evil.reviews.map((review, index) => ({
      ...review,
      verdict: plain.reviews[index]!.verdict,
      evidence: {
        ...review.evidence,
        failures: review.evidence.failures.map((failure, at) => ({
          ...failure,
          kind: plain.reviews[index]!.evidence.failures[at]!.kind,
        })),
      },
      diff: review.diff.map((file, at) => ({
        ...file,
        status: plain.reviews[index]!.diff[at]!.status,
        hunks: file.hunks.map((hunk, which) => ({
          ...hunk,
          lines: hunk.lines.map((line, row) => ({
            ...line,
            kind: plain.reviews[index]!.diff[at]!.hunks[which]!.lines[row]!.kind,
          })),
        })),
      })),
    }));
    const text = bookHtml({ ...evil, reviews, matrix: plain.matrix, versions: '' });
    const shown = parsed(text);
    expect(shown.querySelectorAll('script')).toHaveLength(1);
    expect(shown.querySelectorAll('img, [onerror]')).toEqual([]);
    expect(text).toContain('&lt;script&gt;');
    expect(shown.querySelectorAll('a').map((link) => link.getAttribute('href')!)).not.toContainEqual(
      expect.stringMatching(/^(?!#|https:\/\/example)/),
    );
  });

  it('should make characters visible that turn text around or hide it', () => {
    const [review] = sampleBook([sampleReview({ subject: 'a\u202Eb\u200Bc' })]).reviews;
    expect(bookHtml(sampleBook([review!]))).toContain('a\\u{202e}b\\u{200b}c');
  });

  it('should keep the mark of a step whose number changed, and drop it when anything else did', () => {
    const mark = markOf(sampleReview());
    const { contract, evidence } = sampleReview();
    expect(
      markOf(
        sampleReview({ step: 4, contract: { ...contract, step: 4 }, evidence: { ...evidence, step: 4 } }),
      ),
    ).toBe(mark);
    expect(markOf(sampleReview({ message: 'other' }))).not.toBe(mark);
    expect(markOf(sampleReview({ evidence: { ...evidence, places: 1 } }))).not.toBe(mark);
  });
});

describe('the cover', () => {
  it('should say in a sentence which steps fail, and link to each failure', () => {
    const cover = root.querySelector('#cover')!;
    expect(cover.querySelector('.verdict')!.text.replaceAll(/\s+/g, ' ').trim()).toBe(
      '✗ 3 of 3 steps do not hold. Step 1, 2 and 3: 3 undeclared differences, 3 declarations that nothing shows and contract and code disagree, in 60 scenarios.',
    );
    expect(cover.querySelectorAll('#cover-failures li')).toHaveLength(9);
  });

  it('should show letter, map, callers with a table, and variants', () => {
    const cover = root.querySelector('#cover')!;
    expect(cover.querySelector('h2')!.text).toBe('[PATCH v3 0/3] a series');
    expect(cover.querySelector('#cover-letter details')!.text).toContain('A Writer (3):');
    expect(cover.querySelectorAll('.map tbody td')).toHaveLength(3 * 5);
    expect(cover.querySelector('.chart title')!.text).toBe('oldHelper: 3, 1, 2, gone');
    expect(cover.querySelector('.chart')!.text).toContain('2 ↑');
    const variant = cover.querySelector('#variant-as-posted')!;
    expect(variant.querySelector('summary')!.text).toBe('write / fsync');
    expect(variant.querySelector('pre')!.text).toBe('only after/ may leave this');
    expect(variant.querySelector('.command code')!.text).toBe("npx pmem-conform replay 'write / fsync'");
    expect(
      variant.querySelectorAll('.road li').map(({ text }) => text.replaceAll(/\s+/g, ' ').trim()),
    ).toEqual(['copy a.ts:3: store(bytes);', 'write b.ts:5 (changed by step 2): copy(bytes);']);
  });

  it('should not speak of what is not there', () => {
    const calm = parsed(
      bookHtml(sampleBook([calmReview({ step: 1 })], { letter: undefined, trends: [], variants: [] })),
    );
    expect(calm.querySelectorAll('#cover h3').map(({ text }) => text)).toEqual([
      'Map: step by check',
      'Not looked at',
    ]);
    expect(calm.querySelector('.verdict')!.text).toContain('All 1 step hold.');
  });
});
