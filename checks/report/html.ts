/** One HTML page that needs nothing from elsewhere: counts, the rules with their reasons, every finding. */
import { fingerprintOf, type Finding } from '../finding.ts';
import { rangeText } from '../c/range-table.ts';
import type { LintResult } from '../result.ts';
import type { RuleHeader } from '../rule.ts';
import { escapeMarkup } from '#base/escape-markup.ts';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; }
pre { overflow-x: auto; padding: .5rem .75rem; border: 1px solid #8886; border-radius: 4px; }
mark { background: #f5c2c2; color: #000; }
article, details { border-top: 1px solid #8886; padding: .5rem 0; }
h3 { margin: .25rem 0; font-size: 1rem; }
.error { color: #c0262d; } .warning, .unprovable, .hint { color: #b7791f; } .clean { color: #2f855a; }
@media (prefers-color-scheme: dark) { .error { color: #ff7b7b; } .warning, .unprovable, .hint { color: #f0c060; } .clean { color: #7bd88f; } }
`;

/** The page, ending with a newline. */
export function htmlReport(result: LintResult): string {
  const count = result.findings.length;
  const state =
    count === 0 ? '<p class="clean">Nothing found.</p>' : `<p class="error">${count} findings.</p>`;
  const sections = result.rules.map((rule) => ruleSection(rule, result.findings));
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>conform lint: ${count} findings</title><style>${STYLE}</style></head><body>`,
    `<h1>conform lint</h1>${state}`,
    `<p>${result.rules.length} rules over ${result.files} files.</p>`,
    ...(result.commits === undefined ? [] : [`<pre>${escapeMarkup(rangeText(result))}</pre>`]),
    ...sections,
    '</body></html>',
    '',
  ].join('\n');
}

function ruleSection(rule: RuleHeader, findings: readonly Finding[]): string {
  const own = findings.filter((finding) => finding.ruleId === rule.id);
  const state =
    own.length === 0 ? '<span class="clean">clean</span>' : `<span class="error">${own.length}</span>`;
  return [
    `<details${own.length > 0 ? ' open' : ''}><summary><strong>${escapeMarkup(rule.id)}</strong> ${escapeMarkup(rule.title)}: ${state}</summary>`,
    `<p>Why: ${escapeMarkup(rule.because)}<br>Instead: ${escapeMarkup(rule.instead)}</p>`,
    ...own.map(article),
    '</details>',
  ].join('\n');
}

function article(finding: Finding): string {
  const { place, step } = finding;
  const at = `${step === undefined ? '' : `step ${step}: `}${place.file}:${place.line}:${place.column}`;
  const kind = finding.certainty === 'violation' ? finding.severity : finding.certainty;
  const road = finding.via.map((stop) => `<br>reached through <code>${escapeMarkup(stop)}</code>`).join('');
  return [
    `<article id="${fingerprintOf(finding)}${step === undefined ? '' : `-${step}`}">`,
    `<h3><code>${escapeMarkup(at)}</code> <span class="${kind}">${kind}</span></h3>`,
    `<p>${escapeMarkup(finding.message)}${road}</p>`,
    place.source === '' ? '' : `<pre>${marked(finding)}</pre>`,
    '</article>',
  ].join('\n');
}

function marked({ place }: Finding): string {
  const end = place.endLine === place.line ? place.endColumn - 1 : place.source.length;
  const [before, inside, after] = [
    place.source.slice(0, place.column - 1),
    place.source.slice(place.column - 1, end),
    place.source.slice(end),
  ].map(escapeMarkup);
  return `${place.line} | ${before ?? ''}<mark>${inside ?? ''}</mark>${after ?? ''}`;
}
