/** The page of a step: verdict and failures first, then claims, diff, callers, cost, what was not looked at, and the reply. */
import { html, type Html } from '../html-template.ts';
import type { StepReview } from '../model.ts';
import { type Contents, partAddress, stepAddress } from './anchors.ts';
import { claimsHtml } from './claims.ts';
import { diffHtml } from './diff.ts';
import { failuresHtml } from './failures.ts';
import { missingHtml } from './missing.ts';
import { boxHtml, paragraphsHtml } from './parts.ts';
import { replyHtml } from './reply-box.ts';
import { callersHtml, costHtml, exportsHtml } from './tables.ts';
import { stepVerdict } from './verdict.ts';

/** What a step's page is made of besides its review. */
export interface StepPage {
  readonly review: StepReview;
  readonly stepCount: number;
  /** Numbers of the steps before and behind it in the book. */
  readonly neighbours: readonly [number | undefined, number | undefined];
  readonly contents: Contents;
  /** Names what a reader has marked as read: the same while patch, contract and evidence stay as they are. */
  readonly fingerprint: string;
  /** The life of every line in workloads of this step, finished; empty where there is none. */
  readonly timeline: Html | '';
  /** How it differs from the version before; empty where nothing was compared. */
  readonly versions: Html | '';
}

export function stepHtml(page: StepPage): Html {
  const { review, stepCount, fingerprint, versions, timeline } = page;
  const { step, subject, contract, diff } = review;
  const isFailing = review.verdict === 'fails';
  const { isGood, word, text } = stepVerdict(review);
  const id = stepAddress(step);
  return html`<section
    class="page"
    id="${id}"
    data-page
    data-step="${step}"
    data-subject="${subject}"
    data-mark="${fingerprint}"
    aria-labelledby="${id}-title"
  >
    <p class="eyebrow">
      <span>Step ${step} of ${stepCount}</span> <span>${contract.class}</span>
      ${contract.upstream.commits.map((commit) => html`<span>upstream <code>${commit}</code></span>`)}
      <span>${diff.length} files</span>
      <label class="js-only"
        ><input type="checkbox" data-read="${fingerprint}" /> reviewed <kbd>x</kbd></label
      >
    </p>
    <h2 id="${id}-title">${subject}</h2>
    <p class="verdict ${isGood ? 'holds' : 'fails'}">
      <strong>${isGood ? '✓' : '✗'} ${word}</strong> ${text}
    </p>
    ${versions} ${isFailing ? failuresHtml(review, page.contents) : ''} ${isFailing ? timeline : ''}
    ${sayingsHtml(review)} ${claimsHtml(review)} ${isFailing ? '' : timeline} ${diffHtml(review)}
    ${callersHtml(review)} ${exportsHtml(review)} ${costHtml(review)} ${missingHtml(review)}
    ${replyHtml(review, stepCount)} ${neighboursHtml(step, page.neighbours)}
  </section> `;
}

/** The words of the author beside those of the contract. */
function sayingsHtml({ step, message, contract }: StepReview): Html {
  const { differs } = contract.upstream;
  return html`<div class="pair">
    ${boxHtml({ id: partAddress(step, 'message'), title: 'What the author says' }, html`<div class="body">${paragraphsHtml(message === '' ? 'Nothing beside the subject.' : message)}</div>`)}
    ${boxHtml(
      { id: partAddress(step, 'contract'), title: 'What the contract says' },
      html`<div class="body">
        <p>
          ${contract.summary === '' ? 'This step has no contract of its own: nothing may differ.' : contract.summary}
        </p>
        ${differs === '' ? '' : html`<p class="quiet">Against upstream: ${differs}</p>`}
        ${contract.rules.length === 0 ? '' : html`<p>Rules in force from here on: ${contract.rules.map((rule) => html`<code>${rule}</code> `)}</p>`}
      </div>`,
    )}
  </div>`;
}

function neighboursHtml(step: number, [previous, next]: StepPage['neighbours']): Html {
  return html`<nav class="neighbours" aria-label="Steps beside step ${step}">
    ${previous === undefined ? '' : html`<a rel="prev" href="#${stepAddress(previous)}">previous: ${previous}</a>`}
    <a href="#cover">cover</a>
    ${next === undefined ? '' : html`<a rel="next" href="#${stepAddress(next)}">next: ${next}</a>`}
  </nav>`;
}
