import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessibilityFindings,
  hasBrowser,
  openBrowser,
  openHtml,
  overflowPixels,
} from './support/browser.ts';

/** A page with nothing wrong with it, around `body`. */
function page(body: string): string {
  return `<!doctype html><html lang="en"><head><title>A page</title></head>
    <body><main><h1>A page</h1>${body}</main></body></html>`;
}

describe.skipIf(!hasBrowser)('the browser of these tests', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('finds nothing wrong with a page that is as it should be', async () => {
    const opened = await openHtml(browser, page('<p>Fine.</p>'));
    expect(await accessibilityFindings(opened.page)).toEqual([]);
    expect(opened.requests).toEqual([]);
    expect(opened.errors).toEqual([]);
    expect(await overflowPixels(opened.page)).toBe(0);
    await opened.close();
  });

  it('tells of a picture without words and of text that is too pale', async () => {
    const opened = await openHtml(browser, page('<img src=""><p style="color:#ccc">Pale.</p>'));
    const findings = (await accessibilityFindings(opened.page)).join('\n');
    expect(findings).toContain('image-alt');
    expect(findings).toContain('color-contrast');
    await opened.close();
  });

  it('hears of requests, of errors, and of what is wider than the window', async () => {
    const body = `<script>document.body.append(Object.assign(new Image(), { src: 'https://example.invalid/x.png', alt: '' }));
      throw new Error('on purpose')</script><div style="width:2000px">wide</div>`;
    const opened = await openHtml(browser, page(body), { width: 400 });
    expect(opened.requests).toEqual(['https://example.invalid/x.png']);
    expect(opened.errors).toContain('on purpose');
    expect(await overflowPixels(opened.page)).toBeGreaterThan(1000);
    await opened.close();
  });

  it('runs no script where it is told so', async () => {
    const body = '<p id="text">before</p><script>document.querySelector("p").textContent = "after"</script>';
    const opened = await openHtml(browser, page(body), { hasNoScript: true });
    expect(await opened.page.textContent('#text')).toBe('before');
    await opened.close();
  });
});
