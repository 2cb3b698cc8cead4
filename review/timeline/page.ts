/** A page of its own for timelines: one file, nothing loaded from elsewhere, no script but the one whose hash stands in it. */
import { createHash } from 'node:crypto';
import type { Timeline } from '#base/timeline.ts';
import { html, Html } from '../html-template.ts';
import { timelineAssets } from './assets.ts';
import { renderTimeline } from './render.ts';

/** One timeline of a page, with what is said of it. */
export interface PageSection {
  readonly title: string;
  /** Sentences under the title. */
  readonly lead: readonly string[];
  /** Output of the command as text, shown as it is. */
  readonly text?: string;
  /** The command that shows it again. */
  readonly command?: string;
  readonly timeline?: Timeline;
}

/** The page. Sections have the ids `t1`, `t2`, …; `#t1@18` is crash point 18 of the first. */
export function timelinePage(title: string, sections: readonly PageSection[]): string {
  const { style, script } = timelineAssets();
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title}</title>
        <style>
          ${new Html(PAGE_STYLE + style)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${sections.map((section, index) => sectionHtml(section, `t${index + 1}`))}
        </main>
        ${new Html(`<script>${script}</script>`)}
      </body>
    </html> `;
  return page.text;
}

function sectionHtml({ title, lead, text, command, timeline }: PageSection, id: string): Html {
  return html`<section>
    <h2>${title}</h2>
    ${lead.map((sentence) => html`<p>${sentence}</p>`)}
    ${command === undefined ? '' : html`<pre class="command" tabindex="0" aria-label="The command">${command}</pre>`}
    ${
      timeline === undefined
        ? ''
        : html`<h3>What a power failure may leave, instruction by instruction</h3>
            <p class="keys">
              Drag the crash point, or use the keys <kbd>[</kbd> <kbd>]</kbd> (one instruction) and
              <kbd>{</kbd> <kbd>}</kbd>
              (to a return); with the crash point focused, the arrow keys, Home, End, Page Up and Page Down.
            </p>
            ${renderTimeline(timeline, id)}`
    }
    ${
      text === undefined
        ? ''
        : html`<h3>The comparison as text</h3>
            <pre tabindex="0" aria-label="The comparison as text">${text}</pre>`
    }
  </section>`;
}

const PAGE_STYLE = `
:root { color-scheme: light dark; --page: #f6f7f8; --page-ink: #1b2027; --page-sunk: #f0f2f4; --page-edge: #8a94a1; }
@media (prefers-color-scheme: dark) { :root { --page: #101418; --page-ink: #e6eaee; --page-sunk: #1f252b; --page-edge: #77828e; } }
body { margin: 0; background: var(--page); color: var(--page-ink); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 16px 20px 60px; }
h1 { font-size: 20px; overflow-wrap: anywhere; } h2 { font-size: 17px; overflow-wrap: anywhere; } h3 { font-size: 15px; }
pre { background: var(--page-sunk); border-radius: 6px; padding: 8px 12px; overflow-x: auto; font: 12.5px/1.45 ui-monospace, Menlo, 'DejaVu Sans Mono', monospace; }
pre.command { white-space: pre-wrap; overflow-wrap: anywhere; }
kbd { border: 1px solid var(--page-edge); border-radius: 4px; padding: 0 5px; background: var(--page-sunk); font-size: 12px; }
@media (max-width: 600px) { main { padding: 10px 12px 40px; } }
@media print { .keys { display: none; } pre { white-space: pre-wrap; overflow-wrap: anywhere; } body { font-size: 10pt; } }
`;
