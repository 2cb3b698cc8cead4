/** How the series differs from an older version: a table on the cover, and on each step what of patch and evidence changed. */
import { counted } from '#base/counted.ts';
import { html, type Html } from '../html-template.ts';
import { statusOf } from '../text-versions.ts';
import { isChanged, type SeriesVersions, type StepVersions } from '../versions.ts';
import { partAddress, stepAddress } from './anchors.ts';
import { boxHtml, preHtml } from './parts.ts';

/** For the cover. */
export function versionsHtml({ against, steps, dropped }: SeriesVersions): Html {
  const changed = steps.filter(isChanged);
  return boxHtml(
    {
      id: 'cover-versions',
      title: `Against ${against}`,
      sub: `${changed.length} of ${counted(steps.length, 'step')} changed; marks of the others are kept`,
    },
    html`<ul class="body">
      ${changed.map((step) => html`<li><a href="#${partAddress(step.step, 'versions')}">Step ${step.step}</a> ${step.subject}: <strong>${statusOf(step)}</strong></li> `)}
      ${dropped.map(({ step, subject }) => html`<li>Dropped, was step ${step}: ${subject}</li> `)}
      ${changed.length + dropped.length === 0 ? html`<li>Nothing changed, neither in patches nor in what came of them.</li>` : ''}
    </ul>`,
  );
}

/** For the page of a step. */
export function stepVersionsHtml(versions: StepVersions, against: string): Html {
  const { step, patch, gone, come } = versions;
  const box = {
    id: partAddress(step, 'versions'),
    title: `Against ${against}`,
    sub: statusOf(versions),
  };
  if (!isChanged(versions))
    return boxHtml(box, html`<p class="body">As it was, patch, words and evidence.</p>`);
  return boxHtml(
    box,
    html`<div class="body">
      ${versions.was === undefined ? html`<p>A step like this was not in that version.</p>` : ''}
      ${
        patch.length === 0
          ? ''
          : html`<h4>The patch, line by line of its diff</h4>
              ${preHtml(patch.join('\n'), `change of patch ${step}`)}`
      }
      ${factsHtml('No longer so', gone, 'del')} ${factsHtml('So from this version on', come, 'ins')}
      <p><a href="#${stepAddress(step)}">to the top of the step</a></p>
    </div>`,
  );
}

/** Facts that are shown without opening a fold. */
const SHOWN_MAX = 8;

function factsHtml(title: string, facts: readonly string[], kind: 'ins' | 'del'): Html | '' {
  if (facts.length === 0) return '';
  const marked = (fact: string): Html =>
    kind === 'ins' ? html`<ins>${fact}</ins> ` : html`<del>${fact}</del> `;
  const rest = facts.slice(SHOWN_MAX);
  return html`<h4>${title}</h4>
    ${facts.slice(0, SHOWN_MAX).map(marked)}
    ${
      rest.length === 0
        ? ''
        : html`<details>
            <summary>and ${rest.length} more</summary>
            ${rest.map(marked)}
          </details>`
    }`;
}
