/** What was not looked at in a step: new lines that no workload runs or depends on, workloads that say nothing, what was known to be wrong. */
import type { FileLines, Unnoticed } from '#engine/subject.ts';
import { rangesOf, rangeText } from '../evidence-groups.ts';
import { html, type Html } from '../html-template.ts';
import type { StepReview } from '../model.ts';
import { seenOneWay, whatCameOf, withoutEffect } from '../unnoticed.ts';
import { partAddress } from './anchors.ts';
import { boxHtml } from './parts.ts';
import { placeLink } from './tables.ts';

export function missingHtml(review: StepReview): Html {
  const { step, evidence, notReached } = review;
  return boxHtml(
    { id: partAddress(step, 'missing'), title: 'Not looked at' },
    html`<div class="body">
      ${
        notReached === undefined
          ? html`<p>Nobody looked which of the new lines a workload runs.</p>`
          : notReached.length === 0
            ? html`<p>A workload runs every new line. That does not mean that every value was tried.</p>`
            : html`<p>New lines that no workload runs:</p>
                ${placesHtml(review, notReached)}`
      }
      ${unnoticedHtml(review)}
      ${listHtml(
        'Scenarios that say nothing of this step',
        evidence.untried.map(({ workload, why }) => `${workload} ${why}`),
      )}
      ${listHtml('Scenarios that break a promise before and after', evidence.standing)}
    </div>`,
  );
}

/** What the other new lines came to when they were changed, one thing at a time. */
function unnoticedHtml(review: StepReview): Html {
  const { unnoticed } = review;
  if (unnoticed === undefined)
    return html`<p>Nobody tried whether an outcome depends on the lines that run.</p>`;
  const [idle, oneWay] = [withoutEffect(review), seenOneWay(review)];
  return html`${
    idle.length === 0
      ? html`<p>
          Some outcome depends on every new line that runs: each statement was left out, each condition
          forced, each value taken away, one at a time.
        </p>`
      : html`<p>New code that no outcome depends on:</p>
          ${changesHtml(review, idle)}`
  }
  ${
    oneWay.length === 0
      ? ''
      : html`<details>
          <summary>New code that runs in part, or one way only: ${oneWay.length}</summary>
          ${changesHtml(review, oneWay)}
        </details>`
  }
  ${
    unnoticed.untried.length === 0
      ? ''
      : html`<p>New lines that run and in which nothing could be changed:</p>
          ${placesHtml(review, unnoticed.untried)}`
  }`;
}

const filesOf = ({ diff }: StepReview): ReadonlySet<string> => new Set(diff.map(({ file }) => file));

function placesHtml(review: StepReview, places: readonly FileLines[]): Html {
  return html`<ul>
    ${places.map(({ file, lines }) => html`<li><code>${file}</code> ${rangesOf(lines).map((range) => html`${placeLink(review.step, `${file}:${range.first}`, filesOf(review), html`${rangeText(range)}`)} `)}</li>`)}
  </ul>`;
}

function changesHtml(review: StepReview, changes: readonly Unnoticed[]): Html {
  return html`<ul>
    ${changes.map((one) => {
      const place = `${one.file}:${one.line}`;
      return html`<li>
        ${placeLink(review.step, place, filesOf(review), html`<code>${place}</code>`)}
        <code>${one.code}</code> ${whatCameOf(one)}
      </li> `;
    })}
  </ul>`;
}

function listHtml(title: string, items: readonly string[]): Html | '' {
  if (items.length === 0) return '';
  return html`<details>
    <summary>${title}: ${items.length}</summary>
    <ul>
      ${items.map((item) => html`<li>${item}</li> `)}
    </ul>
  </details>`;
}
