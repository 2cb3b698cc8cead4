/** The style of review pages: system fonts, light or dark as the reader's system says, nothing loaded from elsewhere. */
import { Html } from './html-template.ts';

const STYLE = `<style>
:root {
  color-scheme: light dark;
  --text: #1c2128;
  --quiet: #57606a;
  --paper: #ffffff;
  --panel: #f6f8fa;
  --rule: #d0d7de;
  --link: #0550ae;
  --good: #116329;
  --bad: #a40e26;
  --warn: #7d4e00;
  --good-back: #dafbe1;
  --bad-back: #ffebe9;
  --moved-back: #ddf4ff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3;
    --quiet: #9198a1;
    --paper: #0d1117;
    --panel: #161b22;
    --rule: #3d444d;
    --link: #79c0ff;
    --good: #7ee787;
    --bad: #ff9d96;
    --warn: #e3b341;
    --good-back: #12331d;
    --bad-back: #3c1618;
    --moved-back: #10283f;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  max-width: 76rem;
  padding: 1rem 1.5rem 4rem;
  background: var(--paper);
  color: var(--text);
  font:
  16px/1.5 system-ui,
  sans-serif;
}
a {
  color: var(--link);
}
h1 {
  font-size: 1.5rem;
}
h2 {
  font-size: 1.3rem;
  margin: 0 0 0.5rem;
}
h3 {
  font-size: 1rem;
  margin: 1.5rem 0 0.4rem;
}
section.step {
  border-top: 2px solid var(--rule);
  margin-top: 3rem;
  padding-top: 1.5rem;
}
nav.neighbours {
  display: flex;
  gap: 1.5rem;
  margin: 0.5rem 0;
}
table {
  border-collapse: collapse;
  max-width: 100%;
}
th,
td {
  text-align: left;
  vertical-align: top;
  padding: 0.2rem 0.8rem 0.2rem 0;
  border-bottom: 1px solid var(--rule);
}
td.number {
  text-align: right;
  font-variant-numeric: tabular-nums;
}
.scroll {
  overflow-x: auto;
}
dl {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.2rem 1rem;
  margin: 0;
}
dt {
  color: var(--quiet);
}
dd {
  margin: 0;
  overflow-wrap: anywhere;
}
pre,
code {
  font:
  0.85rem/1.45 ui-monospace,
  monospace;
}
code {
  overflow-wrap: anywhere;
}
pre {
  margin: 0;
  padding: 0.6rem 0.8rem;
  overflow-x: auto;
  background: var(--panel);
  border-radius: 0.4rem;
}
pre.message {
  white-space: pre-wrap;
  font-family: inherit;
  font-size: 0.95rem;
}
details {
  margin: 0.4rem 0;
  border: 1px solid var(--rule);
  border-radius: 0.4rem;
  padding: 0.3rem 0.8rem;
}
summary {
  cursor: pointer;
}
del,
ins {
  display: block;
  font: 0.85rem/1.45 ui-monospace, monospace;
  overflow-wrap: anywhere;
  text-decoration: none;
}
del {
  background: var(--bad-back);
}
ins {
  background: var(--good-back);
}
.diff span {
  display: block;
  min-height: 1.3em;
}
.diff .added {
  background: var(--good-back);
}
.diff .removed {
  background: var(--bad-back);
}
.diff .moved {
  background: var(--moved-back);
}
.diff .hunk {
  color: var(--quiet);
}
.holds,
.ok {
  color: var(--good);
}
.fails {
  color: var(--bad);
  font-weight: 600;
}
.declared {
  color: var(--warn);
}
.quiet,
.none {
  color: var(--quiet);
}
.sides {
  display: grid;
  grid-template-columns: 1fr 1fr;
  gap: 1rem;
}
.sides pre {
  white-space: pre-wrap;
}
.failure {
  border-left: 4px solid var(--bad);
  padding-left: 1rem;
  margin: 1rem 0;
}
@media print {
  details > * {
    display: block;
  }
  nav {
    display: none;
  }
}
</style>`;

/** The style element of a page. */
export function pageStyle(): Html {
  return new Html(STYLE);
}
