/** The HTML page: one file, nothing from elsewhere, every text escaped, steps linked. */
import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { reviewHtml } from '#review/html.ts';
import { html } from '#review/html-template.ts';
import type { CheckMatrix, StepReview } from '#review/model.ts';
import { sampleReview } from './sample-review.ts';

/** The page's elements; those within `pre` too, which this parser leaves alone unless told. */
const parsed = (text: string) => parse(text, { blockTextElements: { script: true, style: true } });

const matrix: CheckMatrix = {
  checks: ['applies', 'acked'],
  rows: [{ step: 3, subject: 'x', cells: [{ outcome: 'ok' }, { outcome: 'declared', note: '1' }] }],
};

const reviews = [2, 3, 5].map((step) => sampleReview({ step, subject: `subject ${step}` }));
const page = reviewHtml(reviews, matrix);
const root = parsed(page);

/** The value with every string in it replaced. */
function hostile(value: unknown): unknown {
  if (typeof value === 'string') return `<script>alert("${value}")</script>'&`;
  if (Array.isArray(value)) return value.map(hostile);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hostile(inner)]));
}

describe('the page', () => {
  it('should be one file without scripts and without anything from elsewhere', () => {
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(root.querySelectorAll('script, link, img, iframe, object, embed')).toEqual([]);
    expect(page).not.toMatch(/https?:|url\(|@import|src=/);
    expect(root.querySelectorAll('style')).toHaveLength(1);
    expect(page).toContain('prefers-color-scheme: dark');
  });

  it('should link every step from the list, and every step with its neighbours', () => {
    const ids = root.querySelectorAll('[id]').map((element) => element.id);
    expect(ids).toEqual(['steps', 'step-2', 'step-3', 'step-5']);
    for (const link of root.querySelectorAll('a')) expect(ids).toContain(link.getAttribute('href')!.slice(1));
    const targets = (id: string, rel: string): (string | undefined)[] =>
      root.querySelectorAll(`#${id} a[rel=${rel}]`).map((link) => link.getAttribute('href'));
    expect(targets('step-2', 'prev')).toEqual([]);
    expect(targets('step-2', 'next')).toEqual(['#step-3', '#step-3']);
    expect(targets('step-5', 'prev')).toEqual(['#step-3', '#step-3']);
    expect(targets('step-5', 'next')).toEqual([]);
  });

  it('should show in each step what the text shows', () => {
    const titles = root.querySelectorAll('#step-3 h3').map((title) => title.text);
    expect(titles).toEqual([
      'Contract',
      'Declared differences',
      'Message',
      'Diff',
      'Exports',
      'Callers',
      'Contract and step disagree',
      'Cost over all scenarios',
      'Evidence',
      'Failures',
      'Standing defects',
      'Rules that come into force',
    ]);
    const step = root.querySelector('#step-3')!.text.replaceAll(/\s+/g, ' ');
    for (const text of ['D3-stale log other: nothing showed it', 'punch, truncate', 'V9 short copies'])
      expect(step).toContain(text);
  });

  it('should fold the diff of each file and mark moved lines', () => {
    const [first, second] = root.querySelectorAll('#step-3 details');
    expect(first!.querySelector('summary')!.text.trim()).toBe('fs/dax.ts +2 -1, 1 line only moved');
    expect(first!.querySelectorAll('.diff .added').map(({ text }) => text.trimEnd())).toEqual([' +new']);
    expect(first!.querySelectorAll('.diff .moved').map(({ text }) => text.trimEnd())).toEqual([
      '~+carried here',
    ]);
    expect(second!.querySelector('summary')!.text.trim()).toBe('gone.ts +0 -1, removed, 1 line only moved');
  });

  it('should show the matrix when there is one', () => {
    expect(root.querySelectorAll('.matrix td').map((cell) => cell.text)).toEqual(['ok', '1']);
    expect(reviewHtml(reviews)).not.toContain('matrix');
  });

  it('should escape every text that it is given', () => {
    const evil = hostile(sampleReview()) as StepReview;
    const evilMatrix = hostile(matrix) as CheckMatrix;
    const text = reviewHtml([evil], evilMatrix);
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;');
    expect(parsed(text).querySelectorAll('script')).toEqual([]);
    // The same elements as with harmless texts, but for those that depend on the values themselves.
    const count = (from: string): number => parsed(from).querySelectorAll('pre, dd, td, li').length;
    expect(count(text)).toBe(count(reviewHtml([sampleReview()], matrix)));
  });
});

describe('the template', () => {
  it('should escape values and leave finished pieces alone', () => {
    const inner = html`<b>${'<i>'}</b>`;
    expect(html`<p title="${'"'}">${[inner, '&', 3]}</p>`.text).toBe(
      '<p title="&quot;"><b>&lt;i&gt;</b>&amp;3</p>',
    );
  });
});
